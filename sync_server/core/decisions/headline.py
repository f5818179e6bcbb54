"""The one question of a printed result that stands for all. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sync_server.core.rounding import NO_NUMBER
from sync_server.core.surveys import Surveys

_SURVEY = re.compile(r"s(?P<revision>[1-9][0-9]*)\.votes")


@dataclass(frozen=True)
class LevelShare:
    """A level as it was chosen; numbers are texts as they are printed."""

    words: str
    votes: str
    percent: str
    satisfied: bool


@dataclass(frozen=True)
class Headline:
    """The main question of the newest survey that was answered; texts are as they are printed."""

    question: str
    answered: str
    percent: str
    interval: str
    verdict: str
    target: str
    levels: tuple[LevelShare, ...]  # worst first

    @property
    def votes(self) -> int:
        """How many answers there are."""
        return int(self.answered.replace(".", ""))


def headline_of(values: Mapping[str, str], surveys: Surveys) -> Headline | None:
    """Pick it out of the fields of a document; None where no vote was counted."""
    answered = [int(match["revision"]) for name in values if (match := _SURVEY.fullmatch(name))]
    revision = max((each for each in answered if each in surveys), default=None)
    if revision is None:
        return None
    asked = surveys[revision].criteria[0]
    begin = f"s{revision}.{asked.criterion}"
    if values[f"{begin}.percent"] == NO_NUMBER:
        return None
    return Headline(
        question=asked.question["vi"],
        answered=values[f"{begin}.answered"],
        percent=values[f"{begin}.percent"],
        interval=values[f"{begin}.interval"],
        verdict=values[f"{begin}.verdict"],
        target=values["stated.target"],
        levels=tuple(
            LevelShare(
                asked.said(level),
                values[f"{begin}.level.{level}"],
                values[f"{begin}.level.{level}.percent"],
                level in asked.satisfied,
            )
            for level in range(1, len(asked.levels) + 1)
        ),
    )
