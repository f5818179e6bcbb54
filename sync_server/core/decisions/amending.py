"""The articles of a Decision that corrects another: what of its figures differs now. Pure.

Sums and questions are told one by one; fields, procedures and officers are in the annexes, which are
replaced as a whole.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sync_server.core.decisions import offices, wording
from sync_server.core.decisions.articles import numbered, paragraphs_of
from sync_server.core.decisions.document import Article
from sync_server.core.decisions.facts import Amended, Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.form_wording import IN_FORCE
from sync_server.core.decisions.lines import level_name, question
from sync_server.core.decisions.values import computed_of
from sync_server.core.figures.period import CriterionFigures, SurveyFigures

OLD = "stated.amended.old"
_IN_ALL = ("votes", "raw", "excluded")
_OF_A_QUESTION = ("answered", "blank", "satisfied", "percent", "interval", "verdict")


class Difference(NamedTuple):
    """A figure that was printed otherwise, or not at all; *what* is a text of a document."""

    name: str
    what: str
    old: str | None
    new: str | None


def differences(facts: Facts, amended: Amended) -> tuple[Difference, ...]:
    """Return what differs between the figures of the earlier Decision and those of now."""
    new = computed_of(facts.figures)
    told = dict(_told(facts))
    gone = {name: wording.WHAT_IS_AMENDED[kind] for name, kind in _gone(amended.old, new)}
    return tuple(
        Difference(name, what, amended.old.get(name), new.get(name))
        for name, what in (told | gone).items()
        if amended.old.get(name) != new.get(name)
    )


def amending_articles(facts: Facts, amended: Amended) -> tuple[Article, ...]:
    """Return the articles; the last is the last one of the office's own text."""
    office = literal(offices.in_text(facts.letterhead.office))
    symbol = facts.form.symbol
    changes = [_change(number, each) for number, each in enumerate(differences(facts, amended), start=1)]
    return numbered(
        [
            [
                wording.AMENDING.format(symbol, office),
                *(changes or [wording.NOTHING_DIFFERS]),
                wording.AMENDED_BECAUSE,
            ],
            [wording.REPLACED.format(symbol), wording.REST_STAYS.format(symbol)],
            list(IN_FORCE),
            paragraphs_of(facts.form.articles[-1], facts),
        ]
    )


def _change(number: int, difference: Difference) -> str:
    name, what, old, new = difference
    if old is None:
        return wording.ADDED.format(number, what, name)
    if new is None:
        return wording.DROPPED.format(number, what, f"{OLD}.{name}")
    return wording.AMENDED.format(number, what, f"{OLD}.{name}", name)


def _told(facts: Facts) -> Iterator[tuple[str, str]]:
    for name in _IN_ALL:
        yield name, wording.WHAT_IS_AMENDED[name]
    surveys = facts.figures.surveys
    for survey in surveys:
        of_which = "" if len(surveys) == 1 else f" ({{stated.s{survey.revision}.name}})"
        for criterion in survey.criteria:
            yield from _of_a_question(survey, criterion, of_which)


def _of_a_question(survey: SurveyFigures, criterion: CriterionFigures, of_which: str) -> Iterator[tuple[str, str]]:
    begin = f"s{survey.revision}.{criterion.asked.criterion}"
    asked = f", câu hỏi “{literal(question(criterion))}”{of_which}"
    for name in _OF_A_QUESTION:
        yield f"{begin}.{name}", f"{wording.WHAT_IS_AMENDED[name]}{asked}"
    for place in reversed(range(len(criterion.asked.levels))):
        yield f"{begin}.level.{place + 1}", f"Số lượt mức “{literal(level_name(criterion, place))}”{asked}"


def _gone(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what was told of a survey that nobody answers any more, with what kind of figure it is."""
    for name in sorted(old):
        parts = name.split(".")
        if name not in new and len(parts) == 3 and parts[2] in _OF_A_QUESTION:
            yield name, parts[2]
