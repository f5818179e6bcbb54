"""What a Decision says where an office has written nothing of its own; the fields: `form_fields`."""

ABOUT = (
    "Về việc công bố kết quả đánh giá mức độ hài lòng của tổ chức, cá nhân đối với việc giải quyết thủ tục hành chính"
    " tại {bộ phận} {kỳ}"
)
PROPOSAL = "Theo đề nghị của {bộ phận}"
RESULT = (
    "Công bố kết quả đánh giá mức độ hài lòng của tổ chức, cá nhân đối với việc giải quyết thủ tục hành chính tại"
    " {bộ phận} {kỳ} (từ {từ ngày} đến hết {đến ngày}) như sau:",
    "1. Tổng số lượt đánh giá được tính vào kết quả: {số lượt} lượt.",
    "2. Số lượt đánh giá ở mức {mức hài lòng}: {số hài lòng} trên {số trả lời} lượt trả lời, tỷ lệ {tỷ lệ hài lòng}"
    " (khoảng tin cậy 95%: {khoảng tin cậy}). So với mục tiêu {mục tiêu}: {kết luận}.",
    "3. {thay đổi}",
    "Kết quả chi tiết tại Phụ lục kèm theo Quyết định này.",
)
NO_RESULT = (
    "Trong {kỳ} (từ {từ ngày} đến hết {đến ngày}), tại {bộ phận} không có lượt đánh giá nào được tính vào kết quả;"
    " không có cơ sở để xác định tỷ lệ hài lòng.",
)
TASKS = (
    "Giao {bộ phận} niêm yết công khai kết quả tại trụ sở, đăng trên trang thông tin điện tử của {cơ quan}; rà soát"
    " nguyên nhân, đề xuất biện pháp khắc phục đối với nội dung chưa đạt mục tiêu.",
    "Ý kiến phản ánh, kiến nghị về kết quả được tiếp nhận trong thời hạn {số ngày phản ánh} ngày kể từ ngày công bố.",
)
NO_VOTES_TASKS = (
    "Giao {bộ phận} niêm yết công khai nội dung tại Điều 1; rà soát nguyên nhân, đề xuất biện pháp để tổ chức, cá nhân"
    " tham gia đánh giá.",
)
IN_FORCE = ("Quyết định này có hiệu lực kể từ ngày ký.",)
WHO_CARRIES_OUT = (
    "Văn phòng {cơ quan}, {bộ phận} và các tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này.",
)
RECIPIENTS = ("Chủ tịch, các Phó Chủ tịch", "Trang thông tin điện tử")
ARCHIVE = "VT"

REPORT_ABOUT = (
    "Kết quả đánh giá mức độ hài lòng của tổ chức, cá nhân đối với việc giải quyết thủ tục hành chính tại {bộ phận}"
    " {kỳ}"
)
REPORT = (
    "{cơ quan} báo cáo kết quả đánh giá mức độ hài lòng của tổ chức, cá nhân đối với việc giải quyết thủ tục hành chính"
    " tại {bộ phận} {kỳ} (từ {từ ngày} đến hết {đến ngày}) như sau:",
    *RESULT[1:4],
    "4. Số hồ sơ tiếp nhận trong kỳ: {số hồ sơ}; tỷ lệ tham gia đánh giá: {tỷ lệ tham gia}.",
    "Trên đây là báo cáo kết quả đánh giá mức độ hài lòng {kỳ}; số liệu chi tiết tại Phụ lục kèm theo",
)
NO_REPORT = (
    *NO_RESULT,
    "Trên đây là báo cáo của {cơ quan}; số liệu chi tiết tại Phụ lục kèm theo",
)
