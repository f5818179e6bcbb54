"""Comments and low scores are worked on in the inbox, and read masked only."""

import re

import pytest
from sqlalchemy import insert, select

from sync_server.store.database import Database
from sync_server.store.matters import list_matters
from sync_server.store.schema import comments, votes
from tests.fakes.small_office import SITE, seed_office, seed_votes
from tests.sync_server.web.conftest import NAME, Client
from tests.sync_server.web.test_labels_page import token
from tests.sync_server.web.test_quarter_page import words


@pytest.fixture
def commented(office: Database) -> Database:
    """A low score without words, and a good one with a comment that names a telephone."""
    seed_votes(office, [1])
    seed_votes(office, [5], officer="thang", field="dat-dai", procedure="1.012812")
    with office.writing() as connection:
        vote_id = connection.execute(select(votes.c.vote_id).where(votes.c.number == 2)).scalar_one()
        text = "Anh Đặng hướng dẫn tốt, gọi tôi 0912 345 678"
        connection.execute(insert(comments).values(vote_id=vote_id, text=text))
    return office


def step(admin: Client, number: int, **form: str) -> int:
    held = {"form_token": token(admin.get(f"/inbox/{number}").text), "site": SITE}
    return admin.post(f"/inbox/{number}/step", data=held | form).status_code


def states(database: Database) -> dict[int, tuple[str, str]]:
    with database.reading() as connection:
        return {view.matter.number: (view.matter.state, view.matter.owner) for view in list_matters(connection, SITE)}


def test_what_came_in_is_listed_masked_with_its_scores_and_its_day(admin: Client, commented: Database) -> None:
    html = admin.get("/inbox").text
    text = words(html)
    assert "2 việc" in text
    # Which of the two came first in the database has no order.
    assert re.search(r"Lượt đánh giá thấp, không kèm góp ý Số [12] · Rất không hài lòng · Đăng ký khai sinh", text)
    assert "gọi tôi •••• ••• •••" in text
    assert "0912" not in html
    assert "Mới (2)" in text
    assert "hạn 14/12/2026" in text


def test_a_search_finds_without_marks_and_filters_narrow(admin: Client, commented: Database) -> None:
    assert "Anh Đặng" in words(admin.get("/inbox?search=dang").text)
    assert "Không có việc nào như vậy." in words(admin.get("/inbox?search=ghế").text)
    assert "Không có việc nào như vậy." in words(admin.get("/inbox?standing=closed").text)
    assert "Không có việc nào như vậy." in words(admin.get("/inbox?overdue=1").text)
    assert "2 việc" in words(admin.get("/inbox?standing=&search=").text)


def test_a_matter_is_assigned_answered_closed_and_taken_up_again(admin: Client, commented: Database) -> None:
    admin.get("/inbox")
    assert step(admin, 2, state="assigned", owner="Trần Đức Thắng") == 303
    assert step(admin, 2, state="answered", cause="Ít ghế", action="Đã kê thêm ghế") == 303
    assert "Giao việc" in words(admin.get("/inbox/2").text)
    assert step(admin, 2, state="closed") == 303
    assert states(commented)[2] == ("closed", "Trần Đức Thắng")
    text = words(admin.get("/inbox/2").text)
    assert "Mở lại và giao" in text
    assert "Ghi trả lời" not in text
    assert f"Đã trả lời bởi {NAME} Ít ghế · Đã kê thêm ghế" in text
    assert "Nguyên nhân Ít ghế" in text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"state": "assigned"}, "Chưa ghi ai phụ trách"),
        ({"state": "answered", "cause": "Đã gõ"}, "Chưa ghi đã làm gì"),
        ({"state": "answered", "action": "x" * 2001}, "Dài quá 2000 ký tự"),
        ({"state": "new"}, "đang ở trạng thái “Mới”"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_typed_is_lost(
    admin: Client, commented: Database, form: dict[str, str], told: str
) -> None:
    admin.get("/inbox")
    held = {"form_token": token(admin.get("/inbox/1").text), "site": SITE}
    answer = admin.post("/inbox/1/step", data=held | form)
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert form.get("cause", "") in answer.text
    assert states(commented)[1] == ("new", "")


def test_a_matter_that_is_none_or_another_site_s_is_answered_in_words(admin: Client, commented: Database) -> None:
    seed_office(commented, "phu", office="Một cửa Phú")
    admin.get(f"/inbox?site={SITE}")
    for path in ("/inbox/99", "/inbox/1?site=phu"):
        assert admin.get(path).status_code == 404
        assert "Không có việc này" in admin.get(path).text
    held = {"form_token": token(admin.get(f"/inbox?site={SITE}").text), "site": "phu"}
    assert admin.post("/inbox/1/step", data=held | {"state": "closed"}).status_code == 404
    assert states(commented)[1] == ("new", "")


def test_only_a_form_of_this_session_does_anything(admin: Client, stranger: Client, commented: Database) -> None:
    admin.get("/inbox")
    assert step(admin, 1, state="closed", form_token="0" * 64) == 403
    held = {"form_token": token(admin.get("/inbox/1").text), "site": SITE, "state": "closed"}
    admin.cookies.clear()
    for answer in (stranger.get("/inbox"), stranger.get("/inbox/1"), stranger.post("/inbox/1/step", data=held)):
        assert answer.status_code == 401
    assert states(commented)[1] == ("new", "")


def test_a_comment_is_text_never_markup(admin: Client, office: Database) -> None:
    seed_votes(office, [5])
    with office.writing() as connection:
        vote_id = connection.execute(select(votes.c.vote_id)).scalar_one()
        connection.execute(insert(comments).values(vote_id=vote_id, text="<script>alert(1)</script>"))
    for path in ("/inbox", "/inbox/1"):
        assert "<script>alert" not in admin.get(path).text
