"""A small document with fields."""

import pytest

from sync_server.core.decisions.document import (
    Annex,
    Article,
    Column,
    Document,
    Head,
    Paragraph,
    Row,
    Signature,
    Table,
)


@pytest.fixture
def a_document() -> Document:
    return Document(
        head=Head(
            parent=(),
            issuer=("ỦY BAN NHÂN DÂN", "THỊ TRẤN SỊA"),
            number="Số:      /QĐ-UBND",
            place_and_day="{place}, ngày      tháng 01 năm 2027",
            kind="QUYẾT ĐỊNH",
            about="Về việc công bố kết quả",
            authority="ỦY BAN NHÂN DÂN THỊ TRẤN SỊA",
        ),
        bases=("Căn cứ Luật Tổ chức chính quyền địa phương.",),
        resolved="QUYẾT ĐỊNH:",
        articles=(Article("Điều 1.", ("Đạt {percent}.",)),),
        signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn An"),
        recipients=("- Như Điều 1;", "- Lưu: VT."),
        annexes=(
            Annex(
                "Phụ lục",
                "KẾT QUẢ",
                "(Kèm theo Quyết định số      /QĐ-UBND)",
                (
                    Paragraph("Tỷ lệ {percent}"),
                    Table((Column("TT", 1), Column("Tỷ lệ", 3)), (Row(("1", "{percent}")),)),
                ),
            ),
        ),
    )
