"""What a kiosk sends, and what an office tells it."""

from datetime import UTC, datetime

from protocol.chain import EMPTY
from protocol.codec import encode
from protocol.messages import (
    ClockReport,
    ClockSource,
    CommandAnswer,
    CriterionSetup,
    Hello,
    KioskStatus,
    LevelSetup,
    Look,
    Replaced,
    Setup,
    SurveySetup,
)
from protocol.topics import Address, Channel, topic
from sync_server.ingest import Incoming

THE_STREAM = "5" * 32
CLOCK = ClockReport(ClockSource.SERVER, 0.25, -3.5)


def a_status(
    *,
    stream: str = THE_STREAM,
    boot: int = 1,
    tick: int = 1,
    connection: int = 1,
    highest: int = 0,
    waiting: int = 0,
    scanner: str = "up",
    storage: str = "ok",
    clock: ClockReport = CLOCK,
    oldest_waiting: datetime | None = None,
    queue: str = "",
    disk_free: int | None = None,
    setup: int = 0,
    setup_refused: str = "",
    delays: dict[str, int] | None = None,
    commands: tuple[CommandAnswer, ...] = (),
    gone: bool = False,
) -> KioskStatus:
    """A status in which all is well, unless told otherwise."""
    return KioskStatus(
        stream=stream,
        boot=boot,
        tick=tick,
        connection=connection,
        highest=highest,
        waiting=waiting,
        version="0.1.0",
        scanner=scanner,
        storage=storage,
        clock=clock,
        oldest_waiting=oldest_waiting,
        queue=queue,
        disk_free=disk_free,
        setup=setup,
        setup_refused=setup_refused,
        delays=delays or {},
        commands=commands,
        gone=gone,
    )


def a_hello(
    *, stream: str = THE_STREAM, highest: int = 0, kept_from: int = 1, setup: int = 0, replaces: Replaced | None = None
) -> Hello:
    """A hello of a stream that is kept whole, unless told otherwise."""
    return Hello(
        stream=stream,
        highest=highest,
        kept_from=kept_from,
        chain_before=EMPTY,
        boot=1,
        nonce="0123456789abcdef",
        version="0.1.0",
        setup=setup,
        replaces=replaces,
    )


def sent(message: Hello | KioskStatus, address: Address) -> Incoming:
    """The message as the ingest gets it."""
    channel = Channel.HELLO if isinstance(message, Hello) else Channel.STATUS
    return Incoming(topic(address, channel), encode(message))


def a_setup(office: str = "UBND THỊ TRẤN SỊA", revision: int = 1) -> Setup:
    """A small setup; the name of the office tells it from others."""
    levels = tuple(LevelSetup(level, {"vi": f"mức {level}"}) for level in (1, 2))
    asked = CriterionSetup("overall", {"vi": "Ông/bà có hài lòng không?"}, levels)
    return Setup(revision, SurveySetup(1, ("vi",), (asked,)), Look(office, "Bộ phận Một cửa"))


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)
