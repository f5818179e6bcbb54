"""What the measurements of the ingest come out as: tables, with everything beside its reference."""

from collections.abc import Sequence
from statistics import median, quantiles

from tests.bench.ingest import Rate, Storm

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
