"""What an office tells its kiosks: whether this kiosk can follow it, and what it then shows and asks.

Pure. That a setup is well-formed is checked when it is read (`protocol.codec`); here is what only the kiosk knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kiosk.core.session import USUAL
from kiosk.core.survey import LANGUAGES, SURVEY, Survey
from protocol.messages import Count, Setup, SurveySetup, Texts, Thresholds


@dataclass(frozen=True)
class Arrangement:
    """What is in force at this kiosk; its settings file says it as long as no setup does."""

    office: str  # first line of the header
    unit: str  # second line
    counter: int | None = None  # where this kiosk stands; none: it serves the whole room
    field: str = ""  # what that counter deals with
    survey: Survey = SURVEY
    thresholds: Thresholds = USUAL
    revision: Count = 0  # of the setup; 0: none


def objection(setup: Setup, counter: int | None) -> str:
    """Say in one sentence why the kiosk at this counter cannot follow a setup; empty when it can."""
    if not setup.look.office.strip() or not setup.look.unit.strip():
        return "the header would be empty"
    return _objection_to_survey(setup.survey) or _objection_to_counters(setup, counter)


def arrange(usual: Arrangement, setup: Setup) -> Arrangement:
    """Return what a setup without objections puts in force; what it does not say stays as *usual*."""
    field = next((counter.field for counter in setup.counters if counter.counter == usual.counter), usual.field)
    return replace(
        usual,
        office=setup.look.office,
        unit=setup.look.unit,
        field=field,
        survey=replace(usual.survey, revision=setup.survey.revision),
        thresholds=setup.thresholds,
        revision=setup.revision,
    )


def _objection_to_survey(survey: SurveySetup) -> str:
    unknown = [language for language in survey.languages if language not in LANGUAGES]
    if unknown:
        return f"the screens do not speak {_listed(unknown)}"
    if len(survey.criteria) != 1 or survey.criteria[0].criterion != SURVEY.criterion:
        return f"this kiosk asks for {SURVEY.criterion!r} and nothing else"
    asked = survey.criteria[0]
    if tuple(level.level for level in asked.levels) != SURVEY.levels:
        return f"this kiosk shows the levels {_listed(SURVEY.levels)}, worst first, and no others"
    texts: list[Texts] = [asked.question, *(level.label for level in asked.levels)]
    texts += [reason.label for reason in survey.reasons]
    if any(language not in text for text in texts for language in survey.languages):
        return "a text is missing in one of its languages"
    return ""


def _objection_to_counters(setup: Setup, counter: int | None) -> str:
    counters = [each.counter for each in setup.counters]
    officers = [each.officer for each in setup.officers]
    if len(set(counters)) < len(counters):
        return "a counter is listed twice"
    if len(set(officers)) < len(officers):
        return "an officer is listed twice"
    if any(each.officer not in officers for each in setup.counters):
        return "a counter has an officer who is not listed"
    if counter is not None and counter not in counters:
        return f"there is no counter {counter}, where this kiosk stands"
    return ""


def _listed(things: Iterable[object]) -> str:
    return ", ".join(map(str, things))
