"""A whole document out of the facts, with fields for its numbers; their texts: `stated` and `values`. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from sync_server.core.decisions import (
    annex_breakdowns,
    annex_check,
    annex_children,
    annex_grounds,
    annex_indicators,
    annex_on_time,
    annex_results,
    annex_trend,
    offices,
    wording,
)
from sync_server.core.decisions.amending import amending_articles
from sync_server.core.decisions.articles import articles_of, closing, paragraphs_of, replacing_articles
from sync_server.core.decisions.document import Annex, Article, Block, Document
from sync_server.core.decisions.facts import Act, Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.form import AnnexKind
from sync_server.core.decisions.head import bases_of, head_of, recipients_of, signature_of
from sync_server.core.decisions.roman import roman


class _Part(NamedTuple):
    title: str
    blocks: Iterator[Block]
    landscape: bool = False


def compose(facts: Facts) -> Document:
    """Return the document; every number of it is a field."""
    report = facts.act is Act.REPORT
    articles = _articles(facts)
    head = head_of(facts)
    return Document(
        head=head,
        bases=bases_of(facts),
        resolved="" if report else wording.RESOLVED,
        articles=articles,
        signature=signature_of(facts),
        recipients=recipients_of(facts, len(articles)),
        annexes=_annexes(facts),
        title=f"{head.kind.capitalize()} {head.about[:1].lower()}{head.about[1:]}",
        opening=closing(paragraphs_of(facts.form.report, facts)) if report else (),
    )


def _articles(facts: Facts) -> tuple[Article, ...]:
    if facts.act is Act.REPORT:
        return ()
    if facts.amended is None:
        return articles_of(facts)
    amends = facts.act is Act.AMENDMENT
    return amending_articles(facts, facts.amended) if amends else replacing_articles(facts)


def _annexes(facts: Facts) -> tuple[Annex, ...]:
    parts = [*_parts(facts)]
    attached = wording.ATTACHED.format(
        wording.ACTS[facts.act is Act.REPORT], facts.symbol, literal(offices.in_text(facts.letterhead.office))
    )
    return tuple(
        Annex(
            wording.ANNEX if len(parts) == 1 else wording.ANNEX_NUMBERED.format(roman(number)),
            part.title,
            attached,
            tuple(part.blocks),
            part.landscape,
        )
        for number, part in enumerate(parts, start=1)
    )


def _parts(facts: Facts) -> Iterator[_Part]:
    """Yield the annexes that the office has chosen and there is something for; how to check them always, at the end."""
    chosen = facts.form.annexes
    if AnnexKind.RESULTS in chosen:
        yield _Part(wording.RESULTS_TITLE, annex_results.blocks(facts))
    if AnnexKind.BREAKDOWNS in chosen:
        yield _Part(wording.BREAKDOWNS_TITLE, annex_breakdowns.blocks(facts))
    if AnnexKind.OFFICERS in chosen and annex_breakdowns.has_officers(facts):
        yield _Part(wording.OFFICERS_TITLE, annex_breakdowns.officer_blocks(facts))
    if AnnexKind.INDICATORS in chosen and annex_indicators.has_any(facts):
        yield _Part(wording.INDICATORS_TITLE, annex_indicators.blocks(facts), landscape=True)
    if AnnexKind.TREND in chosen and annex_trend.has_any(facts):
        yield _Part(wording.TREND_TITLE, annex_trend.blocks(facts))
    if AnnexKind.GROUNDS in chosen:
        yield _Part(wording.GROUNDS_TITLE, annex_grounds.blocks(facts))
    if AnnexKind.ON_TIME in chosen and annex_on_time.has_any(facts):
        yield _Part(wording.ON_TIME_TITLE, annex_on_time.blocks(facts))
    if facts.children:
        yield _Part(wording.CHILDREN_TITLE, annex_children.blocks(facts))
    yield _Part(wording.CHECK_TITLE, annex_check.blocks(facts))
