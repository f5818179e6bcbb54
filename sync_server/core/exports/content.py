"""What the votes of a time are about, of their cells: which surveys and criteria, and what is rare among them. Pure.

Whatever a table of the report hides is blank in the votes too: otherwise it could be counted there.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from protocol.visits import VisitOutcome
from sync_server.core.exports.rare import NAMED, Combination, LeftOut, Rare, left_out, rare
from sync_server.core.figures.period import KEYS, Breakdown, Breakdowns
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.rules import Rules
from sync_server.core.surveys import Surveys

_WITH_ANSWERS = frozenset({VisitOutcome.ANSWERED, VisitOutcome.ABANDONED})


@dataclass(frozen=True)
class Content:
    """Of which surveys there are votes, what they answered, what too few are about to be named, and what is named.

    *undated* visits may lie before or after the time, and are about nothing of this.
    """

    undated: int
    surveys: tuple[int, ...]
    criteria: tuple[str, ...]
    rare: Rare
    left_out: LeftOut
    used: dict[Breakdown, tuple[str, ...]]

    @classmethod
    def of(cls, cells: Iterable[VoteCell], first: date, last: date, rules: Rules, known: Surveys) -> "Content":
        """Look through the cells that touch a time; criteria stand in the order in which they are asked.

        Where figures are not made by officer, rows name none, so that none makes a combination rare.
        """
        tables = {revision: Breakdowns(survey.criteria[0], rules) for revision, survey in known.items()}
        votes: dict[Breakdown, Counter[str]] = {each: Counter() for each in Breakdown}
        combinations: Counter[Combination] = Counter()
        surveys: set[int] = set()
        answered: set[str] = set()
        undated = 0
        for cell in cells:
            dated = cell.lies_within(first, last)
            if dated and cell.survey in tables and not cell.has_one_of(rules.excluded):
                tables[cell.survey].add(cell)
            if not dated:
                undated += cell.votes if cell.criterion is None else 0
                continue
            surveys.add(cell.survey)
            if cell.criterion is not None:
                answered.add(cell.criterion)
                continue
            many = cell.votes if cell.outcome in _WITH_ANSWERS else 0
            for each in Breakdown:
                key = KEYS[each](cell)
                if key is not None:
                    votes[each][key] += many
            named = (None if each is Breakdown.OFFICER and not rules.by_officer else KEYS[each](cell) for each in NAMED)
            combinations[cell.channel, tuple(named)] += many
        asked = dict.fromkeys(
            entry.criterion for revision in sorted(surveys & set(known)) for entry in known[revision].criteria
        )
        in_the_report = [table.rows(revision) for revision, table in tables.items()]
        hidden: dict[Breakdown, frozenset[str | None]] = {
            each: rare({key: n for key, n in votes[each].items() if n}, rules.least_shown).union(
                row.key for rows in in_the_report for row in rows.get(each, ()) if row.is_hidden
            )
            for each in Breakdown
        }
        out = left_out(combinations, hidden, rules.least_shown)
        used: dict[Breakdown, set[str]] = {each: set() for each in NAMED}
        for one, blank in out.items():
            for each, key in zip(NAMED, one[1], strict=True):
                if key is not None and each not in blank:
                    used[each].add(key)
        return cls(
            undated,
            tuple(sorted(surveys)),
            (*asked, *sorted(answered - set(asked))),
            hidden,
            out,
            {each: tuple(sorted(keys)) for each, keys in used.items()},
        )
