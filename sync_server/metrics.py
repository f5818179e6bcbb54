"""The metrics as Prometheus reads them. The only file that uses its library."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from sync_server.core.metrics import Metric, MetricKind, metrics
from sync_server.store.database import Database
from sync_server.store.measurements import measure

CONTENT_TYPE = CONTENT_TYPE_LATEST

Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


def exposition(database: Database, now: datetime) -> bytes:
    """Return all metrics at a moment as text; nothing is remembered between two calls. Raises DatabaseTrouble."""
    # A registry of our own: the library's usual one tells about the process, which may be any of several.
    registry = CollectorRegistry()
    registry.register(_Collector(metrics(measure(database, now), now)))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, told: tuple[Metric, ...]) -> None:
        self._told = told

    def collect(self) -> Iterator[Family]:
        for metric in self._told:
            yield _family(metric)


def _family(metric: Metric) -> Family:
    if metric.kind is MetricKind.BUCKETS:
        return _histogram(metric)
    kind = CounterMetricFamily if metric.kind is MetricKind.COUNTER else GaugeMetricFamily
    family = kind(metric.name, metric.help, labels=metric.labels)
    for sample in metric.samples:
        family.add_metric(sample.labels, sample.value)
    return family


def _histogram(metric: Metric) -> HistogramMetricFamily:
    buckets = [(sample.labels[0], sample.value) for sample in metric.samples]
    # Without a sum: kiosks count votes by bucket and do not add up their delays.
    family = HistogramMetricFamily(metric.name, metric.help, buckets=buckets)
    family.add_sample(f"{metric.name}_count", {}, metric.samples[-1].value)
    return family
