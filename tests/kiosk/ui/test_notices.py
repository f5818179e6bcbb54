"""What the kiosk says when there is nothing to rate, or nothing to rate with."""

from typing import TYPE_CHECKING

import pytest

from protocol.codes import Refused, RefusedReason

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window


def test_an_identity_card_is_named_and_the_receipt_asked_for(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import AN_IDENTITY_CARD

    kiosk.scan(AN_IDENTITY_CARD)
    assert kiosk.screen == "refused"
    assert "Đây là thẻ căn cước" in kiosk.texts
    assert any("quét mã trên Giấy tiếp nhận hồ sơ" in text for text in kiosk.texts)


def test_an_unknown_code_is_answered_politely(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import NOT_A_CODE

    kiosk.scan(NOT_A_CODE)
    assert kiosk.screen == "refused"
    assert "Máy chưa nhận ra mã này" in kiosk.texts


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("health-card", "Đây là thẻ bảo hiểm y tế"),
        ("payment", "Đây là mã thanh toán"),
        ("look-alike", "Đây không phải là mã hồ sơ"),
        ("queue-ticket", "Đây là phiếu lấy số thứ tự"),
        ("ambiguous", "Mã này có nhiều hồ sơ"),
        ("unreadable", "Máy chưa đọc rõ mã này"),
    ],
)
def test_each_other_paper_is_named_and_the_receipt_asked_for(kiosk: "Driver", reason: str, said: str) -> None:
    kiosk.scan(Refused(RefusedReason(reason)))
    assert kiosk.screen == "refused"
    assert said in kiosk.texts


def test_a_case_is_rated_once(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.tap(5)
    kiosk.command("dismiss")
    kiosk.scan()
    assert kiosk.screen == "already_rated"
    assert "Hồ sơ này đã được đánh giá" in kiosk.texts


def test_a_touch_anywhere_ends_a_notice(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import NOT_A_CODE

    kiosk.scan(NOT_A_CODE)
    assert kiosk.command("dismiss") == "ok"
    assert kiosk.screen == "idle"


def test_a_notice_ends_by_itself(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import NOT_A_CODE

    kiosk.scan(NOT_A_CODE)
    kiosk.wait(5)
    assert kiosk.screen == "refused"
    kiosk.wait(1.2)
    assert kiosk.screen == "idle"


def test_after_a_wrong_scan_the_visit_goes_on(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import AN_IDENTITY_CARD

    kiosk.scan()
    kiosk.scan(AN_IDENTITY_CARD)
    assert kiosk.screen == "refused"
    kiosk.command("dismiss")
    assert kiosk.screen == "rate"
    assert any("Hồ sơ …1120-0001" in text for text in kiosk.texts)
    kiosk.tap(4)
    (vote,) = kiosk.storage.votes
    assert vote.case_token is not None
    assert vote.answers == {"overall": 4}


def test_when_a_vote_cannot_be_stored_nobody_is_thanked(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.storage.broken = True
    kiosk.tap(5)
    assert kiosk.screen == "out_of_order"
    [said] = [text for text in kiosk.texts if "Máy đang tự thử lại" in text]
    assert "hòm thư góp ý" in said
    assert said.startswith("Đánh giá vừa rồi có thể chưa được ghi nhận."), "whoever has just touched a face asks that"


def test_out_of_order_stays_whatever_is_touched_or_scanned_until_the_storage_heals(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.storage.broken = True
    kiosk.tap(5)
    kiosk.wait(5)
    kiosk.settle()
    kiosk.press(kiosk.stage.shown)
    kiosk.let_go(kiosk.stage.shown)
    kiosk.scan()
    assert kiosk.screen == "out_of_order"
    kiosk.storage.broken = False
    kiosk.wait(2.5)
    assert kiosk.screen == "idle"
    assert kiosk.storage.votes == []


def test_a_storage_that_cannot_be_asked_about_a_case_is_out_of_order(kiosk: "Driver") -> None:
    kiosk.storage.broken = True
    kiosk.scan()
    assert kiosk.screen == "out_of_order"
    assert not any("Đánh giá vừa rồi" in text for text in kiosk.texts), "there was none"
