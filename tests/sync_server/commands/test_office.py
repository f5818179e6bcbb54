"""`office import` takes a whole folder or nothing."""

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from protocol.codec import decode
from protocol.messages import Setup
from sync_server.commands.person import system_user
from sync_server.core.book import Book
from sync_server.core.quarter import local_day
from sync_server.store.changes import change_number
from sync_server.store.database import CannotBeStored, Database
from sync_server.store.orders import InForce, setups_in_force
from sync_server.store.records import book
from sync_server.store.schema import cases, records, sites
from sync_server.store.setups_due import put_due_in_force
from tests.sync_server.commands.conftest import Run

SAMPLE = Path(__file__).parents[3] / "deploy" / "sample_office"
# The sample's cases are of October 2026; an importer before that day would take them for mistakes.
TABLES = {sites: 1, records: 1 + 6 + 7 + 5 + 163 + 1 + 1, cases: 60}  # rules and decision last


SURVEY = """
comments = true

[[criteria]]
criterion = "time"
question = { vi = "Có đúng hẹn không?", en = "Was it on time?" }
satisfied = [2, 3]
levels = [
    { vi = "Trễ", en = "Late" },
    { vi = "Tạm được", en = "Nearly" },
    { vi = "Đúng hẹn", en = "On time" },
]
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample office, to be spoilt."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "sample"))


def sizes(folder: Path) -> dict[str, int]:
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    try:
        with database.reading() as connection:
            return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}
    finally:
        database.close()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_sample_office_goes_in_and_again(run: Run, sample: Path, folder: Path) -> None:
    for differs, news in (
        ("184 entries differ from what was known, and hold from the beginning", "is in force; kiosks are told"),
        ("nothing differs from what is known", "stays in force: kiosks have nothing new to know"),
    ):
        done = run("office", "import", sample)
        assert (done.code, done.err) == (0, "")
        assert done.out == (
            f"sia: 6 fields, 7 officers, 5 counters, 163 procedures, 60 cases\n{differs}\nsetup revision 1 {news}\n"
        )
        assert sizes(folder) == {table.name: count for table, count in TABLES.items()}


def known(folder: Path) -> Book:
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    try:
        with database.reading() as connection:
            return book(connection, "sia")
    finally:
        database.close()


def test_a_new_name_holds_from_today_and_readers_are_told(run: Run, sample: Path, folder: Path) -> None:
    run("office", "import", sample)
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    before = change_number(database)
    edit(sample / "office.toml", 'name = "Hồ Thị Khánh Vân"', 'name = "Hồ Thị Vân Khánh"')
    assert "1 entry differs from what was known, and holds from " in run("office", "import", sample).out
    officers = known(folder).officers
    today = local_day(datetime.now(UTC))
    for day, name in ((today, "Hồ Thị Vân Khánh"), (today - timedelta(days=1), "Hồ Thị Khánh Vân")):
        officer = officers.at("nv-0001", day)
        assert officer is not None
        assert officer.name == name
    assert change_number(database) > before
    database.close()


def test_what_the_folder_no_longer_names_has_ended(run: Run, sample: Path, folder: Path) -> None:
    run("office", "import", sample)
    text = (sample / "office.toml").read_text(encoding="utf-8")
    (sample / "office.toml").write_text(text[: text.rindex("[[counters]]")], encoding="utf-8")
    assert "4 counters" in run("office", "import", sample, "--from", "2026-03-01").out
    counters = known(folder).counters
    assert len(counters.on(date(2026, 2, 28))) == 5
    assert len(counters.on(date(2026, 3, 1))) == 4


def test_a_commune_that_is_renamed_keeps_its_old_name_in_old_quarters(run: Run, sample: Path) -> None:
    run("office", "import", sample)
    edit(sample / "office.toml", "UBND THỊ TRẤN SỊA", "UBND XÃ QUẢNG ĐIỀN")
    done = run("office", "import", sample, "--from", "2025-07-01")
    assert "holds from 01/07/2025" in done.out
    for quarter, name in (("2025-Q2", "UBND THỊ TRẤN SỊA"), ("2025-Q3", "UBND XÃ QUẢNG ĐIỀN")):
        assert run("figures", quarter).out.startswith(name)
    shown = run("office", "show", "--on", "2025-06-30").out
    assert "office      UBND THỊ TRẤN SỊA\n" in shown
    assert "other things hold from 01/07/2025\n" in shown


def test_what_begins_later_is_told_to_kiosks_on_its_day(run: Run, sample: Path, folder: Path) -> None:
    run("office", "import", sample)
    edit(sample / "office.toml", "thanks = 5", "thanks = 8")
    ahead = local_day(datetime.now(UTC)) + timedelta(days=30)
    done = run("office", "import", sample, "--from", ahead.isoformat())
    assert "kiosks are told on that day; setup revision 1 stays in force until then" in done.out
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    for day, made, thanks in ((ahead - timedelta(days=1), 0, 5), (ahead, 1, 8), (ahead, 0, 8)):
        with database.writing() as connection:
            assert put_due_in_force(connection, day, datetime(day.year, day.month, day.day, 1, tzinfo=UTC)) == made
        assert in_force(folder)[1].thresholds.thanks == thanks
    database.close()


def test_a_survey_and_rules_of_its_own_come_from_the_folder(run: Run, sample: Path, folder: Path) -> None:
    run("office", "import", sample)
    (sample / "survey.toml").write_text(SURVEY, encoding="utf-8")
    (sample / "rules.toml").write_text('period = "15th-to-14th"\ntarget = 87.5\ndecimals = 2\n', encoding="utf-8")
    assert "2 entries differ" in run("office", "import", sample, "--from", "2026-01-01").out
    assert "nothing differs" in run("office", "import", sample, "--from", "2026-01-02").out
    assert in_force(folder)[1].survey.revision == 2
    told = known(folder)
    assert told.survey_on(date(2025, 12, 31))[0] == 1
    assert told.survey_on(date(2026, 1, 1))[0] == 2
    assert (told.rules_on(date(2026, 1, 1)).target, told.rules_on(date(2025, 12, 31)).target) == (
        Decimal("87.5"),
        Decimal(80),
    )
    shown = run("office", "show", "--on", "2026-01-01").out
    assert "survey      revision 2\n  time: Có đúng hẹn không?\n    3 faces; satisfied: 2, 3\n" in shown
    assert "  quarters    15th-to-14th\n" in shown


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("satisfied = [2, 3]", "satisfied = [1, 2]", "criteria[0]: satisfied: expected the upper levels up to 3"),
        ("satisfied = [2, 3]", "satisfied = [4]", "criteria[0]: satisfied: expected the upper levels up to 3"),
        ("satisfied = [2, 3]", "satisfied = [1, 2, 3]", "criteria[0]: satisfied: expected the upper levels up to 3"),
        ('en = "Late"', 'fr = "Tard"', "level 1 of 'time': expected a text in each of vi, en"),
        ('en = "Late"', 'en = " "', "level 1 of 'time': a text is empty"),
        ("comments = true", "comments = 3", "survey.toml: comments: Expected `bool`"),
        ("comments = true", "comment = true", "unknown field `comment`"),
    ],
)
def test_a_survey_that_cannot_be_asked_is_refused(run: Run, sample: Path, old: str, new: str, message: str) -> None:
    (sample / "survey.toml").write_text(SURVEY, encoding="utf-8")
    edit(sample / "survey.toml", old, new)
    done = run("office", "import", sample)
    assert done.code == 2
    assert message in done.err


def test_what_it_writes_of_decisions_comes_from_the_folder(run: Run, sample: Path, folder: Path) -> None:
    run("office", "import", sample)
    edit(sample / "decision.toml", 'archive = "VT, VP-TK"', 'archive = "VT"')
    assert "1 entry differs" in run("office", "import", sample, "--from", "2026-01-01").out
    told = known(folder)
    assert [told.decision_on(date(year, 6, 1)).archive for year in (2025, 2026)] == ["VT, VP-TK", "VT"]


def test_an_unknown_field_of_a_decision_is_refused_by_name(run: Run, sample: Path) -> None:
    edit(sample / "decision.toml", "{số lượt} lượt;", "{so luot} lượt;")
    done = run("office", "import", sample)
    assert done.code == 2
    assert "decision.toml: top level: articles[0].paragraphs: there is no field {so luot}; there are {kỳ}, " in done.err
    assert "{thay đổi}" in done.err


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "1.1.2026"])
def test_a_day_that_is_none_is_refused(run: Run, sample: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("office", "import", sample, "--from", text)
    assert 'expected a day like 2025-07-01, or "always"' in capsys.readouterr().err


def test_cases_are_not_needed(run: Run, sample: Path) -> None:
    (sample / "cases.csv").unlink()
    assert "163 procedures, 0 cases" in run("office", "import", sample).out


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("office.toml", 'site = "sia"', 'site = "Sịa"', "office.toml: top level: site: expected 1 to 32"),
        ("office.toml", 'site = "sia"', "site = 3", "office.toml: site: Expected `str`"),
        ("office.toml", 'site = "sia"', 'site = "', "office.toml: not valid TOML"),
        ("office.toml", 'officer = "nv-0001"', 'officer = "nv-0002"', "officers: 'nv-0002' stands twice"),
        ("office.toml", "counter = 2", "counter = 1", "counters: 1 stands twice"),
        ("office.toml", "counter = 2", 'counter = "2"', "office.toml: counters[1].counter"),
        (
            "office.toml",
            'days = "1-5"',
            'days = "5-1"',
            "office.toml: opening_hours[0]: days: expected days",
        ),
        ("office.toml", 'days = "1-5"', 'from = "1-5"', "office.toml: opening_hours[0]: Object contains unknown field"),
        ("office.toml", "07:30", "7:30", 'office.toml: opening_hours[0]: opens: expected a time like "07:30"'),
        ("office.toml", '"11:30"', '"07:30"', "office.toml: opening_hours[0]: closes: expected a time after"),
        ("office.toml", '"11:30"', '"14:00"', "opening_hours[1]: overlaps with opening_hours[0]"),
        ("office.toml", "rating = 30", "rating = 301", "office.toml: thresholds.rating: Expected `float` <= 300"),
        ("office.toml", "rating = 30", "waiting = 3", "office.toml: thresholds: Object contains unknown field"),
        ("office.toml", 'unit = "', f'unit = "{"x" * 200}', "office.toml: top level: unit: longer than 200 characters"),
        ("procedures.csv", "2.910267,", "2.910201,", "procedures.csv: line 3: procedure: stands in an earlier line"),
        ("procedures.csv", "2.910267,", "2.910267,,", "procedures.csv: line 3: expected 3 cells, found 4"),
        ("procedures.csv", ",tu-phap-ho-tich", ",nothing", "procedures.csv: line 2: field: there is no such field"),
        ("procedures.csv", "2.910201", "a b", "procedures.csv: line 2: procedure: expected 1 to 64"),
        ("procedures.csv", "procedure,name", "code,name", "procedures.csv: line 1: the heading lacks procedure"),
        ("cases.csv", "H57.14-261002-0111", "012345678901", "cases.csv: line 2: case_code: this is an identity number"),
        ("cases.csv", "2.920438", "9.9", "cases.csv: line 2: procedure: there is no such procedure"),
    ],
)
def test_a_mistake_is_named_by_its_place_and_nothing_is_imported(
    run: Run, sample: Path, folder: Path, file: str, old: str, new: str, message: str
) -> None:
    edit(sample / file, old, new)
    done = run("office", "import", sample)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert not folder.exists()


def test_all_mistakes_are_named_at_once(run: Run, sample: Path) -> None:
    edit(sample / "office.toml", "counter = 2", "counter = 1")
    edit(sample / "procedures.csv", "2.910267,", "2.910201,")
    edit(sample / "cases.csv", "2026-10-02", "2 October")
    told = run("office", "import", sample).err
    assert "counters: 1" in told
    assert "procedures.csv: line 3" in told
    assert "cases.csv: line 2: received: expected a day like 2026-10-02" in told


def test_a_folder_that_is_none_is_named(run: Run, tmp_path: Path) -> None:
    assert "nowhere/office.toml: cannot be read" in run("office", "import", tmp_path / "nowhere").err


def test_a_file_that_is_missing_is_named(run: Run, sample: Path) -> None:
    (sample / "procedures.csv").unlink()
    assert "procedures.csv: cannot be read" in run("office", "import", sample).err


def test_a_key_that_others_may_read_stops_the_import(run: Run, sample: Path, folder: Path) -> None:
    run("office", "import", sample)
    (folder / "keys" / "sia.key").chmod(0o644)
    assert "chmod 600" in run("office", "import", sample).err


# --- what kiosks are told ----------------------------------------------------------------------------


def in_force(folder: Path) -> tuple[InForce, Setup]:
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    try:
        with database.reading() as connection:
            row = setups_in_force(connection, ["sia"])["sia"]
    finally:
        database.close()
    return row, decode(row.content, Setup)


def test_kiosks_are_told_of_what_has_changed(run: Run, sample: Path, folder: Path) -> None:
    run("office", "import", sample, "--by", "Lê Ví Dụ")
    row, setup = in_force(folder)
    assert (row.revision, row.made_by, setup.thresholds.thanks) == (1, "Lê Ví Dụ", 5)
    assert len(setup.opening_hours) == 10
    edit(sample / "office.toml", "thanks = 5", "thanks = 8")
    assert "setup revision 2 is in force; kiosks are told\n" in run("office", "import", sample).out
    row, setup = in_force(folder)
    assert (row.revision, row.made_by, setup.thresholds.thanks) == (2, system_user(), 8)
    edit(sample / "procedures.csv", "2.910201,", "2.910999,")  # no kiosk shows procedures
    (sample / "cases.csv").unlink()
    assert "setup revision 2 stays in force" in run("office", "import", sample).out


def test_an_office_too_large_for_a_message_is_refused_as_a_whole(run: Run, sample: Path, folder: Path) -> None:
    more = "".join(
        f'[[officers]]\nofficer = "x-{number}"\nname = "{"ẵ" * 199}"\ntitle = "x"\nfield = "van-phong-thong-ke"\n'
        for number in range(400)
    )
    edit(sample / "office.toml", "# The officer named", f"{more}# The officer named")
    done = run("office", "import", sample)
    assert done.code == 2
    assert "nothing was imported: what kiosks would be told is larger than 131072 bytes" in done.err
    assert sizes(folder)["sites"] == 0


def test_an_import_beside_another_one_is_tried_again_by_hand(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_was_faster(*_: object) -> None:
        raise CannotBeStored

    monkeypatch.setattr("sync_server.commands.office.put_in_force", another_was_faster)
    done = run("office", "import", sample)
    assert (done.code, done.out) == (2, "")
    assert "the office was changed meanwhile; try again" in done.err


def test_a_person_who_is_no_name_is_refused(run: Run, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("office", "import", sample, "--by", " ")
    assert ended.value.code == 2
    assert "--by: expected a name" in capsys.readouterr().err


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_entry() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", no_entry)
    assert system_user().startswith("uid ")
