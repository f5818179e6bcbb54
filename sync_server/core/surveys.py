"""The surveys that votes may answer, by revision: what was asked, and which answers count as satisfied. Pure."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from protocol.messages import (
    HIGHEST_LEVEL,
    MOST_CRITERIA,
    CriterionKey,
    CriterionSetup,
    Key,
    Language,
    Level,
    LevelSetup,
    Number,
    ReasonSetup,
    SurveySetup,
    Texts,
)
from sync_server.core import wording
from sync_server.core.entries import Entry

MAIN_CRITERION = "overall"
LANGUAGES = ("vi", "en")  # that every kiosk speaks
MOST_REASONS_SHOWN = 8  # what the smallest screen has room for


class Criterion(Entry, frozen=True):
    """One question with its levels, worst first, and those that count as satisfied; ValueError unless it makes sense.

    Level 1 is the worst; the satisfied ones are the upper ones without a gap.
    """

    criterion: CriterionKey
    question: Texts
    levels: Annotated[tuple[Texts, ...], Meta(min_length=2, max_length=HIGHEST_LEVEL)]
    satisfied: Annotated[tuple[Level, ...], Meta(min_length=1)]
    stars: bool = False  # drawn as stars, not as faces

    def __post_init__(self) -> None:
        best = len(self.levels)
        if sorted(self.satisfied) != list(range(min(self.satisfied), best + 1)) or min(self.satisfied) == 1:
            raise ValueError(f"satisfied: expected the upper levels up to {best} without a gap, and not all of them")

    def said(self, level: Level, language: Language = "vi") -> str:
        """Return what a level is called."""
        return self.levels[level - 1].get(language) or f"{level}"


class Reason(Entry, frozen=True):
    """A reason that can be touched after the questions."""

    reason: Key
    label: Texts


class Survey(Entry, frozen=True):
    """What is asked of each visitor, in this order; ValueError unless it makes sense.

    The first criterion is the one that stands for all where a single figure is shown.
    """

    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1, max_length=MOST_CRITERIA)]
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=8)] = LANGUAGES
    reasons: Annotated[tuple[Reason, ...], Meta(max_length=MOST_REASONS_SHOWN)] = ()
    reasons_after: tuple[Level, ...] = ()  # none: after every level
    comments: bool = False
    best_first: bool = False
    smile: bool = False
    daily: bool = False  # a case may be rated again on another day

    def __post_init__(self) -> None:
        for what, keys in (
            ("criteria", [asked.criterion for asked in self.criteria]),
            ("reasons", [entry.reason for entry in self.reasons]),
        ):
            if twice := {key for key in keys if keys.count(key) > 1}:
                raise ValueError(f"{what}: {min(twice)!r} stands twice")
        for asked in self.criteria:
            self._check(f"question of {asked.criterion!r}", asked.question)
            for level, texts in enumerate(asked.levels, start=1):
                self._check(f"level {level} of {asked.criterion!r}", texts)
        for entry in self.reasons:
            self._check(f"reason {entry.reason!r}", entry.label)

    def _check(self, what: str, texts: Texts) -> None:
        if set(texts) != set(self.languages):
            raise ValueError(f"{what}: expected a text in each of {', '.join(self.languages)}, and in no other")
        if not all(text.strip() for text in texts.values()):
            raise ValueError(f"{what}: a text is empty")

    @property
    def main(self) -> CriterionKey:
        """The criterion that stands for all."""
        return self.criteria[0].criterion

    def criterion(self, key: CriterionKey) -> Criterion | None:
        """Return what is asked under this key; None when nothing is."""
        return next((asked for asked in self.criteria if asked.criterion == key), None)

    def objection(self, answers: Mapping[CriterionKey, Level]) -> str | None:
        """Say why answers cannot be to this survey; None when they can. A question may be left out."""
        for key, level in answers.items():
            asked = self.criterion(key)
            if asked is None:
                return "answers a question that the survey does not ask"
            if level > len(asked.levels):
                return "a level that the survey does not have"
        return None

    def setup(self, revision: Number) -> SurveySetup:
        """Return what kiosks are told."""
        return SurveySetup(
            revision=revision,
            languages=self.languages,
            criteria=tuple(
                CriterionSetup(
                    asked.criterion,
                    asked.question,
                    tuple(LevelSetup(level, texts) for level, texts in enumerate(asked.levels, start=1)),
                    asked.stars,
                )
                for asked in self.criteria
            ),
            reasons=tuple(ReasonSetup(entry.reason, entry.label) for entry in self.reasons),
            reasons_after=self.reasons_after,
            comments=self.comments,
            best_first=self.best_first,
            smile=self.smile,
            daily=self.daily,
        )


# Asked where an office has said nothing else: one question, five levels, the upper two of them satisfied, as in SIPAS
# (QĐ 1001/QĐ-BNV 2023).
FIRST_REVISION: Number = 1
FIRST_SURVEY = Survey(
    criteria=(
        Criterion(
            criterion=MAIN_CRITERION,
            question=wording.QUESTIONS[MAIN_CRITERION],
            levels=tuple(wording.LEVEL_LABELS[level] for level in sorted(wording.LEVEL_LABELS)),
            satisfied=(4, 5),
        ),
    ),
    reasons=tuple(Reason(reason, label) for reason, label in wording.REASONS.items()),
    comments=True,
)
Surveys = dict[Number, Survey]
SURVEYS: Surveys = {FIRST_REVISION: FIRST_SURVEY}
