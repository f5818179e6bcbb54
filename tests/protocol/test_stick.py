"""What lies on a stick is what was put there, or is refused; its names say whose it is and nothing more."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import LARGEST_MESSAGE, MalformedMessage, batches, decode, encode
from protocol.messages import (
    LONGEST_COMMENT,
    MOST_CRITERIA,
    MOST_LABELS,
    MOST_REASONS,
    Hello,
    Receipt,
    Refusal,
    Vote,
    VoteBatch,
)
from protocol.stick import (
    LARGEST_EXPORT,
    LARGEST_RECEIPT,
    MOST_BATCHES,
    MOST_VOTES,
    VOTES_TOGETHER,
    Export,
    Flaw,
    Kind,
    body_of,
    decode_export,
    decode_receipt,
    encode_export,
    encode_receipt,
    export_name,
    header,
    is_settled,
    receipt_name,
)
from protocol.topics import Address
from tests.protocol.strategies import batches as drawn_batches
from tests.protocol.strategies import hellos, hex128, keys, numbers, receipts

addresses = st.builds(Address, keys, keys)
secrets = st.binary(min_size=32, max_size=32)
KIOSK = Address("sia", "quay-1")
STREAM = "5e" * 16
KEY = bytes(range(32))


@st.composite
def runs(draw: st.DrawFn) -> tuple[Hello, list[VoteBatch]]:
    """A hello and batches of its stream, each continuing the one before."""
    whole = draw(drawn_batches())
    hello = msgspec.structs.replace(draw(hellos), stream=whole.stream)
    cuts = sorted(draw(st.sets(st.integers(1, len(whole.votes)))) | {len(whole.votes)})
    pieces = [VoteBatch(whole.stream, whole.votes[begin:end]) for begin, end in zip([0, *cuts], cuts, strict=False)]
    return hello, pieces


@given(addresses, runs())
def test_an_export_holds_the_messages_as_they_would_have_been_sent(
    address: Address, run: tuple[Hello, list[VoteBatch]]
) -> None:
    hello, pieces = run
    read = decode_export(encode_export(address, hello, pieces))
    assert read == Export(
        address,
        hello.stream,
        pieces[0].votes[0].number,
        pieces[-1].votes[-1].number,
        encode(hello),
        tuple(encode(piece) for piece in pieces),
    )
    assert decode(read.hello, Hello) == hello


@given(runs())
def test_batches_that_do_not_continue_each_other_make_no_export(run: tuple[Hello, list[VoteBatch]]) -> None:
    hello, pieces = run
    with pytest.raises(ValueError, match="continue each other"):
        encode_export(KIOSK, hello, [*pieces, pieces[-1]])
    with pytest.raises(ValueError, match="of one stream"):
        encode_export(KIOSK, msgspec.structs.replace(hello, stream="0" * 31 + "f"), pieces)


@given(hellos)
def test_an_export_has_votes(hello: Hello) -> None:
    with pytest.raises(ValueError, match="has votes"):
        encode_export(KIOSK, hello, [])


def test_the_largest_export_fits_its_bounds() -> None:
    vote = a_vote_at_its_longest()
    cut = list(batches(STREAM, [numbered(vote, number) for number in range(1, VOTES_TOGETHER + 1)]))
    size = sum(len(encode(batch)) + 1 for batch in cut)
    assert size * (MOST_VOTES // VOTES_TOGETHER) + LARGEST_MESSAGE < LARGEST_EXPORT


def a_vote_at_its_longest() -> Vote:
    answers = ",".join(f'"{place:032d}":5' for place in range(MOST_CRITERIA))
    reasons = ",".join([f'"{"r" * 32}"'] * MOST_REASONS)
    labels = ",".join([f'"{"e" * 32}"'] * MOST_LABELS)
    return msgspec.json.decode(
        f'{{"vote_id":"{"a" * 32}","number":9007199254740991,"hour":"2026-11-23T02:00:00Z","survey":9007199254740991,'
        f'"answers":{{{answers}}},"counter":999,"case_token":"{"b" * 32}","latest_hour":"2026-11-23T03:00:00Z",'
        f'"outcome":"{"o" * 32}","reasons":[{reasons}],"comment":"{"😀" * LONGEST_COMMENT}","labels":[{labels}],'
        f'"officer":"{"f" * 32}","best_first":true}}',
        type=Vote,
    )


def numbered(vote: Vote, number: int) -> Vote:
    return msgspec.structs.replace(vote, number=2**53 - 1 - VOTES_TOGETHER + number)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "truncated"),
        (b"\xff", "(?i)utf-8|malformed"),
        (b'{"x":' * 10_000, "nested"),
        (b'{"site":"sia"}', "missing"),
        (b"x" * (LARGEST_EXPORT + 1), "larger"),
    ],
)
def test_what_is_no_export_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(MalformedMessage, match=why):
        decode_export(content)


@pytest.mark.parametrize(
    "wrong",
    [
        {"site": "Sịa"},
        {"stream": "5e"},
        {"first": 0},
        {"first": 3, "last": 2},
        {"batches": []},
        {"batches": [{}] * (MOST_BATCHES + 1)},
    ],
)
def test_fields_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "site": "sia",
        "kiosk": "quay-1",
        "stream": STREAM,
        "first": 1,
        "last": 2,
        "hello": {},
        "batches": [{}],
    }
    assert decode_export(msgspec.json.encode(right)) == Export(KIOSK, STREAM, 1, 2, b"{}", (b"{}",))
    with pytest.raises(MalformedMessage):
        decode_export(msgspec.json.encode(right | wrong))


@given(addresses, receipts)
def test_a_receipt_comes_back_as_it_was_written(address: Address, receipt: Receipt) -> None:
    read = decode_receipt(encode_receipt(address, receipt))
    assert (read.site, read.kiosk, read.receipt) == (address.site, address.kiosk, receipt)


@given(receipts)
def test_the_largest_receipt_fits_its_bounds(receipt: Receipt) -> None:
    longest = msgspec.structs.replace(
        receipt, refused=tuple(Refusal(2**53 - 1, "ế" * 200) for _ in range(200)), answers="f" * 16
    )
    data = encode_receipt(Address("s" * 32, "k" * 32), longest)
    assert decode_receipt(data).receipt == longest


def test_a_receipt_beyond_its_bounds_is_refused() -> None:
    with pytest.raises(MalformedMessage, match="larger"):
        decode_receipt(b" " * (LARGEST_RECEIPT + 1))


@given(st.sampled_from(Kind), secrets, st.binary(max_size=200))
def test_a_body_is_found_behind_its_header(kind: Kind, key: bytes, body: bytes) -> None:
    assert body_of(header(kind, key, len(body)) + body, kind, key) == body


@given(st.binary(max_size=200), st.data())
def test_a_file_cut_short_is_called_so_or_not_ours(body: bytes, data: st.DataObject) -> None:
    whole = header(Kind.VOTES, KEY, len(body)) + body
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    headless = len(cut) <= whole.index(b"\n")
    assert body_of(cut, Kind.VOTES, KEY) is (Flaw.NOT_OURS if headless else Flaw.CUT_SHORT)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    assert isinstance(body_of(data, Kind.VOTES, KEY), Flaw | bytes)


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (header(Kind.RECEIPT, KEY, 1) + b"x", Flaw.NOT_OURS),
        (header(Kind.VOTES, KEY, 1).replace(b" v1 ", b" v2 ") + b"x", Flaw.ANOTHER_VERSION),
        (header(Kind.VOTES, bytes(32), 1) + b"x", Flaw.ANOTHER_SERVER),
        (header(Kind.VOTES, KEY, 2) + b"x", Flaw.CUT_SHORT),
        (header(Kind.VOTES, KEY, 1) + b"xy", Flaw.DAMAGED),
    ],
)
def test_each_flaw_of_a_header_is_named(data: bytes, flaw: Flaw) -> None:
    assert body_of(data, Kind.VOTES, KEY) is flaw


@given(addresses, hex128, numbers, numbers, numbers)
def test_a_name_says_when_the_server_has_all_of_it(
    address: Address, stream: str, first: int, last: int, stored_up_to: int
) -> None:
    name = export_name(address, stream, first, last)
    assert is_settled(name, address, stream, stored_up_to) is (last <= stored_up_to)
    another = ("y" if address.kiosk[0] == "x" else "x") + address.kiosk[1:]
    assert not is_settled(name, replace(address, kiosk=another), stream, 2**53)
    assert not is_settled(name, address, f"{(int(stream[:8], 16) + 1) % 16**8:08x}", 2**53)
    assert not is_settled(receipt_name(address, stream), address, stream, 2**53)
    assert len(name) < 128


def test_the_names_are_these() -> None:
    assert export_name(KIOSK, STREAM, 1, 42) == "sia.quay-1.5e5e5e5e.1-42.hailong"
    assert receipt_name(KIOSK, STREAM) == "sia.quay-1.5e5e5e5e.receipt"
