"""Everything an office has said of itself, and from which day on: names, people, surveys and rules. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from protocol.messages import Number
from sync_server.core.dated import History, Record
from sync_server.core.decisions.form import USUAL_FORM, DecisionForm
from sync_server.core.entries import Entry, tidied
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Desk, Field, OfficeFile, Officer, Procedure
from sync_server.core.rules import USUAL_RULES, Rules
from sync_server.core.surveys import FIRST_REVISION, SURVEYS, Survey, Surveys


class Kind(StrEnum):
    """What a record is about."""

    OFFICE = "office"
    FIELD = "field"
    OFFICER = "officer"
    COUNTER = "counter"
    PROCEDURE = "procedure"
    SURVEY = "survey"
    RULES = "rules"
    DECISION = "decision"


CONTENTS: dict[Kind, type] = {
    Kind.OFFICE: Letterhead,
    Kind.FIELD: Field,
    Kind.OFFICER: Officer,
    Kind.COUNTER: Desk,
    Kind.PROCEDURE: Procedure,
    Kind.SURVEY: Survey,
    Kind.RULES: Rules,
    Kind.DECISION: DecisionForm,
}
# There is one of these an office.
THE_OFFICE, THE_RULES, THE_DECISION = "office", "rules", "decision"

Said = tuple[Kind, Record[Any]]


@dataclass(frozen=True)
class Wanted:
    """What a folder says of an office; None: nothing about that."""

    office: OfficeFile
    procedures: tuple[Procedure, ...]
    survey: Survey | None = None
    rules: Rules | None = None
    decision: DecisionForm | None = None


@dataclass(frozen=True)
class Book:
    """The histories of an office."""

    site: str
    office: History[Letterhead] = field(default_factory=History)
    fields: History[Field] = field(default_factory=History)
    officers: History[Officer] = field(default_factory=History)
    counters: History[Desk] = field(default_factory=History)
    procedures: History[Procedure] = field(default_factory=History)
    surveys: History[Survey] = field(default_factory=History)
    rules: History[Rules] = field(default_factory=History)
    decisions: History[DecisionForm] = field(default_factory=History)

    @classmethod
    def of(cls, site: str, said: Iterable[Said]) -> "Book":
        """Put records, in the order in which they were made, into their histories."""
        by_kind: defaultdict[Kind, list[Record[Any]]] = defaultdict(list)
        for kind, record in said:
            by_kind[kind].append(record)
        return cls(site, *(History(by_kind[kind]) for kind in Kind))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever said."""
        return not self.office.keys

    def letterhead(self, day: date) -> Letterhead | None:
        """Return the office as it was on a day, or nearest to it; None when it never was."""
        return self.office.nearest(THE_OFFICE, day)

    def rules_on(self, day: date) -> Rules:
        """Return the rules of a day."""
        return self.rules.at(THE_RULES, day) or USUAL_RULES

    def decision_on(self, day: date) -> DecisionForm:
        """Return what the office writes of its Decisions on a day."""
        return self.decisions.at(THE_DECISION, day) or USUAL_FORM

    def survey_on(self, day: date) -> tuple[Number, Survey]:
        """Return what is asked on a day, with its revision: of several the newest."""
        asked = {int(key): survey for key, survey in self.surveys.on(day).items()}
        newest = max(asked, default=FIRST_REVISION)
        return newest, asked.get(newest, SURVEYS[FIRST_REVISION])

    def next_changes(self, day: date) -> tuple[date, ...]:
        """Return the days after this one from which something else holds."""
        histories: tuple[History[Any], ...] = (
            *(self.office, self.fields, self.officers, self.counters, self.procedures, self.surveys, self.rules),
            self.decisions,
        )
        return tuple(sorted({change for history in histories for change in history.changes(day, date.max)}))

    @property
    def all_surveys(self) -> Surveys:
        """Every survey that was ever asked, or will be; a kiosk may answer it late."""
        return surveys_in(self.surveys)

    def to_become(self, wanted: Wanted, since: date) -> Iterator[Said]:
        """Yield the records that make what is wanted hold from a day on; what it no longer names ends that day."""
        office = wanted.office
        parts: tuple[tuple[Kind, History[Any], Mapping[str, Entry]], ...] = (
            (Kind.OFFICE, self.office, {THE_OFFICE: office.letterhead}),
            (Kind.FIELD, self.fields, {entry.field: tidied(entry) for entry in office.fields}),
            (Kind.OFFICER, self.officers, {entry.officer: tidied(entry) for entry in office.officers}),
            (Kind.COUNTER, self.counters, {str(desk.counter): desk for desk in office.counters}),
            (Kind.PROCEDURE, self.procedures, {entry.procedure: tidied(entry) for entry in wanted.procedures}),
        )
        for kind, history, entries in parts:
            for record in history.to_become(entries, since, whole=True):
                yield kind, record
        if wanted.survey is not None and self.survey_on(since)[1] != wanted.survey:
            revision = max(self.all_surveys) + 1
            yield Kind.SURVEY, Record(str(revision), since, wanted.survey)
        if wanted.rules is not None and self.rules_on(since) != wanted.rules:
            yield Kind.RULES, Record(THE_RULES, since, wanted.rules)
        if wanted.decision is not None and self.decision_on(since) != wanted.decision:
            yield Kind.DECISION, Record(THE_DECISION, since, wanted.decision)


def surveys_in(history: History[Survey]) -> Surveys:
    """Return every survey of a history by its revision, with the first one, which needs no record."""
    recorded = {int(key): history.nearest(key, date.max) for key in history.keys}
    return SURVEYS | {revision: survey for revision, survey in recorded.items() if survey is not None}
