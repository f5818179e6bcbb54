"""The articles of a Decision and the paragraphs of a report, out of an office's own texts. Pure."""

import re
from collections.abc import Iterator, Sequence

from sync_server.core.decisions import offices, wording
from sync_server.core.decisions.document import Article
from sync_server.core.decisions.facts import Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.form import ArticleText
from sync_server.core.decisions.form_fields import concerns_a_survey, with_values
from sync_server.core.decisions.lines import survey_name

_NUMBERED = re.compile(r"(?:(?P<clause>[0-9]+)\.|[a-zđ]\)|[-+])\s+")


def articles_of(facts: Facts) -> tuple[Article, ...]:
    """Return the articles in the office's own words, numbered; the last ends in "./."."""
    return numbered([paragraphs_of(text, facts) for text in facts.form.articles])


def replacing_articles(facts: Facts) -> tuple[Article, ...]:
    """Return the same of a Decision that replaces another one: the article before the last says so."""
    office = literal(offices.in_text(facts.letterhead.office))
    *others, last = [paragraphs_of(text, facts) for text in facts.form.articles]
    return numbered([*others, [wording.REPLACES.format(facts.symbol, office)], last])


def numbered(texts: Sequence[Sequence[str]]) -> tuple[Article, ...]:
    """Return paragraphs as articles; the last ends in "./."."""
    *others, last = texts
    closed = [*others, closing(last)]
    return tuple(
        Article(wording.ARTICLE.format(number), tuple(paragraphs)) for number, paragraphs in enumerate(closed, start=1)
    )


def paragraphs_of(article: ArticleText, facts: Facts) -> tuple[str, ...]:
    """Return paragraphs with fields; one that is about a survey is there once for each survey, which it then names."""
    texts = article.paragraphs if facts.has_votes else article.without_votes or article.paragraphs
    written = [list(_paragraphs(text, facts)) for text in texts]
    flat = tuple(paragraph for each in written for paragraph in each)
    return flat if len(flat) == len(texts) else tuple(_counted_anew(flat))


def closing(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return paragraphs that end a document."""
    *others, last = paragraphs
    return (*others, f"{last.rstrip().rstrip('./;,').rstrip()}{wording.END}")


def _paragraphs(text: str, facts: Facts) -> Iterator[str]:
    surveys = facts.figures.surveys
    if not concerns_a_survey(text) or not surveys:
        yield with_values(text, None, "")
        return
    for survey in surveys:
        written = with_values(text, survey.revision, survey.main.asked.criterion)
        yield written if len(surveys) == 1 else _naming(survey.revision, written)


def _counted_anew(paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs of which some are there more than once, with clauses (khoản) that count on."""
    clause = 0
    for paragraph in paragraphs:
        match = _NUMBERED.match(paragraph)
        if match is None or match["clause"] is None:
            yield paragraph
        else:
            clause += 1
            yield f"{clause}{paragraph[match.end('clause') :]}"


def _naming(revision: int, text: str) -> str:
    number = _NUMBERED.match(text)
    place = 0 if number is None else number.end()
    return f"{text[:place]}({survey_name(revision)}) {text[place:]}"
