"""The page of a quarter."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from litestar.testing import TestClient
from sqlalchemy import insert, select

from sync_server.core.book import THE_RULES, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.rules import Rules
from sync_server.store.database import Database
from sync_server.store.people import create_link
from sync_server.store.records import write_records
from sync_server.store.schema import answers, vote_labels
from sync_server.web.app import create_app
from tests.fakes.small_office import NOW, SITE, THIS_HOUR, seed_kiosk, seed_office, seed_refused, seed_votes, show_all
from tests.sync_server.web.conftest import ADDRESS, NAME, Client, SettableClock

QUARTER = "/figures/2026-Q4"


def words(html: str) -> str:
    """Return the text of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace(" %", "%")


def test_the_start_leads_to_the_current_quarter(admin: Client) -> None:
    answer = admin.get("/")
    assert (answer.status_code, answer.headers["location"]) == (302, QUARTER)


def test_the_current_quarter_is_that_of_vietnam(office: Database, clock: SettableClock) -> None:
    clock.now = datetime(2026, 12, 31, 17, tzinfo=UTC)
    with TestClient(create_app(office, ADDRESS, clock), base_url=ADDRESS) as client:
        answer = client.post(f"/sign-in/{create_link(office, NAME, clock())}")
        assert answer.url.path == "/figures/2027-Q1"


def test_figures_are_on_the_page(admin: Client, office: Database) -> None:
    show_all(office)
    seed_votes(office, [5] * 30 + [4] * 10 + [3, 2, 1])
    seed_votes(office, [1, 1], officer=None, field=None, procedure=None)
    seed_refused(office, 99)
    text = words(admin.get(QUARTER).text)
    assert "Quý IV năm 2026 01/10 – 31/12/2026" in text
    assert "88,9%" in text
    assert "40 hài lòng trong 45 lượt đánh giá" in text
    assert "Khoảng tin cậy 95% (Wilson): 76,5% – 95,2%" in text
    assert "Rất hài lòng 66,7% 30" in text
    assert "Rất không hài lòng 6,7% 3" in text
    assert "Nguyễn Thị Hương Giang Tư pháp – Hộ tịch 43 lượt" in text
    assert "Trần Đức Thắng Đất đai 0 lượt chưa có lượt nào" in text
    assert "Đăng ký khai sinh" in text
    assert "Đăng ký kết hôn" not in text
    assert "Không rõ 2 lượt" in text
    assert "45 rõ thủ tục: 43" in text
    assert "Bị từ chối, không tính 1" in text
    assert "cập nhật 10:47:20" in text


def test_few_votes_are_called_few(admin: Client, office: Database) -> None:
    seed_votes(office, [5, 5, 4, 4, 5])
    text = words(admin.get(QUARTER).text)
    assert "Mới có 5 lượt nên khoảng này còn rộng" in text
    assert "Ít mẫu · mục tiêu 80%" in text


def test_a_row_of_too_few_votes_is_not_shown_and_cannot_be_worked_out(admin: Client, office: Database) -> None:
    seed_votes(office, [5] * 17)
    seed_votes(office, [1, 1], officer="bich")
    seed_votes(office, [4] * 6, officer="thang", field="dat-dai", procedure="1.012812")
    text = words(admin.get(QUARTER).text)
    assert "trong 25 lượt đánh giá" in text
    assert "Trần Đức Thắng Đất đai 6 lượt" in text
    for name in ("Nguyễn Thị Hương Giang", "Đặng Thị Ngọc Bích"):
        assert name not in text
    assert "Các công chức khác, ít lượt: 2 • không nêu riêng •" in text
    assert "17 lượt" not in text


def test_the_share_is_judged_and_compared_in_words(admin: Client, office: Database) -> None:
    seed_votes(office, [5] * 30 + [1] * 30, hour=NOW - timedelta(days=90))
    seed_votes(office, [5] * 58 + [1] * 2)
    html = admin.get(QUARTER).text
    text = words(html)
    assert "Đạt · mục tiêu 80%" in text
    assert "Tăng 46,7 điểm phần trăm so với kỳ trước; mức thay đổi có ý nghĩa thống kê (p &lt; 0,001)." in text
    assert "Cả khoảng nằm từ mục tiêu 80% trở lên: kết quả đủ tin cậy." in text
    assert 'class="badge met"' in html


def test_what_is_left_out_stands_beside_with_its_reason(admin: Client, office: Database) -> None:
    said = (Kind.RULES, Record(THE_RULES, ALWAYS, Rules(excluded=("hasty", "play"), least_shown=1)))
    with office.writing() as connection:
        write_records(connection, SITE, [said], "a test", NOW)
    seed_votes(office, [5] * 8)
    seed_votes(office, [1] * 2)
    with office.writing() as connection:
        two = connection.execute(select(answers.c.vote_id).where(answers.c.level == 1)).scalars().all()
        connection.execute(insert(vote_labels), [{"vote_id": vote_id, "label": "hasty"} for vote_id in two])
    text = words(admin.get(QUARTER).text)
    assert "Chính thức 8 8 100,0% Tất cả 10 8 80,0%" in text
    assert "Không đưa vào kết quả chính thức 2 Bấm quá nhanh 2 Nghịch màn hình 0 Có nhãn, chưa ai xem xét 2" in text


def test_votes_are_set_beside_the_cases_served_and_told_by_channel(admin: Client, office: Database) -> None:
    seed_votes(office, [5] * 6)
    text = words(admin.get(QUARTER).text)
    assert "Tỷ lệ tham gia đánh giá – chưa có dữ liệu hồ sơ" in text
    assert "Theo kênh đánh giá" in text
    assert "Kiosk 6 lượt" in text


def test_votes_that_know_no_procedure_are_not_counted_where_their_row_is_hidden(
    admin: Client, office: Database
) -> None:
    seed_votes(office, [5] * 17)
    seed_votes(office, [5] * 2, procedure=None)
    assert "rõ thủ tục" not in words(admin.get(QUARTER).text)


def test_what_is_said_of_the_levels_is_the_survey_s(admin: Client, office: Database) -> None:
    assert "Hài lòng là từ mức “Hài lòng” trở lên." in words(admin.get(QUARTER).text)


def test_an_empty_quarter_says_so(admin: Client) -> None:
    text = words(admin.get(QUARTER).text)
    assert "Chưa có lượt đánh giá nào trong quý này." in text
    assert "0,0%" not in text


def test_the_neighbouring_quarters_are_one_step_away_and_the_future_is_not(admin: Client) -> None:
    now = admin.get(QUARTER).text
    assert f'rel="prev" href="/figures/2026-Q3?site={SITE}"' in now
    assert 'rel="next"' not in now
    before = admin.get("/figures/2026-Q3").text
    assert f'rel="next" href="/figures/2026-Q4?site={SITE}"' in before
    assert admin.get("/figures/2000-Q1").status_code == 200


@pytest.mark.parametrize("quarter", ["2026-Q5", "2026", "abc", "1999-Q4", "2026-q4", "%F0%9F%98%80", "2026-Q4%0A"])
def test_a_quarter_that_is_none_is_answered_in_words(admin: Client, quarter: str) -> None:
    for path in (f"/figures/{quarter}", f"/figures/{quarter}/fragment"):
        answer = admin.get(path)
        assert answer.status_code == 404
        assert "Quý được viết như 2026-Q4" in answer.text


def test_every_site_has_its_page_and_the_others_are_offered(admin: Client, office: Database) -> None:
    seed_office(office, "phu", office="Một cửa Phú")
    page = admin.get(f"{QUARTER}?site=phu").text
    assert "Một cửa Phú" in page
    assert '<a href="/figures/2026-Q4?site=sia">Trung tâm' in page
    assert '<a href="/figures/2026-Q4?site=phu" aria-current="page">' in page
    unknown = admin.get(f"{QUARTER}?site=nowhere")
    assert unknown.status_code == 404
    assert '<a href="/figures/2026-Q4?site=phu">Một cửa Phú</a>' in unknown.text


def test_one_site_alone_offers_no_choice(admin: Client) -> None:
    assert 'class="sites"' not in admin.get(QUARTER).text


def test_without_an_office_the_page_says_what_to_do(database: Database, clock: SettableClock) -> None:
    with TestClient(create_app(database, ADDRESS, clock), base_url=ADDRESS) as client:
        answer = client.post(f"/sign-in/{create_link(database, NAME, clock())}")
        assert answer.status_code == 404
        assert "python -m sync_server office import" in answer.text


def test_kiosks_are_shown_with_what_to_know_of_them(admin: Client, office: Database) -> None:
    seed_kiosk(office, "quay-2", stream="6" * 32, heard=NOW - timedelta(minutes=18), waiting=1400)
    seed_kiosk(office, "quay-3", stream="7" * 32, scanner="cannot open <port>")
    seed_kiosk(office, "quay-4", stream="8" * 32, heard=None)
    html = admin.get(QUARTER).text
    text = words(html)
    assert "kiosk-1 Trực tuyến 0 giây trước" in text
    assert "quay-2 Mất liên lạc 18 phút trước 1.400 lượt chờ gửi" in text
    assert "quay-3 Cần kiểm tra" in text
    assert "Máy quét: cannot open &lt;port&gt;" in html
    assert "quay-4 Chưa từng kết nối" in text
    assert "Chờ gửi tại kiosk 1.400 lượt" in text
    assert "Kiosk hoạt động 1/4 3 cần kiểm tra" in text


def test_an_office_without_kiosks_says_so(database: Database, clock: SettableClock) -> None:
    seed_office(database)
    with TestClient(create_app(database, ADDRESS, clock), base_url=ADDRESS) as client:
        page = client.post(f"/sign-in/{create_link(database, NAME, clock())}")
        assert "Chưa đăng ký kiosk nào" in page.text


def test_the_fragment_is_the_changing_part_with_the_time_it_was_made(admin: Client, office: Database) -> None:
    seed_votes(office, [5, 5])
    part = admin.get(f"{QUARTER}/fragment?site={SITE}").text
    assert "<html" not in part
    assert "2 lượt đánh giá" in words(part)
    assert 'id="renewed" hx-swap-oob="true"' in part
    assert "hx-swap-oob" not in admin.get(QUARTER).text


def test_names_are_text_never_markup(admin: Client, office: Database) -> None:
    seed_office(office, "phu", office="<script>alert(1)</script>")
    page = admin.get(f"{QUARTER}?site=phu").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_there_is_no_inline_style_or_script(admin: Client, office: Database) -> None:
    seed_votes(office, [5, 1, 3])
    html = admin.get(QUARTER).text
    assert " style=" not in html
    assert "<style" not in html
    assert re.findall(r"<script(?! src=)", html) == []
    assert re.findall(r"\son[a-z]+=", html) == []
    assert re.findall(r'(?:src|href)="(?!/|#)', html) == []


def test_the_weeks_are_drawn_and_told_with_those_of_few_votes_left_out(admin: Client, office: Database) -> None:
    assert "Chưa tuần nào có đủ lượt để vẽ." in words(admin.get(QUARTER).text)
    for weeks, levels in ((3, [5] * 8), (2, [1] * 2), (1, [4] * 4 + [1] * 6), (0, [5] * 9)):
        seed_votes(office, levels, hour=THIS_HOUR - timedelta(weeks=weeks))
    html = admin.get(QUARTER).text
    text = words(html)
    # With the week of two votes another one is left out, from which it could be worked out.
    assert "2 tuần đủ lượt. Gần nhất (tuần từ 16/11): 100,0%." in text
    assert "thấp nhất 40,0% (tuần từ 09/11); 1 tuần dưới mục tiêu." in text
    assert "2 tuần không vẽ vì quá ít lượt" in text
    assert "Tuần từ Lượt Tỷ lệ Khoảng tin cậy 95% 09/11 10 40,0%" in text
    assert html.count("<polyline") == 1
