"""The documents name everything that there is, and their examples are true."""

import contextlib
import doctest
import io
import json
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import msgspec
import pytest

from kiosk.controller import NOT_A_CASE, TOO_MANY
from kiosk.settings import Settings as KioskSettings
from protocol.codec import CONTENT, decode
from protocol.codes import RefusedReason
from protocol.enrolment import LONGEST_ENROLMENT, MARK, Enrolment, read_enrolment
from protocol.stick import RECEIPT_SUFFIX, VOTES_SUFFIX, ExportContent, Kind, StickReceipt
from protocol.topics import ROOT as TOPIC_ROOT
from protocol.topics import VERSION, Channel
from protocol.visits import VisitLabel
from sync_server.__main__ import main as server
from sync_server.commands.decision_views import as_lacking
from sync_server.core.book import Book
from sync_server.core.book import Kind as RecordKind
from sync_server.core.channels import Channel as VoteChannel
from sync_server.core.completeness import KioskLedger
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.decisions.form import AnnexKind, ArticleText, DecisionForm
from sync_server.core.decisions.form_fields import OF_A_SURVEY, OF_THE_TIME
from sync_server.core.decisions.readiness import Looked, lacking
from sync_server.core.decisions.votes_file import tables_of
from sync_server.core.figures import wording
from sync_server.core.figures.period import figures_of
from sync_server.core.figures.sheet import Criterion, Level, Sheet
from sync_server.core.figures.sheet_csv import COLUMNS
from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.metrics import Measured, metrics
from sync_server.core.office_data import Field, Officer
from sync_server.core.paper import Batch
from sync_server.core.paper_csv import Reader
from sync_server.core.rules import Rules
from sync_server.core.surveys import FIRST_REVISION, FIRST_SURVEY
from sync_server.settings import Settings as ServerSettings
from sync_server.verifier.verify import MEMBERS
from tests.screenshots.decision import PAPER, THANKS, WEB

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PROTOCOL = (DOCS / "protocol.md").read_text(encoding="utf-8")
SETTINGS = (DOCS / "settings.md").read_text(encoding="utf-8")
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
DECISION = (DOCS / "decision.md").read_text(encoding="utf-8")
FIGURES = (DOCS / "figures.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")

PROGRAMS = ("sync_server", "kiosk", "hardware")


def structs_in(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """Return every struct that a type is built of, itself left out."""
    parts = [field.type for field in msgspec.structs.fields(kind)] if is_struct(kind) else get_args(kind)
    for part in parts:
        if is_struct(part):
            yield part
        yield from structs_in(part)


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_is_described_with_its_fields_and_a_true_example(channel: Channel) -> None:
    section = re.search(rf"^## `{channel}`(.*?)(?=^## |\Z)", PROTOCOL, re.DOTALL | re.MULTILINE)
    assert section is not None
    assert f"{TOPIC_ROOT}/{VERSION}/" in PROTOCOL
    kind = CONTENT[channel]
    assert f"`{kind.__name__}`" in section[1]
    for struct in {kind, *structs_in(kind)}:
        for field in msgspec.structs.fields(struct):
            assert f"`{field.encode_name}`" in section[1], f"{struct.__name__}.{field.name}"
    example = re.search(r"```json\n(.*?)```", section[1], re.DOTALL)
    assert example is not None
    decode(example[1].encode(), kind)
    sample = (ROOT / "tests" / "protocol" / "samples" / VERSION / f"{channel}.json").read_bytes()
    assert json.loads(example[1]) == json.loads(sample), "the example is the golden sample"


def settings_of(kind: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    for section in msgspec.structs.fields(kind):
        (struct,) = {*get_args(section.type)} - {NoneType} or {section.type}  # a section may be missing
        for field in msgspec.structs.fields(struct):
            yield section.name, field.name


@pytest.mark.parametrize(
    ("program", "section", "field"),
    [("kiosk", *names) for names in settings_of(KioskSettings)]
    + [("sync_server", *names) for names in settings_of(ServerSettings)],
)
def test_every_setting_is_described(program: str, section: str, field: str) -> None:
    chapter = re.search(rf"^## `{program}`(.*?)(?=^## |\Z)", SETTINGS, re.DOTALL | re.MULTILINE)
    assert chapter is not None
    assert f"`{section}.{field}`" in chapter[1]


@cache
def help_of(*arguments: str) -> str:
    program, *rest = arguments
    if program == "sync_server":  # it has many commands, and a process for each would take half a minute
        said = io.StringIO()
        with contextlib.redirect_stdout(said), pytest.raises(SystemExit):
            server([*rest, "--help"])
        return said.getvalue()
    done = subprocess.run(
        [sys.executable, "-m", *arguments, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def commands_of(program: str) -> list[str]:
    return re.findall(r"^    ([a-z]+)\s", help_of(program), re.MULTILINE)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_and_option_is_described(program: str) -> None:
    text = help_of(program)
    for option in set(re.findall(r"--[a-z][a-z-]+", text)) - {"--help"}:
        assert f"`{option}" in OPERATIONS, f"{program} {option}"
    for command in commands_of(program):
        assert f"`python -m {program} {command}" in OPERATIONS, f"{program} {command}"


def test_the_parts_of_the_server_s_commands_are_described() -> None:
    of_several = ("kiosk", "office", "cases", "stick", "admin", "broker", "stream", "quarantine", "clock")
    for command in (*of_several, "paper", "labels", "audit", "key"):
        for part in re.findall(r"^    ([a-z]+)\s", help_of("sync_server", command), re.MULTILINE):
            assert f"`python -m sync_server {command} {part}" in OPERATIONS


def test_what_a_kiosk_can_be_told_is_described_with_its_options() -> None:
    for part in re.findall(r"^    ([a-z]+)\s", help_of("sync_server", "tell"), re.MULTILINE):
        assert f"`python -m sync_server tell SITE KIOSK {part}" in OPERATIONS, part
        for option in set(re.findall(r"--[a-z][a-z-]+", help_of("sync_server", "tell", "x", "y", part))) - {"--help"}:
            assert f"`{option}" in OPERATIONS, option


@pytest.mark.parametrize(
    "command",
    [
        *(("completeness",), ("setup",), ("metrics",), ("figures",), ("export",), ("verify",), ("office", "import")),
        *(("stream", part) for part in ("close", "accept")),
        *(("paper", part) for part in ("open", "heading", "enter", "decide", "close", "withdraw", "list")),
        *(("labels", part) for part in ("list", "confirm", "lift", "run")),
        ("audit", "list"),
    ],
)
def test_the_options_of_what_a_person_decides_are_described(command: tuple[str, ...]) -> None:
    for option in set(re.findall(r"--[a-z][a-z-]+", help_of("sync_server", *command))) - {"--help"}:
        assert f"`{option}" in OPERATIONS, option


def test_every_metric_is_described() -> None:
    for metric in metrics(Measured({}, {}, ()), datetime.now(UTC)):
        assert f"`{metric.name}" in OPERATIONS, metric.name


@pytest.mark.parametrize("command", [("sync_server", "stick", "import"), ("kiosk", "export"), ("kiosk", "receipts")])
def test_the_options_for_sticks_are_described(command: tuple[str, ...]) -> None:
    for option in set(re.findall(r"--[a-z][a-z-]+", help_of(*command))) - {"--help"}:
        assert f"`{option}" in OPERATIONS, option


@pytest.mark.parametrize("command", ["migrate", "backup", "restore"])
def test_the_options_of_backups_are_described(command: str) -> None:
    for option in set(re.findall(r"--[a-z][a-z-]+", help_of("sync_server", command))) - {"--help"}:
        assert f"`{option}`" in OPERATIONS, option


def test_what_lies_on_a_stick_is_described_with_its_fields() -> None:
    section = re.search(r"^## On a stick(.*?)(?=^## |\Z)", PROTOCOL, re.DOTALL | re.MULTILINE)
    assert section is not None
    for kind in (ExportContent, StickReceipt):
        for field in msgspec.structs.fields(kind):
            assert f"`{field.encode_name}`" in section[1], field.name
    for suffix in (VOTES_SUFFIX, RECEIPT_SUFFIX):
        assert f"{suffix}`" in section[1]
    for first_line in re.findall(r"`(hailong-[^`]*)`", section[1]):
        assert first_line.startswith(tuple(f"hailong-{kind} {VERSION} " for kind in Kind))


def test_the_make_targets_are_described() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z-]+)  ", makefile):
        assert f"`make {target}`" in OPERATIONS


def test_what_lies_in_an_archive_is_described() -> None:
    text = (DOCS / "verification.md").read_text(encoding="utf-8")
    for name in MEMBERS:
        assert f"`{name}`" in text, name
    for table in tables_of(figures_of([], [], {}, Rules(), ALWAYS, ALWAYS, served=0, reasons={}), []):
        assert f"`{table.name}`" in text
        for column in table.columns if table.name != "dictionary" else ():
            assert f"`{column.key}`" in text, column.key


def test_every_example_ends_before_the_text_goes_on() -> None:
    for page in (ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.glob("*.md")):
        fences = re.findall(r"^ *```(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert not any(fences[1::2]), f"{page.name}: {next(filter(None, fences[1::2]))} begins within another example"
        assert len(fences) % 2 == 0, page.name


def test_links_and_pictures_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_names_the_two_commands_and_every_room_and_page() -> None:
    for words in ("make demo", "make test", *(f"`{room}/`" for room in ("protocol", "hardware", "kiosk", "deploy"))):
        assert words in README
    for page in DOCS.glob("*.md"):
        assert f"docs/{page.name}" in README


def test_the_enrolment_is_described_with_a_true_example() -> None:
    section = re.search(r"^## In a QR: enrolment(.*?)(?=^## |\Z)", PROTOCOL, re.DOTALL | re.MULTILINE)
    assert section is not None
    assert f"at most {LONGEST_ENROLMENT}," in section[1]
    *_, example = re.findall(rf"`({MARK}[^`]*)`", section[1])
    assert isinstance(read_enrolment(example), Enrolment)


def test_every_reason_to_refuse_a_scan_is_described() -> None:
    for reason in (*RefusedReason, NOT_A_CASE, TOO_MANY):
        assert f"`{reason}`" in PROTOCOL, reason


def test_every_figure_has_an_example_that_comes_out() -> None:
    for section in re.split(r"^## ", FIGURES, flags=re.MULTILINE)[1:]:
        if not section.startswith("What is not verified"):
            assert "```pycon\n" in section or "```console\n" in section, section.splitlines()[0]
    done = doctest.testfile(str(DOCS / "figures.md"), module_relative=False, encoding="utf-8")
    assert done.failed == 0
    assert done.attempted >= FIGURES.count("```pycon\n") > 0


@pytest.mark.parametrize("example", re.findall(r"^```console\n\$ (.*?)```", FIGURES, re.DOTALL | re.MULTILINE))
def test_what_commands_print_about_figures_is_shown_as_they_print_it(example: str) -> None:
    command, _, shown = example.partition("\n")
    python, *arguments = shlex.split(command)
    assert python == "python"
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.stdout.decode() == shown
    assert done.returncode == ("Chưa khớp:" in shown)


def test_the_words_for_verdicts_and_bands_are_described() -> None:
    for words in (wording.VERDICTS, wording.UNIT_BANDS, wording.OFFICER_BANDS):
        for word in words.values():
            assert f"| {word} " in FIGURES, word


def test_every_label_is_described_with_where_it_begins() -> None:
    section = re.search(r"^## Labels(.*?)(?=^## )", FIGURES, re.DOTALL | re.MULTILINE)
    assert section is not None
    for rule in RuleName:
        assert f"| `{rule}` | " in section[1]
    for field in msgspec.structs.fields(Labelling):
        beginning = "" if field.name == "rules" else f" = {field.default}"
        assert f"`{field.name}`{beginning}" in section[1], field.name
    for label in VisitLabel:
        assert f"`{label}`" in PROTOCOL, label


def test_every_field_and_key_of_a_decision_is_described() -> None:
    for name, field in (OF_THE_TIME | OF_A_SURVEY).items():
        assert f"| `{{{name}}}` | `{field.value}` | {field.meaning} |" in DECISION, name
    for key in (*DecisionForm.__struct_fields__, *ArticleText.__struct_fields__, *AnnexKind):
        assert f"`{key}`" in DECISION, key


def test_what_closing_a_quarter_lists_is_shown_as_it_is_listed() -> None:
    [shown] = re.findall(
        r"^```\n\$ decision close 2026-Q3 [^\n]*\n(.*?)2026-Q3 is not closed", DECISION, re.DOTALL | re.MULTILINE
    )
    kiosk = KioskLedger("quay-2", ())
    looked = Looked("2026-Q3", date(2026, 9, 30), [kiosk], unreviewed={RuleName.BEYOND_SERVED: 11})
    assert shown == as_lacking(lacking(looked, datetime(2026, 12, 1, tzinfo=UTC)))


def test_the_pictures_of_a_decision_are_those_that_the_command_takes_and_small() -> None:
    there = {picture.stem: picture.stat().st_size for picture in (DOCS / "decision").iterdir()}
    assert set(there) == {*PAPER, *WEB, THANKS}
    assert set(re.findall(r"\(decision/([a-z0-9-]+)\.png\)", DECISION)) == set(there)
    assert sum(there.values()) < 1_000_000


def test_what_a_sheet_of_counts_holds_is_described() -> None:
    for column in COLUMNS:
        assert f"`{column}`" in FIGURES, column
    for kind in (Sheet, Criterion, Level):
        for field in msgspec.structs.fields(kind):
            assert f"`{field.encode_name}`" in FIGURES, field.encode_name


def test_the_examples_of_paper_forms_are_read() -> None:
    there = [(RecordKind.FIELD, Record("ho-tich", ALWAYS, Field("ho-tich", "Hộ tịch")))]
    officers = [Officer(key, "Nguyễn Thị An", "Công chức", "ho-tich") for key in ("huong", "thang")]
    book = Book.of("sia", [*there, *((RecordKind.OFFICER, Record(one.officer, ALWAYS, one)) for one in officers)])
    days = (date(2026, 11, 1), date(2026, 11, 30))
    examples = re.findall(r"^ *```\n( *form,.*?)```", OPERATIONS, re.DOTALL | re.MULTILINE)
    assert len(examples) == 2
    votes = []
    for tally, example in enumerate(examples):
        batch = Batch("2026-11-a", VoteChannel.PAPER, *days, FIRST_REVISION)
        reader = Reader(batch, FIRST_SURVEY, book, days[1], tally=bool(tally))
        lines = reader.lines(textwrap.dedent(example))
        votes.append([line.votes for line in lines])
        for column in reader.heading:
            assert f"`{column}`" in OPERATIONS or column in example or column.startswith("overall"), column
    assert votes == [[1, 1, 1, 0], [31, 12]]
