"""The Vietnamese names of what the figures show: one word per idea, on the page and in the command."""

LEVEL_NAMES = {
    1: "Rất không hài lòng",
    2: "Không hài lòng",
    3: "Bình thường",
    4: "Hài lòng",
    5: "Rất hài lòng",
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
NO_VOTES = "Chưa có lượt đánh giá nào trong quý này."

TABLE = "Bảng"
KEY = "Mã"
NAME = "Tên"
BELONGS_TO = "Thuộc"
INTERVAL_LOW = "Cận dưới 95%"
INTERVAL_HIGH = "Cận trên 95%"
