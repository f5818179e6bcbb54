"""What a person decides about a label counts at once, stands on record, and deletes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.store.audit import Deed, deeds, note
from sync_server.store.cells import cells
from sync_server.store.database import Database
from sync_server.store.folding import QUIET, fold
from sync_server.store.labelling import CONFIRMED, LIFTED
from sync_server.store.period import period_figures
from sync_server.store.reviews import Decision, LabelsThere, SeveralVotes, Which, decide, labels_there
from sync_server.store.schema import label_reviews, vote_labels
from tests.fakes.labelled import DAY, cast, given_by_rules, have_rules, run_rules
from tests.fakes.small_office import NOW, SITE, THIS_HOUR, seed_kiosk, seed_office

QUARTER = Span.parse("2026-Q4")


@pytest.fixture(autouse=True)
def ids(database: Database) -> list[str]:
    """Three votes, the third of them a burst, the second of them hasty."""
    seed_office(database)
    seed_kiosk(database)
    labelling = Labelling((RuleName.BURST,), most_an_hour=2)
    have_rules(database, Rules(excluded=("burst", "hasty"), labelling=labelling))
    ids = [cast(database, 1), cast(database, 2, labels=["hasty"]), cast(database, 3, labels=["hasty", "burst"])]
    run_rules(database)
    return ids


def official(database: Database) -> int:
    counted, _ = period_figures(database, SITE, QUARTER)
    return sum(survey.votes for survey in counted.surveys)


def unreviewed(database: Database) -> tuple[int, int]:
    counted, _ = period_figures(database, SITE, QUARTER)
    return counted.labelled, counted.unreviewed


def decided(database: Database, label: str, decision: str, *beginnings: str) -> int:
    which = Which(SITE, label, beginnings) if beginnings else Which(SITE, label, day=DAY)
    with database.writing() as connection:
        return decide(connection, which, Decision(decision, "Hà", "looked at the camera"), NOW)


@pytest.mark.parametrize("folded", [True, False])
def test_a_lifted_label_counts_no_more_whoever_gave_it_and_nothing_is_deleted(
    database: Database, ids: list[str], folded: bool
) -> None:
    def fold_if_asked() -> None:
        if folded:
            list(fold(database, NOW + 3 * QUIET))

    fold_if_asked()
    assert official(database) == 1
    assert decided(database, "hasty", LIFTED) == 2
    fold_if_asked()
    assert official(database) == 2
    assert decided(database, "burst", LIFTED, ids[2]) == 1
    fold_if_asked()
    assert official(database) == 3
    with database.reading() as connection:
        assert len(connection.execute(select(vote_labels)).all()) == 3
        assert {cell.labels for cell in cells(connection, SITE, DAY, DAY)} == {()}
    assert given_by_rules(database) == {(ids[2], "burst")}
    assert decided(database, "burst", CONFIRMED) == 1
    assert official(database) == 2


def test_a_vote_is_reviewed_when_each_of_its_labels_is(database: Database, ids: list[str]) -> None:
    assert unreviewed(database) == (2, 2)
    decided(database, "hasty", CONFIRMED)
    assert unreviewed(database) == (2, 1)
    decided(database, "burst", CONFIRMED)
    assert unreviewed(database) == (2, 0)
    decided(database, "burst", LIFTED)
    assert unreviewed(database) == (2, 0)
    decided(database, "hasty", LIFTED)
    assert unreviewed(database) == (0, 0)


def test_every_decision_stands_on_record_with_who_and_why(database: Database, ids: list[str]) -> None:
    decided(database, "hasty", CONFIRMED)
    decided(database, "hasty", LIFTED, ids[1])
    with database.reading() as connection:
        said = [deed for _, deed in deeds(connection, site=SITE)]
        assert connection.execute(
            select(label_reviews.c.decision).order_by(label_reviews.c.vote_id)
        ).scalars().all() == [
            LIFTED,
            CONFIRMED,
        ]
        assert list(deeds(connection, site="phu")) == []
        assert list(deeds(connection, since=NOW + timedelta(seconds=1))) == []
    assert said == [
        Deed(
            "labels confirm",
            "Hà",
            "looked at the camera",
            "hasty of 2 cast 2026-11-20",
            SITE,
            {"label": "hasty", "votes": ids[1:]},
        ),
        Deed(
            "labels lift",
            "Hà",
            "looked at the camera",
            "hasty of 1 cast 2026-11-20",
            SITE,
            {"label": "hasty", "votes": [ids[1]]},
        ),
    ]


def test_others_may_put_on_record_what_they_do(database: Database) -> None:
    deed = Deed("paper enter", "Hà", "", "30 forms", details={"batch": 7})
    with database.writing() as connection:
        note(connection, deed, NOW)
    with database.reading() as connection:
        assert list(deeds(connection)) == [(NOW, deed)]


def test_only_what_carries_the_label_is_decided_on(database: Database, ids: list[str]) -> None:
    cast(database, 4, labels=["play"], outcome="abandoned")
    assert decided(database, "hasty", LIFTED, ids[0]) == 0
    assert decided(database, "play", LIFTED) == 0
    assert decided(database, "duplicate", CONFIRMED) == 0
    with database.writing() as connection:
        lift = Decision(LIFTED, "Hà", "x")
        assert decide(connection, Which("phu", "hasty", day=DAY), lift, NOW) == 0
        assert decide(connection, Which(SITE, "hasty", day=DAY, kiosk="kiosk-2"), lift, NOW) == 0
        assert decide(connection, Which(SITE, "hasty", day=DAY, kiosk="kiosk-1"), lift, NOW) == 2
        assert [deed.site for _, deed in deeds(connection)] == [SITE]


def test_a_beginning_that_several_votes_share_is_refused(database: Database, ids: list[str]) -> None:
    with pytest.raises(SeveralVotes, match=ids[0][:6]):
        decided(database, "hasty", LIFTED, ids[0][:6])
    assert decided(database, "hasty", LIFTED, "0123", ids[1]) == 1


def test_labels_are_listed_by_day_and_kiosk_or_vote_by_vote(database: Database, ids: list[str]) -> None:
    decided(database, "hasty", CONFIRMED, ids[1])
    cast(database, 5, labels=["hasty"], hour=THIS_HOUR + timedelta(days=90))

    def listed(**how: object) -> list[LabelsThere]:
        with database.reading() as connection:
            return list(labels_there(connection, SITE, DAY, DAY, **how))  # type: ignore[arg-type]

    hasty = LabelsThere(DAY, "kiosk-1", "hasty", "kiosk", None, 1)
    burst = [LabelsThere(DAY, "kiosk-1", "burst", by, None, 1) for by in ("kiosk", "rule")]
    confirmed = LabelsThere(DAY, "kiosk-1", "hasty", "kiosk", CONFIRMED, 1)
    assert sorted(listed(), key=str) == sorted([*burst, hasty, confirmed], key=str)
    assert listed(label="hasty", unreviewed=True) == [hasty]
    assert [there.vote_id for there in listed(label="hasty", unreviewed=True, each=True)] == [ids[2]]
    with database.reading() as connection:
        assert list(labels_there(connection, "phu", DAY, DAY)) == []
