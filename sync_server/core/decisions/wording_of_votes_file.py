"""The Vietnamese words of the file of an archive's votes: titles of columns, and what each means."""

from sync_server.core.exports.tables import Column, Kind
from sync_server.core.exports.wording import DICTIONARY as DICTIONARY
from sync_server.core.exports.wording import DICTIONARY_TITLE as DICTIONARY_TITLE

VOTES_TITLE = "Lượt đánh giá"
VOTES = (
    Column("vote", "Mã lượt", "Số ngẫu nhiên của lượt đánh giá; các dòng xếp theo số này", "32 chữ số thập lục phân"),
    Column("survey", "Phiếu hỏi", "Lần ban hành của phiếu hỏi (tệp rules.json)", "số", Kind.NUMBER),
    Column(
        "answers",
        "Trả lời",
        "Mức trả lời cho từng tiêu chí, 1 là thấp nhất; tiêu chí không có ở đây là bỏ trống. Phiếu giấy được kiểm gộp"
        " có mỗi phiếu một dòng; các tiêu chí của chúng cộng lại đúng số kiểm, nhưng không theo từng tờ phiếu",
        "tiêu chí=mức, cách nhau bằng dấu phẩy",
    ),
    Column(
        "left_out",
        "Không tính vì",
        "Nhãn khiến lượt này không được tính vào kết quả chính thức theo quy tắc của kỳ; trống: được tính",
        "mã, cách nhau bằng dấu phẩy",
    ),
)
BREAKDOWNS_TITLE = "Kết quả theo nhóm"
BREAKDOWNS = (
    Column("survey", "Phiếu hỏi", "Lần ban hành của phiếu hỏi", "số", Kind.NUMBER),
    Column("breakdown", "Chia theo", "officer, field, procedure, counter, kiosk hoặc channel", "mã"),
    Column("key", "Mã", "Mã của dòng; trống: những lượt không rõ; *: các dòng bị ẩn, cộng lại", "mã"),
    Column("hidden", "Số dòng ẩn", "Dòng này gộp bao nhiêu dòng bị ẩn; 0: là một dòng được nêu", "số", Kind.NUMBER),
    Column("satisfied", "Hài lòng", "Số trả lời hài lòng cho tiêu chí đầu tiên, chính thức", "số", Kind.NUMBER),
    Column("unsatisfied", "Không hài lòng", "Số trả lời còn lại cho tiêu chí đó", "số", Kind.NUMBER),
)
TOTALS_TITLE = "Tổng số"
TOTALS = (
    Column(
        "what",
        "Nội dung",
        "channel: số lượt theo kênh; labelled: số lượt có nhãn; reason: số lượt nêu lý do; unreviewed: số lượt có nhãn"
        " chưa ai xem xét; đều tính cả những lượt không được tính vào kết quả chính thức",
    ),
    Column("key", "Mã", "Kênh hoặc lý do", "mã"),
    Column("votes", "Số lượt", "Bao nhiêu lượt", "số", Kind.NUMBER),
)
