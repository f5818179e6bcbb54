"""Whole kinds of changes that no test need notice, each with its one reason. Pure."""

import re

LOG_WORDS = "within a call of `log`: its words and what they name are for people, and a test holds those that matter"
SQL_CASE = "SQL knows no case in its words and names"

_LOG = re.compile(r"log\.(debug|info|warning|error|exception)\(.*\)")
# Without a quoted value within: there case does matter.
_SQL = re.compile(r"\" ?(?:SELECT|INSERT|UPDATE|DELETE|PRAGMA|CREATE|DROP|ALTER|WHERE)\b[^\"']*\"")


def excused(removed: list[str], added: list[str]) -> str | None:
    """Return why a change of these lines into those may survive, or None when no rule says so."""
    if len(removed) != 1 or len(added) != 1:
        return None
    old, new = removed[0].strip(), added[0].strip()
    if (before := _LOG.fullmatch(old)) and (after := _LOG.fullmatch(new)) and before[1] == after[1]:
        return LOG_WORDS
    if _sql_alike(old) == _sql_alike(new, of=old):
        return SQL_CASE
    return None


def _sql_alike(line: str, of: str | None = None) -> str:
    """Return the line with the SQL in it in small letters; where there is SQL, *of* says, if not the line itself."""
    for found in _SQL.finditer(of or line):
        line = line[: found.start()] + line[found.start() : found.end()].lower() + line[found.end() :]
    return line
