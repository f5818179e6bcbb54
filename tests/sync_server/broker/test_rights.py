"""A kiosk speaks and hears on its own channels only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.topics import TO_KIOSK, TO_SERVER, Address, Channel, topic
from sync_server.broker.rights import address_of, may_publish, may_subscribe

names = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
addresses = st.builds(Address, names, names)


@given(addresses)
def test_a_kiosk_is_known_by_its_user_name(address: Address) -> None:
    assert address_of(f"{address.site}.{address.kiosk}") == address


@pytest.mark.parametrize("user", [None, "", ".", "sia", "sia.", ".quay-1", "sia.quay.1", "Sia.quay-1", "sia.quay-1\n"])
def test_any_other_name_is_no_kiosk_and_may_nothing(user: str | None) -> None:
    assert address_of(user) is None
    assert not may_publish(user, "hailong/v1/sia/quay-1/votes")
    assert not may_subscribe(user, "hailong/v1/sia/quay-1/receipt")


@given(addresses, st.sampled_from(Channel))
def test_a_kiosk_may_use_its_own_channels_each_in_its_direction(address: Address, channel: Channel) -> None:
    user = f"{address.site}.{address.kiosk}"
    assert may_publish(user, topic(address, channel)) == (channel in TO_SERVER)
    assert may_subscribe(user, topic(address, channel)) == (channel in TO_KIOSK)


@given(addresses, addresses, st.sampled_from(Channel))
def test_a_kiosk_may_not_use_those_of_another(address: Address, other: Address, channel: Channel) -> None:
    if address != other:
        user = f"{address.site}.{address.kiosk}"
        assert not may_publish(user, topic(other, channel))
        assert not may_subscribe(user, topic(other, channel))


levels = st.sampled_from(["hailong", "v1", "sia", "quay-1", "receipt", "votes", "+", "#", "", "$share", "$SYS"])


@given(st.lists(levels, max_size=7).map("/".join))
def test_no_pattern_is_granted(filter_: str) -> None:
    assert may_subscribe("sia.quay-1", filter_) == (filter_ == "hailong/v1/sia/quay-1/receipt")
