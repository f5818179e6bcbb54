"""Asking for many rows at once with one parameter: thousands of placeholders take longer to write than to look up."""

import json
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, String, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def among(connection: Connection, asked: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a text column holds one of these values."""
    wanted = list(values)
    if connection.dialect.name == "sqlite":
        listed = func.json_each(bindparam(None, json.dumps(wanted))).table_valued(column("value", String))
        return asked.in_(select(listed.c.value))
    return asked == func.any(bindparam(None, wanted, type_=ARRAY(String)))
