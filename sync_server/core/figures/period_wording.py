"""The Vietnamese words of the figures of a time."""

from protocol.visits import VisitLabel, VisitOutcome
from sync_server.core.channels import Channel
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.trend import Step
from sync_server.core.labelling.names import RuleName
from sync_server.core.wording import BY_FIELD, BY_OFFICER, BY_PROCEDURE

HIDDEN = "•"
OFFICIAL, RAW = "Chính thức", "Tất cả"
TARGET = "Mục tiêu"
SURVEY = "Phiếu hỏi số {}"
OUTCOMES_TITLE = "Lượt đến màn hình"
OUTCOMES = {
    VisitOutcome.ANSWERED: "Đã đánh giá",
    VisitOutcome.ABANDONED: "Bỏ dở",
    VisitOutcome.TIMED_OUT: "Bỏ đi khi chưa trả lời",
    VisitOutcome.DECLINED: "Từ chối",
    VisitOutcome.DEVICE_ERROR: "Lỗi thiết bị",
}
LABELS: dict[str, str] = {
    VisitLabel.HASTY: "Bấm quá nhanh",
    VisitLabel.REPEAT: "Lặp lại liên tiếp",
    VisitLabel.DUPLICATE: "Trùng hồ sơ",
    VisitLabel.UNCONTEXTED: "Không rõ hồ sơ",
    VisitLabel.OUT_OF_HOURS: "Ngoài giờ làm việc",
    VisitLabel.PLAY: "Nghịch màn hình",
    VisitLabel.NEAR_OFFICER: "Ngay sau thao tác của công chức",
    VisitLabel.FOREIGN: "Hồ sơ của cơ quan khác",
    RuleName.BURST: "Quá nhiều lượt trong một giờ",
    RuleName.BEYOND_SERVED: "Nhiều lượt hơn số hồ sơ đã phục vụ",
    RuleName.TOP_RUN: "Chuỗi lượt cùng mức cao nhất",
}
LABELLED, UNREVIEWED = "Lượt có nhãn", "  trong đó chưa được xem xét"
EXCLUDED = "Không đưa vào kết quả chính thức"
UNKNOWN_SURVEY = "Phiếu hỏi không rõ"
SERVED = "Hồ sơ tiếp nhận"
REASONS_TITLE = "Lý do người dân nêu"
HIDDEN_NOTE = "{} = ẩn, vì dưới {} lượt hoặc vì có thể suy ra số bị ẩn"
TITLES = {
    Breakdown.OFFICER: BY_OFFICER,
    Breakdown.FIELD: BY_FIELD,
    Breakdown.PROCEDURE: BY_PROCEDURE,
    Breakdown.COUNTER: "Theo quầy",
    Breakdown.KIOSK: "Theo kiosk",
    Breakdown.CHANNEL: "Theo kênh đánh giá",
}
FEW = {
    Breakdown.OFFICER: "Các công chức khác, ít lượt: {}",
    Breakdown.FIELD: "Các lĩnh vực khác, ít lượt: {}",
    Breakdown.PROCEDURE: "Các thủ tục khác, ít lượt: {}",
    Breakdown.COUNTER: "Các quầy khác, ít lượt: {}",
    Breakdown.KIOSK: "Các kiosk khác, ít lượt: {}",
    Breakdown.CHANNEL: "Các kênh khác, ít lượt: {}",
}
CHANNELS = {
    Channel.KIOSK: "Kiosk",
    Channel.PAPER: "Phiếu giấy",
    Channel.BOX: "Hòm thư góp ý",
}
UNKNOWN = "Không rõ"
NO_KIOSK = "Không qua kiosk"
FORMS_UNCOUNTED = "Số phiếu thu về (không rõ số phát ra)"
NO_VOTES = "Chưa có lượt đánh giá nào trong kỳ này."
TIME = "Kỳ"
TREND = {Step.DAY: "Ngày", Step.WEEK: "Tuần từ"}
WEEKDAY_NAMES = {
    1: "Thứ Hai",
    2: "Thứ Ba",
    3: "Thứ Tư",
    4: "Thứ Năm",
    5: "Thứ Sáu",
    6: "Thứ Bảy",
    7: "Chủ nhật",
}
INDICATORS_TITLE = "Chỉ số theo Điều 13 Thông tư 01/2018/TT-VPCP (điểm bình quân)"
POINTS_IN_ALL = "Tổng điểm (tối đa {})"
LEFT_OUT = "Chưa có số liệu, không tính: chỉ số {}"
