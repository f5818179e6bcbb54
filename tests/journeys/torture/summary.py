"""The summary of a run: what was broken, how often, how long it took to heal, and what came of the votes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from tests.journeys.torture.surroundings import Surroundings
from tests.journeys.torture.trial import Outcome

MOST_NAMED = 20


def summary(seed: int, outcomes: Sequence[Outcome], surroundings: Surroundings) -> str:
    """Return the whole of it as text."""
    lines = [f"seed {seed}: {_faults(outcomes)} faults in {sum(each.seconds for each in outcomes):.0f} s", ""]
    lines += _aligned(list(_offices(outcomes)))
    lines += ["", *_aligned(list(_kinds(outcomes))), ""]
    lines += [f"- {note}" for note in surroundings.notes()]
    lines += [f"- left out: {kind}: {reason}" for kind, reason in sorted(_left_out(outcomes).items())]
    lines += [f"- {each.deployment}: {ending}" for each in outcomes for ending in each.endings]
    lines += _apart(outcomes)
    wrong = [f"{each.deployment}: {text}" for each in outcomes for text in _wrong(each)]
    lines += ["", *([f"NOT WHOLE: {len(wrong)} findings", *wrong[:MOST_NAMED]] if wrong else ["whole"])]
    return "\n".join(lines)


def _offices(outcomes: Sequence[Outcome]) -> Iterator[list[str]]:
    yield ["office", "faults", "thanked for", "stored", "unthanked", "intervals", "lost", "doubled", "wrong", "ledger"]
    for each in outcomes:
        verdict = each.verdict
        numbers = [sum(each.struck.values()), verdict.thanked, verdict.stored, verdict.unthanked, verdict.intervals]
        found = [len(verdict.lost), len(verdict.doubled), len(verdict.wrong), len(verdict.ledger) + len(each.troubles)]
        yield [str(each.deployment), *(f"{number:,}" for number in (*numbers, *found))]


def _kinds(outcomes: Sequence[Outcome]) -> Iterator[list[str]]:
    yield ["fault", "times", "recovery: median s", "longest s"]
    struck: Counter[str] = Counter()
    seconds: dict[str, list[float]] = {}
    for each in outcomes:
        struck += each.struck
        for kind, took in each.recoveries:
            seconds.setdefault(kind, []).append(took)
    for kind, times in struck.most_common():
        took_all = seconds.get(kind, [])
        yield [kind, f"{times:,}", *([f"{median(took_all):.1f}", f"{max(took_all):.1f}"] if took_all else ["–", "–"])]


def _apart(outcomes: Sequence[Outcome]) -> list[str]:
    cards = sum(each.verdict.lost_with_cards for each in outcomes)
    pages = sum(each.verdict.lost_on_pages for each in outcomes)
    return [
        f"- not counted as lost: {cards} thanked votes that waited on cards which were taken away unsent,"
        f" {pages} that waited on bytes which were destroyed",
        "- 'unthanked': stored, and a kill came between the commit and the thank-you",
        "- 'intervals': votes whose boot never saw the time; the hour lies within, as stored",
        "- 'recovery': from the healing until the server has every vote held then; other faults strike meanwhile",
    ]


def _wrong(outcome: Outcome) -> list[str]:
    verdict = outcome.verdict
    return [*outcome.troubles, *verdict.lost, *verdict.doubled, *verdict.wrong, *verdict.ledger]


def _left_out(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {kind: reason for each in outcomes for kind, reason in each.left_out.items()}


def _faults(outcomes: Sequence[Outcome]) -> int:
    return sum(sum(each.struck.values()) for each in outcomes)


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
