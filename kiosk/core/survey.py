"""What is asked: one question, five levels."""

from dataclasses import dataclass

from protocol.messages import CriterionKey, Level

__all__ = ["LANGUAGES", "SURVEY", "Level", "Survey"]

LANGUAGES = ("vi", "en")  # that the screens speak, as they stand in the header


@dataclass(frozen=True)
class Survey:
    """The question that is asked now; its wording per language stands in the wording files."""

    revision: int
    criterion: CriterionKey
    levels: tuple[Level, ...]  # worst first, as they stand on the screen


# Five levels as in SIPAS (QĐ 1001/QĐ-BNV 2023).
SURVEY = Survey(revision=1, criterion="overall", levels=(1, 2, 3, 4, 5))
