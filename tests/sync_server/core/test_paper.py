"""Batches of forms, and two entries of one compared."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.channels import Channel
from sync_server.core.paper import (
    FEWEST_TWINS,
    LONGEST_BATCH,
    MOST_FORMS,
    ONLY_FIRST,
    ONLY_SECOND,
    Batch,
    Difference,
    Line,
    are_twins,
    differences,
)

DAY = date(2026, 11, 20)

lines = st.builds(
    Line,
    number=st.integers(1, 6),
    day=st.sampled_from([DAY, DAY - timedelta(days=1)]),
    until_day=st.just(DAY),
    counter=st.sampled_from([None, 1]),
    officer=st.sampled_from([None, "an"]),
    field=st.none(),
    procedure=st.none(),
    forms=st.just(3),
    votes=st.integers(0, 3),
    answers=st.dictionaries(
        st.tuples(st.sampled_from(["overall", "time"]), st.integers(1, 5)), st.integers(0, 3), max_size=3
    ),
    reasons=st.frozensets(st.sampled_from(["late", "other"])),
    comment=st.sampled_from([None, "tốt"]),
)
entries = st.lists(lines, unique_by=lambda line: line.number)


@given(entries)
def test_an_entry_does_not_differ_from_itself_and_comments_are_not_compared(entry: list[Line]) -> None:
    retyped = [dataclasses.replace(line, comment="khác") for line in entry]
    assert list(differences(entry, reversed(retyped))) == []


@given(entries, entries)
def test_exactly_the_numbers_that_differ_are_named_in_order(one: list[Line], other: list[Line]) -> None:
    def said(entry: list[Line]) -> dict[int, object]:
        return {
            line.number: (dataclasses.replace(line, comment=None, answers={}), dict(sorted(line.answers.items())))
            for line in entry
        }

    # A level that is named with nothing says the same as one that is not named.
    one = [dataclasses.replace(line, answers={k: n for k, n in line.answers.items() if n}) for line in one]
    mine = said(one)
    theirs = said([dataclasses.replace(line, answers={k: n for k, n in line.answers.items() if n}) for line in other])
    found = [difference.number for difference in differences(one, other)]
    expected = [number for number in range(1, 7) if mine.get(number) != theirs.get(number)]
    assert found == expected
    back = list(differences(other, one))
    assert [difference.number for difference in back] == found


@given(entries)
def test_one_stack_entered_twice_is_known_again_whatever_its_days(entry: list[Line]) -> None:
    moved = [dataclasses.replace(line, day=DAY - timedelta(days=9)) for line in reversed(entry)]
    assert are_twins(entry, moved) == (len(entry) >= FEWEST_TWINS)
    another = [*moved[1:], *(dataclasses.replace(line, comment="khác") for line in moved[:1])]
    assert not are_twins(entry, another)


def test_a_difference_names_columns_and_never_what_was_chosen() -> None:
    line = Line(7, DAY, DAY, 1, "an", None, None, 1, 1, {("overall", 4): 1, ("time", 2): 1})
    other = dataclasses.replace(line, officer="binh", answers={("overall", 5): 1, ("time", 2): 1})
    assert list(differences([line], [other])) == [Difference(7, ("officer", "overall"))]
    assert str(Difference(7, ("officer", "overall"))) == "7: officer, overall"
    assert list(differences([line], [])) == [Difference(7, (ONLY_FIRST,))]
    assert list(differences([], [line])) == [Difference(7, (ONLY_SECOND,))]
    assert repr(line) == "Line(7)"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"batch": "Tháng 11"}, "batch: expected"),
        ({"channel": Channel.KIOSK}, "channel: expected one of paper, box"),
        ({"last": DAY - timedelta(days=1)}, "before the first"),
        ({"last": DAY + LONGEST_BATCH + timedelta(days=1)}, "span more than 366 days"),
        ({"issued": -1}, "issued: expected 0 to"),
        ({"issued": MOST_FORMS + 1}, "issued: expected 0 to"),
    ],
)
def test_a_batch_that_makes_no_sense_is_refused_in_words(wrong: dict[str, object], why: str) -> None:
    good: dict[str, object] = {"batch": "a", "channel": Channel.PAPER, "first": DAY, "last": DAY, "survey": 1}
    Batch(**good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=why):
        Batch(**good | wrong)  # type: ignore[arg-type]


def test_the_longest_batch_and_the_most_forms_are_taken() -> None:
    assert Batch("a", Channel.BOX, DAY, DAY + LONGEST_BATCH, 1, MOST_FORMS).issued == MOST_FORMS
    assert Batch("a", Channel.BOX, DAY, DAY, 1, 0).issued == 0
