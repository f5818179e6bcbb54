"""Head, căn cứ, signature and Nơi nhận of a document. Pure."""

from sync_server.core.decisions import offices, wording
from sync_server.core.decisions.document import Head, Signature
from sync_server.core.decisions.facts import Act, Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.form_fields import with_values
from sync_server.core.letterhead import Capacity

_BEGINS = ("Căn cứ", "Xét", "Theo", "Thực hiện", "Trên cơ sở")


def head_of(facts: Facts) -> Head:
    """Return what stands above the text."""
    office = facts.letterhead.office
    issuer = offices.issuer(office)
    report = facts.act is Act.REPORT
    return Head(
        parent=tuple(literal(line.upper()) for line in facts.form.parent),
        issuer=tuple(map(literal, issuer)),
        number=wording.NUMBER.format(facts.symbol),
        place_and_day=wording.PLACE_AND_DAY.format(literal(place_of(facts))),
        kind=wording.REPORT if report else wording.DECISION,
        about=about_of(facts),
        authority="" if report else literal(" ".join(issuer)),
    )


def about_of(facts: Facts) -> str:
    """Return the trích yếu."""
    if facts.act is Act.AMENDMENT:
        return wording.AMENDING_ABOUT.format(facts.form.symbol, literal(offices.in_text(facts.letterhead.office)))
    text = facts.form.report_about if facts.act is Act.REPORT else facts.form.about
    return with_values(text, None, "")


def place_of(facts: Facts) -> str:
    """Return the địa danh: as the letterhead has it, or the office's own name without its rank."""
    if facts.letterhead.place:
        return facts.letterhead.place
    return offices.place(facts.letterhead.office)


def bases_of(facts: Facts) -> tuple[str, ...]:
    """Return the căn cứ with what each ends in; the proposal is the last. A report has none."""
    if facts.act is Act.REPORT:
        return ()
    texts = [literal(_basis(text)) for text in facts.legal_bases]
    if facts.form.proposal:
        texts.append(with_values(_bare(facts.form.proposal), None, ""))
    return tuple(f"{text}{'.' if place == len(texts) else ';'}" for place, text in enumerate(texts, start=1))


def signature_of(facts: Facts) -> Signature:
    """Return who signs; without a name where the office has not said who."""
    office, signer = facts.letterhead.office, facts.letterhead.signer
    if signer is None:
        title = wording.CHAIR if offices.is_collective(office) else wording.HEAD_OF_A_BODY
        return Signature(offices.signing(office, Capacity.COLLECTIVE, title), "")
    lines = offices.signing(office, signer.capacity, signer.title)
    return Signature(tuple(map(literal, lines)), literal(signer.name))


def recipients_of(facts: Facts, articles: int) -> tuple[str, ...]:
    """Return Nơi nhận: who carries it out first, the archive last."""
    first = wording.ABOVE if facts.act is Act.REPORT else wording.AS_ARTICLE.format(articles)
    told = [f"- {literal(_bare(line.removeprefix('- ')))};" for line in facts.form.recipients]
    archive = wording.ARCHIVED.format(literal(_bare(facts.form.archive.removeprefix("Lưu: "))))
    return (*told, archive) if facts.act is Act.REPORT else (first, *told, archive)


def _basis(text: str) -> str:
    bare = _bare(text)
    return bare if bare.startswith(_BEGINS) else f"{wording.BASIS}{bare}"


def _bare(text: str) -> str:
    return text.strip().rstrip(";.").rstrip()
