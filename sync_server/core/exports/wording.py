"""The Vietnamese words of an export: titles of columns, and what each means."""

from sync_server.core.exports.tables import Column, Kind

HIDDEN_RULE = (
    "Tên cột (kiosk, counter, officer, field, procedure) bị để trống vì trong kỳ có quá ít lượt đánh giá về"
    " người hay việc đó, hoặc để không suy ra được người hay việc bị để trống. Cả năm cột cùng kênh và cột này, dòng"
    " nào cũng giống ít nhất bằng ngưỡng (quy tắc least_shown) số lượt; dòng không nêu gì thì tính chung mọi kênh"
)

WHEN = (
    Column(
        "day",
        "Ngày",
        "Ngày đến màn hình, hoặc ngày ghi phiếu; ngày sớm nhất nếu không rõ",
        "ngày, giờ Việt Nam",
        Kind.DAY,
    ),
    Column("hour", "Giờ", "Giờ đến màn hình, không có phút; trống: phiếu giấy", "0–23, giờ Việt Nam", Kind.NUMBER),
    Column("until_day", "Đến ngày", "Ngày muộn nhất, chỉ khi không rõ ngày hoặc giờ", "ngày, giờ Việt Nam", Kind.DAY),
    Column("until_hour", "Đến giờ", "Giờ muộn nhất, chỉ khi kiosk không biết giờ", "0–23, giờ Việt Nam", Kind.NUMBER),
)
WHERE = (
    Column("channel", "Kênh", "kiosk; paper: phiếu giấy; box: hòm thư góp ý", "mã"),
    Column("kiosk", "Kiosk", "Kiosk đã nhận lượt đánh giá; trống: không qua kiosk", "mã"),
    Column("counter", "Quầy", "Quầy được đánh giá; trống: không rõ", "số", Kind.NUMBER),
)
OFFICER = (
    Column("officer", "Mã công chức", "Công chức được đánh giá; trống: không rõ", "mã"),
    Column("officer_name", "Công chức", "Họ và tên vào ngày cuối kỳ", "tên"),
)
ABOUT = (
    Column("field", "Mã lĩnh vực", "Lĩnh vực của hồ sơ hoặc của quầy; trống: không rõ", "mã"),
    Column("field_name", "Lĩnh vực", "Tên lĩnh vực vào ngày cuối kỳ", "tên"),
    Column("procedure", "Mã thủ tục", "Thủ tục của hồ sơ; trống: không rõ", "mã"),
    Column("procedure_name", "Thủ tục", "Tên thủ tục vào ngày cuối kỳ", "tên"),
    Column("hidden", "Đã ẩn", HIDDEN_RULE, "tên cột, cách nhau bằng dấu phẩy"),
)
VISIT = (
    Column("survey", "Phiếu hỏi", "Lần ban hành của phiếu hỏi (bảng surveys)", "số", Kind.NUMBER),
    Column(
        "outcome",
        "Kết quả",
        "answered: đã đánh giá; abandoned: bỏ dở; timed-out: bỏ đi khi chưa trả lời; declined: từ chối;"
        " device-error: lỗi thiết bị. Chỉ answered là một lượt đánh giá",
        "mã",
    ),
    Column(
        "official",
        "Chính thức",
        "Có được tính vào kết quả chính thức theo quy tắc của kỳ",
        "1 có, 0 không",
        Kind.NUMBER,
    ),
    Column(
        "best_first", "Mức tốt đứng đầu", "Mức tốt nhất hiện ra trước; trống: phiếu giấy", "1 có, 0 không", Kind.NUMBER
    ),
    Column(
        "visits",
        "Số lượt",
        "Dòng này là bao nhiêu lượt; cộng cả cột được số lượt. Phiếu chỉ được đếm gộp: một dòng ghi số lượt, các dòng"
        " sau ghi 0",
        "lượt",
        Kind.NUMBER,
    ),
    Column(
        "forms",
        "Số phiếu chọn",
        "Bao nhiêu lượt chọn các mức ghi ở dòng này; cộng lại theo từng mức. Phiếu chỉ được đếm gộp: mỗi mức của mỗi"
        " tiêu chí một dòng",
        "lượt",
        Kind.NUMBER,
    ),
    Column("labels", "Nhãn", "Hoàn cảnh đáng lưu ý (hasty, repeat, …)", "mã, cách nhau bằng dấu phẩy"),
    Column("reasons", "Lý do", "Lý do người dân chọn (bảng surveys)", "mã, cách nhau bằng dấu phẩy"),
)
ANSWER = "Mức trả lời cho tiêu chí {}; trống: không trả lời"
ANSWER_UNIT = "1 là thấp nhất; tên các mức ở bảng surveys"

VOTES_TITLE = "Lượt đánh giá"
COMMENTS_TITLE = "Góp ý"
COMMENTS = (
    Column(
        "time",
        "Ngày hoặc tháng",
        "Ngày góp ý; chỉ là tháng khi ngày đó có quá ít lượt đánh giá hoặc không chắc là ngày nào",
        "ngày hoặc tháng",
    ),
    Column(
        "text",
        "Nội dung",
        "Góp ý, đã che số điện thoại, số giấy tờ, địa chỉ mạng và lời thô tục; xếp theo vần, không theo thứ tự viết",
    ),
)

ABOUT_TITLE = "Giới thiệu"
ABOUT_THIS = (
    Column("key", "Khóa", "Điều được nói đến"),
    Column("value", "Giá trị", "Giá trị"),
)
DICTIONARY_TITLE = "Giải thích các cột"
DICTIONARY = (
    Column("table", "Bảng", "Tên bảng"),
    Column("column", "Cột", "Tên cột"),
    Column("title", "Tên gọi", "Tên cột cho người đọc"),
    Column("meaning", "Ý nghĩa", "Cột này nói gì"),
    Column("unit", "Đơn vị", "Đơn vị hoặc cách viết"),
)
SURVEYS_TITLE = "Phiếu hỏi"
SURVEYS = (
    Column("survey", "Phiếu hỏi", "Lần ban hành", "số", Kind.NUMBER),
    Column("part", "Phần", "question: câu hỏi; level: mức trả lời; reason: lý do"),
    Column("key", "Mã", "Tiêu chí hoặc lý do", "mã"),
    Column("level", "Mức", "Mức trả lời, 1 là thấp nhất", "số", Kind.NUMBER),
    Column("satisfied", "Hài lòng", "Mức này được tính là hài lòng", "1 có, 0 không", Kind.NUMBER),
    Column("language", "Ngôn ngữ", "Ngôn ngữ của lời", "mã ISO 639"),
    Column("text", "Lời", "Lời hiện trên màn hình"),
)
RULES_TITLE = "Quy tắc"
RULES = (
    Column("rule", "Quy tắc", "Tên quy tắc, có hiệu lực vào ngày cuối kỳ"),
    Column("value", "Giá trị", "Giá trị; một quy tắc có thể có nhiều dòng"),
)
NAMES_TITLE = "Tên gọi"
NAMES = (
    Column("kind", "Loại", "officer, field hoặc procedure"),
    Column("key", "Mã", "Mã dùng trong bảng votes", "mã"),
    Column("name", "Tên", "Tên vào ngày cuối kỳ"),
)
