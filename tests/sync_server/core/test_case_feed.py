"""What another program's JSON means is said once, and a page cannot lead elsewhere."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.case_feed import CaseFeed, Unusable, origin_of
from sync_server.core.case_rows import RefusedCase

URL = "https://mot-cua.example/api/cases?unit=sia"
FEED = CaseFeed(url=URL, items="data.items", next="data.next", columns={"case_code": "maHoSo", "officer": "canBo.ma"})
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(["data", "items", "next", "a"]), parts),
    max_leaves=8,
)


def test_items_and_their_values_are_found_by_their_paths() -> None:
    item: dict[str, object] = {
        "maHoSo": " H57.14-261002-0111 ",
        "canBo": {"ma": 17},
        "procedure": "1.1",
        "due": None,
        "other": [],
    }
    assert FEED.items_of({"data": {"items": [item]}}) == [item]
    assert FEED.cells_of(item) == {"case_code": "H57.14-261002-0111", "officer": "17", "procedure": "1.1", "due": ""}
    assert CaseFeed(url=URL).items_of([item]) == [item]


@pytest.mark.parametrize("value", [True, 1.5, [], {}, "x" * 301])
def test_a_value_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(RefusedCase, match="officer: expected a text of at most 300 characters"):
        FEED.cells_of({"canBo": {"ma": value}})


@given(json_values)
def test_whatever_a_page_holds_it_is_a_list_or_refused(page: Any) -> None:
    try:
        items = FEED.items_of(page)
    except Unusable as error:
        assert str(error) == "expected a list at 'data.items'"
    else:
        assert items == page["data"]["items"]
    try:
        following = FEED.next_of(page, None, URL)
    except Unusable:
        return
    assert following is None or origin_of(following) == FEED.origin


@given(json_values)
def test_whatever_an_item_is_its_cells_are_short_texts_or_it_is_refused(item: Any) -> None:
    try:
        cells = FEED.cells_of(item)
    except RefusedCase:
        return
    assert all(isinstance(cell, str) and len(cell) <= 300 for cell in cells.values())


def test_pages_are_numbered_or_lead_to_each_other() -> None:
    numbered = CaseFeed(url=URL, page="trang", since="tu")
    assert numbered.address(1, None) == f"{URL}&trang=1"
    assert numbered.address(3, "2026-11-27T08:00:00Z") == f"{URL}&trang=3&tu=2026-11-27T08%3A00%3A00Z"
    assert FEED.address(1, "2026-11-27T08:00:00Z") == URL
    assert CaseFeed(url=f"{URL}&trang=7", page="trang").address(2, None) == f"{URL}&trang=2"
    assert FEED.next_of({"data": {"next": "?page=2"}}, None, URL) == "https://mot-cua.example/api/cases?page=2"
    assert FEED.next_of({}, "/api/cases?page=2", URL) == "https://mot-cua.example/api/cases?page=2"
    assert FEED.next_of({"data": {"next": None}}, None, URL) is None


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://other.example/api",
            "http://mot-cua.example/api",
            "//other.example/",
            "https://mot-cua.example:444/",
        ),
        *("https://mot-cua.example:x/", "file:///etc/passwd"),
    ],
)
def test_no_page_leads_to_another_server(address: str) -> None:
    with pytest.raises(Unusable, match="on another server"):
        FEED.next_of({"data": {"next": address}}, None, URL)


def test_the_next_page_has_an_address() -> None:
    for named in (7, "x" * 4001):
        with pytest.raises(Unusable, match="expected the address of the next page"):
            FEED.next_of({"data": {"next": named}}, None, URL)


def test_the_same_server_may_be_written_with_its_port() -> None:
    assert FEED.next_of({}, "https://mot-cua.example:443/p2", URL) == "https://mot-cua.example:443/p2"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"url": "ftp://a/"}, "url: expected https://"),
        ({"url": "https://"}, "url: expected https://"),
        ({"url": "https://user:secret@a/"}, "url: holds a password"),
        ({"url": URL, "page": "p", "next": "n"}, "page, next: expected one of them"),
        ({"url": URL, "columns": {"code": "a"}}, "columns: expected only"),
        ({}, "missing required field `url`"),
    ],
)
def test_a_feed_that_will_not_do_is_named(values: dict[str, object], message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message) as refused:
        msgspec.convert(values, CaseFeed)
    assert "secret" not in str(refused.value)
