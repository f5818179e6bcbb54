"""The words of a Decision that no office writes itself: heads, titles, notes. Sentences hold fields."""

from protocol.visits import VisitOutcome
from sync_server.core.figures.on_time import CaseBreakdown

DECISION, REPORT, RESOLVED = "QUYẾT ĐỊNH", "BÁO CÁO", "QUYẾT ĐỊNH:"
ARTICLE = "Điều {}."
NUMBER = "Số: {{stated.number}}/{}"
PLACE_AND_DAY = "{}, {{stated.day}}"
END = "./."
AS_ARTICLE = "- Như Điều {};"
ABOVE = "- Như trên;"
ARCHIVED = "- Lưu: {}."
BASIS = "Căn cứ "
ANNEX, ANNEX_NUMBERED = "Phụ lục", "Phụ lục {}"
ATTACHED = "(Kèm theo {} số {{stated.number}}/{} {{stated.day}} của {})"
ACTS = {True: "Báo cáo", False: "Quyết định"}
CHAIR = "Chủ tịch"
HEAD_OF_A_BODY = "Thủ trưởng"

HIDDEN = "*"
SURVEY = "Phiếu khảo sát số {}"
NO_VOTES = "Không có lượt đánh giá nào trong kỳ."

RESULTS_TITLE = "KẾT QUẢ ĐÁNH GIÁ THEO TIÊU CHÍ VÀ MỨC ĐỘ {stated.period_title}"
BREAKDOWNS_TITLE = "KẾT QUẢ ĐÁNH GIÁ THEO LĨNH VỰC VÀ THỦ TỤC HÀNH CHÍNH {stated.period_title}"
OFFICERS_TITLE = "KẾT QUẢ ĐÁNH GIÁ THEO CÔNG CHỨC {stated.period_title}"
INDICATORS_TITLE = "TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ CÁC CHỈ SỐ VÀ XẾP LOẠI {stated.period_title}"
TREND_TITLE = "DIỄN BIẾN TỶ LỆ HÀI LÒNG"
GROUNDS_TITLE = "CƠ SỞ CỦA SỐ LIỆU {stated.period_title}"
ON_TIME_TITLE = "TIẾN ĐỘ GIẢI QUYẾT HỒ SƠ {stated.period_title}"
CHILDREN_TITLE = "XẾP HẠNG CÁC ĐƠN VỊ TRỰC THUỘC {stated.period_title}"
CHECK_TITLE = "KIỂM TRA, ĐỐI CHIẾU SỐ LIỆU"

LEVEL, COUNT, SHARE = "Mức", "Số lượt", "Tỷ lệ"
SATISFIED_OR_BETTER = "Hài lòng trở lên"
ANSWERED, BLANK = "Số lượt trả lời", "Bỏ trống"
JUDGED = (
    "Mức được tính là hài lòng: {levels}. Khoảng tin cậy 95% của tỷ lệ (phương pháp Wilson): {interval}."
    " So với mục tiêu {{stated.target}}: {verdict}. {change}"
)
FORMS = (
    "Phiếu giấy: phát ra {stated.forms.issued}, thu về {stated.forms.returned}, tỷ lệ thu về {stated.forms.rate};"
    " thu về không rõ số phát ra: {stated.forms.uncounted}."
)

ORDER, NAME, FIELD = "TT", "Tên", "Lĩnh vực"
PROCEDURE, OFFICER = "Thủ tục hành chính", "Công chức"
RATED, SATISFIED = "Số lượt đánh giá", "Số lượt hài lòng"
INTERVAL, AGAINST_TARGET = "Khoảng tin cậy 95%", "So với mục tiêu {stated.target}"
TOTAL = "Tổng cộng"
UNKNOWN = "Không rõ"
OTHERS = "Các nội dung khác, không hiển thị riêng ({hidden} dòng)"
HIDDEN_NOTE = "* Không hiển thị: dưới {stated.least_shown} lượt, hoặc có thể suy ra số bị ẩn."
BREAKDOWN_EMPTY = "Không có số liệu."

FORM_1 = "Mẫu 01. Tổng hợp kết quả đánh giá các chỉ số thành phần, xếp loại cán bộ, công chức"
FORM_2 = "Mẫu 02. Bảng đánh giá việc giải quyết thủ tục hành chính"
FORM_3 = "Mẫu 03. Bảng tổng hợp chỉ số thành phần, mức độ hài lòng, xếp loại"
FORM_1_NOTE = (
    "Ghi điểm bình quân theo công chức thay cho từng hồ sơ: mỗi dòng hồ sơ là ý kiến của một người, phải được giữ"
    " bí mật. Tổng điểm gồm các chỉ số 1, 2, 3, 4, 7; chỉ số chưa có số liệu không tính."
    " * Không hiển thị vì quá ít lượt hoặc có thể suy ra số bị ẩn."
)
FORM_2_NOTE = (
    "Kết quả được làm tròn phần thập phân đến một (01) chữ số. Chỉ số chưa có số liệu không tính vào tổng điểm; ngưỡng"
    " xếp loại không quy đổi lại. Điểm thẩm định do cơ quan thẩm định ghi."
)
INDICATOR, INDICATOR_NAME = "Chỉ số {}", "Tên chỉ số"
STANDARD, SELF_SCORED, APPRAISED, REMARK = "Điểm chuẩn", "Điểm tự chấm", "Điểm thẩm định", "Ghi chú"
POINTS_OF_OFFICER, POINTS_IN_ALL = "Tổng điểm đánh giá CBCC", "Tổng điểm"
BAND, OFFICER_BAND, RANKING = "Xếp loại", "Xếp loại hoàn thành nhiệm vụ", "Xếp hạng"
UNIT = "Tên cơ quan, đơn vị"
NO_DATA = "Chưa có số liệu"
LEVELS_PART = "Tỷ lệ % mức độ hài lòng"
NUMBER_OF_FORMS = "Số phiếu đánh giá: {}."

TREND_CAPTION = "Tỷ lệ hài lòng qua các kỳ, {survey} (dải mờ: khoảng tin cậy 95%; nét đứt: mục tiêu)"
TREND_TOLD = "Tỷ lệ hài lòng qua các kỳ: {}."
TREND_POINT = "{label}: {percent}% ({count} lượt)"
TARGET = "Mục tiêu {stated.target}"
YEARS_TITLE = "Kết quả qua các năm"
CONTENT, YEAR = "Nội dung", "Năm {}"
SHARE_OF = "Tỷ lệ hài lòng ({})"
VOTES_OF = "Số lượt đánh giá ({})"
INTERVAL_OF = "Khoảng tin cậy 95% ({})"
SERVED, ON_TIME_SHARE = "Số hồ sơ tiếp nhận", "Tỷ lệ hồ sơ trước hạn và đúng hạn"

COMPLETENESS = "1. Tính đầy đủ của số liệu"
NOT_ASSESSED = "Chưa kiểm tra tính đầy đủ của số liệu."
ALL_THERE = "Đã kiểm tra; không phát hiện lượt đánh giá nào còn thiếu trong kỳ."
FINDING = "- {{stated.finding.{}}}."
WENT_ON = "Người có thẩm quyền quyết định tiếp tục với lý do: {stated.reason}."
OFFICIAL_AND_RAW = "2. Kết quả chính thức và toàn bộ lượt đánh giá"
CRITERION = "Tiêu chí"
OFFICIAL, ALL = "{} (chính thức)", "{} (toàn bộ)"
EXCLUSIONS = "3. Lượt không tính vào kết quả chính thức"
LABEL = "Lý do"
EXCLUDED_IN_ALL = "Số lượt không tính"
LABELLED, UNREVIEWED = "Số lượt có nhãn", "Trong đó chưa được xem xét"
EXCLUSIONS_NOTE = "Một lượt có thể có nhiều lý do, nên tổng các dòng có thể lớn hơn số lượt không tính."
PARTICIPATION = "4. Kênh đánh giá và mức độ tham gia"
ANSWER_RATE, RAW_VOTES = "Tỷ lệ tham gia đánh giá", "Toàn bộ lượt đánh giá"
UNDATED = "Lượt chưa rõ thuộc kỳ nào (không tính)"
UNKNOWN_SURVEY = "Lượt trả lời phiếu khảo sát không rõ (không tính)"
LATE = "Lượt đến sau khi đã ban hành Quyết định"
OUTCOMES = "5. Lượt đến màn hình đánh giá"
REASONS = "6. Lý do người dân nêu"
OUTCOME_ROWS = tuple(VisitOutcome)

CASES_UNTIL = "Tính đến hết {stated.cases.on}."
CASES_NOTE = "Tỷ lệ đúng hạn gồm hồ sơ trả trước hạn và đúng hạn, trên số hồ sơ đã trả có ngày hẹn."
CASE_TABLES = {CaseBreakdown.FIELD: FIELD, CaseBreakdown.PROCEDURE: PROCEDURE}

CHILDREN_NOTE = (
    "Xếp theo tỷ lệ hài lòng chính thức của câu hỏi thứ nhất trong phiếu khảo sát mới nhất của mỗi đơn vị; các đơn vị"
    " có thể dùng phiếu khảo sát khác nhau. Đơn vị không có lượt trả lời không xếp hạng."
)

STATED = "Giá trị"
ARCHIVED_VOTES = "Số lượt đánh giá trong hồ sơ lưu trữ"
COUNTED_VOTES = "Trong đó tính vào kết quả chính thức"
ROOT, FINGERPRINT = "Gốc Merkle (SHA-256)", "Dấu vân tay số liệu (SHA-256)"
HOW_TO_CHECK = (
    "Hồ sơ lưu trữ của văn bản này (tệp ZIP) chứa từng lượt đánh giá không kèm thông tin về người đánh giá, cùng chương"
    " trình kiểm tra. Giải nén rồi chạy “python verify.py”: chương trình tính lại mọi số liệu từ các lượt đánh giá, đối"
    " chiếu gốc Merkle, dấu vân tay và chữ ký số của cơ quan, rồi cho biết kết quả bằng lời."
)
CODE_CAPTION = "Mã QR ghi đơn vị, kỳ, gốc Merkle và dấu vân tay nêu trên."

AMENDING_ABOUT = "Về việc sửa đổi, bổ sung Quyết định số {{stated.amended.number}}/{} {{stated.amended.day}} của {}"
AMENDING = (
    "Sửa đổi, bổ sung số liệu tại Quyết định số {{stated.amended.number}}/{} {{stated.amended.day}} của {} như sau:"
)
AMENDED = "{}. {}: sửa “{{{}}}” thành “{{{}}}”."
ADDED = "{}. {}: bổ sung “{{{}}}”."
DROPPED = "{}. {}: bãi bỏ “{{{}}}”."
NOTHING_DIFFERS = "Các số liệu tổng hợp không thay đổi; các Phụ lục được thay thế theo Điều 2."
AMENDED_BECAUSE = "Lý do: {stated.amended.because}"
REPLACED = (
    "Thay thế các Phụ lục kèm theo Quyết định số {{stated.amended.number}}/{} bằng các Phụ lục kèm theo Quyết định này."
)
REPLACES = "Quyết định này thay thế Quyết định số {{stated.amended.number}}/{} {{stated.amended.day}} của {}."
REST_STAYS = "Các nội dung khác của Quyết định số {{stated.amended.number}}/{} không thay đổi."
WHAT_IS_AMENDED = {
    "votes": "Số lượt đánh giá được tính vào kết quả",
    "raw": "Toàn bộ lượt đánh giá",
    "excluded": "Số lượt không tính vào kết quả",
    "answered": "Số lượt trả lời",
    "blank": "Số lượt bỏ trống",
    "satisfied": "Số lượt hài lòng",
    "percent": "Tỷ lệ hài lòng",
    "interval": "Khoảng tin cậy 95%",
    "verdict": "Đánh giá so với mục tiêu",
}
