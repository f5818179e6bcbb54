"""Where one can go from every page, and for whose figures. Pure."""

from urllib.parse import urlencode

FIGURES, LABELS, INBOX, DECISIONS, RECORD = "figures", "labels", "inbox", "decisions", "record"

_PLACES = (
    (FIGURES, "/", "Số liệu"),
    (LABELS, "/labels", "Nhãn"),
    (INBOX, "/inbox", "Góp ý"),
    (DECISIONS, "/decisions", "Quyết định"),
    (RECORD, "/record", "Nhật ký"),
)


def places(site: str) -> list[tuple[str, str, str]]:
    """Return key, address and words of each place, for a site."""
    return [(key, of_site(address, site), words) for key, address, words in _PLACES]


def of_site(address: str, site: str, **more: str) -> str:
    """Return an address of a site's page; what is empty is left out."""
    return f"{address}?{urlencode({'site': site} | {key: value for key, value in more.items() if value})}"
