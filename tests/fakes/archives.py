"""Quarters drawn by chance, small documents about them, and the archives made of both."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
from hypothesis import strategies as st

from protocol.visits import VisitOutcome
from sync_server.archives.ground import Ground, lay_ground
from sync_server.archives.keys import SigningKey
from sync_server.archives.writing import About, Papers, write_archive
from sync_server.core.channels import Channel
from sync_server.core.decisions.ballots import Ballot
from sync_server.core.decisions.document import (
    Annex,
    Article,
    Column,
    Document,
    Head,
    Paragraph,
    Row,
    Signature,
    Subtitle,
    Table,
    filled,
)
from sync_server.core.decisions.fields import literal
from sync_server.core.figures.period import PeriodFigures, figures_of
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.rounding import Mode
from sync_server.core.rules import USUAL_RULES, Rules
from sync_server.core.surveys import FIRST_SURVEY, Criterion, Survey, Surveys

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
BOTH = {"vi": "Có", "en": "Yes"}
TWO_QUESTIONS = Survey(
    (Criterion("time", BOTH, (BOTH, BOTH, BOTH), (2, 3)), Criterion("papers", BOTH, (BOTH, BOTH), (2,))),
)
SURVEYS: Surveys = {1: FIRST_SURVEY, 2: TWO_QUESTIONS}
UNKNOWN = 9
KEY = SigningKey(bytes(range(32)))
OTHER_KEY = SigningKey(bytes(32))
ABOUT = About("sia", "UBND thị trấn Sịa", "2026-Q4", 1, date(2027, 1, 5))
PDF = b"%PDF-1.7 a picture of the same"


@dataclass(frozen=True)
class Cast:
    """A ballot, and whom it concerned, which no archive may tell."""

    ballot: Ballot
    officer: str | None = "an"
    field: str | None = "ho-tich"
    procedure: str | None = "1.001193"
    counter: int | None = 1
    kiosk: str | None = "kiosk-1"

    def cells(self) -> list[VoteCell]:
        """Return the cells that figures are made of."""
        its = self.ballot
        answered = [(None, None, its.votes), *its.answers]
        about = (self.officer, self.field, self.procedure, self.counter, self.kiosk, its.labels)
        return [
            VoteCell(FIRST, FIRST, VisitOutcome.ANSWERED, its.survey, criterion, level, *about, votes, its.channel)
            for criterion, level, votes in answered
            if votes
        ]


@dataclass(frozen=True)
class Quarter:
    """The votes of a time under some rules."""

    casts: tuple[Cast, ...]
    rules: Rules = USUAL_RULES
    reviewed: int = 0
    reasons: int = 0  # how many votes name one

    @property
    def ballots(self) -> list[Ballot]:
        return [cast.ballot for cast in self.casts]

    @property
    def figures(self) -> PeriodFigures:
        cells = [cell for cast in self.casts for cell in cast.cells()]
        labelled = sum(cast.ballot.votes for cast in self.casts if cast.ballot.labels)
        raw = sum(cast.ballot.votes for cast in self.casts)
        return figures_of(
            *(cells, [], SURVEYS, self.rules, FIRST, LAST),
            served=12,
            reasons={"waiting": min(self.reasons, raw)} if raw and self.reasons else {},
            reviewed=min(self.reviewed, labelled),
        )


def vote(number: int, level: int = 5, *labels: str, **about: object) -> Cast:
    """Return a vote of the first survey at a kiosk."""
    ballot = Ballot(f"{number:032x}", Channel.KIOSK, 1, (("overall", level, 1),), tuple(sorted(labels)))
    return Cast(ballot, **about)  # type: ignore[arg-type]


@st.composite
def _casts(draw: st.DrawFn) -> Cast:
    survey = draw(st.sampled_from([1, 1, 2, UNKNOWN]))
    on_paper = draw(st.booleans())
    votes = draw(st.integers(1, 40)) if on_paper else 1
    answers = []
    asked = [("overall", 5)] if survey != 2 else [("papers", 2), ("time", 3)]
    for criterion, levels in asked:
        left = votes
        for level in range(1, levels + 1):
            chosen = draw(st.integers(0, left))
            left -= chosen
            if chosen:
                answers.append((criterion, level, chosen))
    labels = () if on_paper else draw(st.sets(st.sampled_from(["hasty", "duplicate", "play"])))
    channel = draw(st.sampled_from([Channel.PAPER, Channel.BOX])) if on_paper else Channel.KIOSK
    name = draw(st.binary(min_size=16, max_size=16)).hex()
    return Cast(
        Ballot(name, channel, survey, tuple(answers), tuple(sorted(labels)), votes),
        officer=draw(st.sampled_from(["an", "binh", "chi", None])),
        field=draw(st.sampled_from(["ho-tich", "dat-dai", None])),
        procedure=draw(st.sampled_from(["1.001193", "2.000889.000.00.00.H57", None])),
        counter=draw(st.sampled_from([1, 2, None])),
        kiosk=None if on_paper else draw(st.sampled_from(["kiosk-1", "kiosk-2"])),
    )


rules_by_chance = st.builds(
    Rules,
    rounding=st.sampled_from(Mode),
    decimals=st.integers(0, 6),
    target=st.sampled_from([Decimal(80), Decimal("66.7"), Decimal(0), Decimal(100)]),
    excluded=st.sets(st.sampled_from(["hasty", "duplicate"])).map(lambda some: tuple(sorted(some))),
    least_shown=st.sampled_from([1, 3, 5]),
    by_officer=st.booleans(),
)
quarters = st.builds(
    Quarter,
    st.lists(_casts(), max_size=25, unique_by=lambda cast: cast.ballot.ballot).map(tuple),
    rules_by_chance,
    reviewed=st.integers(0, 5),
    reasons=st.integers(0, 5),
)


def document_of(computed: Mapping[str, str], stated: Mapping[str, str]) -> Document:
    """Return a document in which every field is printed."""
    return Document(
        head=Head(
            parent=("UBND HUYỆN QUẢNG ĐIỀN",),
            issuer=("ỦY BAN NHÂN DÂN", "THỊ TRẤN SỊA"),
            number="Số: {stated.number}/QĐ-UBND",
            place_and_day="Sịa, ngày 05 tháng 01 năm 2027",
            kind="QUYẾT ĐỊNH",
            about="Về việc công bố kết quả đánh giá {{mức độ}} hài lòng",
            authority="ỦY BAN NHÂN DÂN THỊ TRẤN SỊA",
        ),
        bases=("Căn cứ Luật Tổ chức chính quyền địa phương;",),
        resolved="QUYẾT ĐỊNH:",
        articles=(Article("Điều 1.", ("Có {votes} lượt đánh giá.", "Kèm theo phụ lục.")), Article("Điều 2.", ("Ký.",))),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn An"),
        recipients=("- Như Điều 2;", "- Lưu: VT."),
        annexes=(
            Annex(
                "Phụ lục I",
                "KẾT QUẢ",
                "(Kèm theo Quyết định)",
                (
                    Subtitle("Tổng hợp"),
                    Table(
                        (Column("Nội dung", 2), Column("Số lượt", 1)),
                        (Row(("Chính thức", "{votes}")), Row(("Tất cả", "{raw}"), bold=True)),
                        note="Không tính những lượt có nhãn.",
                    ),
                    *(Paragraph(f"{literal(name)}: {{{name}}}") for name in sorted({**computed, **stated})),
                ),
            ),
        ),
    )


def docx_of(document: Document) -> bytes:
    """Return a filled document as DOCX, with what stands side by side in tables."""
    word = docx.Document()
    head = document.head
    table = word.add_table(1, 2)
    table.cell(0, 0).text = "\n".join([*head.parent, *head.issuer, head.number])
    table.cell(0, 1).text = f"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n{head.place_and_day}"
    for text in (head.kind, head.about, head.authority, "", *document.bases, document.resolved, *document.opening):
        word.add_paragraph(text)
    for article in document.articles:
        word.add_paragraph().add_run(article.label).bold = True
        word.paragraphs[-1].add_run(f" {article.paragraphs[0]}")
        for text in article.paragraphs[1:]:
            word.add_paragraph(text)
    table = word.add_table(1, 2)
    table.cell(0, 0).text = "\n".join(["Nơi nhận:", *document.recipients])
    table.cell(0, 1).text = "\n".join([*document.signature.lines, document.signature.name])
    for annex in document.annexes:
        for text in (annex.label, annex.title, annex.attached):
            word.add_paragraph(text)
        for block in annex.blocks:
            if isinstance(block, Table):
                table = word.add_table(0, len(block.columns))
                for cells in ([column.title for column in block.columns], *(row.cells for row in block.rows)):
                    for cell, text in zip(table.add_row().cells, cells, strict=True):
                        cell.text = text
                word.add_paragraph(block.note)
            elif isinstance(block, (Subtitle, Paragraph)):
                word.add_paragraph(block.text)
    written = io.BytesIO()
    word.save(written)
    return written.getvalue()


def stated_of(ground: Ground) -> dict[str, str]:
    return {
        "stated.number": "12",
        "stated.served": "1.445",
        "stated.root": ground.root,
        "stated.fingerprint": ground.fingerprint,
        "stated.change": "=Tăng 2,1 điểm\nphần trăm",
    }


def make_archive(
    folder: Path,
    quarter: Quarter,
    *,
    key: SigningKey = KEY,
    change: Callable[[Document], Document] = lambda document: document,
) -> tuple[Path, Ground]:
    """Write the archive of a quarter; *change* makes of the filled document what is rendered."""
    ground = lay_ground(folder, quarter.ballots, quarter.figures)
    stated = stated_of(ground)
    document = document_of(ground.computed, stated)
    rendered = docx_of(change(filled(document, {**ground.computed, **stated})))
    path = folder / "ho-so.zip"
    write_archive(path, ground, Papers(document, stated, rendered, PDF), ABOUT, key, replace=True)
    return path, ground


def members_of(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
