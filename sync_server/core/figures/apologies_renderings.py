"""To whom an apology is due, as text for a person and as JSON for programs. Pure.

JSON: `site`, `on`, and `cases`, a list of `standing`, `due`, `days_late`, `received`, `procedure`, `procedure_name`,
`officer`, `officer_name`, `field` and `cases`. No case is named: the register does not keep their codes.
"""

import json
from collections.abc import Sequence
from datetime import date

from sync_server.core.columns import aligned
from sync_server.core.figures.apologies import ApologyDue, Standing
from sync_server.core.figures.on_time_wording import (
    CASES,
    DAYS_LATE,
    DUE,
    NOTHING_LATE,
    OFFICER,
    PROCEDURE,
    RECEIVED_ON,
    STANDINGS,
)
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.rounding import count_text


def apologies_as_text(found: Sequence[ApologyDue], names: PeriodNames, today: date) -> str:
    """Return a table for each standing, with the number of its cases; ends in a newline."""
    lines = [f"{names.office} · {names.unit}", f"{today:%d/%m/%Y}"]
    if not found:
        lines += ["", NOTHING_LATE]
    for standing in Standing:
        its = [each for each in found if each.standing is standing]
        if not its:
            continue
        heading = [PROCEDURE, OFFICER, RECEIVED_ON, DUE, DAYS_LATE, CASES]
        lines += ["", f"{STANDINGS[standing]}: {count_text(sum(each.cases for each in its))}"]
        lines += aligned([heading, *(_line(each, names) for each in its)])
    return "\n".join(lines) + "\n"


def apologies_as_json(found: Sequence[ApologyDue], names: PeriodNames, today: date) -> str:
    """Return a JSON object, ending in a newline; the keys stand in this module's docstring."""
    cases = [
        {
            "standing": each.standing,
            "due": each.due.isoformat(),
            "days_late": max(0, each.days),
            "received": each.received.isoformat(),
            "procedure": each.procedure,
            "procedure_name": names.of[Breakdown.PROCEDURE](each.procedure),
            "officer": each.officer,
            "officer_name": names.of[Breakdown.OFFICER](each.officer),
            "field": each.field,
            "cases": each.cases,
        }
        for each in found
    ]
    told = {"site": names.site, "on": today.isoformat(), "cases": cases}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _line(each: ApologyDue, names: PeriodNames) -> list[str]:
    return [
        names.of[Breakdown.PROCEDURE](each.procedure),
        names.of[Breakdown.OFFICER](each.officer),
        f"{each.received:%d/%m/%Y}",
        f"{each.due:%d/%m/%Y}",
        count_text(max(0, each.days)),
        count_text(each.cases),
    ]
