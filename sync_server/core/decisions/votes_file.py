"""What the file of an archive's votes holds, table by table, and what of it goes into the archive's root. Pure.

A row of the votes tells neither officer nor field, procedure, counter, kiosk, channel, case or hour, and of its labels
only those for which it is left out. Breakdowns are sums beside the votes, and no vote is linked to one: so whoever has
the file learns of them what the annexes show, and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import msgspec

from sync_server.core.decisions import wording_of_votes_file as wording
from sync_server.core.decisions.values import is_shown
from sync_server.core.exports.tables import Row, Table
from sync_server.core.figures.period import PeriodFigures

HIDDEN_KEY = "*"
VOTES, BREAKDOWNS, TOTALS, DICTIONARY = "votes", "breakdowns", "totals", "dictionary"
# What the numbers of a document rest on; "computed" is what follows from the other two.
RESTS_ON = ("computed", "rules.json", "votes.sqlite")

_encode = msgspec.json.Encoder().encode


def tables_of(figures: PeriodFigures, votes: Iterable[Row]) -> tuple[Table, ...]:
    """Return the tables of the file; the votes are rows of a `ballots.Single` each, in the order of their ids."""
    main = (
        Table(VOTES, wording.VOTES_TITLE, wording.VOTES, votes),
        Table(BREAKDOWNS, wording.BREAKDOWNS_TITLE, wording.BREAKDOWNS, list(_breakdowns(figures))),
        Table(TOTALS, wording.TOTALS_TITLE, wording.TOTALS, list(_totals(figures))),
    )
    dictionary = [
        (table.name, column.key, column.title, column.meaning, column.unit or None)
        for table in main
        for column in table.columns
    ]
    return (*main, Table(DICTIONARY, wording.DICTIONARY_TITLE, wording.DICTIONARY, dictionary))


def leaf_of(table: str, row: Row) -> bytes:
    """Return what a row of the votes, breakdowns or totals is in the tree."""
    return _encode((table, *row))


def canonical(values: object) -> bytes:
    """Return JSON of which there is only one: names in order, no blanks, UTF-8."""
    return msgspec.json.encode(values, order="sorted")


def fingerprint(votes_file: str, rules: bytes, computed: Mapping[str, str]) -> str:
    """Return the hash of what a document rests on, hexadecimal; the votes file is given by its own SHA-256."""
    hashes = (sha256(canonical(computed)).hexdigest(), sha256(rules).hexdigest(), votes_file)
    lines = sorted(f"{digest}  {name}\n" for name, digest in zip(RESTS_ON, hashes, strict=True))
    return sha256("".join(lines).encode()).hexdigest()


def rules_as_json(figures: PeriodFigures) -> bytes:
    """Return the rules in force, the days, and the surveys that were answered."""
    surveys = [
        {"revision": survey.revision, "criteria": [criterion.asked for criterion in survey.criteria]}
        for survey in figures.surveys
    ]
    told = {
        "format": 1,
        "first_day": figures.first.isoformat(),
        "last_day": figures.last.isoformat(),
        "rules": figures.rules,
        "surveys": surveys,
    }
    return msgspec.json.format(canonical(told), indent=1) + b"\n"


def _breakdowns(figures: PeriodFigures) -> Iterator[Row]:
    for survey in figures.surveys:
        official = survey.main.official
        for breakdown, rows in survey.tables.items():
            # What is left of the office's own figure: whoever sees the rows that are shown can work it out anyway.
            satisfied, unsatisfied = official.satisfied, official.answered - official.satisfied
            for row in rows:
                if row.satisfied is not None and row.answered is not None:
                    counts = (row.satisfied, row.answered - row.satisfied)
                    yield survey.revision, str(breakdown), row.key, 0, *counts
                    satisfied, unsatisfied = satisfied - counts[0], unsatisfied - counts[1]
            if hidden := sum(not is_shown(row) for row in rows):
                yield survey.revision, str(breakdown), HIDDEN_KEY, hidden, satisfied, unsatisfied


def _totals(figures: PeriodFigures) -> Iterator[Row]:
    for channel, votes in sorted(figures.channels.items()):
        yield "channel", str(channel), votes
    yield "labelled", None, figures.labelled
    for reason, votes in sorted(figures.reasons.items()):
        yield "reason", reason, votes
    yield "unreviewed", None, figures.unreviewed
