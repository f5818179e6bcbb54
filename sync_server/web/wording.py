"""The Vietnamese sentences that the pages' code chooses between."""

from protocol.port_troubles import PortTrouble
from sync_server.core.figures.verdict import Verdict
from sync_server.core.matters import LONGEST_NOTE, MatterState
from sync_server.core.presence import Concern, Condition

NEW_LINK = "python -m sync_server admin link"
IMPORT_OFFICE = "python -m sync_server office import"

NOT_SIGNED_IN = (
    "Cần đăng nhập",
    "Trang này chỉ dành cho người quản trị. Phiên làm việc chưa có hoặc đã hết hạn. "
    "Để lấy liên kết đăng nhập dùng một lần, hãy chạy lệnh sau trên máy chủ:",
)
LINK_NOT_GOOD = (
    "Liên kết không còn dùng được",
    "Mỗi liên kết đăng nhập chỉ dùng được một lần, trong 24 giờ. Để lấy liên kết mới, hãy chạy lệnh sau trên máy chủ:",
)
NO_SUCH_PAGE = ("Không có trang này", "Địa chỉ có thể đã bị gõ sai hoặc trang đã được chuyển đi.")
NO_SUCH_QUARTER = ("Không có quý này", "Quý được viết như 2026-Q4: năm từ 2000 đến 2999, rồi -Q1 đến -Q4.")
NO_SUCH_SITE = ("Không có điểm này", "Hãy chọn một trong các điểm có số liệu:")
NO_OFFICE = ("Chưa có dữ liệu cơ quan", "Hãy nhập thư mục dữ liệu của cơ quan bằng lệnh sau trên máy chủ:")
FROM_ELSEWHERE = ("Yêu cầu bị từ chối", "Biểu mẫu được gửi từ một trang khác. Hãy mở lại trang này và thử lại.")
FORM_TOO_OLD = ("Biểu mẫu đã cũ", "Hãy mở lại trang này và thử lại.")
NOT_POSSIBLE = ("Không thực hiện được", "Máy chủ không hiểu yêu cầu này.")
TOO_MANY = ("Quá nhiều trang đang mở", "Số liệu vẫn tự làm mới sau mỗi 15 giây.")
TROUBLE = ("Máy chủ gặp sự cố", "Hãy thử lại sau ít phút. Chi tiết nằm trong nhật ký của máy chủ.")

TO_START = "Về trang số liệu"

CONDITIONS = {
    Condition.WELL: "Trực tuyến",
    Condition.NEEDS_HELP: "Cần kiểm tra",
    Condition.SILENT: "Mất liên lạc",
    Condition.NEVER_HEARD: "Chưa từng kết nối",
    Condition.REVOKED: "Đã thu hồi",
}
CONCERNS = {
    Concern.TWO_MACHINES: "Hai máy đang gửi dưới cùng một tên kiosk",
    Concern.COPIED: "Thẻ nhớ là bản sao: có lượt đánh giá trùng số thứ tự, được giữ riêng",
    Concern.LOST: "Có lượt đánh giá bị mất, chưa ai xác nhận",
    Concern.NOT_CLOSED: "Thẻ nhớ cũ chưa được đóng sổ",
    Concern.SCANNER: "Máy quét: {scanner}",
    Concern.STORAGE: "Bộ nhớ: {report.storage}",
    Concern.QUEUE: "Hệ thống gọi số: {queue}",
    Concern.CLOCK_UNKNOWN: "Đồng hồ: chưa biết giờ đúng",
    Concern.CLOCK_WRONG: "Đồng hồ chạy {clock}",
    Concern.DISK_LOW: "Thẻ nhớ sắp đầy: còn {megabytes} MB",
    Concern.SETUP_REFUSED: "Không áp dụng cấu hình mới: {report.setup_refused}",
}
PORT_TROUBLES = {
    PortTrouble.NOT_OPEN_YET: "chưa mở",
    PortTrouble.NO_DEVICE: "không thấy thiết bị",
    PortTrouble.NO_PERMISSION: "không có quyền: người dùng phải thuộc nhóm của thiết bị, thường là dialout",
    PortTrouble.NO_INPUT_PERMISSION: "không có quyền: người dùng phải thuộc nhóm của thiết bị, thường là input",
    PortTrouble.IN_USE: "chương trình khác đang dùng",
    PortTrouble.GRABBED: "chương trình khác đang giữ",
    PortTrouble.NOT_SERIAL: "không phải cổng nối tiếp",
    PortTrouble.NOT_INPUT: "không phải thiết bị nhập",
    PortTrouble.CANNOT_BE_OPENED: "không mở được",
    PortTrouble.WENT_AWAY: "thiết bị đã bị rút ra",
    PortTrouble.WENT_AWAY_OR_READ: "thiết bị đã bị rút ra, hoặc chương trình khác đang đọc",
    PortTrouble.WENT_AWAY_OR_DEAF: "thiết bị đã bị rút ra, hoặc không nhận gì",
    PortTrouble.SCANNER_SILENT: "máy quét không trả lời 3 lần",
    PortTrouble.QUEUE_SILENT: "hệ thống gọi số không trả lời 6 lần",
}
SEE_COMPLETENESS = "Xem chi tiết trên máy chủ: python -m sync_server completeness"
CLOCK_AHEAD = "nhanh {}"
CLOCK_BEHIND = "chậm {}"
DAYS = "{} ngày"
HOURS = "{} giờ"
MINUTES = "{} phút"
WAITING = "{} lượt chờ gửi"
OLDEST_WAITING = "cũ nhất {}"
GONE = "Có tin kết nối đã ngắt {}"
SECONDS_AGO = "{} giây trước"
MINUTES_AGO = "{} phút trước"
SINCE = "từ {}"
SITE_OF_OFFICE = "{} ({})"

RESULT_FILES = {
    "quyet-dinh.pdf": "Văn bản (PDF/A)",
    "quyet-dinh.docx": "Văn bản (Word)",
    "ho-so.zip": "Gói dữ liệu để tự kiểm tra (ZIP)",
}
NO_RESULT = ("Chưa có kết quả", "Cơ quan này chưa công bố kết quả như vậy.")
ALL_RESULTS = "Các kết quả đã công bố"
# Beside the interval, which the page names in the sentence before.
VERDICT_SENTENCES = {
    Verdict.MET: "Cả khoảng nằm từ mục tiêu {target} trở lên: kết quả đủ tin cậy.",
    Verdict.JUST_MET: "Tỷ lệ đạt mục tiêu {target}, nhưng khoảng còn kéo xuống dưới: chưa chắc chắn.",
    Verdict.NEARLY_MET: "Tỷ lệ dưới mục tiêu {target}, nhưng khoảng còn chạm tới mục tiêu: chưa thể nói là không đạt.",
    Verdict.MISSED: "Cả khoảng nằm dưới mục tiêu {target}.",
    Verdict.TOO_FEW: "Mới có {votes} lượt nên khoảng này còn rộng.",
}

NO_SUCH_TIME = (
    "Không có thời gian này",
    "Thời gian được viết như 2026-Q4 (quý), 2026-11 (tháng), 2026-H2 hoặc 2026 (năm).",
)
NO_SUCH_LABEL = ("Không có nhãn này", "Hãy chọn lại trong danh sách.")
NO_SUCH_MATTER = ("Không có việc này", "Số có thể đã bị gõ sai. Danh sách góp ý cho biết có những việc nào.")
TO_INBOX = "Về danh sách góp ý"
NO_REASON = "Chưa ghi lý do. Hãy viết vì sao, để người khác hiểu được về sau."
TOO_LONG = f"Dài quá {LONGEST_NOTE} ký tự. Hãy viết ngắn lại."
NOTHING_LABELLED = "Không còn lượt nào mang nhãn này trong ngày đó. Hãy xem lại danh sách."
DECIDED = "Đã ghi nhận quyết định về {} lượt."
GIVEN_BY = {"kiosk": "kiosk", "rule": "quy tắc"}
DECISIONS = {"confirmed": "Đã xác nhận", "lifted": "Đã gỡ"}

STATES = {
    MatterState.NEW: "Mới",
    MatterState.ASSIGNED: "Đã giao",
    MatterState.ANSWERED: "Đã trả lời",
    MatterState.CLOSED: "Đã đóng",
}
NO_OWNER = "Chưa ghi ai phụ trách. Hãy ghi tên người đó."
NO_ACTION = "Chưa ghi đã làm gì. Hãy viết việc đã làm."
CHANGED_MEANWHILE = "Việc này đang ở trạng thái “{}”, nên không làm được điều đó. Hãy xem lại bên dưới."

TREND = (
    "{weeks} tuần đủ lượt. Gần nhất (tuần từ {last_day}): {last}. Cao nhất {best} (tuần từ {best_day}), thấp nhất"
    " {worst} (tuần từ {worst_day}); {below} tuần dưới mục tiêu."
)
