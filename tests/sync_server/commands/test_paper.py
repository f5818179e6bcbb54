"""`paper`: what a clerk does with a stack of forms, from opening a batch to the report."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync_server.core.book import Kind
from sync_server.core.dated import Record
from sync_server.core.quarter import local_day
from sync_server.core.surveys import FIRST_SURVEY
from sync_server.store.database import Database
from sync_server.store.records import write_records
from tests.fakes.small_office import NOW, SITE, migrated, seed_office
from tests.sync_server.commands.conftest import Run

DAYS = ("--from", "2025-09-01", "--until", "2025-09-30", "--by", "Hà")
FORMS = "form,day,officer,overall,reasons,comment\n" + "".join(
    f"{number},2025-09-{number:02},huong,{level},,\n" for number, level in enumerate([5, 5, 5, 4, 4, 4, 1, ""], start=1)
)


@pytest.fixture
def office(folder: Path) -> Database:
    folder.mkdir(parents=True, exist_ok=True)
    database = migrated(folder)
    seed_office(database)
    return database


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    path = tmp_path / "phieu.csv"
    path.write_text("\ufeff" + FORMS, encoding="utf-8")
    return path


def test_from_a_stack_of_forms_to_the_report(run: Run, office: Database, forms: Path) -> None:
    told = run("paper", "open", "2025-09-a", *DAYS, "--issued", "10", "--note", "quầy 1")
    assert told.out == "2025-09-a: open, survey 1, 01/09/2025 – 30/09/2025\n"
    assert run("paper", "heading", "2025-09-a").out == (
        "form,day,counter,officer,field,procedure,overall,reasons,comment\n"
    )
    assert run("paper", "enter", "2025-09-a", forms).out == "2025-09-a: 8 lines entered, 0 there already\n"
    assert run("paper", "enter", "2025-09-a", forms).out == "2025-09-a: 0 lines entered, 8 there already\n"
    assert "Chưa có lượt đánh giá nào trong kỳ này." in run("report", "2025-Q3").out, "it is not closed yet"
    listed = run("paper", "list").out
    assert "2025-09-a: paper, 01/09/2025 – 30/09/2025, 8 forms of 10 issued, 7 votes\n  open since " in listed
    assert listed.endswith("  quầy 1\n")
    assert run("paper", "close", "2025-09-a", "--forms", "8").out == (
        "2025-09-a: closed; 8 forms of 10 issued, 7 votes\n"
    )
    assert "was closed already" in run("paper", "close", "2025-09-a").out
    told = run("report", "2025-Q3")
    lines = {line.split("  ")[0]: line.split()[-1] for line in told.out.splitlines() if line}
    assert (lines["Số phiếu phát ra"], lines["Số phiếu thu về"], lines["Tỷ lệ thu về"]) == ("10", "8", "80,0%")
    assert "Theo kênh đánh giá\n" in told.out
    assert lines["Phiếu giấy"] == lines["Không qua kiosk"] == lines["Nguyễn Thị Hương Giang"] == "85,7%"
    assert lines["Lượt đến màn hình: Đã đánh giá"] == "0"
    assert "Nguyễn Thị Hương Giang" in run("figures", "2025-Q3").out
    as_json = json.loads(run("report", "2025-Q3", "--format", "json").out)
    assert as_json["forms"] == {"issued": 10, "returned": 8, "returned_uncounted": 0, "return_rate": "80.0"}
    assert as_json["surveys"][0]["tables"]["channel"][0]["key"] == "paper"
    told = run("paper", "withdraw", "2025-09-a", "--because", "nhập nhầm")
    assert told.out == "2025-09-a: withdrawn; its votes do not count\n"
    assert "was withdrawn already" in run("paper", "withdraw", "2025-09-a", "--because", "nhập nhầm").out
    assert "Chưa có lượt đánh giá nào trong kỳ này." in run("report", "2025-Q3").out
    assert f"  withdrawn on {local_day(datetime.now(UTC)):%d/%m/%Y} by " in run("paper", "list").out


def test_two_entries_are_compared_and_a_person_decides(run: Run, office: Database, forms: Path) -> None:
    run("paper", "open", "a", *DAYS)
    run("paper", "enter", "a", forms)
    forms.write_text(FORMS.replace("7,2025-09-07,huong,1", "7,2025-09-07,thang,2"), encoding="utf-8")
    told = run("paper", "enter", "a", forms, "--again")
    assert told.code == 1
    assert "form 7: officer, field, overall\nthe two entries of 1 form differ" in told.out
    assert "8 lines entered again, 1 to be decided" in run("paper", "list").out
    refused = run("paper", "close", "a")
    assert (refused.code, refused.out) == (2, "")
    assert "form 7: officer, field, overall" in refused.err
    told = run("paper", "decide", "a", "7", "--take", "second", "--because", "xem lại phiếu")
    assert told.out == "a: of form 7 the second entry counts; 0 to be decided\n"
    assert run("paper", "decide", "a", "8", "--take", "first", "--because", "x").code == 2
    assert run("paper", "close", "a").code == 0
    assert "closed on " in run("paper", "list").out


def test_a_stack_that_is_entered_into_two_batches_is_noticed(run: Run, office: Database, forms: Path) -> None:
    for name in ("a", "b", "c"):
        run("paper", "open", name, *DAYS)
    assert "same" not in run("paper", "enter", "a", forms).out
    told = run("paper", "enter", "b", forms)
    assert "exactly the same forms stand in a: if it is the same stack, withdraw one of the two" in told.out
    assert told.code == 0
    run("paper", "withdraw", "a", "--because", "nhập hai lần")
    run("paper", "withdraw", "b", "--because", "nhập hai lần")
    assert "same" not in run("paper", "enter", "c", forms).out


def test_a_tally_is_entered_and_more_returned_than_issued_is_told(run: Run, office: Database, tmp_path: Path) -> None:
    run("paper", "open", "hom-thu", *DAYS, "--channel", "box", "--issued", "5")
    heading = run("paper", "heading", "hom-thu", "--tally").out
    assert heading == (
        "form,day,counter,officer,field,procedure,returned,empty,overall 1,overall 2,overall 3,overall 4,overall 5\n"
    )
    path = tmp_path / "kiem.csv"
    path.write_text(f"{heading}1,,,,,,31,,0,0,5,16,10\n", encoding="utf-8")
    assert "1 line entered" in run("paper", "enter", "hom-thu", path, "--tally").out
    told = run("paper", "close", "hom-thu").out
    assert told == (
        "hom-thu: closed; 31 forms of 5 issued, 31 votes\n"
        "more forms were returned than issued: whoever signs the figures has to know why\n"
    )
    assert "83,9%" in run("report", "2025-Q3").out


def test_forms_of_which_nobody_counted_the_issued_have_no_rate(run: Run, office: Database, forms: Path) -> None:
    run("paper", "open", "a", *DAYS)
    run("paper", "enter", "a", forms)
    run("paper", "close", "a")
    told = run("report", "2025-Q3").out
    assert "Số phiếu thu về (không rõ số phát ra)" in told
    assert "Tỷ lệ thu về" not in told


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("open", "Tháng 9", *DAYS), "batch: expected"),
        (("open", "a", "--from", "2025-09-30", "--until", "2025-09-01"), "the last day lies before the first"),
        (("open", "a", "--from", "2999-01-01"), "these days are not over yet"),
        (("open", "a", *DAYS, "--survey", "7"), "there is no such revision at sia; known ones: 1"),
        (("open", "a", *DAYS, "--issued", "-1"), "issued: expected 0 to 1000000 forms"),
        (("heading", "b"), "there is no such batch at sia"),
        (("enter", "b", "x.csv"), "there is no such batch at sia"),
        (("close", "b"), "there is no such batch at sia"),
        (("withdraw", "b", "--because", "x"), "there is no such batch at sia"),
        (("decide", "b", "1", "--take", "first", "--because", "x"), "there is no such batch at sia"),
        (("open", "kept", "--from", "2025-09-01"), "there is such a batch"),
        (("enter", "kept", "nowhere.csv"), "nowhere.csv: cannot be read"),
    ],
)
def test_a_mistake_is_said_in_words(run: Run, office: Database, arguments: tuple[str, ...], why: str) -> None:
    assert run("paper", "open", "kept", *DAYS).code == 0
    assert "was opened already" in run("paper", "open", "kept", *DAYS).out
    told = run("paper", *arguments)
    assert (told.code, told.out) == (2, "")
    assert why in told.err


def test_a_file_that_cannot_be_used_enters_nothing(run: Run, office: Database, forms: Path) -> None:
    run("paper", "open", "a", *DAYS)
    forms.write_text(FORMS.replace("2025-09-02", "2025-10-02") + "9,,binh,5,,\n", encoding="utf-8")
    told = run("paper", "enter", "a", forms)
    assert told.code == 2
    assert "phieu.csv: line 3: day: lies outside the days of the batch\n" in told.err
    assert "phieu.csv: line 10: officer: the office had no such officer then\n" in told.err
    forms.write_bytes(FORMS.encode("utf-16"))
    assert "not UTF-8 text" in run("paper", "enter", "a", forms).err
    forms.write_bytes(b"form\n" + b"1\n" * 5_000_000)
    assert "larger than 8 MiB" in run("paper", "enter", "a", forms).err
    assert "0 forms, 0 votes" in run("paper", "list").out


def test_where_the_survey_changed_within_the_days_it_must_be_said(run: Run, office: Database) -> None:
    with office.writing() as connection:
        record = Record("2", datetime(2025, 9, 10, tzinfo=UTC).date(), FIRST_SURVEY)
        write_records(connection, SITE, [(Kind.SURVEY, record)], "a test", NOW)
    assert "--survey: what is asked has changed within these days" in run("paper", "open", "a", *DAYS).err
    assert "open, survey 1," in run("paper", "open", "a", *DAYS, "--survey", "1").out
    assert "open, survey 2, 10/09/2025\n" in run("paper", "open", "b", "--from", "2025-09-10").out


def test_a_batch_of_two_quarters_is_warned_of(run: Run, office: Database) -> None:
    told = run("paper", "open", "a", "--from", "2025-09-30", "--until", "2025-10-01")
    assert "forms without a day of their own are counted in neither" in told.out


def test_days_and_numbers_that_are_none_are_refused(
    run: Run, office: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no batch at sia yet" in run("paper", "list").out
    for arguments, why in (
        (("open", "a", "--from", "hôm qua"), "expected a day like 2026-11-20"),
        (("decide", "a", "0", "--take", "first", "--because", "x"), "expected the number of a form"),
        (("withdraw", "a", "--because", " "), "expected a name, found nothing"),
    ):
        with pytest.raises(SystemExit):
            run("paper", *arguments)
        assert why in capsys.readouterr().err
