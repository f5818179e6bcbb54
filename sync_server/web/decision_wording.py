"""The Vietnamese words of the page of Decisions."""

from sync_server.core.decisions.deadlines import Standing
from sync_server.core.decisions.states import Change, State, Step

TITLE = "Quyết định đánh giá mức độ hài lòng"
TO_DECISIONS = "Về danh sách quyết định"
NONE = "Chưa có lượt đánh giá nào, nên chưa có quý nào phải ban hành quyết định."

STATES = {
    State.OPEN: "Chưa chốt số liệu",
    State.CLOSING: "Đã chốt số liệu",
    State.DRAFT: "Dự thảo",
    State.REVIEWED: "Đã xem xét",
    State.ISSUED: "Đã ban hành",
    State.AMENDED: "Đã ban hành, được sửa đổi",
    State.REPLACED: "Đã ban hành, bị thay thế",
    State.DISCARDED: "Đã hủy dự thảo",
}
STILL_RUNNING = "Đang trong kỳ"
STANDINGS = {
    Standing.RUNNING: "Còn {} ngày",
    Standing.AHEAD: "Còn {} ngày",
    Standing.LATE: "Quá hạn {} ngày",
    Standing.ON_TIME: "Đúng hạn",
    Standing.TOO_LATE: "Ban hành trễ {} ngày",
}
BY_ITS_PAPER = "Đúng hạn theo ngày trên văn bản; ban hành trên hệ thống ngày {:%d/%m/%Y}"
TODAY = "Hạn là hôm nay"
CHANGES = {
    Change.AMENDS: "sửa đổi, bổ sung bản {}",
    Change.REPLACES: "thay thế bản {}",
}
STEPS = {
    Step.CLOSE: "chốt số liệu",
    Step.DRAFT: "lập dự thảo",
    Step.REVIEW: "xem xét",
    Step.ISSUE: "ban hành",
    Step.DISCARD: "hủy",
    Step.AMEND: "mở bản sửa đổi",
    Step.NUMBER: "ghi số, ngày",
}
FILES = {
    "quyet-dinh.docx": ("DOCX", "để sửa trong Word"),
    "quyet-dinh.pdf": ("PDF", "để in và ký"),
    "ho-so.zip": ("Hồ sơ ZIP", "để ai cũng kiểm tra được"),
}
NEXT = {
    State.OPEN: "python -m sync_server decision close {}",
    State.CLOSING: "python -m sync_server decision draft {}",
    State.DRAFT: "python -m sync_server decision review {}",
    State.REVIEWED: "python -m sync_server decision issue {}",
}
BLANK_NUMBER = "văn thư chưa ghi số"
NUMBER = "Số {}"
OF_DAY = "ngày {:%d/%m/%Y}"
ENTERED = "ban hành trên hệ thống ngày {:%d/%m/%Y}"
LATE_VOTES = "{} lượt đến sau"
LATE_FORMS = "{} phiếu giấy đến sau"
WITHDRAWN_FORMS = "{} phiếu giấy bị rút lại"
LATE_HINT = "chưa có trong quyết định; có thể ban hành quyết định sửa đổi: python -m sync_server decision amend {}"
FORGOTTEN = "Hết hạn khiếu nại: mã hồ sơ đã được xóa khỏi từng lượt đánh giá từ {:%d/%m/%Y}"
GONE_ON = "Chốt khi còn thiếu, lý do: {}"
