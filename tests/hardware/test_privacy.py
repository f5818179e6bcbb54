"""What is on an identity card appears nowhere, even with every log switched on."""

import logging

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.simulator import SimulatedScanner
from protocol.codes import CaseCode, Refused, RefusedReason
from tests.hardware.listening import Listener, case, supervised

digits = st.text("0123456789", min_size=12, max_size=12)
days = st.dates().map(lambda day: f"{day:%d%m%Y}")
syllables = st.sampled_from(["Nguyễn", "Trần", "Văn", "Thị", "Ðặng", "Hoài", "Thôn", "Xã", "Đường", "Quảng"])
names = st.lists(syllables, min_size=2, max_size=5).map(" ".join)
cards = st.tuples(
    digits, st.one_of(st.just(""), digits.map(lambda number: number[:9])), names, days, st.just("Nữ"), names, days
)
prefixes = st.sampled_from(["", "\x02", "]Q1", "\N{ZERO WIDTH NO-BREAK SPACE}"])
suffixes = st.sampled_from(["\r", "\r\n", "\t", "\x03", ""])


class Everything(logging.Handler):
    """Keeps all that any log line could show."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__!r}")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(card=cards, prefix=prefixes, suffix=suffixes)
def test_an_identity_card_is_refused_and_leaves_no_trace(
    scanner: SimulatedScanner, card: tuple[str, ...], prefix: str, suffix: str
) -> None:
    listener, everything, root = Listener(), Everything(), logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(everything)
    try:
        with supervised(scanner.link, listener) as supervisor:
            listener.wait_until_up()
            scanner.scan(prefix + "|".join(card), suffix)
            scan = listener.next_scan()
            scanner.scan(case(1))
            assert isinstance(listener.next_scan(), CaseCode)
    finally:
        root.removeHandler(everything)
        root.setLevel(level)
    assert scan == Refused(RefusedReason.IDENTITY_CARD)
    traces = "\n".join([*everything.lines, repr(vars(supervisor)), repr(scan)])
    assert "identity-card" in traces
    for field in card:
        assert not field or field not in traces


def test_a_case_code_is_in_no_log_either(scanner: SimulatedScanner) -> None:
    listener, everything, root = Listener(), Everything(), logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(everything)
    try:
        with supervised(scanner.link, listener):
            listener.wait_until_up()
            scanner.scan(case(4321))
            scan = listener.next_scan()
    finally:
        root.removeHandler(everything)
        root.setLevel(level)
    traces = "\n".join([*everything.lines, repr(scan)])
    assert "a case" in traces
    assert "4321" not in traces
    assert "H57" not in traces
