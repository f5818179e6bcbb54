"""What the bench says of what a device sends."""

from hardware.driver import Frame
from hardware.reporter import Reporter
from tests.hardware.listening import TODAY


def test_a_code_that_came_as_slowly_as_a_hand_types_is_said_to_be_one() -> None:
    lines: list[str] = []
    reporter = Reporter(lines.append, lambda: TODAY, None, scans=True)
    reporter.heard(Frame(b"A012", typed=True))
    reporter.heard(Frame(b"A013"))
    assert lines == ["a queue ticket, as slowly as a hand types", "a queue ticket"]
