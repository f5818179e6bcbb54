"""Packets are told apart from their bytes alone, however these come in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.broker.packets import LARGEST_OTHER, LARGEST_PUBLISH, Packets, PacketTooLarge
from tests.fakes.raw_mqtt import DISCONNECT, PINGREQ, connect, packet, publish

A_PACKET = st.one_of(
    st.just(PINGREQ),
    st.just(DISCONNECT),
    st.just(connect("a", "a", "b")),
    st.binary(max_size=300).map(lambda payload: publish("topic", payload)),
    st.builds(packet, st.integers(0, 255), st.binary(max_size=300)),
)


@given(st.lists(A_PACKET, max_size=5), st.data())
def test_between_packets_is_where_one_has_ended(sent: list[bytes], data: st.DataObject) -> None:
    ends = {sum(map(len, sent[:count])) for count in range(len(sent) + 1)}
    whole, packets, place = b"".join(sent), Packets(), 0
    assert packets.between
    while place < len(whole):
        size = data.draw(st.integers(1, len(whole) - place))
        packets.feed(whole[place : place + size])
        place += size
        assert packets.between is (place in ends)


@pytest.mark.parametrize(
    ("head", "largest"),
    [(0x30, LARGEST_PUBLISH), (0x3D, LARGEST_PUBLISH), (0x10, LARGEST_OTHER), (0x82, LARGEST_OTHER)],
)
def test_too_much_is_refused_when_it_is_announced(head: int, largest: int) -> None:
    packets = Packets()
    packets.feed(packet(head, bytes(largest)))
    assert packets.between
    with pytest.raises(PacketTooLarge):
        packets.feed(packet(head, bytes(largest + 1))[:5])


def test_a_length_without_end_is_refused() -> None:
    with pytest.raises(PacketTooLarge):
        Packets().feed(b"\x30\xff\xff\xff\xff")


@given(st.binary(max_size=2000))
def test_no_bytes_break_it(noise: bytes) -> None:
    packets = Packets()
    try:
        packets.feed(noise)
    except PacketTooLarge:
        return
    assert packets._left <= LARGEST_PUBLISH
