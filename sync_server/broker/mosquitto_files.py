"""The two files that tell Mosquitto who may come in and do what. Pure: rows to text.

The rights are the same as those of the embedded broker (`rights.py`). Every kiosk is named with its topics in full:
a pattern cannot take a user name `site.kiosk` apart.
"""

from collections.abc import Iterable, Mapping

from protocol.topics import ROOT, TO_KIOSK, TO_SERVER, VERSION, Address, topic

HEADING = "# Written by `python -m sync_server broker write`; changes made here are lost.\n"


def user_of(address: Address) -> str:
    """Return the name that a kiosk signs in with."""
    return f"{address.site}.{address.kiosk}"


def password_text(digests: Mapping[str, str]) -> str:
    """Return the password file: a user and its digest a line."""
    return "".join(f"{user}:{digest}\n" for user, digest in digests.items())


def rights_text(servers: Iterable[str], kiosks: Iterable[Address]) -> str:
    """Return the ACL file: the server's names hear all kiosks and speak to all, a kiosk has its own channels only."""
    anybody = f"{ROOT}/{VERSION}/+/+/"
    blocks = [
        _block(
            server,
            [("read", anybody + channel) for channel in sorted(TO_SERVER)]
            + [("write", anybody + channel) for channel in sorted(TO_KIOSK)],
        )
        for server in servers
    ] + [
        _block(
            user_of(kiosk),
            [("write", topic(kiosk, channel)) for channel in sorted(TO_SERVER)]
            + [("read", topic(kiosk, channel)) for channel in sorted(TO_KIOSK)],
        )
        for kiosk in kiosks
    ]
    return HEADING + "".join(blocks)


def _block(user: str, rights: list[tuple[str, str]]) -> str:
    return f"\nuser {user}\n" + "".join(f"topic {right} {name}\n" for right, name in rights)
