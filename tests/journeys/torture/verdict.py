"""Thank-yous against tables: what is lost, doubled, wrong or invented. Pure; no clock, no file, no process."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from protocol.chain import EMPTY, link
from protocol.messages import whole_hour
from protocol.visits import VisitOutcome
from tests.journeys.torture.citizens import Thanks
from tests.journeys.torture.evidence import LedgerLine, SetApart, StoredVote, Tables


@dataclass(frozen=True)
class Excused:
    """Votes that the promise does not cover, because what held them was destroyed before they could be sent."""

    on_lost_cards: frozenset[str] = frozenset()
    on_broken_pages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """What came of it; whole when all the lists are empty."""

    thanked: int
    stored: int
    unthanked: int  # stored, and a kill swallowed the thank-you
    intervals: int  # votes whose hour is honestly not known exactly
    lost_with_cards: int
    lost_on_pages: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    wrong: tuple[str, ...]  # level, hour, or a vote that nobody cast
    ledger: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not (self.lost or self.doubled or self.wrong or self.ledger)


def compare(thanked: Mapping[str, Thanks], cast: Collection[str], excused: Excused, tables: Tables) -> Verdict:
    """Compare what citizens were thanked for, and what ever lay on a card, with the tables."""
    stored = {vote.vote_id: vote for vote in tables.votes}
    missing = {*thanked, *cast} - stored.keys()
    with_cards = missing & excused.on_lost_cards
    on_pages = (missing - with_cards) & excused.on_broken_pages
    return Verdict(
        thanked=len(thanked),
        stored=len(stored),
        unthanked=len(stored.keys() - thanked.keys()),
        intervals=sum(vote.until_hour > vote.hour for vote in stored.values()),
        lost_with_cards=len(with_cards & thanked.keys()),
        lost_on_pages=len(on_pages & thanked.keys()),
        lost=tuple(_lost(missing - with_cards - on_pages, thanked)),
        doubled=tuple(_doubled(tables.votes)),
        wrong=tuple(_wrong(thanked, {*cast}, stored)),
        ledger=tuple(_ledger_troubles(tables)),
    )


def _lost(votes: Collection[str], thanked: Mapping[str, Thanks]) -> Iterator[str]:
    for vote in sorted(votes):
        thanks = thanked.get(vote)
        if thanks is None:
            yield f"vote {vote} was kept on a card, and is not stored"
        else:
            yield f"vote {vote} was thanked for at {thanks.kiosk} at {thanks.thanked:%H:%M:%S}, and is not stored"


def _doubled(votes: Collection[StoredVote]) -> Iterator[str]:
    for vote, times in Counter(vote.vote_id for vote in votes).items():
        if times > 1:
            yield f"vote {vote} is stored {times} times"
    answered = (vote for vote in votes if vote.outcome == VisitOutcome.ANSWERED)  # only these spend a case
    cases = Counter((vote.kiosk, vote.case_token) for vote in answered if vote.case_token is not None)
    for (kiosk, case), times in cases.items():
        if times > 1:
            yield f"{times} votes for the case under token {case} at {kiosk}"


def _wrong(thanked: Mapping[str, Thanks], cast: set[str], stored: Mapping[str, StoredVote]) -> Iterator[str]:
    for vote_id, thanks in thanked.items():
        vote = stored.get(vote_id)
        if vote is not None and vote.level != thanks.level:
            yield f"vote {vote_id} is stored with another level"
        if vote is not None and not _hour_holds(vote, thanks.touched, thanks.thanked):
            yield (
                f"vote {vote_id} is dated {vote.hour:%Y-%m-%dT%H} to {vote.until_hour:%Y-%m-%dT%H},"
                f" and was cast on {thanks.touched:%Y-%m-%dT%H:%M:%S}"
            )
    for vote_id in sorted(stored.keys() - thanked.keys() - cast):
        yield f"vote {vote_id} is stored, and nobody cast it"


def _hour_holds(vote: StoredVote, touched: datetime, thanked: datetime) -> bool:
    return vote.hour <= whole_hour(thanked) and whole_hour(touched) <= vote.until_hour


def _ledger_troubles(tables: Tables) -> Iterator[str]:
    if tables.gaps:
        yield f"{tables.gaps} gaps are on record, and no kiosk erased anything that was not sent"
    votes: dict[str, dict[int, str]] = {}
    apart: dict[str, dict[int, SetApart]] = {}
    for vote in tables.votes:
        votes.setdefault(vote.stream, {})[vote.number] = vote.vote_id
    for entry in tables.apart:
        apart.setdefault(entry.stream, {})[entry.number] = entry
    for line in tables.ledger:
        yield from _stream_troubles(line, votes.pop(line.stream, {}), apart.pop(line.stream, {}))
    for stream in sorted(votes.keys() | apart.keys()):
        yield f"stream {stream} is not in the ledger"


def _stream_troubles(line: LedgerLine, votes: Mapping[int, str], apart: Mapping[int, SetApart]) -> Iterator[str]:
    name = f"stream {line.stream[:8]} of {line.kiosk}"
    if votes.keys() & apart.keys():
        yield f"{name}: {len(votes.keys() & apart.keys())} numbers are both counted and set apart"
    if votes.keys() | apart.keys() != set(range(1, line.stored_up_to + 1)):
        yield f"{name}: the tables do not hold the numbers 1 to {line.stored_up_to}, no more and no less"
        return
    chain = EMPTY
    for number in range(1, line.stored_up_to + 1):
        vote_id = votes.get(number) or apart[number].vote_id
        if vote_id is None:
            yield f"{name}: what is set apart under {number} has no id"
            return
        chain = link(chain, vote_id)
    if chain != line.chain:
        yield f"{name}: its chain is not that of its votes"
