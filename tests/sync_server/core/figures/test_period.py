"""Official beside raw, each survey apart, every vote accounted for."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from protocol.visits import VisitLabel, VisitOutcome
from sync_server.core.channels import Channel
from sync_server.core.figures.change import Direction
from sync_server.core.figures.period import Breakdown, PeriodFigures, figures_of
from sync_server.core.figures.verdict import Verdict
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.rules import USUAL_RULES, Rules
from sync_server.core.surveys import FIRST_SURVEY, Criterion, Survey, Surveys

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
HALVES = [date(2026, 9, 15), FIRST, date(2026, 11, 15), date(2026, 12, 15), date(2027, 1, 1)]
BOTH = {"vi": "Có", "en": "Yes"}
THREE = Survey(
    (Criterion("time", BOTH, (BOTH, BOTH, BOTH), (2, 3)), Criterion("papers", BOTH, (BOTH, BOTH), (2,))),
)
SURVEYS: Surveys = {1: FIRST_SURVEY, 2: THREE}


def cell(
    criterion: str | None,
    level: int | None,
    votes: int,
    *,
    half: date = FIRST,
    until_half: date | None = None,
    outcome: str = VisitOutcome.ANSWERED,
    survey: int = 1,
    officer: str | None = "an",
    labels: tuple[str, ...] = (),
    channel: Channel = Channel.KIOSK,
) -> VoteCell:
    about = ("ho-tich", "1.1", 1, "k-1" if channel is Channel.KIOSK else None)
    until = until_half or half
    return VoteCell(half, until, outcome, survey, criterion, level, officer, *about, labels, votes, channel)


def cast(level: int, votes: int = 1, criterion: str = "overall", **about: object) -> list[VoteCell]:
    """Votes with one answer."""
    return [cell(None, None, votes, **about), cell(criterion, level, votes, **about)]  # type: ignore[arg-type]


def figures(
    cells: list[VoteCell], before: list[VoteCell] | None = None, rules: Rules = USUAL_RULES, served: int = 0
) -> PeriodFigures:
    return figures_of(cells, before or [], SURVEYS, rules, FIRST, LAST, served=served, reasons={})


labels = st.lists(st.sampled_from(["hasty", "duplicate", "play"]), unique=True).map(lambda some: tuple(sorted(some)))
votes_by_chance = st.lists(
    st.builds(
        lambda half, until, outcome, survey, officer, marks, number, answers: [
            cell(
                criterion,
                level,
                number,
                half=half,
                until_half=max(half, until),
                outcome=outcome,
                survey=survey,
                officer=officer,
                labels=marks,
            )
            for criterion, level in [(None, None), *(answers if outcome == VisitOutcome.ANSWERED else [])]
        ],
        st.sampled_from(HALVES),
        st.sampled_from(HALVES),
        st.sampled_from(VisitOutcome),
        st.sampled_from([1, 2, 9]),
        st.sampled_from([None, "an", "binh"]),
        labels,
        st.integers(1, 20),
        st.sampled_from([[], [("overall", 4)], [("time", 1), ("papers", 2)], [("time", 3)]]),
    ),
    max_size=12,
).map(lambda votes: [each for vote in votes for each in vote])


@given(votes_by_chance, labels)
def test_every_visit_is_accounted_for(cells: list[VoteCell], excluded: tuple[str, ...]) -> None:
    rules = Rules(excluded=tuple(VisitLabel(label) for label in excluded))
    counted = figures(cells, rules=rules)
    visits = [each for each in cells if each.criterion is None]
    inside = [each for each in visits if each.half >= FIRST and each.until_half <= LAST]
    answered = [each for each in inside if each.outcome == VisitOutcome.ANSWERED]
    assert sum(counted.outcomes.values()) == sum(each.votes for each in inside)
    assert counted.undated == sum(
        each.votes for each in visits if each not in inside and each.outcome == VisitOutcome.ANSWERED
    )
    raw = sum(survey.raw_votes for survey in counted.surveys)
    assert raw + counted.unknown_survey == sum(each.votes for each in answered) == counted.coverage.votes
    of_unknown = sum(each.votes for each in answered if each.survey == 9 and each.has_one_of(excluded))
    official = sum(survey.votes for survey in counted.surveys)
    assert official + counted.excluded_votes == raw + of_unknown
    for label, number in counted.excluded.items():
        assert number == sum(each.votes for each in answered if label in each.labels)


@given(votes_by_chance)
def test_each_question_has_a_denominator_of_its_own_and_counts_its_blanks(cells: list[VoteCell]) -> None:
    for survey in figures(cells).surveys:
        for criterion in survey.criteria:
            assert criterion.official.answered + criterion.official.blank == survey.votes
            assert criterion.raw.answered + criterion.raw.blank == survey.raw_votes


@given(votes_by_chance)
def test_what_is_shown_of_a_breakdown_adds_up_to_no_more_than_the_office(cells: list[VoteCell]) -> None:
    for survey in figures(cells).surveys:
        answered = survey.main.official.answered
        for rows in survey.tables.values():
            shown = [row.answered for row in rows]
            assert sum(number or 0 for number in shown) <= answered
            if None not in shown and rows:
                assert sum(number or 0 for number in shown) == answered


def test_surveys_are_not_added_to_each_other() -> None:
    counted = figures([*cast(5, 10), *cast(3, 20, "time", survey=2)])
    assert [(survey.revision, survey.votes) for survey in counted.surveys] == [(1, 10), (2, 20)]
    assert counted.surveys[1].main.official.levels == (0, 0, 20)
    assert counted.surveys[1].criteria[1].official.blank == 20


def test_official_leaves_out_what_the_rules_exclude_and_raw_does_not() -> None:
    rules = Rules(excluded=(VisitLabel.HASTY, VisitLabel.DUPLICATE), target=Decimal(90))
    counted = figures(
        [*cast(5, 80), *cast(1, 20), *cast(5, 30, labels=("hasty", "play")), *cast(5, 5, labels=("play",))], rules=rules
    )
    main = counted.surveys[0].main
    assert (main.official.satisfied, main.official.answered) == (85, 105)
    assert (main.raw.satisfied, main.raw.answered) == (115, 135)
    assert (counted.excluded, counted.excluded_votes) == ({"hasty": 30, "duplicate": 0}, 30)
    assert main.verdict is Verdict.MISSED


def test_the_time_before_is_compared_by_the_same_rules() -> None:
    before = [*cast(5, 60), *cast(1, 40), *cast(5, 900, labels=("hasty",))]
    counted = figures([*cast(5, 90), *cast(1, 10)], before, Rules(excluded=(VisitLabel.HASTY,)))
    change = counted.surveys[0].main.change
    assert change is not None
    assert (change.difference, change.direction) == (Fraction(3, 10), Direction.BETTER)


def test_officers_are_told_apart_only_where_the_office_says_so() -> None:
    cells = [*cast(5, 50), *cast(4, 50, officer="binh")]
    assert Breakdown.OFFICER in figures(cells).surveys[0].tables
    assert Breakdown.OFFICER not in figures(cells, rules=Rules(by_officer=False)).surveys[0].tables


def test_votes_on_paper_count_together_with_those_of_kiosks_and_apart_as_channels() -> None:
    counted = figures([*cast(5, 50), *cast(1, 30, channel=Channel.PAPER), *cast(4, 20, channel=Channel.BOX)])
    [survey] = counted.surveys
    assert (survey.votes, survey.main.official.satisfied) == (100, 70)
    rows = {row.key: (row.answered, row.satisfied) for row in survey.tables[Breakdown.CHANNEL]}
    assert rows == {"kiosk": (50, 50), "paper": (30, 0), "box": (20, 20)}
    assert {row.key: row.answered for row in survey.tables[Breakdown.KIOSK]} == {"k-1": 50, None: 50}
    assert counted.outcomes[VisitOutcome.ANSWERED] == 50, "nobody came to a screen for a form"
    assert counted.coverage.votes == 100


def test_a_row_of_too_few_is_hidden_and_cannot_be_subtracted() -> None:
    counted = figures([*cast(5, 50), *cast(4, 40, officer="binh"), *cast(1, 3, officer="chi")])
    rows = {row.key: row for row in counted.surveys[0].tables[Breakdown.OFFICER]}
    assert rows["chi"].answered is None
    assert rows["chi"].share is None
    assert sum(row.answered is None for row in rows.values()) >= 2


def test_nothing_is_shown_where_nobody_voted() -> None:
    counted = figures([], served=12)
    assert counted.surveys == ()
    assert counted.coverage.rate == 0
    assert set(counted.outcomes.values()) == {0}
