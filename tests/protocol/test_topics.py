"""Topics are built and parsed in one place, and mean one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.topics import TO_KIOSK, TO_SERVER, Address, Channel, Topic, UnknownTopic, parse, topic

names = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)


@given(names, names, st.sampled_from(Channel))
def test_a_topic_reads_back_as_it_was_built(site: str, kiosk: str, channel: Channel) -> None:
    address = Address(site, kiosk)
    assert parse(topic(address, channel)) == Topic(address, channel)


@given(st.text(max_size=80))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    assert isinstance(parse(text), Topic | UnknownTopic)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hailong/v1/sia/k1", "not a topic"),
        ("other/v1/sia/k1/votes", "not a topic"),
        ("hailong/v2/sia/k1/votes", "unknown version"),
        ("hailong/v1/Sia/k1/votes", "not a valid name"),
        ("hailong/v1/sia/+/votes", "not a valid name"),
        ("hailong/v1/sia/k1/else", "unknown channel"),
        ("hailong/v1/sia/k1/VOTES", "unknown channel"),
    ],
)
def test_a_foreign_topic_is_named_as_such(text: str, reason: str) -> None:
    found = parse(text)
    assert isinstance(found, UnknownTopic)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("site", "kiosk"), [("", "k"), ("s", ""), ("S", "k"), ("s", "k/k"), ("s" * 33, "k"), ("s", "k\n")]
)
def test_a_bad_name_makes_no_address(site: str, kiosk: str) -> None:
    with pytest.raises(ValueError, match="is named with"):
        Address(site, kiosk)


def test_every_channel_has_one_direction() -> None:
    assert set(Channel) == TO_SERVER | TO_KIOSK
    assert not TO_SERVER & TO_KIOSK
