"""What an office tells its kiosks: whether this kiosk can follow it, and what it then shows and asks.

Pure. That a setup is well-formed is checked when it is read (`protocol.codec`); here is what only the kiosk knows.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kiosk.core.session import USUAL, Rules
from kiosk.core.survey import SURVEY, Criterion, Reason, Survey
from protocol.messages import (
    Count,
    CounterNumber,
    CounterSetup,
    Key,
    OfficerSetup,
    OpeningHours,
    Published,
    Setup,
    SurveySetup,
    Texts,
    Thresholds,
)

# What the smallest screen has room for, in the largest letters.
MOST_REASONS_SHOWN = 8
MOST_COUNTERS_SHOWN = 12
LONGEST_QUESTION, LONGEST_LABEL, LONGEST_REASON = 120, 32, 48


@dataclass(frozen=True)
class Arrangement:
    """What is in force at this kiosk; its settings file says it as long as no setup does."""

    office: str  # first line of the header
    unit: str  # second line
    counter: CounterNumber | None = None  # where this kiosk stands; none: it serves the whole room
    field: str = ""  # what that counter deals with
    survey: Survey = SURVEY
    thresholds: Thresholds = USUAL
    revision: Count = 0  # of the setup; 0: none
    counters: tuple[CounterSetup, ...] = ()
    officers: Mapping[Key, OfficerSetup] = dataclasses.field(default_factory=dict, hash=False)
    opening_hours: tuple[OpeningHours, ...] = ()
    published: Published | None = None

    def rules(self, *, is_open: bool, has_pin: bool) -> Rules:
        """Return what a session goes by."""
        to_choose = () if self.counter is not None else tuple(each.counter for each in self.counters)
        return Rules(self.thresholds, self.survey, to_choose, is_open, has_pin)


def objection(setup: Setup, counter: int | None, languages: Collection[str]) -> str:
    """Say in one sentence why the kiosk at this counter cannot follow a setup; empty when it can.

    *languages* are those that its screens speak.
    """
    if not setup.look.office.strip() or not setup.look.unit.strip():
        return "the header would be empty"
    return _objection_to_survey(setup.survey, languages) or _objection_to_counters(setup, counter)


def arrange(usual: Arrangement, setup: Setup) -> Arrangement:
    """Return what a setup without objections puts in force; what it does not say stays as *usual*."""
    return replace(
        usual,
        office=setup.look.office,
        unit=setup.look.unit,
        field=next((counter.field for counter in setup.counters if counter.counter == usual.counter), usual.field),
        survey=_survey(setup.survey),
        thresholds=setup.thresholds,
        revision=setup.revision,
        counters=setup.counters,
        officers={officer.officer: officer for officer in setup.officers},
        opening_hours=setup.opening_hours,
        published=setup.published,
    )


def _survey(setup: SurveySetup) -> Survey:
    return Survey(
        revision=setup.revision,
        criteria=tuple(
            Criterion(
                asked.criterion,
                tuple(level.level for level in asked.levels),
                asked.stars,
                asked.question,
                {level.level: level.label for level in asked.levels},
            )
            for asked in setup.criteria
        ),
        reasons=tuple(Reason(reason.reason, reason.label) for reason in setup.reasons),
        reasons_after=frozenset(setup.reasons_after),
        comments=setup.comments,
        best_first=setup.best_first,
        smile=setup.smile,
        daily=setup.daily,
    )


def _objection_to_survey(survey: SurveySetup, languages: Collection[str]) -> str:
    unknown = [language for language in survey.languages if language not in languages]
    if unknown:
        return f"the screens do not speak {_listed(unknown)}"
    criteria = [asked.criterion for asked in survey.criteria]
    if len(set(criteria)) < len(criteria):
        return "a question is asked twice"
    for asked in survey.criteria:
        levels = [level.level for level in asked.levels]
        if levels != sorted(set(levels)):
            return f"the levels of {asked.criterion!r} do not stand worst first, each once"
    reasons = [reason.reason for reason in survey.reasons]
    if len(set(reasons)) < len(reasons):
        return "a reason is listed twice"
    if len(reasons) > MOST_REASONS_SHOWN:
        return f"the screen has room for {MOST_REASONS_SHOWN} reasons"
    return _objection_to_texts(survey)


def _objection_to_texts(survey: SurveySetup) -> str:
    texts: list[tuple[str, int, Texts]] = [
        *(("a question", LONGEST_QUESTION, asked.question) for asked in survey.criteria),
        *(("a level", LONGEST_LABEL, level.label) for asked in survey.criteria for level in asked.levels),
        *(("a reason", LONGEST_REASON, reason.label) for reason in survey.reasons),
    ]
    for what, longest, text in texts:
        if any(not text.get(language, "").strip() for language in survey.languages):
            return "a text is missing in one of its languages"
        if any(len(text[language]) > longest for language in survey.languages):
            return f"{what} is longer than {longest} characters"
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
    if counter is None and len(counters) > MOST_COUNTERS_SHOWN:
        return f"the screen of a kiosk for the whole room has room for {MOST_COUNTERS_SHOWN} counters"
    return ""


def _listed(things: Iterable[object]) -> str:
    return ", ".join(map(str, things))
