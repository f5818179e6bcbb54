"""What an office tells its kiosks, made of what it was imported with. Pure."""

import msgspec

from protocol.messages import (
    CounterSetup,
    CriterionSetup,
    LevelSetup,
    Look,
    OfficerSetup,
    ReasonSetup,
    Setup,
    SurveySetup,
    Thresholds,
)
from sync_server.core import wording
from sync_server.core.names import tidy_name
from sync_server.core.office_data import OfficeFile
from sync_server.core.surveys import SURVEYS, Survey

LANGUAGES = ("vi", "en")
NOT_NUMBERED = 1  # a draft has no revision of its own: it gets one when it is put in force


def newest_survey() -> Survey:
    """Return the survey that is asked now; votes that answer it are accepted, for the ingest knows the same ones."""
    return SURVEYS[max(SURVEYS)]


def draft(office: OfficeFile, survey: Survey) -> Setup:
    """Return the setup of an office, its names in one spelling; what the file leaves out has its default."""
    names = {entry.field: tidy_name(entry.name) for entry in office.fields}
    deals_with = {entry.officer: names[entry.field] for entry in office.officers}
    return Setup(
        revision=NOT_NUMBERED,
        survey=_survey(survey),
        look=Look(tidy_name(office.office), tidy_name(office.unit)),
        # A vote that comes without a case is about this officer's field.
        counters=tuple(CounterSetup(desk.counter, desk.officer, deals_with[desk.officer]) for desk in office.counters),
        officers=tuple(
            OfficerSetup(entry.officer, tidy_name(entry.name), tidy_name(entry.title)) for entry in office.officers
        ),
        opening_hours=tuple(hours for opening in office.opening_hours for hours in opening.hours),
        thresholds=Thresholds(*msgspec.structs.astuple(office.thresholds)),
    )


def _survey(survey: Survey) -> SurveySetup:
    levels = tuple(LevelSetup(level, wording.LEVEL_LABELS[level]) for level in range(1, survey.levels + 1))
    criteria = tuple(
        CriterionSetup(criterion, wording.QUESTIONS[criterion], levels) for criterion in sorted(survey.criteria)
    )
    reasons = tuple(ReasonSetup(reason, wording.REASONS[reason]) for reason in survey.reasons)
    return SurveySetup(survey.revision, LANGUAGES, criteria, reasons, comments=survey.comments)
