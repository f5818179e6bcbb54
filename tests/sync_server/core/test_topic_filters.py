"""A filter means channels that kiosks speak on, whatever was written; everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.topics import TO_SERVER, Address, Channel, topic
from sync_server.core.topic_filters import UnusableFilter, expand, of_all_kiosks

ALL = ("hailong/v1/+/+/hello", "hailong/v1/+/+/status", "hailong/v1/+/+/votes")
OF_SIA = tuple(name.replace("+", "sia", 1) for name in ALL)


def test_all_kiosks_are_listened_to_unless_something_else_is_said() -> None:
    assert of_all_kiosks() == ALL


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hailong/v1/#", ALL),
        ("hailong/v1/+/#", ALL),
        ("hailong/v1/+/+/+", ALL),
        ("hailong/v1/sia/#", OF_SIA),
        ("hailong/v1/sia/+/#", OF_SIA),
        ("hailong/v1/sia/+/+", OF_SIA),
        ("hailong/v1/sia/quay-1/#", tuple(name.replace("+", "quay-1") for name in OF_SIA)),
        ("hailong/v1/+/+/votes", ("hailong/v1/+/+/votes",)),
        ("hailong/v1/sia/quay-1/hello", ("hailong/v1/sia/quay-1/hello",)),
    ],
)
def test_a_filter_is_one_a_channel_and_never_what_the_server_says_itself(text: str, meant: tuple[str, ...]) -> None:
    assert expand(text) == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, "expected hailong/v1/SITE/KIOSK/CHANNEL") for text in ("", "#", "+/+/+/+/+", "hailong/#")),
        *((text, "expected hailong/v1/") for text in ("hailong/v2/#", "hailong/v1/sia", "hailong/v1/a/b/votes/#")),
        *((text, "expected hailong/v1/") for text in ("hailong/v1/Sịa/#", "hailong/v1/#/quay-1/votes")),
        *((f"hailong/v1/sia/+/{channel}", "kiosks speak on hello") for channel in ("receipt", "setup", "command", "x")),
    ],
)
def test_any_other_text_is_refused_with_what_is_expected(text: str, told: str) -> None:
    with pytest.raises(UnusableFilter, match=told):
        expand(text)


@given(st.text(st.sampled_from("hailongv1/+#sa-"), max_size=40))
def test_no_filter_ever_listens_to_the_server_itself(text: str) -> None:
    try:
        filters = expand(text)
    except UnusableFilter:
        return
    assert {name.rpartition("/")[2] for name in filters} <= TO_SERVER


@given(st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True), st.sampled_from(sorted(TO_SERVER)))
def test_a_topic_of_a_kiosk_is_a_filter_of_itself(name: str, channel: Channel) -> None:
    assert expand(topic(Address(name, name), channel)) == (topic(Address(name, name), channel),)
