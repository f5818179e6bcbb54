"""Labels are reviewed on their page, with a reason that stands on record."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from sync_server.store.database import Database
from sync_server.store.reviews import labels_there
from sync_server.store.schema import audit_log, vote_labels, votes
from tests.fakes.small_office import NOW, SITE, seed_office, seed_votes, show_all
from tests.sync_server.web.conftest import NAME, Client
from tests.sync_server.web.test_quarter_page import words

DAY = NOW.date()


@pytest.fixture
def labelled(office: Database) -> Database:
    """Five votes of today, two of them hasty and one in play."""
    show_all(office)
    seed_votes(office, [5, 4, 3, 2, 1])
    with office.writing() as connection:
        ids = connection.execute(select(votes.c.vote_id).order_by(votes.c.number)).scalars().all()
        rows = [(ids[0], "hasty"), (ids[1], "hasty"), (ids[2], "play")]
        connection.execute(insert(vote_labels), [{"vote_id": vote_id, "label": label} for vote_id, label in rows])
    return office


def token(html: str) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def decision(admin: Client, **more: str) -> dict[str, str]:
    form = {"form_token": token(admin.get("/labels").text), "site": SITE, "label": "hasty", "day": f"{DAY}"}
    return form | {"kiosk": "kiosk-1", "decision": "lifted", "because": "Công chức hướng dẫn tại chỗ"} | more


def standing(database: Database) -> list[tuple[str, str | None, int]]:
    with database.reading() as connection:
        there = labels_there(connection, SITE, DAY, DAY)
        return [(each.label, each.decision, each.votes) for each in there]


def test_labels_are_listed_by_day_and_kiosk_and_never_what_was_chosen(admin: Client, labelled: Database) -> None:
    text = words(admin.get("/labels").text)
    assert "Nhãn Quý IV năm 2026, 01/10 – 31/12/2026" in text
    assert "Bấm quá nhanh 20/11/2026 · kiosk-1 · do kiosk ghi 2 lượt Chưa ai xem xét" in text
    assert "Nghịch màn hình 20/11/2026 · kiosk-1 · do kiosk ghi 1 lượt" in text
    assert "Hài lòng" not in text


def test_a_filter_and_another_time_show_less(admin: Client, labelled: Database) -> None:
    only = words(admin.get("/labels?only=play&unreviewed=1").text)
    assert "1 lượt" in only
    assert "2 lượt" not in only
    assert "Không có lượt nào như vậy" in words(admin.get("/labels?time=2026-10").text)
    assert 'rel="next"' in admin.get("/labels?time=2026-10").text
    assert 'rel="next"' not in admin.get("/labels?time=2026-Q4").text


@pytest.mark.parametrize("query", ["time=2026-13", "only=nothing", "site=nowhere"])
def test_what_there_is_not_is_answered_in_words(admin: Client, labelled: Database, query: str) -> None:
    answer = admin.get(f"/labels?{query}")
    assert answer.status_code == 404
    assert "Không có" in answer.text


@pytest.mark.parametrize(("decided", "told"), [("lifted", "Đã gỡ"), ("confirmed", "Đã xác nhận")])
def test_a_decision_counts_and_stands_on_record_with_its_reason(
    admin: Client, labelled: Database, decided: str, told: str
) -> None:
    answer = admin.post("/labels/decide", data=decision(admin, decision=decided, time="2026-11"))
    assert answer.status_code == 303
    assert standing(labelled) == [("hasty", decided, 2), ("play", None, 1)]
    page = words(admin.get(answer.headers["location"]).text)
    assert "Đã ghi nhận quyết định về 2 lượt." in page
    assert "Tháng 11 năm 2026" in page
    assert f"2 lượt {told}" in page
    record = words(admin.get("/record").text)
    assert f"{NAME} labels" in record
    assert "Công chức hướng dẫn tại chỗ" in record


@pytest.mark.parametrize("because", ["", "  \t\n", "x" * 2001])
def test_without_a_usable_reason_nothing_is_decided(admin: Client, labelled: Database, because: str) -> None:
    answer = admin.post("/labels/decide", data=decision(admin, because=because))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert standing(labelled) == [("hasty", None, 2), ("play", None, 1)]


def test_what_nobody_carries_cannot_be_decided_on(admin: Client, labelled: Database) -> None:
    gone = decision(admin, day=f"{DAY - timedelta(days=1)}")
    assert "Không còn lượt nào mang nhãn này" in admin.post("/labels/decide", data=gone).text
    assert admin.post("/labels/decide", data=decision(admin, label="nothing")).status_code == 404
    assert admin.post("/labels/decide", data=decision(admin, decision="deleted")).status_code == 404


def test_only_a_form_of_this_session_decides(admin: Client, stranger: Client, labelled: Database) -> None:
    assert admin.post("/labels/decide", data=decision(admin, form_token="0" * 64)).status_code == 403
    assert admin.post("/labels/decide", data=decision(admin), headers={"origin": "https://x.vn"}).status_code == 403
    form = decision(admin)
    admin.cookies.clear()
    for answer in (stranger.get("/labels"), stranger.get("/record"), stranger.post("/labels/decide", data=form)):
        assert answer.status_code == 401
    assert standing(labelled) == [("hasty", None, 2), ("play", None, 1)]


def test_the_record_is_newest_first_and_of_one_site(admin: Client, office: Database) -> None:
    seed_office(office, "phu", office="Một cửa Phú")
    assert "Chưa có quyết định nào." in words(admin.get("/record?site=phu").text)
    with office.writing() as connection:
        for site, subject in ((SITE, "việc thứ nhất"), (None, "việc của mọi nơi"), ("phu", "<b>việc khác</b>")):
            said = {"done_at": NOW, "done_by": "Hà", "action": "labels lift", "because": "thử", "details": {}}
            connection.execute(insert(audit_log).values(site=site, subject=subject, **said))
    text = words(admin.get(f"/record?site={SITE}").text)
    assert text.index("việc của mọi nơi") < text.index("việc thứ nhất")
    assert "việc khác" not in text
    assert "&lt;b&gt;việc khác" in admin.get("/record?site=phu").text
