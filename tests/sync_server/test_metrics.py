"""The metrics of a real database, as a monitor reads them."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from protocol.messages import ClockReport, ClockSource
from protocol.topics import Address, Channel, topic
from sync_server.ingest import Incoming, Ingest
from sync_server.metrics import exposition
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from sync_server.store.orders import put_in_force
from tests.fakes.kiosk_says import a_setup, a_status, sent
from tests.fakes.small_office import NOW, SITE, seed_office
from tests.fakes.votes import a_vote, batch, some_votes

ONE, TWO = Address(SITE, "quay-1"), Address(SITE, "quay-2")
STREAM, OTHER = "5" * 32, "6" * 32
SECRET = "ab" * 16


def told(database: Database) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = exposition(database, NOW + timedelta(seconds=30)).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


def test_a_monitor_reads_what_was_taken_in_and_how_kiosks_are(database: Database) -> None:
    seed_office(database)
    with database.writing() as connection:
        add_kiosk(connection, ONE, NOW)
        add_kiosk(connection, TWO, NOW)
        put_in_force(connection, SITE, a_setup(), "x", NOW)
    cast = some_votes(1, 3)
    messages = [
        Incoming(topic(ONE, Channel.VOTES), batch(STREAM, *cast, a_vote(4, survey=99, case_token=SECRET))),
        Incoming(topic(ONE, Channel.VOTES), batch(STREAM, *cast)),
        Incoming(topic(ONE, Channel.VOTES), batch(STREAM, a_vote(9))),
        Incoming(topic(ONE, Channel.VOTES), b"{"),
        sent(
            a_status(
                stream=STREAM,
                highest=10,
                waiting=6,
                clock=ClockReport(ClockSource.NTP, 0.5, -3.5),
                delays={"1": 3, "more": 1},
                scanner=f"cannot open {SECRET}",
            ),
            ONE,
        ),
    ]
    Ingest(database, lambda: NOW).take(messages, dropped=2)
    read = told(database)
    one = of(site=SITE, kiosk="quay-1")
    assert read["hailong_ingest_messages_total", ()] == 5
    assert read["hailong_ingest_votes_total", of(outcome="stored")] == 3
    assert read["hailong_ingest_votes_total", of(outcome="repeated")] == 3
    assert read["hailong_ingest_votes_total", of(outcome="refused")] == 1
    assert read["hailong_ingest_batches_beyond_gap_total", ()] == 1
    assert read["hailong_ingest_messages_set_apart_total", ()] == 1
    assert read["hailong_ingest_messages_without_room_total", ()] == 2
    assert read["hailong_refusals_total", of(reason="no such survey")] == 1
    assert read["hailong_refusals_total", of(reason="Input data was truncated")] == 1
    assert read["hailong_kiosks", of(site=SITE, condition="needs-help")] == 1
    assert read["hailong_kiosks", of(site=SITE, condition="never-heard")] == 1
    assert read["hailong_setup_revision", of(site=SITE)] == 1
    assert read["hailong_streams_incomplete", of(site=SITE)] == 1
    assert read["hailong_kiosk_seconds_since_report", one] == 30
    assert read["hailong_kiosk_waiting_votes", one] == 6
    assert read["hailong_kiosk_clock_offset_seconds", one] == -3.5
    assert read["hailong_kiosk_clock_error_seconds", one] == 0.5
    assert read["hailong_kiosk_setup_revision", one] == 0
    assert read["hailong_vote_delay_seconds_bucket", of(le="1.0")] == 3
    assert read["hailong_vote_delay_seconds_bucket", of(le="+Inf")] == 4
    assert read["hailong_vote_delay_seconds_count", ()] == 4


def test_nothing_leads_to_a_person_or_to_what_was_chosen(database: Database) -> None:
    test_a_monitor_reads_what_was_taken_in_and_how_kiosks_are(database)
    text = exposition(database, NOW).decode()
    for secret in (SECRET, STREAM, "overall", "huong", "Giang", "1.001193", "level"):
        assert secret not in text


def test_an_empty_server_tells_of_nothing_but_itself(database: Database) -> None:
    assert {name for (name, labels), value in told(database).items() if value} == set()
