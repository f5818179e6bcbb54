"""The same quarter decided again: the same bytes; after forgetting the same digits; changed, with both told."""

import json
import random
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from protocol.codec import decode
from protocol.messages import Published, Setup, Vote
from sync_server.core.book import THE_RULES, Kind
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.decisions.states import Change, State
from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.paper import Batch
from sync_server.core.rules import Rules
from sync_server.deciding import DOCX, PDF, Paper
from sync_server.store.database import Database
from sync_server.store.decisions import kept_versions
from sync_server.store.forgetting import forget
from sync_server.store.orders import setups_in_force
from sync_server.store.published import published_results
from sync_server.store.schema import votes
from tests.fakes.databases import KINDS, new_database
from tests.fakes.labelled import register
from tests.fakes.read_documents import texts_of_docx, texts_of_pdf
from tests.fakes.small_office import SITE
from tests.fakes.votes import a_vote
from tests.fakes.whole_office import FIRST_HOUR, WholeOffice, a_line

IN_IT = datetime(2026, 11, 20, 3, tzinfo=UTC)
KEY = "decision.sia.key"


def some_votes(chance: random.Random, number: int) -> list[Vote]:
    return [
        Vote(
            vote_id=chance.randbytes(16).hex(),
            number=1,
            hour=FIRST_HOUR + timedelta(hours=chance.randrange(92 * 24)),
            survey=1,
            answers={"overall": chance.choice((1, 3, 4, 5, 5))},
            counter=chance.choice((1, 2, None)),
            labels=tuple(chance.sample(("hasty", "play"), chance.choice((0, 0, 1, 2)))),
            reasons=("waiting",) if chance.random() < 0.3 else (),
        )
        for _ in range(number)
    ]


@pytest.mark.parametrize("other_kind", KINDS)
def test_the_same_votes_make_the_same_archive_whatever_database_and_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other_kind: str
) -> None:
    archives = []
    for name, kind in (("one", "sqlite"), ("two", other_kind)):
        folder = tmp_path / name
        folder.mkdir()
        with new_database(kind, folder) as url:
            database = Database(url)
            office = WholeOffice(database, folder / "data", Rules(excluded=("hasty",)))
            chance = random.Random(7)
            cast = {kiosk: some_votes(chance, 40) for kiosk in ("quay-1", "quay-2")}
            lines = [a_line(1, date(2026, 11, 2), {("overall", 4): 7, ("overall", 2): 3}, 12)]
            order = sorted(cast, reverse=name == "two")
            if name == "two":  # another hour of the same day, and everything comes the other way round
                office.now += timedelta(hours=5)
                (folder / "data" / "keys").mkdir(parents=True, mode=0o700)
                shutil.copy(tmp_path / "one" / "data" / "keys" / KEY, folder / "data" / "keys" / KEY)
            for kiosk in order:
                office.kiosk(kiosk)
                office.cast(kiosk, cast[kiosk] if name == "one" else cast[kiosk][::-1])
                office.report(kiosk)
            with monkeypatch.context() as patched:  # the id of the line, which is random, the same for both
                patched.setattr("secrets.token_hex", lambda _bytes: "c" * 32)
                office.on_paper(Batch("lo", Channel.BOX, date(2026, 11, 2), date(2026, 11, 2), 1), lines)
            office.settle()
            archives.append(office.issue(paper=Paper("05", date(2027, 1, 6))))
            assert archives[-1].members
            database.close()
    one, two = archives
    assert [name for name in one.members if one.members[name] != two.members[name]] == []
    assert one.archive.read_bytes() == two.archive.read_bytes()
    assert one.kept.archive_sha256 == two.kept.archive_sha256


def test_forgetting_changes_no_digit_and_the_old_archive_still_holds(office: WholeOffice, tmp_path: Path) -> None:
    rules = Rules(excluded=("duplicate",), least_shown=1, labelling=Labelling((RuleName.DUPLICATE,)))
    office.say((Kind.RULES, Record(THE_RULES, ALWAYS, rules)))
    for number in range(1, 9):
        register(office.database, f"{number:032x}", received=IN_IT)
    rated = [*range(1, 9), 2, 3]
    office.cast(
        "quay-1",
        [
            a_vote(1, hour=IN_IT + timedelta(days=place), level=1 + place % 5, counter=1, case_token=f"{number:032x}")
            for place, number in enumerate(rated)
        ],
    )
    office.report("quay-1")
    office.settle()
    issued = office.issue(paper=Paper("05", date(2027, 1, 6)), because="nhãn chưa xem")
    figures = json.loads(issued.members["figures.json"])
    assert int(figures["computed"]["excluded"]) > 0
    content = issued.archive.read_bytes()
    office.now += timedelta(days=40)
    assert sum(done.votes for done in forget(office.database, office.now)) == len(rated)
    with office.database.reading() as connection:
        assert not connection.scalar(select(func.count()).where(votes.c.case_token.is_not(None)))
    office.settle()
    again = office.change(Change.REPLACES, "in lại")
    assert json.loads(again.members["figures.json"])["computed"] == figures["computed"]
    for name in ("votes.sqlite", "rules.json"):
        assert again.members[name] == issued.members[name]
    assert (again.kept.root, again.kept.fingerprint) == (issued.kept.root, issued.kept.fingerprint)
    assert issued.archive.read_bytes() == content
    assert issued.verified_by_its_own(tmp_path).returncode == 0


def test_a_decision_is_amended_and_then_replaced(office: WholeOffice, tmp_path: Path) -> None:
    office.cast("quay-1", [a_vote(1, hour=IN_IT, level=5), a_vote(1, hour=IN_IT, level=2)])
    office.report("quay-1")
    office.settle()
    first = office.issue(paper=Paper("05", date(2027, 1, 6)))
    assert told(office) == Published(2026, 4, "50,0%", 2)

    office.cast("quay-2", [a_vote(1, hour=IN_IT, level=5)])
    office.report("quay-2")
    office.settle()
    second = office.change(Change.AMENDS, "1 lượt đến sau & <b>", Paper("7", date(2027, 1, 7)))
    assert told(office) == Published(2026, 4, "66,7%", 3)
    for said in (texts_of_docx(second.members[DOCX]), said_by_pdf(second.members[PDF])):
        text = "\n".join(said)
        assert "sửa “2” thành “3”" in text
        assert "sửa “50,0%” thành “66,7%”" in text
        assert "1 lượt đến sau & <b>" in text

    office.cast("quay-2", [a_vote(1, hour=IN_IT, level=4)])
    office.report("quay-2")
    office.settle()
    third = office.change(Change.REPLACES, "làm lại toàn bộ", Paper("12", date(2027, 1, 8)))
    assert told(office) == Published(2026, 4, "75,0%", 4)
    text = "\n".join(texts_of_docx(third.members[DOCX]))
    assert "Quyết định này thay thế Quyết định số 07/QĐ-UBND ngày 07 tháng 01 năm 2027" in text
    assert "sửa “" not in text

    with office.database.reading() as connection:
        kept = kept_versions(connection, SITE)
        results = published_results(connection, SITE)
    assert [each.state for each in kept] == [State.AMENDED, State.REPLACED, State.ISSUED]
    assert [(result.version, result.in_force, result.name) for result in results] == [
        (3, True, "Quyết định thay thế số 12 ngày 08/01/2027"),
        (2, False, "Quyết định sửa đổi, bổ sung số 7 ngày 07/01/2027"),
        (1, False, "Quyết định số 05 ngày 06/01/2027"),
    ]
    for issued in (first, second, third):
        done = issued.verified_by_its_own(tmp_path)
        assert done.returncode == 0, done.stdout


def told(office: WholeOffice) -> Published | None:
    """Return what kiosks are told of results."""
    with office.database.reading() as connection:
        return decode(setups_in_force(connection, [SITE])[SITE].content, Setup).published


def said_by_pdf(content: bytes) -> list[str]:
    return [" ".join(page.split()) for page in texts_of_pdf(content)]
