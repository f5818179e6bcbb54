"""The Vietnamese words of how cases keep their dates."""

from sync_server.core.cases import Channel
from sync_server.core.figures.apologies import Standing
from sync_server.core.figures.on_time import CaseBreakdown
from sync_server.core.wording import BY_FIELD, BY_OFFICER, BY_PROCEDURE

TITLE = "Tiến độ giải quyết hồ sơ (tính đến {:%d/%m/%Y})"
RECEIVED = "Tiếp nhận trong kỳ"
EARLY, PUNCTUAL, LATE = "Trước hạn", "Đúng hạn", "Trễ hạn"
RETURNED = "Đã trả kết quả: {}"
UNPROMISED = "không ghi ngày hẹn"
OPEN = "Đang giải quyết: {}"
WITHIN, OVERDUE = "trong hạn", "quá hạn"
ON_TIME = "Tỷ lệ đúng hạn (gồm trước hạn)"
AVERAGE = "Thời gian giải quyết trung bình (ngày)"
ON_TIME_SHORT, AVERAGE_SHORT, OVERDUE_SHORT = "Tỷ lệ đúng hạn", "Trung bình (ngày)", "Đang quá hạn"
TITLES = {
    CaseBreakdown.FIELD: BY_FIELD,
    CaseBreakdown.PROCEDURE: BY_PROCEDURE,
    CaseBreakdown.OFFICER: BY_OFFICER,
    CaseBreakdown.CHANNEL: "Theo hình thức tiếp nhận",
}
CHANNELS = {Channel.DIRECT: "Trực tiếp", Channel.ONLINE: "Trực tuyến", Channel.POST: "Bưu chính công ích"}

STANDINGS = {
    Standing.OVERDUE: "Quá hạn chưa trả kết quả",
    Standing.DUE_TODAY: "Đến hạn hôm nay",
    Standing.LAST_DAY: "Đến hạn ngày mai (hôm nay là ngày cuối để xin lỗi và hẹn lại)",
}
NOTHING_LATE = "Không có hồ sơ nào quá hạn hoặc đến hạn trước hết ngày mai."
PROCEDURE, OFFICER = "Thủ tục", "Công chức"
DUE, RECEIVED_ON, DAYS_LATE, CASES = "Hẹn trả", "Tiếp nhận", "Số ngày quá hạn", "Số hồ sơ"

ITEM_54 = "Nội dung 5.4, QĐ 766/QĐ-TTg (theo hồ sơ, không theo lượt đánh giá; công thức chưa được đối chiếu)"
ITEM_54_CASES = "Hồ sơ có ngày hẹn"
ITEM_54_OVERDUE = "  quá hạn"
ITEM_54_COMPLAINED_OF = "  bị phản ánh, kiến nghị, không hài lòng trên Cổng DVCQG"
NO_DATA = "không có dữ liệu"
ITEM_54_RATE, ITEM_54_POINTS = "Tỷ lệ 766", "Điểm 766 (tối đa 6)"
AT_MOST = "{}, nhiều nhất có thể"
