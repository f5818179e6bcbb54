"""What the articles say for given facts, filled: what an office looks at while it writes its own text. Pure."""

from sync_server.core.decisions.contents import compose
from sync_server.core.decisions.document import Document, filled
from sync_server.core.decisions.facts import Facts
from sync_server.core.decisions.plain_text import articles_as_text
from sync_server.core.decisions.stated import stated_of
from sync_server.core.decisions.values import computed_of


def filled_document(facts: Facts) -> Document:
    """Return the whole document with its values."""
    return filled(compose(facts), computed_of(facts.figures) | stated_of(facts))


def preview(facts: Facts) -> str:
    """Return the articles or, of a report, its paragraphs, a line each."""
    return articles_as_text(filled_document(facts))
