"""A vote as a row: when, where, about what, what was said; nothing that leads back to its voter or stream. Pure.

Forms that were only counted together are rows with how many: one of the votes, and one of each level of a criterion.

Left out on purpose: the token of the case, the id, stream and number of the vote, and the hour in which it arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.visits import VisitOutcome
from sync_server.core.book import Book
from sync_server.core.exports import wording
from sync_server.core.exports.rare import ALL_NAMED, NAMED, LeftOut
from sync_server.core.exports.tables import Cell, Column, Kind, Row, Text
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.rules import Rules

# Survey, outcome, best first, visits, forms, and three lists with a comma between: answers ("criterion=level"), labels,
# reasons.
Said = tuple[int, str, int | None, int, int, str | None, str | None, str | None]
# Channel, kiosk, counter, officer, field, procedure.
About = tuple[str, str | None, int | None, str | None, str | None, str | None]


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


def about_cells(layout: Layout, names: PeriodNames, out: LeftOut, text: Text, about: About) -> Row:
    """Return the cells of the second group; *text* makes a text fit for the form of the file."""
    channel, kiosk, counter, officer, field, procedure = about
    keys = {
        Breakdown.KIOSK: kiosk,
        Breakdown.COUNTER: None if counter is None else str(counter),
        Breakdown.OFFICER: officer if layout.by_officer else None,
        Breakdown.FIELD: field,
        Breakdown.PROCEDURE: procedure,
    }
    # What nobody has looked at names nothing.
    blank = out.get((channel, tuple(keys[each] for each in NAMED)), ALL_NAMED)
    left_out = [each for each in (Breakdown.KIOSK, Breakdown.COUNTER, *layout.named) if each in blank]
    row: list[Cell] = [
        text(channel),
        None if kiosk is None or Breakdown.KIOSK in blank else text(kiosk),
        None if Breakdown.COUNTER in blank else counter,
    ]
    for each in layout.named:
        key = keys[each]
        row += [None, None] if key is None or each in blank else [text(key), text(names.of[each](key))]
    return (*row, ",".join(left_out) or None)


def said_cells(layout: Layout, rules: Rules, text: Text, said: Said) -> Row:
    """Return the cells of the third group; a row without visits counts as none."""
    survey, outcome, best_first, visits, forms, answers, labels, reasons = said
    levels = dict(each.split("=") for each in answers.split(",")) if answers else {}
    carried = sorted(labels.split(",")) if labels else []
    counts = outcome == VisitOutcome.ANSWERED and set(carried).isdisjoint(rules.excluded)
    return (
        survey,
        text(outcome),
        int(counts),
        best_first,
        visits,
        forms,
        text(",".join(carried)) if carried else None,
        text(",".join(sorted(reasons.split(",")))) if reasons else None,
        *(int(levels[key]) if key in levels else None for key in layout.criteria),
    )
