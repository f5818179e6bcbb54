"""A whole Decision of a commune that does not exist, as it is rendered: three upright annexes and one across."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sync_server.core.decisions.document import (
    Align,
    Annex,
    Article,
    Chart,
    Code,
    Column,
    Document,
    Head,
    Paragraph,
    Point,
    Row,
    Signature,
    Subtitle,
    Table,
)

SITE = "xã An Bình"
PERIOD = "quý III năm 2026"
_ATTACHED = "(Kèm theo Quyết định số        /QĐ-UBND ngày      tháng 10 năm 2026 của Ủy ban nhân dân xã An Bình)"
_FIELDS = ("Tư pháp – Hộ tịch", "Đất đai", "Bảo trợ xã hội", "Kinh tế", "Xây dựng", "Cư trú")
_PROCEDURES = (
    *("Đăng ký khai sinh", "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan có thẩm quyền cấp"),
    *("Đăng ký biến động quyền sử dụng đất", "Trợ cấp xã hội hằng tháng", "Đăng ký thành lập hộ kinh doanh"),
    *("Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ", "Đăng ký thường trú", "Đăng ký kết hôn"),
)


CREATED = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Rendered:
    """A document, and what was made of it."""

    document: Document
    size: Decimal
    docx: bytes
    pdf: bytes


def a_short_document() -> Document:
    """Return a document that has hardly more than its parts."""
    return Document(
        head=Head(
            parent=(),
            issuer=("ỦY BAN NHÂN DÂN", "XÃ AN BÌNH"),
            number="Số:      /QĐ-UBND",
            place_and_day="An Bình, ngày      tháng 10 năm 2026",
            kind="QUYẾT ĐỊNH",
            about="Về việc công bố kết quả",
            authority="ỦY BAN NHÂN DÂN XÃ AN BÌNH",
        ),
        bases=("Căn cứ Luật Tổ chức chính quyền địa phương.",),
        resolved="QUYẾT ĐỊNH:",
        articles=(Article("Điều 1.", ("Đạt 97,9%./.",)),),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn An"),
        recipients=("- Như Điều 1;", "- Lưu: VT."),
        annexes=(
            Annex(
                "Phụ lục",
                "KẾT QUẢ",
                "(Kèm theo Quyết định số      /QĐ-UBND)",
                (
                    Paragraph("Tỷ lệ 97,9%"),
                    Table((Column("TT", 1), Column("Tỷ lệ", 3)), (Row(("1", "97,9%")),)),
                ),
            ),
        ),
    )


def a_decision() -> Document:
    """Return it."""
    return Document(
        head=Head(
            parent=(),
            issuer=("ỦY BAN NHÂN DÂN", "XÃ AN BÌNH"),
            number="Số:      /QĐ-UBND",
            place_and_day="An Bình, ngày      tháng 10 năm 2026",
            kind="QUYẾT ĐỊNH",
            about="Về việc công nhận và công khai kết quả khảo sát mức độ hài lòng của tổ chức, cá nhân đối với việc "
            f"giải quyết thủ tục hành chính tại Trung tâm Phục vụ hành chính công {SITE} {PERIOD}",
            authority="ỦY BAN NHÂN DÂN XÃ AN BÌNH",
        ),
        bases=(
            "Căn cứ Luật Tổ chức chính quyền địa phương;",
            "Căn cứ Nghị định của Chính phủ về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông "
            "tại Bộ phận Một cửa và Cổng Dịch vụ công quốc gia;",
            f"Theo đề nghị của Giám đốc Trung tâm Phục vụ hành chính công {SITE}.",
        ),
        resolved="QUYẾT ĐỊNH:",
        articles=(
            Article(
                "Điều 1.",
                (
                    "Công nhận và công khai kết quả khảo sát mức độ hài lòng của tổ chức, cá nhân đối với việc giải "
                    f"quyết thủ tục hành chính tại Trung tâm Phục vụ hành chính công {SITE} {PERIOD} (từ ngày 01 tháng "
                    "7 đến hết ngày 30 tháng 9 năm 2026) như sau:",
                    "1. Tổng số lượt đánh giá hợp lệ: 1.445 lượt.",
                    "2. Số lượt đánh giá “Hài lòng” và “Rất hài lòng”: 1.239 lượt, đạt 85,7% (khoảng tin cậy 95% theo "
                    "phương pháp Wilson: 83,8% – 87,5%), đạt mục tiêu 80% đã đề ra.",
                    "Kết quả chi tiết tại các Phụ lục I, II, III và IV kèm theo Quyết định này.",
                ),
            ),
            Article(
                "Điều 2.",
                (
                    f"Giao Trung tâm Phục vụ hành chính công {SITE} công khai kết quả tại trụ sở và trên Trang thông "
                    "tin điện tử của xã; rà soát nguyên nhân, đề xuất biện pháp khắc phục đối với các thủ tục có tỷ lệ "
                    "hài lòng dưới 80%, báo cáo Ủy ban nhân dân xã trước ngày 20 tháng 10 năm 2026.",
                ),
            ),
            Article("Điều 3.", ("Quyết định này có hiệu lực thi hành kể từ ngày ký.",)),
            Article(
                "Điều 4.",
                (
                    "Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã, Giám đốc Trung tâm Phục vụ hành chính "
                    "công xã, Trưởng các phòng chuyên môn và các tổ chức, cá nhân có liên quan chịu trách nhiệm thi "
                    "hành Quyết định này./.",
                ),
            ),
        ),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn An"),
        recipients=(
            "- Như Điều 4;",
            "- Ủy ban nhân dân tỉnh (để báo cáo);",
            "- Thường trực Đảng ủy, Hội đồng nhân dân xã;",
            "- Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân xã;",
            "- Lưu: VT, TTPVHCC.",
        ),
        annexes=(_criteria(), _procedures(), _trend(), _officers()),
        title=f"Quyết định về kết quả khảo sát mức độ hài lòng {PERIOD}",
    )


def _criteria() -> Annex:
    titles = ("Tiêu chí", "Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Bỏ trống", "Tỷ lệ hài lòng")
    columns = (
        Column("TT", 6),
        Column(titles[0], 40, Align.LEFT),
        *(Column(title, 14, Align.RIGHT) for title in titles[1:]),
    )
    rows = (
        Row(("1", "Thái độ phục vụ của công chức tại Bộ phận Một cửa", "702", "537", "140", "66", "0", "85,7%")),
        Row(("2", "Thời hạn giải quyết so với giấy hẹn", "655", "560", "151", "70", "9", "84,6%")),
        Row(("3", "Cơ sở vật chất, trang thiết bị nơi tiếp nhận", "601", "598", "180", "55", "11", "83,6%")),
        Row(("", "Tổng cộng", "1.958", "1.695", "471", "191", "20", "84,7%"), bold=True),
    )
    return Annex(
        "Phụ lục I",
        "KẾT QUẢ THEO TIÊU CHÍ VÀ MỨC ĐÁNH GIÁ QUÝ III NĂM 2026",
        _ATTACHED,
        (
            Paragraph(
                "Số phiếu phát ra: 120; số phiếu thu về: 104 (86,7%). Kết quả của từng tiêu chí được tính trên số lượt "
                "có trả lời tiêu chí đó."
            ),
            Subtitle("1. Khảo sát lần thứ nhất"),
            Table(columns, rows, "Tỷ lệ hài lòng: “Hài lòng” và “Rất hài lòng” trên số lượt có trả lời."),
        ),
    )


def _procedures() -> Annex:
    rows = [
        Row(
            (
                str(number),
                _PROCEDURES[number % len(_PROCEDURES)],
                _FIELDS[number % len(_FIELDS)],
                *(
                    ("*",) * 5
                    if number % 9 == 0
                    else (f"{30 + number}", f"{26 + number}", "87,5%", "71,9 – 95,0", "Đạt")
                ),
            )
        )
        for number in range(1, 41)
    ]
    total = Row(("", "Tổng cộng", "", "1.445", "1.239", "85,7%", "83,8 – 87,5", "Đạt"), bold=True)
    return Annex(
        "Phụ lục II",
        "KẾT QUẢ THEO LĨNH VỰC VÀ THỦ TỤC HÀNH CHÍNH QUÝ III NĂM 2026",
        _ATTACHED,
        (
            Table(
                (
                    Column("TT", 5),
                    Column("Thủ tục hành chính", 26, Align.LEFT),
                    Column("Lĩnh vực", 15, Align.LEFT),
                    Column("Số lượt đánh giá", 10),
                    Column("Số lượt hài lòng", 10),
                    Column("Tỷ lệ", 10),
                    Column("Khoảng tin cậy 95% (%)", 14),
                    Column("So với mục tiêu 80%", 11),
                ),
                (*rows, total),
                "(*) Số lượt quá ít để công bố, hoặc bị ẩn để không suy ra được số khác.",
            ),
        ),
    )


def _trend() -> Annex:
    percents = (75.0, 78.1, 76.8, 80.4, 82.2, 80.3, 78.6, 75.6, 82.2, 84.1, 84.2, 83.3, 85.8)
    labels = ("06/7", "13/7", "20/7", "27/7", "03/8", "10/8", "17/8", "24/8", "31/8", "07/9", "14/9", "21/9", "28/9")

    def text(number: float) -> str:
        return f"{number:.1f}".replace(".", ",")

    points = tuple(
        Point(label, text(percent), text(percent - 6.4), text(percent + 4.8))
        for label, percent in zip(labels, percents, strict=True)
    )
    return Annex(
        "Phụ lục III",
        "DIỄN BIẾN VÀ CÁCH KIỂM TRA",
        _ATTACHED,
        (
            Chart(
                points,
                "80",
                "Mục tiêu 80%",
                f"Tỷ lệ hài lòng theo tuần, {PERIOD} (dải mờ: khoảng tin cậy 95%; đường đứt nét: mục tiêu 80%)",
                "Biểu đồ đường: tỷ lệ hài lòng theo tuần tăng từ 75,0% lên 85,8%.",
            ),
            Paragraph("Ai cũng có thể kiểm tra các số liệu của Quyết định này bằng tệp lưu trữ kèm theo.", italic=True),
            Code(
                "HL1:sia:2026-Q3:9f2c4e6a8b0d1f3557799bbdd0f2141638",
                "Gốc Merkle: 9f2c4e6a8b0d1f3557799bbdd0f2141638\nDấu vân tay: 77aa02b4c6d8e0f1325476980badcfe1",
            ),
        ),
    )


def _officers() -> Annex:
    titles = (
        "Họ và tên",
        "Chức danh",
        "Lĩnh vực",
        "Số lượt",
        "Hài lòng",
        "Không hài lòng",
        "Tỷ lệ",
        "Khoảng tin cậy 95%",
    )
    widths = (26, 22, 22, 10, 10, 12, 10, 16)
    columns = (Column("TT", 6), *(Column(title, width) for title, width in zip(titles, widths, strict=True)))
    rows = tuple(
        Row((str(number), name, "Công chức", _FIELDS[number], "241", "207", "34", "85,9%", "80,9% – 89,7%"))
        for number, name in enumerate(("Trần Thị Bình", "Lê Văn Cường", "Phạm Nguyễn Hoàng Quỳnh Như"), 1)
    )
    return Annex("Phụ lục IV", "KẾT QUẢ THEO CÔNG CHỨC", _ATTACHED, (Table(columns, rows),), landscape=True)
