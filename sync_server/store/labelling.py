"""Having the rules label votes, a day of a site at a time, once it has been quiet.

What rules say is made of the votes, the case register and the office's records alone: judging again gives the same
labels, and takes those back that do not apply any more, unless a person has confirmed them. It may stop after any day,
and several processes may do it at once. What the kiosks said is never touched.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from protocol.messages import CaseToken, VoteId
from protocol.visits import VisitOutcome
from sync_server.core.book import Book, Kind
from sync_server.core.labelling.cast import Cast
from sync_server.core.labelling.duplicates import Spent, again, duplicates
from sync_server.core.labelling.judging import Given, OfficeDay, judged
from sync_server.core.labelling.names import RuleName
from sync_server.store.among import among
from sync_server.store.audit import AUTOMATICALLY, Deed, note
from sync_server.store.bulk import bulk_insert
from sync_server.store.cells import mark_stale
from sync_server.store.changes import bump
from sync_server.store.database import Database
from sync_server.store.records import books
from sync_server.store.schema import answers, cases, label_reviews, rule_labels, sites, votes
from sync_server.store.spent import forget_day, forgetting_on, spent_among
from sync_server.store.unjudged import SiteDay, take_unjudged, unjudged

# Votes of a day that keep arriving would be judged each time; and of a busy hour not all are there yet.
QUIET = timedelta(hours=1)
CONFIRMED, LIFTED = "confirmed", "lifted"
WITHDRAWN = "labels withdraw"

_OF_A_VOTE = tuple(name for name in Cast.__dataclass_fields__ if name != "all_best")
_SAID = (Kind.OFFICE, Kind.COUNTER, Kind.SURVEY, Kind.RULES)


@dataclass(frozen=True)
class Judged:
    """A day of a site, and how many labels that changed."""

    site: str
    day: date
    given: int = 0
    withdrawn: int = 0


def judge(database: Database, now: datetime, quiet: timedelta = QUIET, site: str | None = None) -> Iterator[Judged]:
    """Have the rules look at every day that has been quiet for so long, one transaction each; yield each when done."""
    until = now - quiet
    with database.reading() as connection:
        waiting = unjudged(connection, until, site)
    for site_day in waiting:
        with database.writing() as connection:
            hold_labels(connection, site_day[0])
            done = _judge(connection, site_day, now) if take_unjudged(connection, site_day, until) else None
        if done is not None:
            yield done


def hold_labels(connection: Connection, site: str) -> None:
    """Keep others, until the end of this transaction, from changing labels of a site; votes may still be added."""
    connection.execute(select(sites.c.site).where(sites.c.site == site).with_for_update(key_share=True))


def _judge(connection: Connection, site_day: SiteDay, now: datetime) -> Judged:
    site, day = site_day
    book = books(connection, [site], _SAID)[site]
    forgetting = forgetting_on(connection, site, day)
    of_day = _cast(connection, book, votes.c.day == day)
    tokens = {vote.case_token for vote in of_day if vote.case_token is not None}
    spent = spent_among(connection, site, tokens)
    # Each with all votes of its case: an earlier one that arrives late makes one of another day the second.
    twice = {*_rated_twice(connection, site, tokens), *(each.case_token for each in spent)}
    of_cases = _cast(connection, book, among(connection, votes.c.case_token, sorted(twice))) if twice else []
    doubles, unsure = _duplicates(of_cases, spent, book)
    known = {vote.vote_id: vote.day for vote in (*of_day, *of_cases)}
    # Of votes of other days only whether they are duplicates was asked.
    asked = {(vote.vote_id, RuleName.DUPLICATE) for vote in of_cases if vote.vote_id not in unsure}
    if forgetting is None:
        wanted = judged(of_day, _office(connection, book, day, tokens)) | doubles
        asked |= {(vote.vote_id, rule) for vote in of_day for rule in RuleName if vote.vote_id not in unsure}
    else:
        # What was judged stands: of votes that came since then only whether their cases were rated before is asked.
        asked &= {(vote.vote_id, RuleName.DUPLICATE) for vote in of_day}
        wanted = doubles & asked
    there = _there(connection, known) & asked
    new = (wanted & asked) - there
    gone = frozenset() if forgetting is not None else there - wanted - _confirmed(connection, known)
    if new or gone:
        rows = sorted((vote_id, str(rule)) for vote_id, rule in new)
        bulk_insert(connection, rule_labels, ("vote_id", "label"), rows)
        _take_back(connection, site_day, gone, now)
        mark_stale(connection, {(site, known[vote_id]) for vote_id, _ in new | gone}, now)
        bump(connection)
    if forgetting is not None:
        forget_day(connection, site, day, forgetting)
    return Judged(site, day, len(new), len(gone))


def _cast(connection: Connection, book: Book, which: ColumnElement[bool]) -> list[Cast]:
    """Return the answered votes of a site to which a condition applies."""
    where = (votes.c.site == book.site) & (votes.c.outcome == VisitOutcome.ANSWERED) & which
    best = {
        (revision, asked.criterion): len(asked.levels)
        for revision, survey in book.all_surveys.items()
        for asked in survey.criteria
    }
    chosen = select(votes.c.vote_id, votes.c.survey, answers.c.criterion, answers.c.level).where(where)
    rows = connection.execute(chosen.select_from(votes.join(answers, answers.c.vote_id == votes.c.vote_id)))
    not_best = {row.vote_id for row in rows if row.level != best.get((row.survey, row.criterion))}
    found = connection.execute(select(*(votes.c[name] for name in _OF_A_VOTE)).where(where))
    return [Cast(**row._mapping, all_best=row.vote_id not in not_best) for row in found]


def _rated_twice(connection: Connection, site: str, tokens: Collection[CaseToken]) -> list[CaseToken]:
    """Return those of these cases that several votes name."""
    named = (votes.c.site == site) & among(connection, votes.c.case_token, sorted(tokens))
    query = select(votes.c.case_token).where(named, votes.c.outcome == VisitOutcome.ANSWERED)
    return list(connection.execute(query.group_by(votes.c.case_token).having(func.count() > 1)).scalars())


def _office(connection: Connection, book: Book, day: date, tokens: Collection[CaseToken]) -> OfficeDay:
    of_site = cases.c.site == book.site
    received = select(cases.c.officer, func.count()).where(of_site, cases.c.received == day).group_by(cases.c.officer)
    named = among(connection, cases.c.case_token, sorted(tokens))
    registered = connection.execute(select(cases.c.case_token, cases.c.received).where(of_site, named)).all()
    letterhead = book.letterhead(day)
    openings = () if letterhead is None else letterhead.opening_hours
    return OfficeDay(
        labelling=book.rules_on(day).labelling,
        opening_hours=tuple(hours for opening in openings for hours in opening.hours),
        counters=len(book.counters.on(day)),
        received={officer: number for officer, number in connection.execute(received)},
        registered={token: received_on for token, received_on in registered},
    )


def _duplicates(votes_of_cases: Sequence[Cast], spent: Sequence[Spent], book: Book) -> tuple[Given, frozenset[VoteId]]:
    """Return who is a further vote for a case, and of whom nobody can know."""
    daily = {revision for revision, survey in book.all_surveys.items() if survey.daily}
    further, unsure = again(votes_of_cases, spent, daily)
    found = duplicates(votes_of_cases, daily) | further
    given = frozenset(
        (vote.vote_id, RuleName.DUPLICATE)
        for vote in votes_of_cases
        if vote.vote_id in found - unsure and RuleName.DUPLICATE in book.rules_on(vote.day).labelling.rules
    )
    return given, unsure


def _there(connection: Connection, ids: dict[VoteId, date]) -> Given:
    return _pairs(connection, rule_labels, among(connection, rule_labels.c.vote_id, ids))


def _confirmed(connection: Connection, ids: dict[VoteId, date]) -> Given:
    theirs = among(connection, label_reviews.c.vote_id, ids)
    return _pairs(connection, label_reviews, theirs & (label_reviews.c.decision == CONFIRMED))


def _pairs(connection: Connection, table: Table, which: ColumnElement[bool]) -> Given:
    by_a_rule = table.c.label.in_([str(rule) for rule in RuleName])
    rows = connection.execute(select(table.c.vote_id, table.c.label).where(which, by_a_rule))
    return frozenset((row.vote_id, RuleName(row.label)) for row in rows)


def _take_back(connection: Connection, site_day: SiteDay, gone: Given, now: datetime) -> None:
    by_rule: defaultdict[str, list[VoteId]] = defaultdict(list)
    for vote_id, rule in sorted(gone):
        by_rule[rule].append(vote_id)
    for label, ids in by_rule.items():
        named = (rule_labels.c.label == label) & among(connection, rule_labels.c.vote_id, ids)
        connection.execute(delete(rule_labels).where(named))
    if by_rule:
        site, day = site_day
        subject = f"{', '.join(f'{label} of {len(ids):,}' for label, ids in by_rule.items())}, looking at {day}"
        because = "the rule does not apply any more"
        note(connection, Deed(WITHDRAWN, AUTOMATICALLY, because, subject, site, dict(by_rule)), now)
