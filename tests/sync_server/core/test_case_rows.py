"""A row becomes a case, or a reason that quotes nothing of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codes import CaseCode
from sync_server.core.case_mapping import CaseMapping
from sync_server.core.case_rows import CaseReader, RefusedCase
from sync_server.core.cases import COLUMNS, Case, Channel

TODAY = date(2026, 10, 20)
READER = CaseReader(TODAY, CaseMapping(officers={"Hương": "huong"}), {"1.001193"}, {"huong"})
ROW = {
    "case_code": "H57.14-261002-0111",
    "procedure": "1.001193",
    "officer": "Hương",
    "received": "02/10/2026 08:15",
    "due": "2026-10-09",
    "returned": "08/10/2026",
    "channel": "Trực tuyến",
}
CODE = CaseCode("H57.14", date(2026, 10, 2), "0111")


def test_a_whole_row() -> None:
    received, due, returned = date(2026, 10, 2), date(2026, 10, 9), date(2026, 10, 8)
    assert READER.case(ROW) == Case(CODE, "1.001193", "huong", received, due, returned, Channel.ONLINE)


def test_what_a_row_leaves_empty_it_says_and_what_it_lacks_it_is_silent_about() -> None:
    case = READER.case({**ROW, "due": "", "returned": "", "channel": ""})
    assert (case.due, case.returned, case.channel, case.silent) == (None, None, None, frozenset())
    lacking = {column: cell for column, cell in ROW.items() if column not in ("due", "channel")}
    assert READER.case(lacking).silent == {"due", "channel"}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"case_code": ""}, "case_code: expected something, found nothing"),
        ({"officer": ""}, "officer: expected something, found nothing"),
        ({"case_code": "012345678901"}, "case_code: this is an identity number; it was not kept"),
        ({"case_code": "NV-0012"}, "case_code: not a case code, or dated in the future"),
        ({"case_code": "H57.14-261029-0111"}, "case_code: not a case code, or dated in the future"),
        ({"procedure": "9.9"}, "procedure: there is no such procedure"),
        ({"officer": "huệ"}, "officer: there is no such officer"),
        ({"received": "21/10/2026"}, "received: lies in the future"),
        ({"received": "10/20/2026"}, "received: expected a day like"),
        ({"due": "01/10/2026"}, "due: lies before the day on which the case was received"),
        ({"due": "soon"}, "due: expected a day like"),
        ({"returned": "01/10/2026"}, "returned: lies before the day"),
        ({"returned": "21/10/2026"}, "returned: lies before the day on which the case was received, or in the future"),
        ({"channel": "bồ câu"}, "channel: expected trực tiếp, trực tuyến or bưu chính"),
    ],
)
def test_a_row_that_is_none_is_refused_by_its_column(cells: dict[str, str], reason: str) -> None:
    with pytest.raises(RefusedCase) as refused:
        READER.case({**ROW, **cells})
    assert str(refused.value).startswith(reason)


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text("SECRET0123456789-./ :", max_size=20)))
def test_whatever_stands_in_a_row_no_reason_quotes_it(cells: dict[str, str]) -> None:
    try:
        case = READER.case({**ROW, **cells})
    except RefusedCase as error:
        others = [cell for cell in cells.values() if len(cell.strip()) > 4 and cell.strip() not in str(error)]
        assert others == [cell for cell in cells.values() if len(cell.strip()) > 4]
    else:
        assert case.received <= TODAY
        assert case.due is None or case.due >= case.received
        assert case.returned is None or case.received <= case.returned <= TODAY
