"""What a stick's visit needs: the kiosk's keys and its outbox, beside the running kiosk or without it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.controller import StorageBroken
from kiosk.outbox import Outbox
from kiosk.settings import Settings
from kiosk.stick import Keys, Stick
from protocol.messages import Hello
from protocol.sealing import can_be_sealed_to


class NoVisit(Exception):
    """Nothing can be exchanged with a stick; the text says why and what to do."""


@contextmanager
def visiting(folder: Path, settings: Settings, *, alone: bool) -> Iterator[tuple[Stick, Outbox]]:
    """Exchange with the stick in *folder*; NoVisit when the kiosk cannot, StickTrouble when the stick cannot.

    *alone*: no kiosk runs on the same outbox, so that it may be put in order.
    """
    identity = settings.identity
    state = Path(identity.state)
    path = state / "outbox.sqlite"
    keys = _keys(settings)
    if not path.exists():
        raise NoVisit(f"{path}: there are no votes, because this kiosk has never run")
    try:
        outbox = Outbox(path, mend=alone, owner=f"{identity.site}.{identity.kiosk}")
        try:
            yield Stick(folder, outbox=outbox, state=state, address=identity.address, keys=keys, alone=alone), outbox
        finally:
            outbox.close()
    except StorageBroken as error:
        raise NoVisit(f"{path}: cannot be used: {error}") from None


def hello_of(outbox: Outbox) -> Hello:
    """Return what an export says of where the stream stands."""
    return outbox.standing().hello(outbox.starts(), secrets.token_hex(8))


def _keys(settings: Settings) -> Keys:
    if settings.export is None:
        where = f"{settings.identity.site} {settings.identity.kiosk}"
        raise NoVisit(
            "this kiosk has no keys for sticks, for its settings file is an older one; on the server, 'python -m"
            f" sync_server kiosk add {where} --renew --settings-file FILE' writes one that has them"
        )
    export = settings.export
    keys = Keys(*(bytes.fromhex(key) for key in (export.signing_key, export.server_key, export.receipt_key)))
    if not can_be_sealed_to(keys.server):
        raise NoVisit("export.server_key: nothing can be sealed to this key; see 'kiosk add --renew'")
    return keys
