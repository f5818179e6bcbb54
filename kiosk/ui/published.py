"""The last result that the office has published, as the thank-you screen says it. Pure."""

from kiosk.ui.quarter import Quarter
from protocol.messages import Published

THOUSANDS = {",": ".", ".": ","}  # between thousands, by what stands before the decimals
_PRINTED = ","  # before the decimals of a share, as the office prints it


def in_words(published: Published, form: str, decimal: str) -> str:
    """Return the sentence *form* with its numbers written as the language with this *decimal* does."""
    return form.format(
        roman=Quarter(published.year, published.quarter).roman,
        year=published.year,
        share=published.share.replace(_PRINTED, decimal),
        votes=f"{published.votes:,}".replace(",", THOUSANDS[decimal]),
    )
