"""The rows of an export: each vote of the time once, nothing that leads back to its voter, in no telling order."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from sync_server.core.book import Kind
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.figures.period import Breakdown
from sync_server.core.paper import Batch, Line
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.store.cells import touch
from sync_server.store.database import Database
from sync_server.store.export import Votes, reading_votes
from sync_server.store.folding import fold
from sync_server.store.paper import Deed, close_batch, kept_batch, open_batch
from sync_server.store.paper_entry import enter
from sync_server.store.records import write_records
from sync_server.store.schema import comments, figure_cells, records, touched_halves, vote_labels, vote_reasons, votes
from tests.fakes.full_office import SITES, FullOffice
from tests.fakes.many_votes import cast_many
from tests.fakes.small_office import NOW, SITE, THIS_HOUR, seed_kiosk, seed_office, seed_votes

QUARTER = Span.parse("2026-Q4")
DAY = timedelta(days=1)
DAY_OF = date(2026, 11, 20)


@pytest.fixture
def office(database: Database) -> Database:
    seed_office(database)
    seed_kiosk(database)
    return database


def as_it_is(text: str) -> str:
    return text


def rows_of(told: Votes) -> list[dict[str, Any]]:
    keys = [column.key for column in told.layout.columns]
    return [dict(zip(keys, row, strict=True)) for row in told.rows(as_it_is)]


def read(database: Database, span: Span = QUARTER) -> list[dict[str, Any]]:
    with reading_votes(database, SITE, span) as told:
        rows = rows_of(told)
        assert len(rows) == told.total
    return rows


def write_comments(database: Database, *texts: str) -> None:
    """Give the votes that have none a comment each, in the order of their numbers."""
    with database.writing() as connection:
        ids = connection.execute(select(votes.c.vote_id).order_by(votes.c.number)).scalars().all()
        there = set(connection.execute(select(comments.c.vote_id)).scalars())
        for vote_id, text in zip([each for each in ids if each not in there], texts, strict=False):
            connection.execute(insert(comments).values(vote_id=vote_id, text=text))


def say(database: Database, rules: Rules) -> None:
    with database.writing() as connection:
        write_records(connection, SITE, [(Kind.RULES, Record("rules", ALWAYS, rules))], "a test", NOW)


def test_a_row_says_what_was_said_when_and_about_whom(office: Database) -> None:
    seed_votes(office, [4] * 5, case_token="c" * 32)
    with office.writing() as connection:
        for vote_id in connection.execute(select(votes.c.vote_id)).scalars().all():
            for reason in ("waiting", "late"):
                connection.execute(insert(vote_reasons).values(vote_id=vote_id, reason=reason))
            for label in ("repeat", "hasty"):
                connection.execute(insert(vote_labels).values(vote_id=vote_id, label=label))
    assert read(office) == 5 * [
        {
            "day": "2026-11-20",
            "hour": 10,
            "until_day": None,
            "until_hour": None,
            "channel": "kiosk",
            "kiosk": "kiosk-1",
            "counter": 1,
            "officer": "huong",
            "officer_name": "Nguyễn Thị Hương Giang",
            "field": "ho-tich",
            "field_name": "Tư pháp – Hộ tịch",
            "procedure": "1.001193",
            "procedure_name": "Đăng ký khai sinh",
            "hidden": None,
            "survey": 1,
            "outcome": "answered",
            "official": 1,
            "best_first": 0,
            "visits": 1,
            "forms": 1,
            "labels": "hasty,repeat",
            "reasons": "late,waiting",
            "answer_overall": 4,
        }
    ]


def test_nothing_leads_back_to_a_voter_or_a_stream(office: Database) -> None:
    cast_many(office, 300)
    with office.reading() as connection:
        stored = connection.execute(select(votes.c.vote_id, votes.c.case_token, votes.c.stream)).all()
    written = json.dumps(read(office))
    assert not [word for row in stored for word in row if word is not None and word in written]


def test_the_order_within_an_hour_is_not_that_of_arrival(office: Database) -> None:
    levels = [1, 2, 3, 4, 5] * 12
    seed_votes(office, levels)
    seed_votes(office, [3], hour=THIS_HOUR - DAY)
    rows = read(office)
    assert rows[0]["day"] == "2026-11-19"
    found = [row["answer_overall"] for row in rows[1:]]
    assert sorted(found) == sorted(levels)
    assert found != levels


def test_votes_of_other_times_and_of_unclear_ones_are_in_no_row(office: Database) -> None:
    last_hour = THIS_HOUR.replace(month=12, day=31, hour=16)  # until midnight in Vietnam
    for hour, until in ((last_hour, None), (last_hour + timedelta(hours=1), None), (last_hour, last_hour + DAY)):
        seed_votes(office, [5], hour=hour, until_hour=until)
    with reading_votes(office, SITE, QUARTER) as told:
        assert (told.total, told.content.undated) == (1, 1)
        [row] = rows_of(told)
    assert (row["day"], row["hour"]) == ("2026-12-31", 23)
    assert len(read(office, Span.parse("2026-12"))) == 1
    assert len(read(office, Span.parse("2027-Q1"))) == 1


def test_a_kiosk_that_did_not_know_the_time_says_from_when_until_when(office: Database) -> None:
    seed_votes(office, [5], until_hour=THIS_HOUR + DAY + timedelta(hours=2))
    [row] = read(office)
    assert (row["day"], row["hour"], row["until_day"], row["until_hour"]) == ("2026-11-20", 10, "2026-11-21", 12)


def test_the_days_are_those_of_the_rules(office: Database) -> None:
    seed_votes(office, [5], hour=THIS_HOUR.replace(day=14))
    seed_votes(office, [1], hour=THIS_HOUR.replace(day=15))
    say(office, Rules(period=Period.FIFTEENTH))
    assert [row["answer_overall"] for row in read(office, Span.parse("2026-11"))] == [5]


def test_visits_without_an_answer_are_rows_too(office: Database) -> None:
    seed_votes(office, [2], outcome="abandoned")
    [row] = read(office)
    assert (row["outcome"], row["official"], row["answer_overall"]) == ("abandoned", 0, 2)


def test_whom_too_few_votes_are_about_is_left_blank_and_another_with_it(office: Database) -> None:
    seed_votes(office, [5] * 9)
    seed_votes(office, [4] * 7, officer="thang")
    seed_votes(office, [1] * 2, officer="bich")
    rows = read(office)
    assert {row["officer"] for row in rows} == {"huong", None}
    assert [row["hidden"] for row in rows].count("officer") == 9
    with reading_votes(office, SITE, QUARTER) as told:
        assert told.content.rare[Breakdown.OFFICER] == {"thang", "bich"}
        names = told.used_names()
    assert [key for kind, key, _ in names if kind == "officer"] == ["huong"]


def test_no_officer_is_named_where_figures_of_officers_are_not_made(office: Database) -> None:
    seed_votes(office, [5] * 9)
    say(office, Rules(by_officer=False))
    assert not {"officer", "officer_name"} & set(read(office)[0])
    with reading_votes(office, SITE, QUARTER) as told:
        assert {kind for kind, _, _ in told.used_names()} == {"field", "procedure"}


def test_folded_or_not_it_is_the_same(office: Database) -> None:
    seed_votes(office, [5] * 9)
    seed_votes(office, [4] * 2, officer="thang")
    before = read(office)
    assert [each.half for each in fold(office, NOW + DAY)]
    assert read(office) == before
    seed_votes(office, [4] * 5, officer="thang")
    assert {row["officer"] for row in read(office)} == {"huong", "thang"}


BATCH = Batch("a", Channel.PAPER, DAY_OF, DAY_OF + 10 * DAY, 1)
DEED = Deed(NOW, "Chị Hà")


def on_paper(database: Database, *lines: Line, closed: bool = True) -> None:
    with database.writing() as connection:
        open_batch(connection, SITE, BATCH, None, DEED)
        kept = kept_batch(connection, SITE, "a", to_change=True)
        enter(connection, kept, lines, DEED, again=False)
        if closed:
            close_batch(connection, kept, None, DEED)


def line(number: int, answers: dict[tuple[str, int], int], **more: Any) -> Line:
    forms = more.pop("forms", 1)
    about = {"counter": None, "officer": "huong", "field": "ho-tich", "procedure": None} | more
    votes = min(forms, sum(answers.values()))
    until = about.pop("until_day", DAY_OF)
    return Line(number, DAY_OF, until, forms=forms, votes=votes, answers=answers, **about)


def test_forms_are_rows_and_of_those_only_counted_each_level_is_one(office: Database) -> None:
    single = [line(n, {("overall", 5): 1}, reasons=frozenset({"waiting"}), comment="Tốt") for n in range(1, 6)]
    blank = line(6, {}, comment="Gọi 0912345678")
    tally = line(7, {("overall", 1): 3, ("overall", 4): 6}, forms=9, until_day=DAY_OF + DAY)
    on_paper(office, *single, blank, tally)
    rows = read(office)
    assert [row["channel"] for row in rows] == ["paper"] * 8
    assert {(row["kiosk"], row["officer"], row["hour"], row["best_first"], row["official"]) for row in rows} == {
        (None, "huong", None, None, 1)
    }
    told = [(row["visits"], row["forms"], row["answer_overall"], row["reasons"], row["until_day"]) for row in rows]
    assert sorted(told, key=repr) == [
        (0, 3, 1, None, "2026-11-21"),
        (0, 6, 4, None, "2026-11-21"),
        *[(1, 1, 5, "waiting", None)] * 5,
        (9, 0, None, None, "2026-11-21"),
    ]
    with reading_votes(office, SITE, QUARTER) as view:
        said = list(view.comment_rows(as_it_is))
        assert view.comments == len(said) == 6
    assert ("2026-11", "Gọi ••••••••••") in said


def test_forms_of_an_open_batch_and_of_no_certain_time_are_no_rows(office: Database) -> None:
    on_paper(office, line(1, {("overall", 5): 1}), closed=False)
    assert read(office) == []
    on_paper(office, line(2, {("overall", 5): 1}, until_day=DAY_OF + 10 * DAY))
    with reading_votes(office, SITE, Span.parse("2026-11")) as told:
        assert told.total == 2


def test_a_row_names_no_combination_of_too_few_votes(office: Database) -> None:
    seed_votes(office, [5] * 5)
    seed_votes(office, [5] * 5, officer="thang", procedure="1.000894")
    seed_votes(office, [1] * 2, officer="thang")  # each alone is about many
    by = Counter((row["officer"], row["procedure"], row["hidden"]) for row in read(office))
    assert by["thang", "1.001193", None] == 0
    assert all(votes >= 5 for votes in by.values())


def test_comments_tell_the_day_only_where_many_votes_were_cast(office: Database) -> None:
    seed_votes(office, [5] * 5)
    seed_votes(office, [1] * 4, hour=THIS_HOUR - DAY)
    seed_votes(office, [1], hour=THIS_HOUR + DAY, until_hour=THIS_HOUR + 2 * DAY)
    seed_votes(office, [1], hour=THIS_HOUR + DAY, until_hour=THIS_HOUR + 20 * DAY)
    write_comments(office, "b", "Ân", "a", *"xyz", "w", "uncertain", "even more")
    write_comments(office, "of the first month", "of either")
    with reading_votes(office, SITE, QUARTER) as told:
        rows = list(told.comment_rows(as_it_is))
        assert told.comments == len(rows) == 11
    assert rows[0] == (None, "of either")
    assert [row for row in rows if row[0] == "2026-11-20"] == [
        ("2026-11-20", text) for text in ("a", "b", "x", "y", "Ân")
    ]
    assert sorted(str(text) for time, text in rows if time == "2026-11") == sorted(
        ["z", "w", "uncertain", "even more", "of the first month"]
    )


def test_comments_stand_in_an_order_of_their_own(office: Database) -> None:
    seed_votes(office, [5] * 20)
    texts = [f"{number:02}" for number in range(20)]
    write_comments(office, *reversed(texts))
    with reading_votes(office, SITE, QUARTER) as told:
        assert [text for _, text in told.comment_rows(as_it_is)] == texts


def test_odd_texts_of_an_odd_office_are_read(database: Database) -> None:
    FullOffice(3, votes=60).fill(database)
    years = [Span.parse(str(year)) for year in range(2000, 3000, 250)]
    first = years[0].days(Period.CALENDAR)[0]
    with database.writing() as connection:
        for table in (records, figure_cells, touched_halves):
            connection.execute(table.delete())
        connection.execute(votes.update().values(day=first, until_day=first))
        touch(connection, [(site, first) for site in SITES], NOW)
    for site in SITES:
        with reading_votes(database, site, years[0]) as told:
            assert len(rows_of(told)) == told.total == 120
            assert told.layout.criteria == ("overall", "time")
            assert len(list(told.comment_rows(as_it_is))) == told.comments > 0
        with reading_votes(database, site, years[1]) as told:
            assert rows_of(told) == []
