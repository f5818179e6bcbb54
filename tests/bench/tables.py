"""What measurements come out as: tables, with everything beside its reference."""

from collections.abc import Sequence
from statistics import median, quantiles

from tests.bench.beside_bare import Beside
from tests.bench.ingest import Rate, Storm

FRAME = 1 / 60  # seconds; Kivy draws no more often
MOST_LATER_AT_START, MOST_AT_REST = 1.3, 1.1  # times the bare program
MEBIBYTE = 1024 * 1024


def rates_table(rates: Sequence[Rate]) -> str:
    """Return votes a second with end-to-end receipts, beside the limits and the naive subscriber."""
    lines = [
        "| database | votes a message | end to end, votes/s | receive only | bare insertion | of the lower limit"
        " | of receive only | commit a message | × that |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for rate in rates:
        lines.append(
            f"| {rate.database} | {rate.per_message} | {rate.end_to_end:,.0f} | {rate.receive_only:,.0f}"
            f" | {rate.bare:,.0f} | {rate.end_to_end / rate.limit:.0%} | {rate.end_to_end / rate.receive_only:.0%}"
            f" | {rate.naive:,.0f} | {rate.end_to_end / rate.naive:.1f} |"
        )
    return "\n".join(lines)


def storm_table(storms: Sequence[Storm]) -> str:
    """Return how a storm went, and what the live votes felt of it."""
    lines = [
        "| database | kiosks × waiting votes | drained in s | votes/s | ingest MiB | Mosquitto MiB"
        " | live votes alone, median / p99 ms | meanwhile, median / p99 ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for storm in storms:
        votes = storm.kiosks * storm.votes
        lines.append(
            f"| {storm.database} | {storm.kiosks} × {storm.votes} | {storm.seconds:.1f} | {votes / storm.seconds:,.0f}"
            f" | {storm.server_bytes / MEBIBYTE:.0f} | {storm.broker_bytes / MEBIBYTE:.0f}"
            f" | {_delays(storm.calm_delays)} | {_delays(storm.live_delays)} |"
        )
    return "\n".join(lines)


def _delays(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "–"
    return f"{median(seconds) * 1000:.0f} / {quantiles(seconds, n=100)[98] * 1000:.0f} ({len(seconds)})"


def beside_table(kiosk: Beside, bare: Beside) -> str:
    """Return what the kiosk's screens take beside the bare program, and whether that is what they may take."""
    commit = median(bare.commit)
    lines = [
        "| what | kiosk, median / p99 | bare, median / p99 | × bare | may be | |",
        "|---" * 6 + "|",
        _later("finger down → feedback on the screen", kiosk.feedback, bare.feedback, FRAME, "p99 a frame later"),
        _later(
            "finger up → vote on the disk → thanks",
            kiosk.thanks,
            bare.thanks,
            FRAME + commit,
            "p99 a frame, a commit later",
        ),
    ]
    mine, its = median(kiosk.start), median(bare.start)
    kept = _kept(mine <= MOST_LATER_AT_START * its)
    lines.append(
        f"| start of the process → first frame | {mine:.2f} s | {its:.2f} s | {mine / its:.2f} "
        f"| × {MOST_LATER_AT_START} | {kept} |"
    )
    kept = _kept(kiosk.idle_cpu <= MOST_AT_REST * bare.idle_cpu)
    lines.append(
        f"| at rest, of one core | {kiosk.idle_cpu:.1%} | {bare.idle_cpu:.1%} | {kiosk.idle_cpu / bare.idle_cpu:.2f} "
        f"| × {MOST_AT_REST} | {kept} |"
    )
    kept = _kept(not kiosk.idle_redraws)
    lines.append(f"| at rest, redraws | {kiosk.idle_redraws} | {bare.idle_redraws} | – | 0 | {kept} |")
    return "\n".join(lines)


def _later(what: str, kiosk: Sequence[float], bare: Sequence[float], allowance: float, target: str) -> str:
    (mine, my_99), (its, its_99) = ((median(times), quantiles(times, n=100)[98]) for times in (kiosk, bare))
    return (
        f"| {what} | {mine * 1000:.1f} / {my_99 * 1000:.1f} ms | {its * 1000:.1f} / {its_99 * 1000:.1f} ms "
        f"| {mine / its:.2f} / {my_99 / its_99:.2f} | {target} | {_kept(my_99 <= its_99 + allowance)} |"
    )


def _kept(kept: bool) -> str:
    return "kept" if kept else "missed"
