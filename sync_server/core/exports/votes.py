"""A vote as a row: when, where, about what, what was said; nothing that leads back to its voter or stream. Pure.

Left out on purpose: the token of the case, the id, stream and number of the vote, and the hour in which it arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.visits import VisitOutcome
from sync_server.core.book import Book
from sync_server.core.exports import wording
from sync_server.core.exports.rare import Rare
from sync_server.core.exports.tables import Cell, Column, Kind, Row, Text
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.rules import Rules

# Survey, outcome, best first, and three lists with a comma between: answers ("criterion=level"), labels, reasons.
Said = tuple[int, str, int, str | None, str | None, str | None]
# Kiosk, counter, officer, field, procedure.
About = tuple[str, int | None, str | None, str | None, str | None]


@dataclass(frozen=True)
class Layout:
    """Which columns there are, in three groups: when, about whom and what, what was said."""

    criteria: tuple[str, ...]
    by_officer: bool  # no names where no figures of single officers are made
    groups: tuple[tuple[Column, ...], tuple[Column, ...], tuple[Column, ...]]

    @classmethod
    def of(cls, book: Book, rules: Rules, criteria: Sequence[str]) -> "Layout":
        """Lay out the columns for votes that answer some criteria."""
        questions = {asked.criterion: asked.question for each in book.all_surveys.values() for asked in each.criteria}
        answers = [
            Column(
                f"answer_{key}",
                f"{questions[key]['vi']} [{key}]" if "vi" in questions.get(key, {}) else key,
                wording.ANSWER.format(key),
                wording.ANSWER_UNIT,
                Kind.NUMBER,
            )
            for key in criteria
        ]
        officer = wording.OFFICER if rules.by_officer else ()
        about = (*wording.WHERE, *officer, *wording.ABOUT)
        return cls(tuple(criteria), rules.by_officer, (wording.WHEN, about, (*wording.VISIT, *answers)))

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns."""
        return tuple(column for group in self.groups for column in group)

    @property
    def named(self) -> tuple[Breakdown, ...]:
        """What stands in a row by its key and its name."""
        officer = (Breakdown.OFFICER,) if self.by_officer else ()
        return (*officer, Breakdown.FIELD, Breakdown.PROCEDURE)

    @property
    def blanked(self) -> tuple[Breakdown, ...]:
        """What may be left blank."""
        return (Breakdown.KIOSK, Breakdown.COUNTER, *self.named)


def about_cells(layout: Layout, names: PeriodNames, rare: Rare, text: Text, about: About) -> Row:
    """Return the cells of the second group; *text* makes a text fit for the form of the file."""
    kiosk, counter, officer, field, procedure = about
    keys = {
        Breakdown.KIOSK: kiosk,
        Breakdown.COUNTER: None if counter is None else str(counter),
        Breakdown.OFFICER: officer,
        Breakdown.FIELD: field,
        Breakdown.PROCEDURE: procedure,
    }
    left_out = [each for each in layout.blanked if keys[each] in rare[each]]
    row: list[Cell] = [
        None if Breakdown.KIOSK in left_out else text(kiosk),
        None if Breakdown.COUNTER in left_out else counter,
    ]
    for each in layout.named:
        key = keys[each]
        row += [None, None] if key is None or each in left_out else [text(key), text(names.of[each](key))]
    return (*row, ",".join(left_out) or None)


def said_cells(layout: Layout, rules: Rules, text: Text, said: Said) -> Row:
    """Return the cells of the third group."""
    survey, outcome, best_first, answers, labels, reasons = said
    levels = dict(each.split("=") for each in answers.split(",")) if answers else {}
    carried = sorted(labels.split(",")) if labels else []
    counts = outcome == VisitOutcome.ANSWERED and set(carried).isdisjoint(rules.excluded)
    return (
        survey,
        text(outcome),
        int(counts),
        best_first,
        text(",".join(carried)) if carried else None,
        text(",".join(sorted(reasons.split(",")))) if reasons else None,
        *(int(levels[key]) if key in levels else None for key in layout.criteria),
    )
