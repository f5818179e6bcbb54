"""The fields that an office may write into its texts, by Vietnamese names, and the values they stand for. Pure."""

import unicodedata
from typing import NamedTuple

from sync_server.core.decisions.fields import names_in, renamed


class FormField(NamedTuple):
    """What a field stands for: the name of a value, and its meaning in words."""

    value: str
    meaning: str


# Of the time as a whole.
OF_THE_TIME = {
    "kỳ": FormField("stated.period", "quý IV năm 2026; 6 tháng đầu năm 2026; năm 2026"),
    "quý": FormField("stated.quarter", "số thứ tự của quý: I, II, III, IV; gạch ngang nếu kỳ không phải là quý"),
    "năm": FormField("stated.year", "năm của kỳ"),
    "từ ngày": FormField("stated.first_day", "ngày đầu của kỳ: ngày 01 tháng 10 năm 2026"),
    "đến ngày": FormField("stated.last_day", "ngày cuối của kỳ"),
    "cơ quan": FormField("stated.office", "cơ quan ban hành: Ủy ban nhân dân xã An Bình"),
    "bộ phận": FormField("stated.unit", "nơi tiếp nhận và trả kết quả"),
    "số lượt": FormField("votes", "số lượt đánh giá được tính vào kết quả chính thức, của mọi phiếu khảo sát"),
    "số phiếu": FormField("votes", "như {số lượt}"),
    "tất cả lượt": FormField("raw", "mọi lượt đánh giá, kể cả lượt không được tính"),
    "lượt không tính": FormField("excluded", "số lượt không được tính vào kết quả chính thức"),
    "số hồ sơ": FormField("stated.served", "số hồ sơ tiếp nhận trong kỳ"),
    "tỷ lệ tham gia": FormField("stated.answer_rate", "số lượt đánh giá trên số hồ sơ"),
    "phiếu phát ra": FormField("stated.forms.issued", "số phiếu giấy phát ra"),
    "phiếu thu về": FormField("stated.forms.returned", "số phiếu giấy thu về"),
    "tỷ lệ thu về": FormField("stated.forms.rate", "tỷ lệ phiếu giấy thu về"),
    "mục tiêu": FormField("stated.target", "mục tiêu của cơ quan: 80%"),
    "tỷ lệ đúng hạn": FormField("stated.cases.percent", "tỷ lệ hồ sơ trả trước hạn và đúng hạn"),
    "hồ sơ trễ hạn": FormField("stated.cases.late", "số hồ sơ trả trễ hạn trong kỳ"),
    "hạn ban hành": FormField("stated.due", "ngày làm việc cuối cùng để ban hành, theo decision_days trong rules.toml"),
    "số ngày phản ánh": FormField(
        "stated.complaint_days", "số ngày nhận phản ánh, theo complaint_days trong rules.toml"
    ),
}
# Of the first question of a survey: a paragraph that holds one is written once for each survey of the time.
OF_A_SURVEY = {
    "câu hỏi": FormField("stated.s{r}.{c}.question", "câu hỏi thứ nhất của phiếu khảo sát"),
    "mức hài lòng": FormField("stated.s{r}.{c}.satisfied_levels", "các mức được tính là hài lòng"),
    "số trả lời": FormField("s{r}.{c}.answered", "số lượt trả lời câu hỏi"),
    "bỏ trống": FormField("s{r}.{c}.blank", "số lượt bỏ trống câu hỏi"),
    "số hài lòng": FormField("s{r}.{c}.satisfied", "số lượt ở các mức hài lòng"),
    "tỷ lệ hài lòng": FormField("s{r}.{c}.percent", "tỷ lệ hài lòng, có dấu %"),
    "khoảng tin cậy": FormField("s{r}.{c}.interval", "khoảng tin cậy 95% của tỷ lệ"),
    "kết luận": FormField("s{r}.{c}.verdict", "so với mục tiêu: Đạt, Vừa đạt, Gần đạt, Chưa đạt, Ít mẫu"),
    "thay đổi": FormField("stated.s{r}.{c}.change", "một câu so với kỳ trước"),
}
NOTHING = "stated.nothing"  # what stands for a field of a survey where nobody voted


def known(name: str) -> str:
    """Return the one spelling of a field's name; ValueError lists the possible ones."""
    spelled = " ".join(unicodedata.normalize("NFC", name).lower().split())
    if spelled not in OF_THE_TIME and spelled not in OF_A_SURVEY:
        possible = ", ".join(f"{{{each}}}" for each in (*OF_THE_TIME, *OF_A_SURVEY))
        raise ValueError(f"there is no field {{{name}}}; there are {possible}")
    return spelled


def check_fields(text: str) -> None:
    """ValueError where a text names a field that there is none of, or a brace stands alone."""
    for name in names_in(text):
        known(name)


def concerns_a_survey(text: str) -> bool:
    """Whether a text names a field of a survey."""
    return any(known(name) in OF_A_SURVEY for name in names_in(text))


def with_values(text: str, revision: int | None, criterion: str) -> str:
    """Return an office's text with the names of values in the place of its own; no revision: nobody voted."""

    def value(name: str) -> str:
        spelled = known(name)
        if spelled in OF_THE_TIME:
            return OF_THE_TIME[spelled].value
        if revision is None:
            return NOTHING
        return OF_A_SURVEY[spelled].value.format(r=revision, c=criterion)

    return renamed(text, value)
