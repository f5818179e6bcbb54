"""What keeps a time from being closed, and what to do about it, in the words of documents and pages."""

from sync_server.core.completeness import Finding, Kind
from sync_server.core.quarter import VIETNAM
from sync_server.core.rounding import count_text

_STREAM = 8  # characters, as everywhere

# What is the matter, and what to do. {streams}: the streams concerned, {votes}: how many, {at}: when.
_OF_KIOSKS: dict[Kind, tuple[str, str]] = {
    Kind.NEVER_HEARD: (
        "chưa từng báo cáo còn bao nhiêu lượt đánh giá",
        "Bật kiosk, nối mạng và chờ báo cáo đầu tiên; nếu kiosk không dùng nữa: kiosk revoke",
    ),
    Kind.SILENT: (
        "mất liên lạc từ {at}; không biết sau đó có lượt đánh giá nào không",
        "Bật kiosk và nối mạng, hoặc mang lượt đánh giá về bằng USB: stick import",
    ),
    Kind.MISSING: (
        "còn thiếu {votes} lượt đánh giá của chuỗi {streams}: đang ở kiosk, hoặc mất cùng thẻ nhớ",
        "Chờ kiosk gửi hết; nếu thẻ nhớ đã hỏng, ghi nhận bằng: stream close",
    ),
    Kind.LATER: ("còn {votes} lượt đánh giá của chuỗi {streams} ở kiosk, thuộc thời gian sau kỳ này", ""),
    Kind.LOST: (
        "mất {votes} lượt đánh giá của chuỗi {streams}, không nơi nào còn giữ",
        "Người có trách nhiệm ghi nhận bằng: stream accept",
    ),
    Kind.COPIED: (
        "thẻ nhớ là bản sao: {votes} lượt đánh giá trùng số thứ tự trong chuỗi {streams}, được giữ riêng",
        "Tìm máy thứ hai hoặc thẻ được sao chép, rồi: stream close",
    ),
    Kind.REFUSED: ("{votes} lượt đánh giá của chuỗi {streams} bị từ chối, được giữ riêng cùng lý do", ""),
    Kind.CONTINUES: ("chuỗi {streams}: mang theo {votes} lượt đánh giá", ""),
    Kind.CLOSED: ("{votes} lượt đánh giá của chuỗi {streams} không bao giờ đến; chuỗi đã đóng sổ", ""),
    Kind.TWO_MACHINES: (
        "hai máy cùng gửi dưới một tên: chuỗi {streams}",
        "Cấp lại cấu hình cho một trong hai máy, rồi: stream close",
    ),
    Kind.NOT_CLOSED: (
        "chuỗi {streams} dừng từ {at} mà chưa đóng sổ",
        "Nếu thẻ nhớ đã được thay: stream close",
    ),
}

KIOSK = "Kiosk {}: {}"
UNDATED = (
    "{} lượt đánh giá chưa rõ thuộc kỳ này hay kỳ khác, vì kiosk khi đó không biết giờ; không được tính",
    "Nối mạng kiosk sớm hơn trong kỳ sau; số lượt này được nêu trong văn bản",
)
UNREVIEWED = (
    "{} lượt đánh giá mang nhãn “{}” chưa có người xem xét",
    "Xem xét từng nhãn: labels list --time {} --unreviewed, rồi labels confirm hoặc labels lift",
)
UNREVIEWED_EXCLUDED = (
    "{} lượt đánh giá bị loại vì nhãn “{}” mà chưa có người xem xét",
    UNREVIEWED[1],
)
CASES_BEHIND = (
    "Danh sách hồ sơ mới nhập đến ngày {}: những ngày làm việc cuối kỳ chưa có hồ sơ nào",
    "Nhập hồ sơ đến hết kỳ: cases import hoặc cases fetch",
)
CASES_UNKNOWN = (
    "{} lượt đánh giá của hồ sơ không có trong danh sách hồ sơ",
    "Nhập các hồ sơ còn thiếu: cases import hoặc cases fetch",
)
BATCH_OPEN = ("Lô phiếu giấy “{}” chưa đóng, nên chưa được tính", "Đếm lại phiếu rồi: paper close")
BATCH_DIFFERS = (
    "Lô phiếu giấy “{}”: hai lần nhập khác nhau ở {} phiếu",
    "So từng phiếu với bản giấy: paper close nêu các phiếu khác nhau, paper decide chọn, rồi lại paper close",
)
UNJUDGED = (
    "{} ngày có lượt đánh giá hoặc hồ sơ mới, chưa được các quy tắc xem lại",
    "Chờ máy chủ (khoảng một giờ), hoặc chạy: labels run",
)


def of_kiosk(kiosk: str, finding: Finding) -> tuple[str, str]:
    """Return what is the matter with a kiosk, and what to do."""
    what, cure = _OF_KIOSKS[finding.kind]
    told = {
        "streams": ", ".join(stream[:_STREAM] for stream in finding.streams),
        "votes": count_text(finding.votes),
        "at": "" if finding.at is None else f"{finding.at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}",
    }
    return KIOSK.format(kiosk, what.format_map(told)), cure
