#!/usr/bin/env python3
"""Kiểm tra một hồ sơ Quyết định: đếm lại mọi con số từ các lượt đánh giá, so văn bản, mã băm, mã gốc và chữ ký số.

    pip install cryptography
    python verify.py HO-SO.zip --key KHOA-CONG-KHAI [--vote MA-LUOT]

Mã thoát 0: mọi điều đều đúng. 1: có điều khác. 2: không kiểm tra được.

Needs Python 3.11 or newer and `cryptography`, and shares no code with the program that wrote the archive: whoever
doubts that program reads this file instead. The archive may come from anybody, so nothing in it is believed, unpacked
by its own names, run, or read without bounds:

- The archive has one form only: these members, in this order, stored without compression. Every byte between them is
  compared with what it has to be, so there is nothing to unpack, and no room for anything else.
- The file of votes is opened read-only, and only if its tables are the known ones, to the letter.
- Texts of the DOCX are read without document types and entities, and up to a limit.

How the DOCX is compared: its lines (paragraphs, also those in tables, cut at line breaks; blanks made one; empty ones
left out) have to be those of document.json with its fields filled, one by one and in order. What stands side by side
(head and signature) may come in any order of the two columns, each of which keeps its own. Page numbers are left out;
in headers and footers nothing else may stand but lines of the document. Of a chart or QR code, what it says in words
has to stand in the text or in the picture's description; pictures themselves are for eyes.
"""

import argparse
import csv
import io
import json
import re
import sqlite3
import struct
import sys
import tempfile
import time
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from statistics import NormalDist
from typing import Any, BinaryIO
from xml.parsers import expat

MEMBERS = (
    *("DOC-TOI.txt", "document.json", "figures.csv", "figures.json", "manifest.json", "manifest.sig"),
    *("public-key.txt", "quyet-dinh.docx", "quyet-dinh.pdf", "rules.json", "verify.py", "votes.sqlite"),
)
UNSIGNED = ("manifest.json", "manifest.sig")
FORMAT = 1
MOST_BYTES = 64 << 20  # of anything that is read into memory, and of all that a DOCX holds
MOST_JSON = 16 << 20
# A file of pages that lead to each other in circles would be read for ever: so much work a byte is plenty.
STEPS_AT_ONCE, STEPS, STEPS_A_BYTE = 10_000, 10_000_000, 4
BLOCK = 1 << 20
EXAMPLES = 5
QUIET_SECONDS = 2.0
TOLD_EVERY = 10_000

# What reading something hostile may raise.
UNREADABLE = (
    *(ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError, EOFError),
    *(sqlite3.Error, zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, csv.Error),
    *(NotImplementedError, RuntimeError),
)


class Differs(Exception):
    """Something does not hold; the text says what."""


class CannotCheck(Exception):
    """Nothing can be checked; the text says why."""


def shown(text: object, most: int = 120) -> str:
    """Return a foreign text so that it harms no terminal."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in str(text)[: most + 1])
    return plain if len(plain) <= most else plain[:most] + "…"


# --- the archive ----------------------------------------------------------------------------------

_LOCAL, _CENTRAL, _END = "<4s5H3I2H", "<4s6H3I5H2I", "<4s4H2IH"
_DAY_1980 = 0x21
_MODE = 0o100644 << 16


class Archive:
    """The members of an archive, each with its place, size and SHA-256."""

    def __init__(self, file: BinaryIO, tell: Callable[[str, int, int], None]) -> None:
        self._file = file
        self._places: dict[str, tuple[int, int]] = {}
        self.hashes: dict[str, str] = {}
        self.damaged: list[str] = []
        size = file.seek(0, 2)
        file.seek(0)
        central = b""
        for name in MEMBERS:
            offset = file.tell()
            head = self._exactly(struct.calcsize(_LOCAL))
            sums = struct.unpack(_LOCAL, head)[6:9]
            if struct.unpack(_LOCAL, head)[0] != b"PK\x03\x04":
                raise Differs(f"không có tệp {name} ở chỗ của nó")
            found = self._exactly(min(struct.unpack(_LOCAL, head)[9], 1000))
            encoded = name.encode("ascii")
            if found != encoded:
                raise Differs(f"ở chỗ của tệp {name} có tệp {shown(found.decode('utf-8', 'replace'))!r}")
            if head != struct.pack(_LOCAL, b"PK\x03\x04", 20, 0, 0, 0, _DAY_1980, *sums, len(encoded), 0):
                raise Differs(f"phần đầu của tệp {name} đã bị sửa")
            if sums[1] != sums[2] or sums[1] > size - file.tell():
                raise Differs(f"tệp {name} không có đúng cỡ")
            self._places[name] = (file.tell(), sums[1])
            self._hash(name, sums[0], tell)
            about = (0x0314, 20, 0, 0, 0, _DAY_1980, *sums, len(encoded), 0, 0, 0, 0, _MODE, offset)
            central += struct.pack(_CENTRAL, b"PK\x01\x02", *about) + encoded
        ends = (0, 0, len(MEMBERS), len(MEMBERS), len(central), file.tell(), 0)
        if file.read(len(central) + 1000) != central + struct.pack(_END, b"PK\x05\x06", *ends):
            raise Differs("mục lục ở cuối hồ sơ đã bị sửa, hoặc có tệp khác")

    def read(self, name: str) -> bytes:
        """Return the content of a member."""
        place, size = self._places[name]
        if size > MOST_BYTES:
            raise Differs(f"tệp {name} quá lớn")
        self._file.seek(place)
        return self._exactly(size)

    def json(self, name: str) -> Any:
        """Return what a member of JSON says; a name that stands twice is refused."""
        if self._places[name][1] > MOST_JSON:
            raise Differs(f"tệp {name} quá lớn")
        return json.loads(self.read(name).decode("utf-8"), object_pairs_hook=_no_name_twice, parse_constant=_no_number)

    def copy(self, name: str, to: Path) -> None:
        """Write a member into a file."""
        place, size = self._places[name]
        self._file.seek(place)
        with to.open("wb") as file:
            while size:
                size -= file.write(self._exactly(min(size, BLOCK)))

    def _hash(self, name: str, noted: int, tell: Callable[[str, int, int], None]) -> None:
        size = left = self._places[name][1]
        digest, checked = sha256(), 0
        while left:
            block = self._exactly(min(left, BLOCK))
            digest.update(block)
            checked = zlib.crc32(block, checked)
            left -= len(block)
            tell(f"đọc {name}, byte", size - left, size)
        self.hashes[name] = digest.hexdigest()
        if checked != noted:
            self.damaged.append(name)

    def _exactly(self, size: int) -> bytes:
        content = self._file.read(size)
        if len(content) < size:
            raise Differs("hồ sơ bị cụt")
        return content


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("một tên có hai lần")
    return dict(pairs)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} không phải là số")


def text_map(value: Any, what: str) -> dict[str, str]:
    """Return a mapping of texts, which is what it has to be."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise Differs(f"{what} không phải là những giá trị bằng chữ")
    return value


# --- hashes and signature -------------------------------------------------------------------------

_KEY = re.compile(r"[0-9a-f]{64}")


def check_manifest(archive: Archive) -> tuple[str, dict[str, Any]]:
    """Compare the hash of every member with that in the manifest, and return the manifest."""
    manifest = archive.json("manifest.json")
    if manifest["format"] != FORMAT:
        raise Differs(f"hồ sơ ở dạng {shown(manifest['format'])}; chương trình này chỉ biết dạng {FORMAT}")
    listed = manifest["members"]
    if set(listed) != set(MEMBERS) - set(UNSIGNED):
        raise Differs("manifest.json không kể đúng các tệp của hồ sơ")
    wrong = [name for name in listed if listed[name] != archive.hashes[name]]
    if wrong:
        raise Differs(f"mã băm khác với manifest.json: {', '.join(wrong)}")
    about = f"{shown(manifest['office'])}, kỳ {shown(manifest['span'])}, bản {shown(manifest['version'])}"
    return f"mã băm SHA-256 của {len(listed)} tệp đúng như manifest.json ({about})", manifest


def public_key(text: str, where: str) -> str:
    """Return the key that stands in the first line of a text."""
    lines = text.strip().splitlines()
    key = lines[0].strip().lower() if lines else ""
    if not _KEY.fullmatch(key):
        raise Differs(f"{where}: dòng đầu không phải là khóa công khai (64 chữ số thập lục phân)")
    return key


def check_signature(archive: Archive, wanted: str | None) -> str:
    """Check the signature with the wanted key, or with that in the archive."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    own = public_key(archive.read("public-key.txt").decode("utf-8"), "public-key.txt")
    if wanted is not None and own != wanted:
        raise Differs("hồ sơ được ký bằng khóa khác, không phải khóa của cơ quan đã nêu với --key")
    try:
        signature = archive.read("manifest.sig")
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(own)).verify(signature, archive.read("manifest.json"))
    except InvalidSignature:
        raise Differs("chữ ký số không đúng") from None
    digits = sha256(bytes.fromhex(own)).hexdigest()[:32]
    groups = " ".join(digits[place : place + 4] for place in range(0, 32, 4))
    return f"chữ ký số đúng (vân tay của khóa: {groups})"


# --- the votes ------------------------------------------------------------------------------------

TABLES = {
    "votes": "vote TEXT, survey INTEGER, answers TEXT, left_out TEXT",
    "breakdowns": "survey INTEGER, breakdown TEXT, key TEXT, hidden INTEGER, satisfied INTEGER, unsatisfied INTEGER",
    "totals": "what TEXT, key TEXT, votes INTEGER",
    "dictionary": '"table" TEXT, "column" TEXT, title TEXT, meaning TEXT, unit TEXT',
}
_VOTE = re.compile(r"[0-9a-f]{32}")
_ANSWERS = re.compile(r"(?:[a-z0-9-]{1,32}=[1-9][0-9]?(?:,(?!$)|$))*")
_MOST = 1 << 53
_as_leaf = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Root:
    """A Merkle tree (RFC 6962) that grows leaf by leaf."""

    def __init__(self) -> None:
        self.leaves = 0
        self._peaks: list[tuple[int, bytes]] = []  # height and hash

    def add(self, row: tuple[Any, ...]) -> None:
        """Add a row as a leaf."""
        height, top = 0, sha256(b"\0" + _as_leaf(row).encode()).digest()
        while self._peaks and self._peaks[-1][0] == height:
            height, top = height + 1, sha256(b"\1" + self._peaks.pop()[1] + top).digest()
        self._peaks.append((height, top))
        self.leaves += 1

    def hex(self) -> str:
        """Return the root."""
        if not self._peaks:
            return sha256().hexdigest()
        top = self._peaks[-1][1]
        for _, left in self._peaks[-2::-1]:
            top = sha256(b"\1" + left + top).digest()
        return top.hex()


class Votes:
    """What the file of votes says, gone through once."""

    def __init__(self, file: sqlite3.Connection, tell: Callable[[str, int, int], None], asked: str | None) -> None:
        _check_tables(file)
        self.alike: Counter[tuple[int, str, str]] = Counter()  # votes by survey, answers and why they are left out
        self.asked: str | None = None  # why the vote that somebody asks for is left out; "" where it counts
        tree = Root()
        [(total,)] = file.execute("SELECT count(*) FROM votes")
        before = ""
        for row in file.execute("SELECT vote, survey, answers, left_out FROM votes ORDER BY rowid"):
            vote, survey, answers, left_out = row
            if not isinstance(vote, str) or not _VOTE.fullmatch(vote) or vote <= before:
                raise Differs(f"votes.sqlite: mã lượt {shown(vote)} sai, hoặc không đúng thứ tự")
            if type(survey) is not int or not isinstance(answers, str) or not isinstance(left_out, str):
                raise Differs(f"votes.sqlite: lượt {vote} không đọc được")
            before = vote
            if vote == asked:
                self.asked = left_out
            self.alike[survey, answers, left_out] += 1
            tree.add(("votes", *row))
            if not tree.leaves % TOLD_EVERY:
                tell("đếm lượt đánh giá", tree.leaves, total)
        self.breakdowns = list(file.execute("SELECT * FROM breakdowns ORDER BY rowid"))
        self.totals = list(file.execute("SELECT * FROM totals ORDER BY rowid"))
        for row in (*self.breakdowns, *self.totals):
            if not all(0 <= cell < _MOST for cell in row if not isinstance(cell, str | None)):
                raise Differs("votes.sqlite: có số âm hoặc quá lớn")
        for name, rows in (("breakdowns", self.breakdowns), ("totals", self.totals)):
            for row in rows:
                tree.add((name, *row))
        self.root = tree.hex()


def _check_tables(file: sqlite3.Connection) -> None:
    def plain(sql: object) -> str:
        return re.sub(r"[\s\"`\[\]]+", " ", str(sql)).replace("( ", "(").replace(" )", ")").replace(" ,", ",").strip()

    wanted = [("table", name, plain(f"CREATE TABLE {name} ({columns})")) for name, columns in TABLES.items()]
    found = file.execute("SELECT type, name, sql FROM sqlite_master ORDER BY rowid").fetchmany(len(wanted) + 1)
    if [(kind, name, plain(sql)) for kind, name, sql in found] != wanted:
        raise Differs("votes.sqlite không có đúng các bảng")
    [(state,)] = file.execute("PRAGMA quick_check(1)").fetchall()
    if state != "ok":
        raise Differs("votes.sqlite bị hỏng")


def _bounded(size: int) -> Callable[[], bool]:
    left = (STEPS + STEPS_A_BYTE * size) // STEPS_AT_ONCE

    def is_enough() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    return is_enough


def read_votes(archive: Archive, tell: Callable[[str, int, int], None], asked: str | None) -> Votes:
    """Read the file of votes out of the archive."""
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        path = Path(folder) / "votes.sqlite"
        archive.copy("votes.sqlite", path)
        file = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, BLOCK)
            file.set_progress_handler(_bounded(path.stat().st_size), STEPS_AT_ONCE)
            file.execute("PRAGMA trusted_schema = OFF")
            file.execute("PRAGMA cell_size_check = ON")
            return Votes(file, tell, asked)
        finally:
            file.close()


# --- counting -------------------------------------------------------------------------------------

BREAKDOWNS = ("officer", "field", "procedure", "counter", "kiosk", "channel")
CHANNELS = ("kiosk", "paper", "box")
NOTHING = "–"
FEW = 30
Z = Decimal(NormalDist().inv_cdf(0.975))
MET, JUST_MET, NEARLY_MET, MISSED, TOO_FEW = "Đạt", "Vừa đạt", "Gần đạt", "Chưa đạt", "Ít mẫu"


class Rules:
    """What of the rules decides about numbers."""

    def __init__(self, told: Any) -> None:
        rules = told["rules"]
        self.decimals: int = rules["decimals"]
        self.truncates: bool = rules["rounding"] == "truncate"
        self.excluded: list[str] = rules["excluded"]
        self.by_officer: bool = rules["by_officer"]
        target = str(rules["target"])
        if told["format"] != FORMAT or rules["rounding"] not in ("half-up", "truncate"):
            raise Differs("rules.json: không biết quy tắc này")
        if type(self.decimals) is not int or not 0 <= self.decimals <= 6 or type(self.by_officer) is not bool:
            raise Differs("rules.json: quy tắc làm tròn không dùng được")
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,20})?", target):
            raise Differs("rules.json: mục tiêu không phải là phần trăm")
        if not all(isinstance(label, str) for label in self.excluded):
            raise Differs("rules.json: nhãn không phải là chữ")
        self.target = Fraction(target) / 100
        self.surveys: dict[int, list[tuple[str, int, list[int]]]] = {}  # criteria: key, number of levels, satisfied
        for survey in told["surveys"]:
            asked = [(str(one["criterion"]), len(one["levels"]), list(one["satisfied"])) for one in survey["criteria"]]
            if not asked or survey["revision"] in self.surveys:
                raise Differs("rules.json: phiếu hỏi không dùng được")
            self.surveys[int(survey["revision"])] = asked

    def percent(self, share: Fraction | None) -> str:
        """Return a share as it is printed."""
        if share is None:
            return NOTHING
        exact = share * 100 * 10**self.decimals
        whole = exact.numerator // exact.denominator
        if not self.truncates and exact - whole >= Fraction(1, 2):
            whole += 1
        digits = str(whole).zfill(self.decimals + 1)
        cut = len(digits) - self.decimals
        return (f"{digits[:cut]},{digits[cut:]}" if self.decimals else digits) + "%"


def number(count: int) -> str:
    """Return a count as it is printed."""
    digits = str(count)
    first = len(digits) % 3 or 3
    return ".".join([digits[:first], *(digits[place : place + 3] for place in range(first, len(digits), 3))])


def interval_of(satisfied: int, answered: int) -> tuple[Fraction, Fraction]:
    """Return the ends of Wilson's 95 % interval (JASA 22, 1927), with many more digits than are printed."""
    with localcontext() as context:
        context.prec = 60
        share, n = Decimal(satisfied) / answered, Decimal(answered)
        middle = share + Z * Z / (2 * n)
        spread = Z * (share * (1 - share) / n + Z * Z / (4 * n * n)).sqrt()
        whole = 1 + Z * Z / n
        low = Decimal(0) if satisfied == 0 else (middle - spread) / whole
        high = Decimal(1) if satisfied == answered else (middle + spread) / whole
    return Fraction(low), Fraction(high)


def judged(rules: Rules, satisfied: int, answered: int) -> dict[str, str]:
    """Return the fields of a share: percentage, interval, verdict."""
    if not answered:
        return {"percent": NOTHING, "low": NOTHING, "high": NOTHING, "interval": NOTHING, "verdict": TOO_FEW}
    share = Fraction(satisfied, answered)
    low, high = interval_of(satisfied, answered)
    if answered < FEW:
        verdict = TOO_FEW
    elif share >= rules.target:
        verdict = MET if low >= rules.target else JUST_MET
    else:
        verdict = NEARLY_MET if high >= rules.target else MISSED
    ends = rules.percent(low), rules.percent(high)
    return {
        **{"percent": rules.percent(share), "low": ends[0], "high": ends[1]},
        **{"interval": " – ".join(ends), "verdict": verdict},
    }


def chosen(answers: str) -> dict[str, int]:
    """Return the level that a vote gives to each criterion."""
    if not _ANSWERS.fullmatch(answers):
        raise Differs(f"votes.sqlite: trả lời {shown(answers)!r} không đọc được")
    pairs = [each.split("=") for each in answers.split(",")] if answers else []
    if [key for key, _ in pairs] != sorted({key for key, _ in pairs}):
        raise Differs(f"votes.sqlite: trả lời {shown(answers)!r} không theo thứ tự")
    return {key: int(level) for key, level in pairs}


def recompute(votes: Votes, rules: Rules) -> dict[str, str]:
    """Count the votes anew, one by one and question by question, and return every computed field as it is printed."""
    votes_in, raw_in = Counter[int](), Counter[int]()  # by survey
    levels, raw_levels = Counter[tuple[int, str, int]](), Counter[tuple[int, str, int]]()
    left_out_by = Counter[str]()
    left_out = unknown = 0
    for (survey, answers, reasons), count in votes.alike.items():
        given = chosen(answers)
        labels = reasons.split(",") if reasons else []
        if labels != sorted(set(labels)) or not set(labels) <= set(rules.excluded):
            raise Differs(f"votes.sqlite: nhãn {shown(reasons)!r} không loại lượt nào theo quy tắc")
        raw_in[survey] += count
        left_out += count if labels else 0
        for label in labels:
            left_out_by[label] += count
        if survey not in rules.surveys:
            unknown += count
            continue
        if not labels:
            votes_in[survey] += count
        for key, most, _ in rules.surveys[survey]:
            if key not in given:
                continue
            if given[key] > most:
                raise Differs(f"votes.sqlite: phiếu hỏi {survey} không có mức {given[key]} cho {key}")
            raw_levels[survey, key, given[key]] += count
            if not labels:
                levels[survey, key, given[key]] += count
    raw = sum(raw_in.values())
    fields = {
        "votes": number(sum(votes_in.values())),
        "raw": number(raw),
        "excluded": number(left_out),
        "unknown_survey": number(unknown),
    }
    for label in rules.excluded:
        fields[f"excluded_votes.{label}"] = number(left_out_by[label])
    fields |= of_totals(votes, raw, left_out)
    for survey, criteria in rules.surveys.items():
        if not raw_in[survey]:
            raise Differs(f"rules.json: không có lượt nào trả lời phiếu hỏi {survey}")
        name = f"s{survey}"
        fields[f"{name}.votes"] = number(votes_in[survey])
        fields[f"{name}.raw"] = number(raw_in[survey])
        fields[f"{name}.excluded"] = number(raw_in[survey] - votes_in[survey])
        for place, (key, most, good) in enumerate(criteria):
            answered = sum(levels[survey, key, level] for level in range(1, most + 1))
            satisfied = sum(levels[survey, key, level] for level in good)
            raw_answered = sum(raw_levels[survey, key, level] for level in range(1, most + 1))
            raw_satisfied = sum(raw_levels[survey, key, level] for level in good)
            one = {
                "answered": number(answered),
                "satisfied": number(satisfied),
                "blank": number(votes_in[survey] - answered),
                **judged(rules, satisfied, answered),
                "raw.answered": number(raw_answered),
                "raw.satisfied": number(raw_satisfied),
                "raw.percent": rules.percent(Fraction(raw_satisfied, raw_answered) if raw_answered else None),
            }
            for level in range(1, most + 1):
                count = levels[survey, key, level]
                one[f"level.{level}"] = number(count)
                one[f"level.{level}.percent"] = rules.percent(Fraction(count, answered) if answered else None)
            fields |= {f"{name}.{key}.{what}": text for what, text in one.items()}
            if place == 0:
                fields |= of_breakdowns(votes, rules, survey, satisfied, answered - satisfied)
    return fields


def of_totals(votes: Votes, raw: int, left_out: int) -> dict[str, str]:
    """Return the fields that are sums beside the votes, as far as the votes bear them out."""
    fields, counts = {}, dict[tuple[str, str | None], int]()
    for what, key, count in votes.totals:
        if (what, key) in counts or what not in ("channel", "reason", "labelled", "unreviewed"):
            raise Differs(f"votes.sqlite: tổng số {shown(what)} không đọc được")
        counts[what, key] = count
        fields[what if key is None else f"{what}.{key}"] = number(count)
    channels = {key: count for (what, key), count in counts.items() if what == "channel"}
    if set(channels) != set(CHANNELS) or sum(channels.values()) != raw:
        raise Differs("votes.sqlite: số lượt theo kênh không cộng thành tổng số lượt")
    labelled, unreviewed = counts.get(("labelled", None), -1), counts.get(("unreviewed", None), -1)
    if not left_out <= labelled <= raw or not 0 <= unreviewed <= labelled:
        raise Differs("votes.sqlite: số lượt có nhãn không hợp với các lượt")
    if any(count > raw for count in counts.values()):
        raise Differs("votes.sqlite: có nhiều lý do hơn số lượt")
    return fields


def of_breakdowns(votes: Votes, rules: Rules, survey: int, satisfied: int, unsatisfied: int) -> dict[str, str]:
    """Return the fields of the shown rows of each breakdown, which has to add up to the votes."""
    fields = {}
    made = [name for name in BREAKDOWNS if name != "officer" or rules.by_officer]
    rows = [row for row in votes.breakdowns if row[0] == survey]
    if any(row[0] not in rules.surveys or row[1] not in made for row in votes.breakdowns):
        raise Differs("votes.sqlite: có kết quả theo nhóm không được phép có")
    for breakdown in made:
        own = [row[2:] for row in rows if row[1] == breakdown]
        if [sum(row[2] for row in own), sum(row[3] for row in own)] != [satisfied, unsatisfied]:
            raise Differs(f"votes.sqlite: kết quả theo {breakdown} không cộng thành số lượt của phiếu hỏi {survey}")
        if len({(key, hidden > 0) for key, hidden, _, _ in own}) < len(own):
            raise Differs(f"votes.sqlite: kết quả theo {breakdown} có một dòng hai lần")
        before = f"s{survey}.by.{breakdown}"
        fields[f"{before}.hidden"] = number(sum(hidden for _, hidden, _, _ in own))
        for key, hidden, good, bad in own:
            if hidden:
                continue
            row = {"answered": number(good + bad), "satisfied": number(good), "unsatisfied": number(bad)}
            row |= judged(rules, good, good + bad)
            fields |= {f"{before}.{escaped(key)}.{what}": text for what, text in row.items()}
    return fields


def escaped(key: str | None) -> str:
    """Return a key as it stands in the name of a field."""
    return "".join(
        sign if re.fullmatch("[A-Za-z0-9_-]", sign) else "".join(f"%{byte:02X}" for byte in sign.encode())
        for sign in key or ""
    )


def check_computed(computed: dict[str, str], found: dict[str, str]) -> str:
    """Compare every computed field with what was counted."""
    wrong = [
        f"{shown(name)}: hồ sơ ghi {shown(computed.get(name, 'không có'))!r},"
        f" đếm lại được {found.get(name, 'không có')!r}"
        for name in sorted(computed.keys() | found.keys())
        if computed.get(name) != found.get(name)
    ]
    if wrong:
        raise Differs(f"{len(wrong)} con số khác với khi đếm lại: {_first(wrong)}")
    return f"đếm lại từ votes.sqlite được đúng cả {len(found)} con số của figures.json"


def check_csv(content: bytes, figures: dict[str, dict[str, str]]) -> str:
    """Compare the fields as CSV with those as JSON."""
    wanted = {(kind, name): _in_csv(text) for kind, texts in figures.items() for name, text in texts.items()}
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))[1:]
    found = {(kind, name): text for kind, name, text in rows}
    if len(found) < len(rows) or found != wanted:
        raise Differs("figures.csv nói khác figures.json")
    return "figures.csv nói đúng như figures.json"


def _in_csv(text: str) -> str:
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)
    return f"'{plain}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else plain


def check_root(manifest: dict[str, Any], stated: dict[str, str], root: str) -> str:
    """Compare the root of the votes with that in the manifest and in the document."""
    for told, where in ((manifest["root"], "manifest.json"), (stated.get("stated.root", root), "văn bản")):
        if _digits(told) != root:
            raise Differs(f"mã gốc trong {where} là {shown(told)!r}, tính lại được {root}")
    return f"mã gốc của các lượt đánh giá đúng: {root}"


def check_fingerprint(archive: Archive, manifest: dict[str, Any], figures: dict[str, dict[str, str]]) -> str:
    """Compare the fingerprint of what the document rests on with that in the manifest and in the document."""
    computed = json.dumps(figures["computed"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    hashes = {name: archive.hashes[name] for name in ("rules.json", "votes.sqlite")}
    hashes["computed"] = sha256(computed.encode()).hexdigest()
    found = sha256("".join(sorted(f"{one}  {name}\n" for name, one in hashes.items())).encode()).hexdigest()
    printed = figures["stated"].get("stated.fingerprint", found)
    for told, where in ((manifest["fingerprint"], "manifest.json"), (printed, "văn bản")):
        if _digits(told) != found:
            raise Differs(f"vân tay trong {where} là {shown(told)!r}, tính lại được {found}")
    return f"vân tay của số liệu đúng: {found}"


def _digits(text: object) -> str:
    return "".join(str(text).split()).lower()


def _first(wrong: list[str]) -> str:
    more = len(wrong) - EXAMPLES
    return "; ".join(wrong[:EXAMPLES]) + (f"; và {more} điều khác nữa" if more > 0 else "")


# --- the document ---------------------------------------------------------------------------------

NATION, MOTTO, RECIPIENTS = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Nơi nhận:"
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]+)\}|[{}]|[^{}]+")


class Texts:
    """The lines that a document has to have: one, or those of two columns, or any number of some."""

    def __init__(self, document: Any, values: dict[str, str]) -> None:
        self._values = values
        self.used: Counter[str] = Counter()
        self.parts: list[tuple[str, list[list[str]]]] = []
        self.pictures: list[str] = []  # what each says in words: printed, or told to who cannot see it
        head = document["head"]
        left = [*head.get("parent", ()), *head["issuer"], head["number"]]
        self._columns(left, [NATION, MOTTO, head["place_and_day"]])
        self._lines(head["kind"], head["about"], head.get("authority", ""))
        self._lines(*document["bases"], document["resolved"], *document.get("opening", ()))
        for article in document["articles"]:
            first, *others = article["paragraphs"] or [""]
            self._lines(f"{article['label']} {first}", *others)
        signature, recipients = document["signature"], document["recipients"]
        self._columns([RECIPIENTS, *recipients] if recipients else [], [*signature["lines"], signature["name"]])
        for annex in document.get("annexes", ()):
            self._lines(annex["label"], annex["title"], annex["attached"])
            for block in annex["blocks"]:
                self._block(block)

    def _block(self, block: Any) -> None:
        match block["part"]:
            case "Paragraph" | "Subtitle":
                self._lines(block["text"])
            case "Table":
                self._lines(*(column["title"] for column in block["columns"]))
                self._lines(*(cell for row in block["rows"] for cell in row["cells"]))
                self._lines(block.get("note", ""))
            case "Chart":
                values = [block["target"], block["target_label"]]
                for point in block["points"]:
                    values += [point["label"], point.get("count", "")]
                    values += [point.get(name, "") for name in ("percent", "low", "high")]
                filled = [line for value in values for line in self._filled(value)]
                self.parts.append(("perhaps", [[*filled, *(f"{line}%" for line in filled)]]))
                self._lines(block["caption"])
                self._picture(block["told"])
            case "Code":
                self._lines(block["caption"])
                self._picture(block["content"])
            case other:
                raise Differs(f"document.json: không biết phần {shown(other)!r}")

    def _lines(self, *texts: str) -> None:
        for text in texts:
            self.parts += [("one", [[line]]) for line in self._filled(text)]

    def _picture(self, text: str) -> None:
        told = self._filled(text)
        self.parts.append(("perhaps", [told]))
        self.pictures.append(" ".join(told))

    def _columns(self, *columns: list[str]) -> None:
        filled = [[line for text in column for line in self._filled(text)] for column in columns]
        self.parts.append(("columns", filled))

    def _filled(self, text: str) -> list[str]:
        whole = []
        for match in _PIECE.finditer(text):
            piece, name = match[0], match[1]
            if name is not None:
                if name not in self._values:
                    raise Differs(f"document.json: trường {shown(name)!r} không có giá trị")
                self.used[name] += 1
                whole.append(self._values[name])
            elif piece in ("{", "}"):
                raise Differs(f"document.json: dấu {piece} đứng một mình")
            else:
                whole.append(piece[0] if piece in ("{{", "}}") else piece)
        return lines_of("".join(whole))

    def every_line(self) -> set[str]:
        """Return every line there may be."""
        return {line for _, columns in self.parts for column in columns for line in column}


def lines_of(text: str) -> list[str]:
    """Cut a text into its lines, blanks made one, and leave empty ones out."""
    return [line for line in (" ".join(each.split()) for each in text.splitlines()) if line]


class WordText:
    """The lines of a part of a DOCX."""

    _BREAKS = ("br", "cr")
    _BLANKS = ("tab", "ptab")
    # What makes text come, go or change when it is opened, or stands in other files.
    _REFUSED = (
        *("ins", "del", "moveFrom", "moveTo", "vanish", "webHidden", "altChunk", "subDoc", "object", "sym"),
        *("footnoteReference", "endnoteReference", "commentReference"),
    )
    _PAGE = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b[^\"]*", re.ASCII)

    def __init__(self, content: bytes) -> None:
        self.lines: list[str] = []
        self.pictures: list[str] = []  # what is told of each to who cannot see it
        self._paragraphs: list[list[str]] = []
        self._fields: list[list[str]] = []  # of each open field: its instruction, and "=" once its result begins
        self._text = self._instruction = False
        self._skipped = 0
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(content, True)

    def _doctype(self, *_about: object) -> None:
        raise Differs("quyet-dinh.docx: có DOCTYPE")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        values = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if local == "Fallback":
            self._skipped += 1
        elif self._skipped:
            return
        elif local in self._REFUSED and values.get("val") not in ("0", "false", "off"):
            raise Differs(f"quyet-dinh.docx: có phần {local}, là chữ ẩn, chữ đang sửa hoặc chữ từ nơi khác")
        elif local == "p":
            self._paragraphs.append([])
        elif local == "t":
            self._text = True
        elif local == "instrText":
            self._instruction = True
        elif local == "fldSimple":
            self._fields.append([values.get("instr", ""), "="])
        elif local == "fldChar":
            self._field(values.get("fldCharType", ""))
        elif local in self._BREAKS:
            self._add("\n")
        elif local in self._BLANKS:
            self._add(" ")
        elif local == "noBreakHyphen":
            self._add("-")
        elif local == "docPr" and values.get("descr"):
            self.pictures.append(" ".join(values["descr"].split()))

    def _end(self, name: str) -> None:
        local = name.rpartition("}")[2]
        if local == "Fallback":
            self._skipped -= 1
        elif self._skipped:
            return
        elif local == "p":
            self.lines += lines_of("".join(self._paragraphs.pop()))
        elif local == "t":
            self._text = False
        elif local == "instrText":
            self._instruction = False
        elif local == "fldSimple":
            self._close_field()

    def _data(self, text: str) -> None:
        if self._skipped:
            return
        if self._instruction and self._fields:
            self._fields[-1][0] += text
        elif self._text and not self._fields:
            self._add(text)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append([""])
        elif kind == "separate" and self._fields:
            self._fields[-1].append("=")
        elif kind == "end" and self._fields:
            self._close_field()

    def _close_field(self) -> None:
        instruction = self._fields.pop()[0]
        if not self._PAGE.fullmatch(instruction):
            raise Differs(f"quyet-dinh.docx: có trường {shown(instruction.strip())!r} tự thay đổi chữ")

    def _add(self, text: str) -> None:
        if self._fields:
            return
        if self._paragraphs:
            self._paragraphs[-1].append(text)
        else:
            self.lines += lines_of(text)


_WITHOUT_TEXT = re.compile(
    r"\[Content_Types\]\.xml|docProps/.*|customXml/.*|.*\.rels|word/media/.*|word/fonts/.*|word/theme/.*"
    r"|word/(styles|stylesWithEffects|settings|webSettings|fontTable|numbering)\.xml"
)


def check_document(archive: Archive, figures: dict[str, dict[str, str]]) -> str:
    """Compare the DOCX with the document whose fields are filled."""
    texts = Texts(archive.json("document.json"), figures["computed"] | figures["stated"])
    body, every_line, left = None, texts.every_line(), MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(archive.read("quyet-dinh.docx"))) as word:
        names = word.namelist()
        if len(set(names)) < len(names) or len(names) > 1000:
            raise Differs("quyet-dinh.docx: có tệp trùng tên, hoặc quá nhiều tệp")
        for name in names:
            if _WITHOUT_TEXT.fullmatch(name):
                continue
            with word.open(name) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise Differs("quyet-dinh.docx: quá lớn")
            text = WordText(content)
            if name == "word/document.xml":
                body = text
            elif foreign := [line for line in (*text.lines, *text.pictures) if line not in every_line]:
                raise Differs(f"quyet-dinh.docx: {shown(name)} có chữ {shown(foreign[0])!r} ngoài văn bản")
    if body is None:
        raise Differs("quyet-dinh.docx: không có word/document.xml")
    _compare(texts, body.lines)
    _compare_pictures(texts, body)
    computed = sum(count for name, count in texts.used.items() if name in figures["computed"])
    return (
        f"chữ trong quyet-dinh.docx đúng như document.json: {len(body.lines)} dòng, {computed} chỗ lấy số đếm từ lượt"
        f" đánh giá, {texts.used.total() - computed} chỗ lấy giá trị cơ quan nêu (stated)"
    )


def _compare(texts: Texts, body: list[str]) -> None:
    place = 0
    for kind, columns in texts.parts:
        if kind == "perhaps":
            while place < len(body) and body[place] in columns[0]:
                place += 1
            continue
        wanted = [line for column in columns for line in column]
        found = body[place : place + len(wanted)]
        if kind == "columns":
            # The same lines, and those of each column in its own order.
            left = Counter(wanted) - Counter(found)
            more = Counter(found) - Counter(wanted)
            if left or more:
                raise Differs(_unlike(next(iter(left), ""), next(iter(more), "")))
            for column in columns:
                following = iter(found)
                if not all(line in following for line in column):
                    raise Differs(f"quyet-dinh.docx: các dòng quanh {shown(column[0])!r} đã đổi chỗ")
        elif found != wanted:
            raise Differs(_unlike(wanted[0], found[0] if found else ""))
        place += len(wanted)
    if place < len(body):
        raise Differs(_unlike("", body[place]))


def _compare_pictures(texts: Texts, body: WordText) -> None:
    # Around what a picture says there may be a word or two ("Mã QR: "), but no figure.
    told = list(body.pictures)
    for wanted in texts.pictures:
        around = [each for each in told if wanted in each and not re.search(r"\d", each.replace(wanted, "", 1))]
        if around:
            told.remove(around[0])
        elif wanted not in " ".join(body.lines):
            raise Differs(f"quyet-dinh.docx: không hình nào nói {shown(wanted)!r}")
    if told:
        raise Differs(f"quyet-dinh.docx: có hình nói {shown(told[0])!r}, mà document.json không có")


def _unlike(wanted: str, found: str) -> str:
    lacking = f"thiếu {shown(wanted)!r}" if wanted else ""
    added = f"có {shown(found)!r}" if found else ""
    if wanted and found:
        return f"quyet-dinh.docx khác document.json: phải là {shown(wanted)!r}, mà là {shown(found)!r}"
    return f"quyet-dinh.docx khác document.json: {lacking}{added}"


# --- everything -----------------------------------------------------------------------------------


class Report:
    """What holds and what differs, in the order in which it was looked at."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.holds = True

    def check(self, what: str, look: Callable[[], str]) -> None:
        """Look at one thing and say how it is."""
        try:
            self.lines.append(f"[ĐÚNG] {look()}")
        except Differs as error:
            self.differs(f"{error}")
        except UNREADABLE as error:
            self.differs(f"{what}: không đọc được ({type(error).__name__})")

    def differs(self, what: str) -> None:
        """Say that something does not hold."""
        self.holds = False
        self.lines.append(f"[KHÁC] {what}")

    def note(self, what: str) -> None:
        """Say something else that matters."""
        self.lines.append(f"[LƯU Ý] {what}")


def verify(
    path: Path, *, key: str | None = None, vote: str | None = None, tell: Callable[[str, int, int], None] | None = None
) -> Report:
    """Check an archive: with the office's key if it is given, and whether a vote is in it; OSError."""
    report, told = Report(), tell or (lambda _what, _done, _total: None)
    with path.open("rb") as file:
        try:
            archive = Archive(file, told)
        except Differs as error:
            report.differs(f"hồ sơ không đúng dạng: {error}")
            return report
        if archive.damaged:
            report.differs(f"nội dung đã bị thay đổi hoặc hỏng: {', '.join(archive.damaged)}")
        _check_all(report, archive, key, vote, told)
    return report


def _check_all(
    report: Report, archive: Archive, key: str | None, vote: str | None, tell: Callable[[str, int, int], None]
) -> None:
    kept: dict[str, Any] = {}

    def manifest() -> str:
        said, kept["manifest"] = check_manifest(archive)
        return said

    def figures() -> str:
        told = archive.json("figures.json")
        if told.pop("format") != FORMAT or set(told) != {"computed", "stated"}:
            raise Differs("figures.json không ở dạng này")
        found = {kind: text_map(texts, f"figures.json, {kind}") for kind, texts in told.items()}
        if strange := [name for name in found["stated"] if not name.startswith("stated.")]:
            raise Differs(f"figures.json: {shown(strange[0])!r} không phải là tên của giá trị được nêu")
        kept["figures"] = found
        return check_csv(archive.read("figures.csv"), found)

    def rules() -> str:
        kept["rules"] = Rules(archive.json("rules.json"))
        return "rules.json đọc được"

    def votes() -> str:
        kept["votes"] = read_votes(archive, tell, vote)
        return f"votes.sqlite có {number(kept['votes'].alike.total())} lượt đánh giá, mỗi lượt một lần"

    report.check("manifest.json", manifest)
    report.check("manifest.sig", lambda: check_signature(archive, key))
    if key is None:
        report.note(
            "khóa nằm trong chính hồ sơ: hãy so vân tay với khóa cơ quan đã công bố, hoặc nêu khóa ấy với --key"
        )
    report.check("figures.json", figures)
    report.check("rules.json", rules)
    report.check("votes.sqlite", votes)
    if kept.keys() >= {"votes", "rules", "figures"}:
        report.check(
            "votes.sqlite",
            lambda: check_computed(kept["figures"]["computed"], recompute(kept["votes"], kept["rules"])),
        )
    if kept.keys() >= {"votes", "manifest", "figures"}:
        report.check("root", lambda: check_root(kept["manifest"], kept["figures"]["stated"], kept["votes"].root))
        report.check("fingerprint", lambda: check_fingerprint(archive, kept["manifest"], kept["figures"]))
    if "figures" in kept:
        report.check("quyet-dinh.docx", lambda: check_document(archive, kept["figures"]))
    report.note("tệp PDF và hình vẽ chỉ được so bằng mã băm và chữ ký: hãy nhìn chúng bên cạnh chữ trong tệp DOCX")
    if vote is not None and "votes" in kept:
        _say_of(report, vote, kept["votes"].asked)


def _say_of(report: Report, vote: str, left_out: str | None) -> None:
    if left_out is None:
        report.differs(f"lượt {shown(vote)} không có trong hồ sơ này")
    elif left_out:
        report.lines.append(
            f"[ĐÚNG] lượt {vote} có trong hồ sơ; không tính vào kết quả chính thức vì: {shown(left_out)}"
        )
    else:
        report.lines.append(f"[ĐÚNG] lượt {vote} có trong hồ sơ và được tính vào kết quả chính thức")


class Telling:
    """Says on standard error how far it has come, once it takes long."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note that so much is done."""
        if time.monotonic() - self._said >= QUIET_SECONDS:
            self._said = time.monotonic()
            sys.stderr.write(f"{what}: {number(done)} / {number(total)}\n")
            sys.stderr.flush()


def wanted_key(given: str) -> str:
    """Return the key that is given as a file or by its digits."""
    if _KEY.fullmatch(given.lower()):
        return given.lower()
    try:
        with Path(given).open(encoding="utf-8", errors="replace") as file:
            return public_key(file.read(10_000), given)
    except OSError as error:
        raise CannotCheck(f"{given}: không đọc được khóa: {error.strerror}") from None
    except Differs as error:
        raise CannotCheck(str(error)) from None


def run(archive: Path, key: str | None, vote: str | None) -> int:
    """Check an archive, print what holds and what differs, and return the exit code."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise CannotCheck("cần thư viện cryptography; hãy chạy: pip install cryptography") from None
    if vote is not None and not _VOTE.fullmatch(vote := vote.strip().lower()):
        raise CannotCheck("--vote: mã lượt có 32 chữ số thập lục phân")
    try:
        report = verify(archive, key=None if key is None else wanted_key(key), vote=vote, tell=Telling())
    except OSError as error:
        raise CannotCheck(f"{archive}: không đọc được: {error.strerror}") from None
    end = "KẾT LUẬN: mọi điều đều đúng." if report.holds else "KẾT LUẬN: hồ sơ này KHÔNG đúng; xem các dòng [KHÁC]."
    sys.stdout.buffer.write("\n".join([*report.lines, end, ""]).encode())
    sys.stdout.flush()
    return 0 if report.holds else 1


def main(arguments: list[str] | None = None) -> int:
    """Run it as a program."""
    parser = argparse.ArgumentParser(description="Kiểm tra một hồ sơ Quyết định.")
    parser.add_argument("archive", type=Path, metavar="HO-SO.zip", help="hồ sơ")
    parser.add_argument("--key", metavar="TEP|KHOA", help="khóa công khai của cơ quan: một tệp, hoặc 64 chữ số")
    parser.add_argument("--vote", metavar="MA-LUOT", help="lượt đánh giá này có được tính không")
    chosen_ = parser.parse_args(arguments)
    try:
        return run(chosen_.archive, chosen_.key, chosen_.vote)
    except CannotCheck as error:
        sys.stderr.buffer.write(f"verify: {error}\n".encode())
        return 2


if __name__ == "__main__":
    sys.exit(main())
