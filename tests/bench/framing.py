"""How many bytes a second each driver understands, beside the fastest serial line that scanners have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import thread_time

from hardware.driver import Driver
from tests.hardware.drivers import SAMPLES, said

LINE = 11_520  # bytes a second at 115200 baud, 8N1
TARGET = 100  # times the line
READS = (4096, 32)  # bytes a read: of a busy machine that comes late, and of one that keeps up
ROUNDS = 5  # the best counts; in seconds of the processor, for the machine has other things to do


@dataclass(frozen=True)
class Throughput:
    """Bytes a second of one driver, by bytes a read."""

    name: str
    rates: dict[int, float]


def throughputs(size: int) -> Iterator[Throughput]:
    """Measure every driver with *size* bytes of its own messages, and `bytes.split` as the reference."""
    for name, sample in SAMPLES.items():
        messages = size // len(sample.message)
        stream = sample.message * messages
        # Registers that say the same again say nothing new.
        least = 1 if name.startswith("modbus") else messages
        yield Throughput(name, {read: _rate(sample.driver, stream, read, least) for read in READS})
    lines = SAMPLES["line"].message * (size // len(SAMPLES["line"].message))
    rate = _best(len(lines), lambda: lines.split(b"\r"))
    yield Throughput("reference: bytes.split of everything at once", dict.fromkeys(READS, rate))


def framing_table(found: list[Throughput]) -> str:
    """Return the table, with what falls short of the target marked."""
    reference = found[-1].rates[READS[0]]
    lines = [
        "| driver | " + " | ".join(f"MB/s in reads of {read} | × the line" for read in READS) + " | of the reference |",
        "|---|" + "---|" * (2 * len(READS) + 1),
    ]
    for one in found:
        cells = [
            f"{rate / 1e6:.1f} | {rate / LINE:,.0f}{'' if rate >= TARGET * LINE else ' (below the target)'}"
            for rate in one.rates.values()
        ]
        lines.append(f"| {one.name} | {' | '.join(cells)} | {one.rates[READS[0]] / reference:.2%} |")
    return "\n".join(lines)


def _rate(make: Callable[[], Driver], stream: bytes, read: int, least: int) -> float:
    chunks = [stream[at : at + read] for at in range(0, len(stream), read)]

    def understand() -> None:
        driver = make()
        understood = sum(len(said(driver.feed(chunk, 1.0))) for chunk in chunks)
        assert understood >= least, "a driver that loses messages is no measure"

    return _best(len(stream), understand)


def _best(size: int, work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = thread_time()
        work()
        seconds.append(thread_time() - began)
    return size / min(seconds)
