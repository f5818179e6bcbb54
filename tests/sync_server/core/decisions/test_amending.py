"""An amendment tells every sum and every question that differs, the old text beside the new."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.amending import differences
from sync_server.core.decisions.facts import Act, Amended, Facts
from sync_server.core.decisions.preview import preview
from sync_server.core.decisions.values import computed_of
from tests.sync_server.core.decisions import samples

FACTS = samples.new_office()
NEW = computed_of(FACTS.figures)
TOLD = sorted(name for name in NEW if name in ("votes", "raw", "excluded") or ".overall." in name)


def amending(old: dict[str, str]) -> Facts:
    amended = Amended("5", date(2027, 1, 8), "đến sau", old)
    return replace(FACTS, act=Act.AMENDMENT, amended=amended)


def test_where_nothing_differs_it_says_so() -> None:
    assert "Các số liệu tổng hợp không thay đổi" in preview(amending(NEW))


@given(st.sets(st.sampled_from([name for name in TOLD if "raw." not in name and "level" not in name])))
def test_exactly_what_differs_is_told(changed: set[str]) -> None:
    changed = {name for name in changed if not name.endswith((".low", ".high"))}
    old = NEW | dict.fromkeys(changed, "trước đây")
    facts = amending(old)
    assert facts.amended is not None
    assert {each.name for each in differences(facts, facts.amended)} == changed
    assert preview(facts).count("sửa “trước đây” thành") == len(changed)


def test_what_is_new_is_added_and_what_is_gone_is_dropped() -> None:
    old = {name: text for name, text in NEW.items() if name != "s2.overall.percent"}
    text = preview(amending(old | {"s3.overall.percent": "12,5%", "s3.overall.level.1": "4"}))
    assert "(Phiếu khảo sát số 2): bổ sung “98,7%”." in text
    assert "Tỷ lệ hài lòng: bãi bỏ “12,5%”." in text
