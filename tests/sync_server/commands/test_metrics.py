"""`metrics` prints what monitors are told."""

from prometheus_client.parser import text_string_to_metric_families

from sync_server.store.database import Database
from tests.sync_server.commands.conftest import Run


def test_it_is_printed_as_prometheus_reads_it(run: Run, seeded: Database) -> None:
    done = run("metrics")
    assert (done.code, done.err) == (0, "")
    families = {family.name for family in text_string_to_metric_families(done.out)}
    assert {"hailong_kiosks", "hailong_ingest_votes"} <= families
