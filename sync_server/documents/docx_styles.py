"""The paragraph styles of a DOCX, one for each element of the decree, so that a clerk can change an element at once."""

from dataclasses import dataclass

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

from sync_server.documents.measures import ABOUT_INSET, GAP, INDENT, LEADING, SIGNATURE_ROOM, WORD_FONT, TextSizes

CENTRE, BOTH, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
_KEPT = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Header"}
_FONTS = ("ascii", "hAnsi", "cs", "eastAsia")


@dataclass(frozen=True)
class Look:
    """What an element looks like; distances in points."""

    name: str  # as Word shows it
    size: float
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = CENTRE
    before: float = 0.0
    after: float = 0.0
    first_line: bool = False
    keep_next: bool = False
    single: bool = False  # lines as close as they can be
    exact: float = 0.0  # the height of a line, of what has no letters
    inset: float = 0.0  # mm, either side
    outline: int | None = None  # the level at which it stands in a reader's overview


def looks(sizes: TextSizes) -> dict[str, Look]:
    """Return all elements by the id of their style."""
    text, capitals = sizes.text, sizes.capitals
    return {
        "Parent": Look("Cơ quan chủ quản", capitals),
        "Issuer": Look("Cơ quan ban hành", capitals, bold=True),
        "Nation": Look("Quốc hiệu", capitals, bold=True),
        "Motto": Look("Tiêu ngữ", text, bold=True),
        "Number": Look("Số, ký hiệu", sizes.number, before=5),
        "PlaceAndDay": Look("Địa danh, ngày tháng", text, italic=True, before=5),
        "Kind": Look("Tên loại", text, bold=True, before=12, keep_next=True, outline=0),
        "About": Look("Trích yếu", text, bold=True, keep_next=True, inset=ABOUT_INSET),
        "Authority": Look("Thẩm quyền ban hành", text, bold=True, before=8, after=6, keep_next=True),
        "Base": Look("Căn cứ", text, italic=True, align=BOTH, after=6, first_line=True),
        "Resolved": Look("Quyết định", text, bold=True, after=6, keep_next=True),
        "Body": Look("Nội dung", text, align=BOTH, after=6, first_line=True),
        "RecipientsTitle": Look("Nơi nhận", sizes.recipients_title, bold=True, italic=True, align=LEFT, single=True),
        "Recipient": Look("Nơi nhận, danh sách", sizes.recipients, align=LEFT, before=1, single=True),
        "Signature": Look("Quyền hạn, chức vụ", text, bold=True, keep_next=True),
        "SignedName": Look("Họ tên người ký", text, bold=True, before=SIGNATURE_ROOM * 72 / 25.4),
        "AnnexLabel": Look("Phụ lục", sizes.annex_label, bold=True, keep_next=True, outline=0),
        "AnnexTitle": Look("Tên phụ lục", text, bold=True, keep_next=True),
        "AnnexAttached": Look("Kèm theo", text, italic=True, keep_next=True),
        "Subtitle1": Look("Tên bảng", text, bold=True, align=LEFT, before=6, after=6, keep_next=True, outline=1),
        "CellText": Look("Ô bảng", sizes.table, single=True),
        "WideCellText": Look("Ô bảng nhiều cột", sizes.wide_table, single=True),
        "Note": Look("Ghi chú bảng", sizes.note, italic=True, align=BOTH, before=6, after=10),
        "Picture": Look("Hình", text, before=10, keep_next=True),
        "Gap": Look("Khoảng cách", 4, exact=GAP, keep_next=True),
        "End": Look("Hết phần", 1, exact=1),
        "Caption1": Look("Tên hình", sizes.note, italic=True, before=4, after=10),
    }


def set_up_styles(docx: Docx, sizes: TextSizes) -> None:
    """Take out every style that is not used and put ours in."""
    styles = docx.styles.element
    latent = styles.find(qn("w:latentStyles"))
    if latent is not None:
        styles.remove(latent)
    for style in list(styles.iter(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _KEPT:
            styles.remove(style)
    for link in list(styles.iter(qn("w:link"))):  # to styles of characters, which are gone
        link.getparent().remove(link)
    for style_id, look in looks(sizes).items():
        _add(docx, style_id, look)
    normal = docx.styles["Normal"]
    normal.font.size = Pt(sizes.text)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = LEADING
    docx.styles["Header"].font.size = Pt(sizes.page_number)
    for properties in styles.iter(qn("w:rPr")):
        _in_word_font(properties)


def _add(docx: Docx, style_id: str, look: Look) -> None:
    style = docx.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), style_id)
    style.base_style = docx.styles["Normal"]
    style.quick_style = True
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, look.italic
    form = style.paragraph_format
    form.alignment = look.align
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.keep_with_next = look.keep_next
    form.widow_control = True
    if look.first_line:
        form.first_line_indent = Mm(INDENT)
    if look.inset:
        form.left_indent = form.right_indent = Mm(look.inset)
    if look.single:
        form.line_spacing = 1.0
    if look.exact:
        form.line_spacing = Pt(look.exact)
    if look.outline is not None:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(look.outline))
        style.element.get_or_add_pPr().append(level)  # the last there may be, but for what marks changes


def _in_word_font(properties: BaseOxmlElement) -> None:
    """Name the decree's font for every script, Vietnamese as the language, and size also for what is no Latin."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)  # only a style of characters stands before it, and none does here
    fonts.attrib.clear()
    for script in _FONTS:
        fonts.set(qn(f"w:{script}"), WORD_FONT)
    language = properties.find(qn("w:lang"))
    if language is not None:
        for name in ("val", "eastAsia"):
            language.set(qn(f"w:{name}"), "vi-VN")
    size = properties.find(qn("w:sz"))
    if size is not None:
        other = properties.find(qn("w:szCs"))
        if other is None:
            other = OxmlElement("w:szCs")
            size.addnext(other)
        other.set(qn("w:val"), size.get(qn("w:val")))
