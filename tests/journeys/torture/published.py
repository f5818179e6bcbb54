"""What the server itself says at the end: its figures and its completeness, beside what must be so."""

import json
import re
from collections.abc import Collection, Iterator, Mapping

from protocol.visits import VisitOutcome
from sync_server.core.quarter import Quarter
from tests.journeys.office import Office
from tests.journeys.processes import finish
from tests.journeys.torture.evidence import LedgerLine, StoredVote

_KIOSK = re.compile(r"  (?P<kiosk>\S+): (?P<verdict>complete|NOT COMPLETE); (?P<held>\d+) held")
_STREAM = re.compile(r"\b[0-9a-f]{8}\b")
OPEN_SIGN = "    ! "


def figure_troubles(office: Office, votes: Collection[StoredVote]) -> Iterator[str]:
    """Compare the figures of every quarter that votes begin or end in with the votes themselves."""
    quarters = {Quarter.of(day) for vote in votes for day in (vote.day, vote.until_day)}
    for quarter in sorted(quarters):
        counted, undated = expected_figures(votes, quarter)
        printed = json.loads(office.server("figures", str(quarter), "--format", "json"))
        if (printed["total"]["votes"], printed["undated"]) != (counted, undated):
            yield (
                f"the figures of {quarter} count {printed['total']['votes']} votes and {printed['undated']} undated"
                f" ones; stored are {counted} and {undated}"
            )


def expected_figures(votes: Collection[StoredVote], quarter: Quarter) -> tuple[int, int]:
    """How many votes lie in a quarter, and how many may lie in it or in another; a visit left unanswered is no vote."""
    votes = [vote for vote in votes if vote.outcome == VisitOutcome.ANSWERED]
    counted = sum(quarter.first <= vote.day and vote.until_day <= quarter.last for vote in votes)
    touching = sum(vote.day <= quarter.last and vote.until_day >= quarter.first for vote in votes)
    return counted, touching - counted


def completeness_troubles(
    office: Office, ledger: Collection[LedgerLine], retired: Mapping[str, Collection[str]], live: Collection[str]
) -> Iterator[str]:
    """See that exactly the streams of cards that were taken away are open questions, close them, and see that none is.

    *retired* has the streams of each kiosk's cards that are gone, *live* the streams that go on.
    """
    said = finish("sync_server", "--settings", str(office.server_settings), "completeness").stdout
    yield from open_question_troubles(said, ledger, retired, live)
    for line in ledger:
        if not line.closed and line.stream not in live and line.stream in retired.get(line.kiosk, ()):
            office.server("stream", "close", line.stream, "--by", "torture", "--because", "its card is gone")
    again = finish("sync_server", "--settings", str(office.server_settings), "completeness")
    if again.returncode != 0:
        yield "not complete, and no card is left that could explain it: " + " / ".join(_open(again.stdout))


def open_question_troubles(
    said: str, ledger: Collection[LedgerLine], retired: Mapping[str, Collection[str]], live: Collection[str]
) -> Iterator[str]:
    """Compare what completeness asks with what there is to ask."""
    kiosk, named = "", set[str]()
    for text in said.splitlines():
        if found := _KIOSK.match(text):
            kiosk = found["kiosk"]
        elif text.startswith(OPEN_SIGN):
            gone = {stream[:8] for stream in retired.get(kiosk, ()) if stream not in live}
            streams = set(_STREAM.findall(text))
            if not streams & gone:
                yield f"{kiosk}: {text.removeprefix(OPEN_SIGN)}"
            named |= streams & gone
    for line in ledger:
        is_gone = line.stream in retired.get(line.kiosk, ()) and line.stream not in live and not line.closed
        if is_gone and line.stream[:8] not in named:
            yield f"{line.kiosk}: stream {line.stream[:8]} ended with its card, and completeness does not ask about it"


def _open(said: str) -> list[str]:
    return [text.removeprefix(OPEN_SIGN) for text in said.splitlines() if text.startswith(OPEN_SIGN)]
