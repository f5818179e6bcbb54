"""`python -m sync_server.stand_in.quarter`: a made-up quarter of an office, as files that the usual commands read.

Votes come as a kiosk's own export on a stick, signed with its key, and cases as a CSV file: so nothing gets into the
database but by the ways that real ones take. The same seed makes the same votes, under new ids.
"""

import argparse
import csv
import random
import secrets
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from protocol.chain import EMPTY
from protocol.codes import CaseCode, classify
from protocol.messages import LONGEST_BATCH, Hello, Vote, VoteBatch
from protocol.sealing import seal_export
from protocol.settings_file import SettingsMistake
from protocol.stick import encode_export, export_name
from protocol.stick_files import StickTrouble, write_whole
from protocol.tokens import case_token
from protocol.topics import Address
from protocol.visits import VisitLabel, VisitOutcome
from sync_server.core.office_data import Desk, Procedure
from sync_server.core.quarter import VIETNAM, Quarter, local_day
from sync_server.core.surveys import FIRST_REVISION, FIRST_SURVEY
from sync_server.core.working_days import after_working_days, is_working_day
from sync_server.office_files import OfficeMistakes, read_folder

MOST_VOTES = 5_000
HOURS = (8, 8, 9, 9, 9, 10, 10, 14, 14, 15, 15, 16)  # in Vietnamese time, busy ones more than once
# Of a hundred visits: worst level first. Counters differ, as they do.
LEVELS = {False: (1, 3, 10, 38, 48), True: (4, 9, 19, 41, 27)}
UNIT = "H57.14"  # stands for no known unit
COMMENTS = (
    "Cán bộ hướng dẫn tận tình, cảm ơn.",
    "Chờ hơi lâu vào buổi sáng.",
    "Nên có thêm ghế ngồi cho người già.",
    "Làm nhanh hơn trước nhiều.",
)


@dataclass(frozen=True)
class MadeCase:
    """A case that nobody has handed in."""

    code: CaseCode
    procedure: Procedure
    desk: Desk
    received: date
    due: date
    returned: date


class QuarterMaker:
    """Makes one quarter up."""

    def __init__(self, quarter: Quarter, procedures: Sequence[Procedure], desks: Sequence[Desk], seed: int) -> None:
        self._chance = random.Random(f"{seed} {quarter}")
        self._days = [day for day in _days(quarter) if is_working_day(day)]
        self._by_desk = [(desk, [entry for entry in procedures if entry.field in desk.fields]) for desk in desks]

    def cases(self, number: int) -> Iterator[MadeCase]:
        """Yield cases by the day on which they were received."""
        chance = self._chance
        for place in range(number):
            received = self._days[place * len(self._days) // number]
            desk, known = chance.choice([each for each in self._by_desk if each[1]])
            # A few procedures make most of the work.
            procedure = known[min(int(chance.expovariate(0.35)), len(known) - 1)]
            code = classify(f"{UNIT}-{received:%y%m%d}-{place % 9000 + 1000:04}", received)
            assert isinstance(code, CaseCode)
            due = after_working_days(received, chance.choice((1, 3, 3, 5, 7)))
            returned = due + timedelta(days=chance.choice((-1, 0, 0, 0, 0, 0, 0, 2)))
            yield MadeCase(code, procedure, desk, received, due, max(received, returned))

    def votes(self, cases: Sequence[MadeCase], number: int, site_key: bytes, *, first: int = 1) -> Iterator[Vote]:
        """Yield visits of a kiosk, numbered from *first*: of those whose case was returned, some without a code."""
        chance = self._chance
        rated = sorted(chance.sample(cases, min(number, len(cases))), key=lambda case: case.returned)
        last = self._days[-1]
        for place, case in enumerate(rated, start=first):
            day = min(after_working_days(case.returned, 0), last)  # nobody votes while the office is closed
            hour = datetime(day.year, day.month, day.day, chance.choice(HOURS), tzinfo=VIETNAM).astimezone(UTC)
            yield self._visit(case, place, hour, site_key)

    def _visit(self, case: MadeCase, number: int, hour: datetime, site_key: bytes) -> Vote:
        chance = self._chance
        level = chance.choices(range(1, 6), LEVELS[case.desk.counter % 3 == 2])[0]
        outcome = chance.choices(
            (VisitOutcome.ANSWERED, VisitOutcome.ABANDONED, VisitOutcome.TIMED_OUT, VisitOutcome.DECLINED),
            (92, 2, 4, 2),
        )[0]
        answered = outcome is VisitOutcome.ANSWERED
        with_code = chance.random() < 0.8
        reasons = [entry.reason for entry in FIRST_SURVEY.reasons]
        labels = [VisitLabel.HASTY] if chance.random() < 0.015 else []
        return Vote(
            vote_id=secrets.token_hex(16),
            number=number,
            hour=hour,
            survey=FIRST_REVISION,
            answers={FIRST_SURVEY.main: level} if answered or outcome is VisitOutcome.ABANDONED else {},
            counter=case.desk.counter,
            case_token=case_token(site_key, case.code) if with_code else None,
            outcome=outcome,
            reasons=(chance.choice(reasons),) if answered and level <= 3 else (),
            comment=chance.choice(COMMENTS) if answered and chance.random() < 0.03 else "",
            labels=tuple(labels if with_code else [*labels, VisitLabel.UNCONTEXTED]) if answered else (),
        )


def main(arguments: list[str] | None = None) -> int:
    """Write the files; return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        kiosk = _read_kiosk(chosen.kiosk_settings)
        wanted = read_folder(chosen.office, local_day(datetime.now(UTC))).wanted
        key = bytes.fromhex(kiosk["identity"]["site_key"])
        cases: list[MadeCase] = []
        votes: list[Vote] = []
        for quarter in sorted(set(chosen.quarter)):
            maker = QuarterMaker(quarter, wanted.procedures, wanted.office.counters, chosen.seed)
            made = list(maker.cases(max(1, chosen.votes * 5 // 4)))
            votes += maker.votes(made, chosen.votes, key, first=len(votes) + 1)
            cases += made
        name = _write_votes(chosen.folder, kiosk, votes)
        _write_cases(chosen.folder / "cases.csv", cases)
    except (OfficeMistakes, SettingsMistake, StickTrouble) as error:
        print(f"quarter: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"quarter: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{len(votes)} visits in {name}, {len(cases)} cases in {chosen.folder / 'cases.csv'}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sync_server.stand_in.quarter",
        description="Makes a quarter up, for trying the Decision: votes as a kiosk's export ('stick import' reads it)"
        " and cases ('cases import'). Register a kiosk for it that takes no other votes. Never for a real office.",
    )
    parser.add_argument("office", type=Path, help="the office's folder, like deploy/sample_office")
    parser.add_argument("folder", type=Path, help="where to write, a folder that is there")
    parser.add_argument("--kiosk-settings", type=Path, required=True, metavar="FILE", help="as 'kiosk add' wrote it")
    parser.add_argument(
        "--quarter", type=_quarter, required=True, action="append", help="like 2026-Q3; may be given several times"
    )
    parser.add_argument(
        "--votes", type=_number, default=640, metavar="N", help="visits a quarter (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another one makes other votes")
    return parser


def _read_kiosk(path: Path) -> dict[str, dict[str, str]]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        for section, key in (("identity", "site_key"), ("export", "signing_key"), ("export", "server_key")):
            bytes.fromhex(settings[section][key])
    except (ValueError, KeyError, TypeError):
        raise SettingsMistake(f"{path}: are not the settings of a kiosk, as 'kiosk add' writes them") from None
    return settings


def _write_votes(folder: Path, kiosk: dict[str, dict[str, str]], votes: Sequence[Vote]) -> Path:
    address = Address(kiosk["identity"]["site"], kiosk["identity"]["kiosk"])
    stream = secrets.token_hex(16)
    hello = Hello(
        stream=stream,
        highest=len(votes),
        kept_from=1,
        chain_before=EMPTY,
        boot=1,
        nonce=secrets.token_hex(8),
        version="stand-in",
    )
    batches = [
        VoteBatch(stream, tuple(votes[first : first + LONGEST_BATCH])) for first in range(0, len(votes), LONGEST_BATCH)
    ]
    path = folder / export_name(address, stream, 1, len(votes))
    keys = kiosk["export"]
    sealed = seal_export(
        encode_export(address, hello, batches), bytes.fromhex(keys["signing_key"]), bytes.fromhex(keys["server_key"])
    )
    write_whole(path, sealed)
    return path


def _write_cases(path: Path, cases: Sequence[MadeCase]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("case_code", "procedure", "officer", "received", "due", "returned", "channel"))
        for case in cases:
            code, procedure = case.code.canonical, case.procedure.procedure
            lines.writerow((code, procedure, case.desk.officer, case.received, case.due, case.returned, "direct"))


def _days(quarter: Quarter) -> Iterator[date]:
    day = quarter.first
    while quarter.contains(day):
        yield day
        day += timedelta(days=1)


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_VOTES:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MOST_VOTES}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
