"""Messages as hypothesis draws them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from protocol.messages import (
    Action,
    ClockReport,
    ClockSource,
    Command,
    CommandAnswer,
    CounterSetup,
    CriterionSetup,
    Hello,
    KioskStatus,
    LevelSetup,
    Look,
    OfficerSetup,
    OpeningHours,
    Outcome,
    Published,
    ReasonSetup,
    Receipt,
    Refusal,
    Replaced,
    ReplacedBecause,
    Setup,
    SurveySetup,
    Thresholds,
    Vote,
    VoteBatch,
)
from protocol.visits import VisitLabel, VisitOutcome

hex128 = st.binary(min_size=16, max_size=16).map(bytes.hex)
numbers = st.integers(1, 2**53 - 1)
counts = st.integers(0, 2**53 - 1)
seconds = st.integers(
    int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2099, 1, 1, tzinfo=UTC).timestamp())
)
moments = seconds.map(lambda second: datetime.fromtimestamp(second, UTC))
hours = moments.map(lambda moment: moment.replace(minute=0, second=0, microsecond=0))
texts = st.text(st.characters(codec="utf-8"), max_size=200)
answers = st.dictionaries(st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True), st.integers(1, 5), min_size=1, max_size=4)


keys = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
unanswered = keys.filter(lambda outcome: outcome != VisitOutcome.ANSWERED)
comments = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=500)


@st.composite
def votes(draw: st.DrawFn, number: st.SearchStrategy[int] = numbers) -> Vote:
    hour = draw(hours)
    answered = draw(answers | st.just({}))
    return Vote(
        vote_id=draw(hex128),
        number=draw(number),
        hour=hour,
        survey=draw(st.integers(1, 10)),
        answers=answered,
        counter=draw(st.none() | st.integers(1, 999)),
        case_token=draw(st.none() | hex128),
        latest_hour=draw(st.none() | st.integers(1, 100_000).map(lambda later: hour + timedelta(hours=later))),
        outcome=draw(st.just(VisitOutcome.ANSWERED.value) | keys) if answered else draw(unanswered),
        reasons=tuple(draw(st.lists(keys, max_size=3))),
        comment=draw(comments),
        labels=tuple(draw(st.lists(st.sampled_from(VisitLabel).map(str) | keys, max_size=3))),
        officer=draw(st.none() | keys),
        best_first=draw(st.booleans()),
    )


@st.composite
def batches(draw: st.DrawFn) -> VoteBatch:
    first = draw(st.integers(1, 10_000))
    count = draw(st.integers(1, 12))
    drawn = [draw(votes(st.just(first + place))) for place in range(count)]
    return VoteBatch(draw(hex128), tuple(drawn))


hex64 = st.binary(min_size=8, max_size=8).map(bytes.hex)
floats = st.floats(0, 1e6, allow_nan=False)
wordings = st.dictionaries(st.from_regex(r"[a-z]{2,3}", fullmatch=True), texts, min_size=1, max_size=3)

receipts = st.builds(
    Receipt,
    stream=hex128,
    stored_up_to=counts,
    chain=hex128,
    time=moments,
    refused=st.lists(st.builds(Refusal, number=numbers, reason=texts), max_size=5).map(tuple),
    answers=st.none() | hex64,
    pace=st.floats(0, 300),
)
hellos = st.builds(
    Hello,
    stream=hex128,
    highest=counts,
    kept_from=numbers,
    chain_before=hex128,
    boot=counts,
    nonce=hex64,
    version=texts,
    setup=counts,
    replaces=st.none() | st.builds(Replaced, stream=hex128, because=st.sampled_from(ReplacedBecause), carried=counts),
    replaced_before=st.lists(
        st.builds(Replaced, stream=hex128, because=st.sampled_from(ReplacedBecause), carried=counts), max_size=16
    ).map(tuple),
)
statuses = st.builds(
    KioskStatus,
    stream=hex128,
    boot=counts,
    tick=counts,
    connection=counts,
    highest=counts,
    waiting=counts,
    version=texts,
    scanner=texts,
    storage=texts,
    clock=st.builds(ClockReport, source=st.sampled_from(ClockSource), error=floats, offset=floats),
    oldest_waiting=st.none() | hours,
    queue=texts,
    disk_free=st.none() | counts,
    temperature=st.none() | floats,
    setup=counts,
    setup_refused=texts,
    refused_scans=st.dictionaries(texts, counts, max_size=5),
    counts=st.dictionaries(texts, counts, max_size=5),
    delays=st.dictionaries(texts, counts, max_size=5),
    commands=st.lists(
        st.builds(CommandAnswer, command=hex128, outcome=st.sampled_from(Outcome), detail=texts), max_size=3
    ).map(tuple),
    gone=st.booleans(),
)
criteria = st.builds(
    CriterionSetup,
    criterion=keys,
    question=wordings,
    levels=st.lists(st.builds(LevelSetup, level=st.integers(1, 5), label=wordings), min_size=2, max_size=5).map(tuple),
    stars=st.booleans(),
)
opening_hours = st.integers(0, 1439).flatmap(
    lambda opens: st.builds(
        OpeningHours, weekday=st.integers(1, 7), opens=st.just(opens), closes=st.integers(opens + 1, 1440)
    )
)
setups = st.builds(
    Setup,
    revision=numbers,
    survey=st.builds(
        SurveySetup,
        revision=numbers,
        languages=st.lists(st.from_regex(r"[a-z]{2,3}", fullmatch=True), min_size=1, max_size=3).map(tuple),
        criteria=st.lists(criteria, min_size=1, max_size=2).map(tuple),
        reasons=st.lists(st.builds(ReasonSetup, reason=keys, label=wordings), max_size=2).map(tuple),
        reasons_after=st.lists(st.integers(1, 5), max_size=5).map(tuple),
        comments=st.booleans(),
        best_first=st.booleans(),
        smile=st.booleans(),
        daily=st.booleans(),
    ),
    look=st.builds(Look, office=texts, unit=texts),
    counters=st.lists(st.builds(CounterSetup, counter=st.integers(1, 999), officer=keys, field=texts), max_size=3).map(
        tuple
    ),
    officers=st.lists(st.builds(OfficerSetup, officer=keys, name=texts, title=texts), max_size=3).map(tuple),
    opening_hours=st.lists(opening_hours, max_size=3).map(tuple),
    thresholds=st.builds(Thresholds, rating=st.floats(5, 300), thanks=st.floats(1, 60), notice=st.floats(1, 60)),
    published=st.none()
    | st.builds(Published, year=st.integers(2000, 9999), quarter=st.integers(1, 4), share=texts, votes=counts),
)
commands = st.one_of(
    st.builds(Command, command=hex128, expires=moments, action=st.sampled_from([Action.RESTART, Action.IDENTIFY])),
    st.builds(Command, command=hex128, expires=moments, action=st.just(Action.RESEND), resend_from=numbers),
    st.builds(Command, command=hex128, expires=moments, action=st.just(Action.UPDATE), update_to=texts),
)
messages = batches() | receipts | hellos | statuses | setups | commands
