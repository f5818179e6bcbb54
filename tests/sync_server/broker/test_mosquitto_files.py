"""Mosquitto's files give the same rights as the embedded broker."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.topics import Address, Channel, topic
from sync_server.broker.mosquitto_files import password_text, rights_text, user_of
from sync_server.broker.rights import address_of, may_publish, may_subscribe

names = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
addresses = st.builds(Address, names, names)


def rights_in(text: str) -> dict[str, set[tuple[str, str]]]:
    rights: dict[str, set[tuple[str, str]]] = {}
    for line in text.splitlines():
        match line.split():
            case ["user", user]:
                mine = rights[user] = set()
            case ["topic", right, name]:
                mine.add((right, name))
            case [] | ["#", *_]:
                pass
            case _:
                raise AssertionError(line)
    return rights


@given(st.lists(addresses, max_size=6, unique=True))
def test_every_kiosk_may_do_what_the_embedded_broker_lets_it_do(kiosks: list[Address]) -> None:
    rights = rights_in(rights_text(["ingest"], kiosks))
    assert rights.keys() == {"ingest", *map(user_of, kiosks)}
    for kiosk in kiosks:
        user = user_of(kiosk)
        assert address_of(user) == kiosk
        everything = [topic(address, channel) for address in kiosks for channel in Channel]
        assert rights[user] == {("write", name) for name in everything if may_publish(user, name)} | {
            ("read", name) for name in everything if may_subscribe(user, name)
        }


def test_the_server_hears_what_kiosks_say_and_says_what_they_hear() -> None:
    assert rights_in(rights_text(["ingest", "ingest-2"], []))["ingest-2"] == {
        ("read", "hailong/v1/+/+/votes"),
        ("read", "hailong/v1/+/+/hello"),
        ("read", "hailong/v1/+/+/status"),
        ("write", "hailong/v1/+/+/receipt"),
        ("write", "hailong/v1/+/+/setup"),
        ("write", "hailong/v1/+/+/command"),
    }


def test_a_user_and_a_digest_a_line() -> None:
    assert password_text({"ingest": "$7$1$a$b", "sia.quay-1": "$7$1$c$d"}) == "ingest:$7$1$a$b\nsia.quay-1:$7$1$c$d\n"
