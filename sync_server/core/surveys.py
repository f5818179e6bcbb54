"""The surveys that votes may answer, by revision: dated rules, so that an old quarter keeps its figures."""

from dataclasses import dataclass

from sync_server.core.wording import REASONS

MAIN_CRITERION = "overall"


@dataclass(frozen=True)
class Survey:
    """What a revision asked and which levels count as satisfied."""

    revision: int
    criteria: frozenset[str]
    levels: int  # 1 is the worst, this the best
    satisfied: frozenset[int]
    reasons: tuple[str, ...] = ()  # that may be touched after the questions; their words: `wording.REASONS`
    comments: bool = False


# Top two of five, as in SIPAS (QĐ 1001/QĐ-BNV 2023).
SURVEYS: dict[int, Survey] = {
    1: Survey(
        revision=1,
        criteria=frozenset({MAIN_CRITERION}),
        levels=5,
        satisfied=frozenset({4, 5}),
        reasons=tuple(REASONS),
        comments=True,
    ),
}
