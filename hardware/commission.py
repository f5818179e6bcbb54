"""Sets up a scanner at a real port: finds its speed, has a person confirm the model, and writes the settings."""

from collections.abc import Callable
from time import monotonic

from hardware.commissioning import MODELS, Change, Versions, identify, inspect, set_up
from hardware.conversation import Conversation, Result
from hardware.ports import READ_SECONDS, PortLost, PortUnavailable, Transport

BAUD_RATES = (9600, 115200, 57600, 38400, 19200)  # as shipped first, then what libraries change it to
QUIET_SECONDS = 2.0  # after which it says what it is doing
_PROBES = 2  # questions at each rate: the first may find the scanner asleep


class CommissionFailed(Exception):
    """The scanner is not set up; the text says why and what to do, in one sentence."""


class _NoAnswer(Exception):
    pass


def commission(
    port: str, model: Callable[[], str | None], dry_run: bool, say: Callable[[str], None], told: Callable[[str], None]
) -> None:
    """Set the scanner up, and *say* what was found and changed; CommissionFailed.

    *model* is asked once the scanner has answered, for the name of one of MODELS; without one nothing is written. With
    *dry_run* it is not asked, and nothing is written either. *told* gets what it is doing when that takes time.
    """
    state = "nothing was written"
    try:
        transport, baud, versions = _found(port, told)
        try:
            say(f"a scanner of the GM65 family answers at {baud} baud")
            say(f"hardware version {versions.hardware:02X}, software version {versions.software:02X}")
            name = next(iter(MODELS)) if dry_run else model()
            if name is None:
                raise CommissionFailed("nobody confirmed the model; --model GM65 does, if its label says so")
            if not dry_run:
                state = "the scanner may be set up in part: run this again"
            changes = _talk(transport, Conversation(inspect(MODELS[name]) if dry_run else set_up(MODELS[name])))
        finally:
            transport.close()
    except PortLost as error:
        raise CommissionFailed(f"{error}; {state}") from None
    except CommissionFailed as error:
        raise CommissionFailed(f"{error}; {state}") from None
    except _NoAnswer:
        raise CommissionFailed(f"the scanner stopped answering; {state}") from None
    except KeyboardInterrupt:
        raise CommissionFailed(f"stopped; {state}") from None
    _report(changes, name, dry_run, say)


def _report(changes: list[Change], name: str, dry_run: bool, say: Callable[[str], None]) -> None:
    for change in changes:
        say(change.words)
    right = all(change.old == change.new for change in changes)
    if dry_run:
        say("nothing would be changed" if right else f"nothing was written; this is for a {name} only")
    elif right:
        say("nothing had to be changed; saved once more")
    else:
        say("changed, saved and read back; now scan something with: python -m hardware watch --driver gm65 PORT")


def _found(port: str, told: Callable[[str], None]) -> tuple[Transport, int, Versions]:
    began = monotonic()
    for baud in BAUD_RATES:
        if monotonic() - began >= QUIET_SECONDS:
            told(f"still looking for the scanner: asking at {baud} baud")
        try:
            transport = Transport(port, baud)
        except PortUnavailable as error:
            raise CommissionFailed(f"{port}: {error}") from None
        try:
            return transport, baud, _talk(transport, Conversation(identify(), _PROBES))
        except _NoAnswer:
            transport.close()
        except BaseException:
            transport.close()
            raise
    rates = ", ".join(map(str, BAUD_RATES))
    raise CommissionFailed(
        f"{port}: no GM65 answers at {rates} baud; both data lines must be wired, and it must be in its serial mode"
    )


def _talk(transport: Transport, conversation: Conversation[Result]) -> Result:
    # Only time in which the port was watched counts, as for the kiosk: a busy machine must not take its own delay for
    # the scanner's silence.
    watched = 0.0
    conversation.begin(watched)
    while not conversation.over:
        began = monotonic()
        chunk = transport.read()
        watched += min(monotonic() - began, READ_SECONDS)
        for command in conversation.feed(chunk, watched) if chunk else conversation.tick(watched):
            transport.write(command)
    if conversation.silent:
        raise _NoAnswer
    if conversation.failure:
        raise CommissionFailed(conversation.failure)
    return conversation.results[0]
