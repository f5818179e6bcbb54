"""From the cells of a row to a case, or to the reason why not. Pure; no reason quotes a cell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from protocol.codes import CaseCode, Refused, RefusedReason, classify
from sync_server.core.case_days import read_day
from sync_server.core.case_mapping import CaseMapping
from sync_server.core.cases import OPTIONAL, REQUIRED, Case, Channel

_NOT_A_CASE = "not a case code, or dated in the future"
_REFUSED = {
    RefusedReason.IDENTITY_CARD: "this is an identity number; it was not kept",
    RefusedReason.HEALTH_CARD: "this is a health insurance number; it was not kept",
    RefusedReason.AMBIGUOUS: "there is more than one case code",
}


class RefusedCase(ValueError):
    """A row is no case; the text names the column and says why."""


@dataclass(frozen=True)
class CaseReader:
    """What rows are read by: the day, what the words mean, and which procedures and officers there are."""

    today: date
    mapping: CaseMapping
    procedures: Collection[str]
    officers: Collection[str]

    def case(self, cells: Mapping[str, str]) -> Case:
        """Return the case of a row, its cells under our names; a column that is not among them is not spoken of.

        RefusedCase when it is none.
        """
        lacking = [column for column in REQUIRED if not cells.get(column)]
        if lacking:
            raise RefusedCase(f"{lacking[0]}: expected something, found nothing")
        code = self._code(cells["case_code"])
        procedure, officer = self.mapping.procedure(cells["procedure"]), self.mapping.officer(cells["officer"])
        if procedure not in self.procedures:
            raise RefusedCase("procedure: there is no such procedure")
        if officer not in self.officers:
            raise RefusedCase("officer: there is no such officer")
        received = _day("received", cells["received"])
        if received > self.today:
            raise RefusedCase("received: lies in the future")
        due, returned = (_day(name, cells[name]) if cells.get(name) else None for name in ("due", "returned"))
        if due is not None and due < received:
            raise RefusedCase("due: lies before the day on which the case was received")
        if returned is not None and not received <= returned <= self.today:
            raise RefusedCase("returned: lies before the day on which the case was received, or in the future")
        return Case(
            code,
            procedure,
            officer,
            received,
            due,
            returned,
            self._channel(cells.get("channel", "")),
            frozenset(name for name in OPTIONAL if name not in cells),
        )

    def _code(self, text: str) -> CaseCode:
        code = classify(text, self.today)
        if isinstance(code, CaseCode):
            return code
        reason = _REFUSED.get(code.reason, _NOT_A_CASE) if isinstance(code, Refused) else _NOT_A_CASE
        raise RefusedCase(f"case_code: {reason}")

    def _channel(self, text: str) -> Channel | None:
        if not text:
            return None
        channel = self.mapping.channel(text)
        if channel is None:
            raise RefusedCase("channel: expected trực tiếp, trực tuyến or bưu chính, or a word that is mapped to one")
        return channel


def _day(column: str, text: str) -> date:
    try:
        return read_day(text)
    except ValueError as error:
        raise RefusedCase(f"{column}: {error}") from None
