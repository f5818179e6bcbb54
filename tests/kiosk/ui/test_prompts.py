"""Every screen that asks something is spoken, in its language; nothing that was entered or scanned is."""

from dataclasses import replace

import pytest

from kiosk.core.states import (
    AlreadyRated,
    ChoosingCounter,
    Commenting,
    EnteringPin,
    GivingReasons,
    Identifying,
    Idle,
    OutOfOrder,
    Rating,
    ScanRefused,
    Servicing,
    SignedIn,
    State,
    Storing,
    Switching,
    Thanking,
)
from kiosk.core.survey import SURVEY
from kiosk.core.visit import Ballot, Case, Visit
from kiosk.settings import Place
from kiosk.ui.prompts import prompt
from kiosk.ui.wording import LANGUAGES, wording
from protocol.codes import RefusedReason
from protocol.visits import VisitOutcome

A_CASE = Case("ab" * 16, "…1120-0001")
VISIT = Visit(began=0.0, asked_at=0.0, case=A_CASE, comment="Cảm ơn các anh chị")
ASKING: list[State] = [
    ChoosingCounter(VISIT, 0.0),
    Rating(VISIT, 0.0),
    GivingReasons(VISIT, 0.0),
    Commenting(VISIT, "Cảm ơn các anh chị", 0.0),
    Switching(Rating(VISIT, 0.0), A_CASE, 0.0),
    Thanking("0" * 32, 0.0),
    AlreadyRated(0.0),
    ScanRefused(RefusedReason.IDENTITY_CARD, 0.0),
    OutOfOrder(0.0),
    EnteringPin("2468", wrong=False, until=0.0),
]
SILENT: list[State] = [
    Idle(),
    Storing(Ballot(VISIT, VisitOutcome.ANSWERED, 0.0), 0.0),
    Identifying("quay-1", 0.0),
    SignedIn("Nguyễn Thị Bưởi", there=True, until=0.0),
    Servicing("a case", 0.0),
]
USUAL = Place().arranged()


def said(state: State, language: str = "vi") -> str:
    return prompt(state, USUAL, wording(language), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ASKING, ids=lambda state: type(state).__name__)
def test_what_a_screen_asks_is_said(state: State, language: str) -> None:
    assert said(state, language)


@pytest.mark.parametrize("state", SILENT, ids=lambda state: type(state).__name__)
def test_where_nothing_is_asked_nothing_is_said(state: State) -> None:
    assert said(state) == ""


@pytest.mark.parametrize("state", ASKING, ids=lambda state: type(state).__name__)
def test_nothing_of_a_case_a_comment_or_a_pin_is_said(state: State) -> None:
    assert not any(secret in said(state) for secret in ("0001", "Cảm ơn các anh chị", "2468"))


def test_the_offices_own_question_is_said_where_it_has_one() -> None:
    own = replace(SURVEY.criteria[0], question={"vi": "Ông/Bà có phải chờ lâu không?"})
    arrangement = replace(USUAL, survey=replace(SURVEY, criteria=(own,)))
    rating = Rating(VISIT, 0.0)
    assert (
        prompt(rating, arrangement, wording("vi"), "vi") == "Ông/Bà có phải chờ lâu không? Mời chạm vào một khuôn mặt."
    )
    assert prompt(rating, arrangement, wording("en"), "en") == said(rating, "en")


def test_the_screens_speak_differently() -> None:
    assert len({said(state) for state in ASKING}) == len(ASKING)
