"""Who may say and hear what: a kiosk its own channels, nobody anything else. Pure."""

from protocol.topics import NAME, TO_KIOSK, TO_SERVER, Address, topic


def address_of(user: str | None) -> Address | None:
    """Read a kiosk's user name, `site.kiosk`; None when it is none."""
    site, dot, kiosk = (user or "").partition(".")
    if not dot or not NAME.fullmatch(site) or not NAME.fullmatch(kiosk):
        return None
    return Address(site, kiosk)


def may_publish(user: str | None, name: str) -> bool:
    """Whether a user may publish on a topic."""
    address = address_of(user)
    return address is not None and any(name == topic(address, channel) for channel in TO_SERVER)


def may_subscribe(user: str | None, filter_: str) -> bool:
    """Whether a user may subscribe to a filter: only to exact topics, never to a pattern."""
    address = address_of(user)
    return address is not None and any(filter_ == topic(address, channel) for channel in TO_KIOSK)
