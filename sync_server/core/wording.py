"""The names of what is asked and of what the figures show: one word per idea, on kiosk, page and command."""

LEVEL_NAMES = {
    1: "Rất không hài lòng",
    2: "Không hài lòng",
    3: "Bình thường",
    4: "Hài lòng",
    5: "Rất hài lòng",
}

# What kiosks ask and offer, in the languages of their screens.
QUESTIONS = {
    "overall": {
        "vi": "Ông/Bà có hài lòng với việc giải quyết hồ sơ hôm nay không?",
        "en": "Are you satisfied with how your case was handled today?",
    },
}
LEVEL_LABELS = {
    level: {"vi": LEVEL_NAMES[level], "en": english}
    for level, english in enumerate(
        ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"), start=1
    )
}

REASONS = {
    "waiting": {"vi": "Phải chờ lâu", "en": "A long wait"},
    "late": {"vi": "Trả kết quả trễ hẹn", "en": "The result came late"},
    "again": {"vi": "Phải bổ sung hồ sơ nhiều lần", "en": "Papers asked for several times"},
    "attitude": {"vi": "Thái độ chưa thân thiện", "en": "Not friendly"},
    "guidance": {"vi": "Hướng dẫn chưa rõ ràng", "en": "Unclear guidance"},
    "fees": {"vi": "Thu phí chưa đúng", "en": "Wrong fees"},
    "room": {"vi": "Chỗ ngồi, thiết bị chưa tốt", "en": "Poor seats or equipment"},
    "other": {"vi": "Lý do khác", "en": "Something else"},
}

BY_OFFICER = "Theo công chức"
BY_FIELD = "Theo lĩnh vực"
BY_PROCEDURE = "Theo thủ tục"
TOTAL = "Tổng số"

VOTES = "Lượt đánh giá"
VOTES_SHORT = "Lượt"
SATISFIED = "Hài lòng trở lên"
SHARE = "Tỷ lệ"
SHARE_SATISFIED = "Tỷ lệ hài lòng"
INTERVAL = "Khoảng tin cậy 95%"
UNCOUNTED = "Không được tính"
UNDATED = "Chưa rõ thuộc quý nào"
HIDDEN = "•"
HIDDEN_NOTE = "• ẩn vì quá ít lượt, hoặc vì có thể suy ra số bị ẩn"
ELSEWHERE = "Trả lời phiếu hỏi trước"
NO_VOTES = "Chưa có lượt đánh giá nào trong quý này."

TABLE = "Bảng"
KEY = "Mã"
NAME = "Tên"
BELONGS_TO = "Thuộc"
INTERVAL_LOW = "Cận dưới 95%"
INTERVAL_HIGH = "Cận trên 95%"
