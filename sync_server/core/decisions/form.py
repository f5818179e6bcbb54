"""What an office writes of its Decisions itself: texts with fields, recipients, annexes; dated, as rules are. Pure."""

import unicodedata
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from sync_server.core.decisions import form_wording
from sync_server.core.decisions.form_fields import check_fields, concerns_a_survey
from sync_server.core.entries import Entry

LONGEST_TEXT = 2_000  # characters of a paragraph
MOST_PARAGRAPHS = 40
MOST_LINES = 30  # recipients, or articles
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})

Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
Paragraphs = Annotated[tuple[Text, ...], Meta(min_length=1, max_length=MOST_PARAGRAPHS)]


class AnnexKind(StrEnum):
    """What an annex holds; in a document the annexes that it has are numbered anew."""

    RESULTS = "I"  # by criterion and level
    BREAKDOWNS = "II"  # by field and procedure
    OFFICERS = "III"  # only where the rules of the office have figures of officers
    INDICATORS = "IV"  # Mẫu 01, 02, 03
    TREND = "V"
    GROUNDS = "VI"  # completeness, exclusions, channels, answer rate
    ON_TIME = "VII"


class ArticleText(Entry, frozen=True):
    """An article, and what it says instead where no vote counts."""

    paragraphs: Paragraphs
    without_votes: Annotated[tuple[Text, ...], Meta(max_length=MOST_PARAGRAPHS)] = ()


ARTICLES = (
    ArticleText(form_wording.RESULT, form_wording.NO_RESULT),
    ArticleText(form_wording.TASKS, form_wording.NO_VOTES_TASKS),
    ArticleText(form_wording.IN_FORCE),
    ArticleText(form_wording.WHO_CARRIES_OUT),
)


class DecisionForm(Entry, frozen=True):
    """What holds where an office has said nothing else; ValueError says which text is not usable."""

    symbol: str = "QĐ-UBND"
    report_symbol: str = "BC-UBND"
    parent: Annotated[tuple[Text, ...], Meta(max_length=3)] = ()  # lines of the body above; usually a commune has none
    about: Text = form_wording.ABOUT
    proposal: str = form_wording.PROPOSAL  # the last of the căn cứ; may be empty
    articles: Annotated[tuple[ArticleText, ...], Meta(min_length=1, max_length=MOST_LINES)] = ARTICLES
    recipients: Annotated[tuple[Text, ...], Meta(max_length=MOST_LINES)] = form_wording.RECIPIENTS
    archive: Text = form_wording.ARCHIVE  # behind "Lưu:"
    annexes: tuple[AnnexKind, ...] = (
        *(AnnexKind.RESULTS, AnnexKind.BREAKDOWNS, AnnexKind.INDICATORS, AnnexKind.TREND),
        *(AnnexKind.GROUNDS, AnnexKind.ON_TIME),
    )
    report_about: Text = form_wording.REPORT_ABOUT
    report: ArticleText = ArticleText(form_wording.REPORT, form_wording.NO_REPORT)

    def __post_init__(self) -> None:
        for what, text in (("symbol", self.symbol), ("report_symbol", self.report_symbol)):
            if not text or not all(sign.isalnum() or sign == "-" for sign in text):
                raise ValueError(f"{what}: expected letters, digits and hyphens, like QĐ-UBND")
        if len(set(self.annexes)) < len(self.annexes):
            raise ValueError("annexes: one stands twice")
        for place, article in enumerate(self.articles):
            self._check_article(f"articles[{place}]", article)
        self._check_article("report", self.report)
        for what, text in (("about", self.about), ("proposal", self.proposal), ("report_about", self.report_about)):
            _check(what, text)
            if concerns_a_survey(text):
                raise ValueError(f"{what}: holds a field of a single survey; such fields belong in articles")
        for what, lines in (("parent", self.parent), ("recipients", self.recipients), ("archive", (self.archive,))):
            for line in lines:
                _check_signs(what, line)

    @staticmethod
    def _check_article(what: str, article: ArticleText) -> None:
        for text in article.paragraphs:
            _check(f"{what}.paragraphs", text)
        for text in article.without_votes:
            _check(f"{what}.without_votes", text)


def _check(what: str, text: str) -> None:
    _check_signs(what, text)
    try:
        check_fields(text)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None


def _check_signs(what: str, text: str) -> None:
    if text and not text.strip():
        raise ValueError(f"{what}: a text is empty")
    if any(unicodedata.category(sign) in _CONTROL for sign in text):
        raise ValueError(f"{what}: holds a line break or another invisible character; begin another paragraph instead")


USUAL_FORM = DecisionForm()
