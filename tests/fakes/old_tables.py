"""What an office had stored under the first revision of the tables."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, text

FIRST, SECOND, NEVER_USED, BROKEN = "1" * 32, "2" * 32, "c" * 32, "d" * 32
KIOSKS = {FIRST: "k1", SECOND: "k2", NEVER_USED: "k2", BROKEN: "k2"}
STORED = {FIRST: 3, SECOND: 1, NEVER_USED: 0, BROKEN: 2}


def fill_first_tables(connection: Connection) -> None:
    """Write an office with two kiosks: votes, refused ones among them, a status, a case, an administrator."""
    zone = "" if connection.dialect.name == "sqlite" else "+00:00"
    moment = f"2026-10-01 02:00:00.000000{zone}"

    def add(table: str, **row: object) -> None:
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)

    add("sites", site="sia", office="Một cửa", unit="UBND")
    add("fields", site="sia", field="dat-dai", name="Đất đai")
    add("officers", site="sia", officer="huong", name="Hương", title="", field="dat-dai")
    add("counters", site="sia", counter=1, officer="huong")
    add("procedures", site="sia", procedure="1.001193", name="Khai sinh", field="dat-dai")
    add("cases", site="sia", case_token="e" * 32, procedure="1.001193", officer="huong", received="2026-09-30")
    add("admins", admin="a" * 32, name="Hà", added_at=moment)
    add("sessions", digest="d" * 64, admin="a" * 32, created_at=moment, last_seen_at=moment)
    add("sign_in_links", digest="e" * 64, admin="a" * 32, expires_at=moment, used_at=None)
    for kiosk in ("k1", "k2"):
        add("kiosks", site="sia", kiosk=kiosk, password_digest="0" * 64, added_at=moment)
    for stream, kiosk in KIOSKS.items():
        its = {"stream": stream, "site": "sia", "kiosk": kiosk}
        add("streams", **its, stored_up_to=STORED[stream], first_seen=moment, last_seen=moment)
    numbers = {"boot": 1, "tick": 2, "highest": 3, "waiting": 0}
    parts = {"version": "0.1.0", "scanner": "up", "storage": "ok", "refused_scans": "{}"}
    add("kiosk_status", site="sia", kiosk="k1", stream=FIRST, **numbers, **parts, received_at=moment)

    for vote_id, stream, number, level in (
        ("a1" * 16, FIRST, 1, 5),
        ("a3" * 16, FIRST, 3, 3),
        ("b1" * 16, SECOND, 1, 1),
    ):
        about = {"day": "2026-10-01", "survey": 1, "counter": 1, "officer": "huong", "case_token": None}
        whose = {"stream": stream, "number": number, "site": "sia", "kiosk": KIOSKS[stream]}
        add("votes", vote_id=vote_id, **whose, hour=moment, received_hour=moment, **about)
        add("answers", vote_id=vote_id, criterion="overall", level=level)

    refused: tuple[tuple[str | None, int | None, bytes], ...] = (
        (FIRST, 2, _payload({"vote_id": "a2" * 16, "number": 2})),
        (None, None, b"\0\xff"),
        (BROKEN, 1, b"{"),
        (BROKEN, 2, _payload({"vote_id": "d2" * 16, "number": 2})),
    )
    for stream_or_none, number_or_none, payload in refused:
        what = {"stream": stream_or_none, "number": number_or_none, "payload": payload, "size": len(payload)}
        add("quarantine", received_at=moment, topic="hailong/v1/sia/k1/votes", reason="why", **what)
    add("refusals", reason="why", count=4)
    connection.execute(text("UPDATE changes SET number = 41"))


def _payload(vote: Mapping[str, object]) -> bytes:
    return json.dumps(vote).encode()
