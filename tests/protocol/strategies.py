"""Messages as hypothesis draws them."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from protocol.messages import Hello, KioskStatus, Receipt, Refusal, Vote, VoteBatch

hex128 = st.text("0123456789abcdef", min_size=32, max_size=32)
numbers = st.integers(1, 2**53 - 1)
counts = st.integers(0, 2**53 - 1)
seconds = st.integers(
    int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2099, 1, 1, tzinfo=UTC).timestamp())
)
moments = seconds.map(lambda second: datetime.fromtimestamp(second, UTC))
hours = moments.map(lambda moment: moment.replace(minute=0, second=0, microsecond=0))
texts = st.text(st.characters(codec="utf-8"), max_size=200)
answers = st.dictionaries(st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True), st.integers(1, 5), min_size=1, max_size=4)


def votes(number: st.SearchStrategy[int] = numbers) -> st.SearchStrategy[Vote]:
    return st.builds(
        Vote,
        vote_id=hex128,
        number=number,
        hour=hours,
        survey=st.integers(1, 10),
        answers=answers,
        counter=st.none() | st.integers(1, 999),
        case_token=st.none() | hex128,
    )


@st.composite
def batches(draw: st.DrawFn) -> VoteBatch:
    first = draw(st.integers(1, 10_000))
    count = draw(st.integers(1, 12))
    drawn = [draw(votes(st.just(first + place))) for place in range(count)]
    return VoteBatch(draw(hex128), tuple(drawn))


receipts = st.builds(
    Receipt,
    stream=hex128,
    stored_up_to=counts,
    time=moments,
    refused=st.lists(st.builds(Refusal, number=numbers, reason=texts), max_size=5).map(tuple),
)
hellos = st.builds(Hello, stream=hex128, highest=counts, boot=counts, version=texts)
statuses = st.builds(
    KioskStatus,
    stream=hex128,
    boot=counts,
    tick=counts,
    highest=counts,
    waiting=counts,
    version=texts,
    scanner=texts,
    storage=texts,
    refused_scans=st.dictionaries(texts, counts, max_size=5),
)
messages = batches() | receipts | hellos | statuses
