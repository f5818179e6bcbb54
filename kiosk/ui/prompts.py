"""What is said aloud on each screen: what it asks, for whoever cannot read it. Pure."""

from kiosk.core.setups import Arrangement
from kiosk.core.states import (
    AlreadyRated,
    ChoosingCounter,
    Commenting,
    EnteringPin,
    GivingReasons,
    OutOfOrder,
    Rating,
    ScanRefused,
    State,
    Switching,
    Thanking,
)
from kiosk.ui.wording import Notice, Wording


def prompt(state: State, arrangement: Arrangement, words: Wording, language: str) -> str:
    """Return what to say; empty where nobody is spoken to.

    The idle screen says nothing: it would speak to an empty room, after every visit. No name, case or answer is said.
    """
    spoken = words.spoken
    match state:
        case ChoosingCounter():
            return spoken.counters
        case Rating(visit):
            asked = arrangement.survey.criteria[len(visit.answers)]
            return f"{asked.question.get(language) or spoken.question} {spoken.levels}"
        case GivingReasons():
            return spoken.reasons
        case Commenting():
            return spoken.comment
        case Switching():
            return spoken.switch
        case Thanking():
            return words.thanks.title
        case AlreadyRated():
            return _notice(words.already_rated)
        case ScanRefused(reason):
            return _notice(words.refused[reason])
        case OutOfOrder(owed=owed):
            said = words.out_of_order
            return " ".join((f"{said.title}.", *((said.lost,) if owed is not None else ()), said.text))
        case EnteringPin():
            return spoken.pin
        case _:
            return ""


def _notice(notice: Notice) -> str:
    return f"{notice.title}. {notice.text}"
