"""Every number of a document is a field with a value; articles count on; no office's text breaks anything."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.book import Book
from sync_server.core.decisions import annex_on_time
from sync_server.core.decisions.contents import compose
from sync_server.core.decisions.document import Chart, Code, Document, Table, filled
from sync_server.core.decisions.facts import Act, Amended, Earlier, Facts
from sync_server.core.decisions.fields import literal, names_in
from sync_server.core.decisions.form import AnnexKind, ArticleText, DecisionForm
from sync_server.core.decisions.plain_text import articles_as_text, as_text
from sync_server.core.decisions.preview import filled_document, preview
from sync_server.core.decisions.stated import stated_of
from sync_server.core.decisions.values import computed_of
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.letterhead import Capacity, Letterhead, Signer
from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from tests.sync_server.core.decisions import samples
from tests.sync_server.core.figures.test_period import LAST, figures, votes_by_chance

NAMES = names_of(Book("sia"), LAST)
ALL = DecisionForm(annexes=tuple(AnnexKind))
texts = st.text(min_size=1).filter(str.strip)


def some_facts(cells: list[VoteCell], before: list[VoteCell], excluded: tuple[str, ...] = ()) -> Facts:
    """Facts of random figures; the names hold no digits."""
    return Facts(
        site="sia",
        span=Span.parse("2026-Q4"),
        figures=figures(cells, before, Rules(excluded=excluded), served=12),
        names=replace(NAMES, of={each: lambda _key: "Tên" for each in NAMES.of}),
        letterhead=Letterhead("UBND xã Ví Dụ", "Bộ phận Một cửa"),
        drafted=date(2027, 1, 4),
        form=ALL,
        findings=(),
    )


facts_by_chance = st.builds(some_facts, votes_by_chance, votes_by_chance, st.sampled_from([(), ("hasty",)]))


def texts_of(part: Any) -> Iterator[str]:
    """Every text of a document."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, each in part.items():
            if key != "part":
                yield from texts_of(each)
    elif isinstance(part, (list, tuple)):
        for each in part:
            yield from texts_of(each)


def values_of(facts: Facts) -> dict[str, str]:
    computed, stated = computed_of(facts.figures), stated_of(facts)
    assert not computed.keys() & stated.keys()
    assert all(name.startswith("stated.") for name in stated)
    return computed | stated


SAMPLES = {
    "old": samples.old_office(),
    "new": samples.new_office(),
    "amended": samples.amended_office(computed_of(samples.new_office().figures)),
    "parent": replace(samples.parent_office(), form=ALL),
    "report": replace(samples.new_office(), act=Act.REPORT),
    "half-year": replace(samples.new_office(), span=Span.parse("2026-H2")),
    "month": replace(samples.new_office(), span=Span.parse("2026-11")),
    "nobody": samples.without_votes(),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_field_has_a_value_in_every_kind_of_document(name: str) -> None:
    facts = SAMPLES[name]
    filled(compose(facts), values_of(facts))


@given(facts_by_chance, st.sampled_from(Act))
def test_every_field_has_a_value_whatever_was_counted(facts: Facts, act: Act) -> None:
    amended = None
    if act is Act.AMENDMENT:
        amended = Amended("7", date(2027, 1, 4), "sai", {"votes": "1", "s9.overall.percent": "50,0%", "s1.votes": "3"})
    facts = replace(facts, act=act, amended=amended)
    document = filled(compose(facts), values_of(facts))
    assert [article.label for article in document.articles] == [
        f"Điều {number}." for number in range(1, len(document.articles) + 1)
    ]
    assert [annex.label for annex in document.annexes][-1].startswith("Phụ lục")
    assert isinstance(document.annexes[-1].blocks[-1], Code)


# What may stand there as a digit although it is no figure of the time.
CONSTANTS = re.compile(
    r"Điều [0-9]+\.?|^[0-9]+\. |95%|Mẫu 0[123]|\(01\)|các chỉ số 1, 2, 3, 4, 7|Chỉ số [0-9]|SHA-256|Điều 1\b",
    re.MULTILINE,
)


def without_ordinals(document: Document) -> Document:
    """The document without the first column of its tables, and without the titles of Mẫu 03 and standard points."""
    annexes = []
    for annex in document.annexes:
        blocks = []
        for block in annex.blocks:
            if isinstance(block, Table) and block.columns[0].title in ("TT", "Chỉ số"):
                rows = tuple(msgspec.structs.replace(row, cells=row.cells[1:]) for row in block.rows)
                block = msgspec.structs.replace(block, rows=rows)
            blocks.append(block)
        annexes.append(msgspec.structs.replace(annex, blocks=tuple(blocks)))
    return msgspec.structs.replace(document, annexes=tuple(annexes))


@given(facts_by_chance)
def test_no_digit_of_a_figure_stands_outside_a_field(facts: Facts) -> None:
    values = dict.fromkeys(values_of(facts), "abc")
    text = as_text(without_ordinals(filled(compose(facts), values)))
    # The form's own numbers of paragraphs, and those of the surveys and levels that have digits in their names.
    left = re.findall(r".*[0-9].*", CONSTANTS.sub("", text))
    assert left == []


def test_each_survey_is_told_apart_and_never_added_to_another() -> None:
    text = preview(samples.new_office())
    assert "2. (Phiếu khảo sát số 1) Số lượt" in text
    assert "3. (Phiếu khảo sát số 2) Số lượt" in text
    assert "4. (Phiếu khảo sát số 1) Tăng" in text
    assert "1. Tổng số lượt đánh giá được tính vào kết quả: 1.448 lượt." in text


def test_clauses_that_are_not_numbered_stay_as_they_are() -> None:
    form = DecisionForm(articles=(ArticleText(("Kết quả:", "{tỷ lệ hài lòng}.", "a) {kết luận};", "Hết.")),))
    text = preview(replace(samples.new_office(), form=form))
    assert text == (
        "Điều 1. Kết quả:\n(Phiếu khảo sát số 1) 91,0%.\n(Phiếu khảo sát số 2) 98,7%.\n"
        "a) (Phiếu khảo sát số 1) Đạt;\na) (Phiếu khảo sát số 2) Đạt;\nHết./.\n"
    )


def test_a_decision_without_votes_says_so() -> None:
    text = as_text(filled_document(samples.without_votes()))
    assert "không có lượt đánh giá nào được tính vào kết quả; không có cơ sở để xác định tỷ lệ hài lòng" in text
    assert "{" not in text
    own = DecisionForm(articles=(ArticleText(("Tỷ lệ: {tỷ lệ hài lòng}.",)),))
    assert preview(replace(samples.without_votes(), form=own)) == "Điều 1. Tỷ lệ: –./.\n"


def test_a_report_has_no_articles_and_no_legal_effect() -> None:
    document = filled_document(SAMPLES["report"])
    assert (document.head.kind, document.head.number) == ("BÁO CÁO", "Số: 05/BC-UBND")
    assert (document.articles, document.bases, document.resolved, document.head.authority) == ((), (), "", "")
    assert document.opening[-1].endswith("./.")
    assert document.recipients[0] == "- UBND thành phố (để báo cáo);"
    assert document.annexes[0].attached.startswith("(Kèm theo Báo cáo số 05/BC-UBND ngày 08 tháng 01 năm 2027 của")
    assert articles_as_text(document).endswith("./.\n")


def test_a_year_has_the_table_of_years_and_a_parent_the_ranking_of_its_children() -> None:
    text = as_text(filled_document(SAMPLES["parent"]))
    assert "Nội dung | Năm 2018 | Năm 2019\n" in text
    assert "Tỷ lệ hài lòng (Phiếu khảo sát số 2) | – | 80,0%\n" in text
    assert "2 | UBND xã B | 50 | 45 | 90,0% | 78,6% – 95,7% | Vừa đạt | 1\n" in text
    assert "3 | UBND xã D | 40 | 20 | 50,0% | 35,2% – 64,8% | Chưa đạt | 3\n" in text
    assert "4 | UBND xã C | 0 | 0 | – | – | Ít mẫu | –\n" in text


def test_children_with_points_are_ranked_on_the_form_of_indicators() -> None:
    facts = replace(samples.new_office(), children=samples.parent_office().children)
    text = as_text(filled_document(facts))
    assert "1 | UBND xã A | 1,6 | – | – | – | – | – | – | – | – | 1,6 | Yếu | 2 | 90,0%\n" in text
    assert "2 | UBND xã B | 2,0 | – | – | – | – | – | – | – | – | 2,0 | Yếu | 1 | 90,0%\n" in text


def test_officers_are_told_only_where_rules_and_form_both_want_it() -> None:
    facts = samples.new_office()

    def titles(facts: Facts) -> str:
        return as_text(filled_document(facts))

    assert "THEO CÔNG CHỨC" in titles(facts)
    assert "THEO CÔNG CHỨC" not in titles(replace(facts, form=DecisionForm()))
    rules = Rules(by_officer=False)
    silent = titles(replace(facts, figures=replace(facts.figures, rules=rules)))
    assert "THEO CÔNG CHỨC" not in silent
    assert "Mẫu 01" not in silent
    assert "Mẫu 02" in silent


def test_without_a_register_there_is_no_annex_of_dates_and_its_fields_are_dashes() -> None:
    form = DecisionForm(articles=(ArticleText(("{tỷ lệ đúng hạn}, {hồ sơ trễ hạn}, {hạn ban hành}.",)),))
    facts = replace(samples.new_office(), on_time=None, form=form)
    assert preview(facts) == "Điều 1. –, 0, ngày 15 tháng 01 năm 2027./.\n"
    assert "TIẾN ĐỘ" not in as_text(filled_document(facts))


def test_a_chart_shows_eight_times_at_most_and_nothing_where_nothing_was_answered() -> None:
    span = Span.parse("2026-Q4")
    trend: list[Earlier] = []
    for _ in range(12):
        span = span.previous()
        trend.insert(0, Earlier(span, ()))
    document = filled_document(replace(samples.new_office(), trend=tuple(trend)))
    charts = [block for annex in document.annexes for block in annex.blocks if isinstance(block, Chart)]
    assert [len(chart.points) for chart in charts] == [8, 8]
    assert (charts[0].points[0].percent, charts[0].points[0].count) == ("", "0")
    assert (charts[0].points[-1].label, charts[0].points[-1].percent) == ("IV/2026", "91,0")
    assert charts[0].target == "85"


def test_only_what_is_chosen_is_annexed_and_how_to_check_always() -> None:
    document = filled_document(replace(samples.new_office(), form=DecisionForm(annexes=())))
    assert [annex.label for annex in document.annexes] == ["Phụ lục"]
    assert document.annexes[0].title == "KIỂM TRA, ĐỐI CHIẾU SỐ LIỆU"


@given(texts, texts, texts, texts)
def test_no_text_of_an_office_breaks_a_document(office: str, reason: str, name: str, basis: str) -> None:
    facts = SAMPLES["new"]
    letterhead = facts.letterhead
    with suppress(ValueError):
        signer = Signer(name, "Chủ tịch", Capacity.ACTING)
        letterhead = Letterhead(office, reason, signer=signer)
    facts = replace(
        facts,
        letterhead=letterhead,
        findings=(reason,),
        reason=reason,
        legal_bases=(basis,),
        field_of={"1.1": name},
        names=replace(facts.names, of={each: lambda _key: name for each in facts.names.of}),
        form=DecisionForm(recipients=tuple(_usable(reason))),
    )
    document = compose(facts)
    for text in texts_of(msgspec.to_builtins(document)):
        names_in(text)
    done = filled(document, values_of(facts))
    assert f"- {reason}" in as_text(done) or not reason.isprintable()


def _usable(text: str) -> Iterator[str]:
    try:
        DecisionForm(recipients=(text,))
    except ValueError:
        return
    yield text


def test_braces_and_markup_are_printed_as_they_are() -> None:
    text = "{votes} <b>#set x</b> {{y}}"
    facts = samples.new_office()
    names = replace(facts.names, of={each: lambda _key: text for each in facts.names.of})
    form = DecisionForm(articles=(ArticleText((literal(text),)),), annexes=tuple(AnnexKind))
    written = as_text(filled_document(replace(facts, names=names, form=form, field_of={"1.1": text})))
    assert f"Điều 1. {text}./.\n" in written
    assert f"1 | {text} | {text} | 700" in written


def test_an_amendment_names_what_it_amends() -> None:
    with pytest.raises(ValueError, match="names what it amends"):
        replace(samples.old_office(), act=Act.AMENDMENT)


def test_what_replaces_another_decision_is_whole_and_says_so_before_its_last_article() -> None:
    facts = samples.new_office()
    replacing = replace(facts, amended=Amended("7", date(2027, 1, 8), "", computed_of(facts.figures)))
    before, after = filled_document(facts), filled_document(replacing)
    assert len(after.articles) == len(before.articles) + 1
    assert "thay thế Quyết định số 07/QĐ-UBND ngày 08 tháng 01 năm 2027" in after.articles[-2].paragraphs[0]
    assert after.articles[0] == before.articles[0]
    assert after.recipients[0] == f"- Như Điều {len(after.articles)};"


def test_whether_anybody_looked_for_missing_votes_is_said() -> None:
    facts = samples.new_office()
    assert "Chưa kiểm tra tính đầy đủ" in as_text(filled_document(replace(facts, findings=None)))
    assert "- Kiosk quay-2 không gửi tín hiệu" in as_text(filled_document(facts))


def test_a_register_without_rows_has_no_tables() -> None:
    facts = samples.new_office()
    assert facts.on_time is not None
    text = as_text(filled_document(replace(facts, on_time=replace(facts.on_time, tables={}))))
    assert "Tính đến hết 31/12/2026." in text
    assert "Trễ hạn |" not in text
    assert list(annex_on_time.blocks(replace(facts, on_time=None))) == []


def test_two_surveys_with_indicators_have_their_forms_apart() -> None:
    facts = samples.new_office()
    asked = facts.figures.surveys[1]
    only = replace(asked, revision=3, criteria=asked.criteria[1:], tables={})
    surveys = (asked, only)
    text = as_text(filled_document(replace(facts, figures=replace(facts.figures, surveys=surveys))))
    assert text.count("Mẫu 02. ") == 2
    assert text.count("Tỷ lệ % mức độ hài lòng") == 1
    assert text.count("Mẫu 01. ") == 1
