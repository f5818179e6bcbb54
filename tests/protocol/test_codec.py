"""The codec: what goes in comes out, and nothing that comes in can do harm."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import (
    CONTENT,
    LARGEST_MESSAGE,
    MalformedMessage,
    Message,
    UnreadableVote,
    decode,
    decode_batch,
    encode,
)
from protocol.codec import batches as cut_batches
from protocol.messages import (
    LONGEST_BATCH,
    LONGEST_COMMENT,
    Action,
    Command,
    Hello,
    OpeningHours,
    Vote,
    VoteBatch,
    whole_hour,
)
from protocol.topics import Channel
from tests.protocol.strategies import batches, messages, moments

SAMPLES = Path(__file__).parent / "samples" / "v1"
STREAM = "5e" * 16
A_VOTE = {
    "vote_id": "0f" * 16,
    "number": 1,
    "hour": "2026-11-23T02:00:00Z",
    "survey": 1,
    "answers": {"overall": 5},
}


def batch_of(*votes: object) -> bytes:
    return json.dumps({"stream": STREAM, "votes": votes}).encode()


@given(messages)
def test_every_message_comes_back_as_it_went(message: Message) -> None:
    assert decode(encode(message), type(message)) == message


@given(batches())
def test_a_batch_reads_the_same_as_a_whole_and_vote_by_vote(batch: VoteBatch) -> None:
    read = decode_batch(encode(batch))
    assert (read.stream, read.entries) == (batch.stream, batch.votes)
    assert (read.first, read.last) == (batch.votes[0].number, batch.votes[-1].number)


@given(st.binary(max_size=300), st.sampled_from([*CONTENT.values()]))
def test_no_bytes_do_more_than_be_refused(data: bytes, kind: type[Message]) -> None:
    for read in (lambda: decode(data, kind), lambda: decode_batch(data)):
        try:
            read()
        except MalformedMessage as error:
            assert str(error)


@given(batches(), st.data())
def test_no_damage_to_a_batch_does_more_than_be_refused(batch: VoteBatch, data: st.DataObject) -> None:
    whole = bytearray(encode(batch))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = decode_batch(bytes(whole))
    except MalformedMessage:
        return
    assert [entry.number for entry in read.entries] == list(range(read.first, read.last + 1))


@pytest.mark.parametrize("channel", list(CONTENT))
def test_every_released_message_stays_readable(channel: Channel) -> None:
    sample = (SAMPLES / f"{channel}.json").read_bytes()
    message = decode(sample, CONTENT[channel])
    assert json.loads(encode(message)) == json.loads(sample)


@given(batches(), st.integers(1, 200))
def test_votes_are_cut_into_messages_that_are_not_too_large(batch: VoteBatch, times: int) -> None:
    first = batch.votes[0]
    votes = [
        msgspec.structs.replace(first, number=number, comment="ế" * LONGEST_COMMENT) for number in range(1, times + 1)
    ]
    cut = list(cut_batches(batch.stream, votes))
    assert [vote for each in cut for vote in each.votes] == votes
    assert {each.stream for each in cut} == {batch.stream}
    for each in cut:
        encode(each)
    if sum(map(len, map(msgspec.json.encode, votes))) < LARGEST_MESSAGE - 1000:
        assert len(cut) == 1


def test_a_visit_that_was_not_answered_may_have_no_answer() -> None:
    read = decode_batch(batch_of({**A_VOTE, "answers": {}, "outcome": "timed-out"}))
    assert isinstance(read.entries[0], Vote)


def test_unknown_fields_are_ignored() -> None:
    read = decode_batch(batch_of({**A_VOTE, "from": "a later version"}))
    assert isinstance(read.entries[0], Vote)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"answers": {"overall": 6}}, "<= 5"),
        ({"answers": {}}, "answers at least one question"),
        ({"answers": {}, "outcome": "answered"}, "answers at least one question"),
        ({"answers": {f"a{place}": 1 for place in range(17)}}, "length <= 16"),
        ({"comment": "a" * 501}, "length <= 500"),
        ({"comment": "a\x00"}, "matching regex"),
        ({"comment": "a\n"}, "matching regex"),
        ({"reasons": ["waiting"] * 33}, "length <= 32"),
        ({"labels": ["hasty"] * 17}, "length <= 16"),
        ({"outcome": "Answered"}, "matching regex"),
        ({"answers": {"Overall!": 1}}, "matching regex"),
        ({"hour": "2026-11-23T02:30:00Z"}, "a whole hour"),
        ({"hour": "2026-11-23T02:00:00+07:00"}, "in UTC"),
        ({"hour": "2026-11-23T02:00:00"}, "timezone"),
        ({"latest_hour": "2026-11-23T02:00:00Z"}, "after its hour"),
        ({"latest_hour": "2026-11-23T04:30:00Z"}, "a whole hour"),
        ({"vote_id": "short"}, "matching regex"),
        ({"vote_id": "0f" * 16 + "\n"}, "matching regex"),
        ({"survey": "1"}, "Expected `int`"),
        ({"counter": 0}, ">= 1"),
    ],
)
def test_a_bad_vote_is_refused_under_its_number_and_its_neighbour_is_read(
    damage: dict[str, object], reason: str
) -> None:
    read = decode_batch(batch_of({**A_VOTE, **damage}, {**A_VOTE, "number": 2}))
    bad, good = read.entries
    assert isinstance(bad, UnreadableVote)
    assert bad.number == 1
    assert reason in bad.reason
    assert json.loads(bad.raw)["number"] == 1
    assert isinstance(good, Vote)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "truncated"),
        (b"\xff\xfe", "malformed"),
        (b"[" * 100_000, "Expected `object`"),
        (b'{"x":' + b"[" * 100_000, "nested too deeply"),
        (b'{"stream":"\xff"}', "utf-8"),
        (b" " * (LARGEST_MESSAGE + 1), "larger than"),
        (batch_of(), "1 to 200 votes"),
        (batch_of(*[{**A_VOTE, "number": n} for n in range(1, LONGEST_BATCH + 2)]), "1 to 200 votes"),
        (batch_of(A_VOTE, {**A_VOTE, "number": 3}), "ascend by one"),
        (batch_of({**A_VOTE, "number": 0}), ">= 1"),
        (batch_of({**A_VOTE, "number": 2**60}), "<= "),
        (batch_of("not a vote"), "Expected `object`"),
    ],
)
def test_what_is_no_batch_at_all_is_refused_as_a_whole(data: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessage, match=reason):
        decode_batch(data)


def test_a_refusal_never_quotes_the_content() -> None:
    secret = "0123456789ab"
    for data in (batch_of({**A_VOTE, "vote_id": secret}), secret.encode(), batch_of({secret: 1})):
        try:
            entry = decode_batch(data).entries[0]
        except MalformedMessage as error:
            assert secret not in str(error)
        else:
            assert isinstance(entry, UnreadableVote)
            assert secret not in entry.reason


def test_a_word_that_is_none_of_those_expected_is_not_quoted() -> None:
    for word in ("0123456789ab", "a' - at `$.b`", "x\n'", ""):
        hello = json.loads((SAMPLES / "hello.json").read_bytes())
        hello["replaces"]["because"] = word
        with pytest.raises(MalformedMessage) as caught:
            decode(json.dumps(hello).encode(), Hello)
        assert str(caught.value) == "Invalid enum value - at `$.replaces.because`"


def test_the_reasons_are_few_wherever_the_mistake_stands() -> None:
    reasons = set()
    for place in range(50):
        for damage in (b"\xff", b"x", b"}"):
            with pytest.raises(MalformedMessage) as caught:
                decode(b'{"version":"' + b"y" * place + damage + b'"x}', Hello)
            reasons.add(str(caught.value))
    assert len(reasons) <= 3


def test_what_breaks_its_own_rules_is_not_sent() -> None:
    with pytest.raises(MalformedMessage):
        encode(Command(command="not an id", expires=datetime.now(UTC), action=Action.RESTART))


def test_the_chain_goes_on_with_as_much_of_an_id_as_can_be_read() -> None:
    read = decode_batch(batch_of({**A_VOTE, "survey": 0}, {**A_VOTE, "number": 2, "vote_id": 5}))
    assert [entry.vote_id for entry in read.entries] == [A_VOTE["vote_id"], ""]


@pytest.mark.parametrize(
    ("kind", "wrong", "reason"),
    [
        (Command, {"action": "resend"}, "number to begin with"),
        (Command, {"action": "restart", "resend_from": 1}, "number to begin with"),
        (Command, {"action": "update"}, "names a version"),
        (Command, {"action": "identify", "update_to": "2"}, "names a version"),
        (Command, {"action": "dance"}, "Invalid enum value"),
        (OpeningHours, {"weekday": 1, "opens": 700, "closes": 700}, "closes after it opens"),
    ],
)
def test_what_does_not_fit_together_is_refused(kind: type, wrong: dict[str, object], reason: str) -> None:
    whole = {"command": "0f" * 16, "expires": "2026-11-23T02:00:00Z"} if kind is Command else {}
    with pytest.raises(msgspec.ValidationError, match=reason):
        msgspec.json.decode(json.dumps(whole | wrong), type=kind)


@given(moments)
def test_only_the_hour_of_a_moment_is_left(moment: datetime) -> None:
    hour = whole_hour(moment)
    assert hour <= moment
    assert (moment - hour).total_seconds() < 3600
    assert (hour.minute, hour.second, hour.microsecond, hour.tzinfo) == (0, 0, 0, UTC)
