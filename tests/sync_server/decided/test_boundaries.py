"""What happens at a quarter's edge: nothing is counted twice, nothing is lost unnoticed, nothing is mixed."""

import json
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from protocol.messages import Vote, whole_hour
from sync_server.core.book import THE_OFFICE, THE_RULES, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.decisions.states import Change, State
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Procedure
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.core.surveys import FIRST_SURVEY, Criterion, Survey
from sync_server.deciding import DOCX, Paper
from sync_server.store.decision_overview import time_view
from sync_server.store.published import published_results, told_to_kiosks
from tests.fakes.read_documents import texts_of_docx
from tests.fakes.small_office import SITE
from tests.fakes.votes import a_vote
from tests.fakes.whole_office import AFTER, END, FIRST_HOUR, Issued, WholeOffice
from tests.sync_server.decided.conftest import RULES

IN_IT = datetime(2026, 11, 20, 3, tzinfo=UTC)
NEXT = Span.parse("2027-Q1")
ON_ONE = pytest.mark.parametrize("kind", ["sqlite"])  # nothing here depends on the database


def ids_in(issued: Issued, folder: Path) -> set[str]:
    path = folder / "read.sqlite"
    path.write_bytes(issued.members["votes.sqlite"])
    connection = sqlite3.connect(path)
    try:
        return {vote for (vote,) in connection.execute("SELECT vote FROM votes")}
    finally:
        connection.close()


def computed(issued: Issued) -> dict[str, str]:
    found: dict[str, str] = json.loads(issued.members["figures.json"])["computed"]
    return found


def said_by(issued: Issued) -> str:
    return "\n".join(texts_of_docx(issued.members[DOCX]))


def check_holds(issued: Issued, folder: Path) -> None:
    done = issued.verified_by_its_own(folder)
    assert done.returncode == 0, done.stdout + done.stderr


def at(moment: datetime, name: str = "") -> Vote:
    """A vote cast at a moment, of which the hour leaves the kiosk."""
    return a_vote(1, hour=whole_hour(moment), vote_id=name or None)


def test_the_last_and_the_first_second_of_a_quarter(office: WholeOffice, tmp_path: Path) -> None:
    second = timedelta(seconds=1)
    first, last = at(FIRST_HOUR), at(END - second)
    office.cast("quay-1", [at(FIRST_HOUR - second), first, last, at(END), at(END + second)])
    office.report("quay-1")
    office.settle()
    issued = office.issue()
    assert computed(issued)["votes"] == "2"
    assert ids_in(issued, tmp_path) == {first.vote_id, last.vote_id}
    check_holds(issued, tmp_path)


def test_a_kiosk_that_was_offline_across_the_end(office: WholeOffice, tmp_path: Path) -> None:
    votes = [a_vote(number, hour=IN_IT, level=5 if number <= 3 else 1) for number in range(1, 6)]
    office.arrive("quay-1", votes[:3])
    office.report("quay-1", highest=5, waiting=2)
    office.settle()
    [lack] = office.lacks()
    assert lack.words.startswith("Kiosk quay-1: còn thiếu 2 lượt đánh giá")
    first = office.issue(because="máy hỏng, đã lập biên bản <số 1>", paper=Paper("05", date(2027, 1, 5)))
    assert computed(first)["votes"] == "3"
    assert lack.words in said_by(first)
    assert "máy hỏng, đã lập biên bản <số 1>" in said_by(first)
    check_holds(first, tmp_path)

    office.now = AFTER + timedelta(days=7)
    office.arrive("quay-1", votes[3:])
    office.report("quay-1", highest=5)
    office.settle()
    assert office.lacks() == ()
    assert time_view(office.database, SITE, Span.parse("2026-Q4"), office.now).late.votes == 2
    second = office.change(Change.AMENDS, "2 lượt đến sau từ kiosk quay-1", Paper("09", date(2027, 1, 12)))
    said = said_by(second)
    assert "Sửa đổi, bổ sung số liệu tại Quyết định số 05/QĐ-UBND ngày 05 tháng 01 năm 2027" in said
    assert "Số lượt đánh giá được tính vào kết quả: sửa “3” thành “5”." in said
    assert "sửa “100,0%” thành “60,0%”" in said
    assert "Lý do: 2 lượt đến sau từ kiosk quay-1" in said
    assert computed(second)["votes"] == "5"
    check_holds(second, tmp_path)
    check_holds(first, tmp_path)
    with office.database.reading() as connection:
        newest, oldest = published_results(connection, SITE)
    assert (newest.version, newest.in_force, newest.headline and newest.headline.percent) == (2, True, "60,0%")
    assert (oldest.version, oldest.in_force, oldest.headline and oldest.headline.percent) == (1, False, "100,0%")


def test_a_clock_that_was_wrong_across_the_end(office: WholeOffice, tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    office.cast(
        "quay-1",
        [
            a_vote(1, hour=END - hour, latest_hour=END),
            a_vote(1, hour=END - 9 * hour, latest_hour=END - hour),
            a_vote(1, hour=END, latest_hour=END + 9 * hour),
        ],
    )
    office.report("quay-1")
    office.settle()
    [lack] = office.lacks()
    assert lack.words.startswith("1 lượt đánh giá chưa rõ thuộc kỳ này hay kỳ khác")
    issued = office.issue(because="không ai biết")
    assert computed(issued)["votes"] == "1"
    assert json.loads(issued.members["figures.json"])["stated"]["stated.undated"] == "1"
    assert lack.words in said_by(issued)
    check_holds(issued, tmp_path)
    office.now = datetime(2027, 4, 2, 3, tzinfo=UTC)
    office.report("quay-1")
    office.report("quay-2")
    after = office.issue(NEXT, because="không ai biết")
    assert computed(after)["votes"] == "1"
    assert json.loads(after.members["figures.json"])["stated"]["stated.undated"] == "1"


@ON_ONE
def test_an_office_that_was_renamed_within(office: WholeOffice, tmp_path: Path) -> None:
    since = date(2026, 11, 15)
    renamed = Record(THE_OFFICE, since, Letterhead("UBND phường An Bình & <b>", "Quầy *mới*", place="An Bình"))
    procedure = Record("1.001193", since, Procedure("1.001193", "Khai sinh (tên mới)", "ho-tich"))
    office.say((Kind.OFFICE, renamed), (Kind.PROCEDURE, procedure))
    office.cast("quay-1", [a_vote(1, hour=hour, counter=1) for hour in (FIRST_HOUR, IN_IT)])
    office.report("quay-1")
    office.settle()
    issued = office.issue()
    assert computed(issued)["votes"] == "2"
    said = said_by(issued)
    assert "PHƯỜNG AN BÌNH & <B>" in said
    assert "Quảng Điền" not in said
    assert json.loads(issued.members["manifest.json"])["office"] == "UBND phường An Bình & <b>"
    check_holds(issued, tmp_path)


@ON_ONE
def test_an_office_that_is_gone_when_its_last_quarter_is_issued(office: WholeOffice) -> None:
    """Who signs is who publishes."""
    renamed = Record(THE_OFFICE, date(2027, 1, 1), Letterhead("UBND xã Mới", "Trung tâm mới"))
    office.say((Kind.OFFICE, renamed))
    office.cast("quay-1", [a_vote(1, hour=IN_IT)])
    office.report("quay-1")
    office.settle()
    issued = office.issue()
    assert "XÃ MỚI" in said_by(issued)
    with office.database.reading() as connection:
        [result] = published_results(connection, SITE)
    assert (result.office, result.unit) == ("UBND xã Mới", "Trung tâm mới")


def test_a_survey_that_changed_within(office: WholeOffice, tmp_path: Path) -> None:
    """The same question with other levels: each survey is told apart, and late answers go to the one they answer."""
    levels = tuple({"vi": f"Mức {level}"} for level in range(1, 4))
    three = Survey((Criterion("overall", {"vi": "Có hài lòng không?"}, levels, (3,)),), languages=("vi",))
    office.say((Kind.SURVEY, Record("1", ALWAYS, FIRST_SURVEY)), (Kind.SURVEY, Record("2", date(2026, 11, 15), three)))
    old, new = datetime(2026, 10, 5, 3, tzinfo=UTC), IN_IT
    office.cast("quay-1", [a_vote(1, hour=old, level=3) for _ in range(4)])
    office.cast("quay-1", [a_vote(1, hour=new, level=3, survey=2) for _ in range(6)])
    office.cast("quay-2", [a_vote(1, hour=new, level=5)])  # its setup had not reached it
    for kiosk in ("quay-1", "quay-2"):
        office.report(kiosk)
    office.settle()
    issued = office.issue()
    figures = computed(issued)
    assert (figures["s1.votes"], figures["s2.votes"], figures["votes"]) == ("5", "6", "11")
    assert (figures["s1.overall.percent"], figures["s2.overall.percent"]) == ("20,0%", "100,0%")
    assert not [name for name in figures if name.startswith("overall")]
    for document_text in said_by(issued).splitlines():
        assert not ("20,0%" in document_text and "100,0%" in document_text), "surveys are never mixed"
    check_holds(issued, tmp_path)


def test_a_quarter_without_votes(office: WholeOffice, tmp_path: Path) -> None:
    office.settle()
    assert office.lacks() == ()
    issued = office.issue()
    assert issued.kept.state is State.ISSUED
    assert "Không có lượt đánh giá nào trong kỳ." in said_by(issued)
    assert computed(issued)["votes"] == "0"
    check_holds(issued, tmp_path)
    with office.database.reading() as connection:
        [result] = published_results(connection, SITE)
        assert told_to_kiosks(connection, SITE) is None
    assert result.headline is None


@ON_ONE
def test_a_quarter_whose_every_vote_is_left_out(office: WholeOffice, tmp_path: Path) -> None:
    rules = Rules(excluded=("hasty",), labelling=RULES.labelling)
    office.say((Kind.RULES, Record(THE_RULES, ALWAYS, rules)))
    hasty = [Vote("a" * 32, 1, IN_IT, 1, {"overall": 5}, labels=("hasty",))]
    office.cast("quay-1", hasty)
    office.report("quay-1")
    office.settle()
    issued = office.issue()
    assert (computed(issued)["votes"], computed(issued)["excluded"]) == ("0", "1")
    check_holds(issued, tmp_path)
    with office.database.reading() as connection:
        [result] = published_results(connection, SITE)
    assert result.headline is None


@ON_ONE
def test_a_quarter_from_the_15th_to_the_14th(office: WholeOffice) -> None:
    office.say((Kind.RULES, Record(THE_RULES, ALWAYS, Rules(period=Period.FIFTEENTH, labelling=RULES.labelling))))
    first, end = datetime(2026, 9, 14, 17, tzinfo=UTC), datetime(2026, 12, 14, 17, tzinfo=UTC)
    second = timedelta(seconds=1)
    office.cast("quay-1", [at(first - second), at(first), at(end - second), at(end)])
    office.report("quay-1")
    office.settle()
    drafted = office.draft()
    assert drafted.figures is not None
    assert (drafted.first, drafted.last) == (date(2026, 9, 15), date(2026, 12, 14))
    assert drafted.figures["computed"]["votes"] == "2"
    assert drafted.figures["stated"]["stated.last_day"] == "ngày 14 tháng 12 năm 2026"
