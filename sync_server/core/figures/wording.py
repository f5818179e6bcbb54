"""The Vietnamese words of the computed figures: one table or sentence each, no computing."""

from sync_server.core.figures.change import Change, Direction
from sync_server.core.figures.checks import (
    DoesNotAddUp,
    Mismatch,
    MoreReturnedThanIssued,
    NotReproduced,
)
from sync_server.core.figures.indicators import Indicator, OfficerBand, UnitBand
from sync_server.core.figures.verdict import Verdict
from sync_server.core.rounding import Mode, Rounding, count_text, decimal_text
from sync_server.core.wording import SATISFIED

VERDICTS = {
    Verdict.MET: "Đạt",
    Verdict.JUST_MET: "Vừa đạt",
    Verdict.NEARLY_MET: "Gần đạt",
    Verdict.MISSED: "Chưa đạt",
    Verdict.TOO_FEW: "Ít mẫu",
}

MODES = {Mode.HALF_UP: "làm tròn", Mode.TRUNCATE: "cắt bỏ"}

INDEX = "Chỉ số hài lòng (tính từ lượt đánh giá; không phải SIPAS)"
ITEM_54 = "Nội dung 5.4, Quyết định 766/QĐ-TTg (từ hồ sơ quá hạn và phản ánh, kiến nghị; không từ lượt đánh giá)"
ANSWER_RATE = "Tỷ lệ tham gia đánh giá"
BEYOND_SERVED = "Số lượt vượt số hồ sơ"

FORMS_ISSUED = "Số phiếu phát ra"
FORMS_RETURNED = "Số phiếu thu về"
RETURN_RATE = "Tỷ lệ thu về"
CRITERION = "Tiêu chí"
LEVEL = "Mức"
COUNT = "Số phiếu"
ANSWERED = "Trả lời"
BLANK = "Bỏ trống"
PUBLISHED = "Đã công bố"
COMES_OUT_BY = "Khớp khi"
COMES_OUT_BY_NONE = "không khớp"
MISMATCHES = "Chưa khớp"
ALL_FITS = "Số liệu khớp nhau."

INDICATORS = {
    Indicator.WHOLE_TIME: "Tổng thời gian giải quyết hồ sơ",
    Indicator.TIME_OF_EACH_BODY: "Thời gian thực hiện của từng cơ quan, đơn vị tham gia giải quyết",
    Indicator.CONTACTS: "Số lần phải liên hệ với nơi tiếp nhận hồ sơ để hoàn thiện hồ sơ",
    Indicator.BODIES_CONTACTED: "Số cơ quan, đơn vị, tổ chức phải liên hệ để hoàn thiện hồ sơ",
    Indicator.ONE_STOP: "Tổ chức tiếp nhận, giải quyết, trả kết quả tại Bộ phận Một cửa",
    Indicator.PUBLISHED: "Công khai thủ tục hành chính",
    Indicator.ATTITUDE: "Thái độ của cán bộ, công chức, viên chức",
    Indicator.COMPLAINTS: "Tiếp thu, giải trình ý kiến phản ánh, kiến nghị",
    Indicator.ONLINE: "Tiến độ và chất lượng cung cấp dịch vụ công trực tuyến",
}

UNIT_BANDS = {
    UnitBand.EXCELLENT: "Xuất sắc",
    UnitBand.GOOD: "Tốt",
    UnitBand.FAIR: "Khá",
    UnitBand.AVERAGE: "Trung bình",
    UnitBand.WEAK: "Yếu",
}
OFFICER_BANDS = {
    OfficerBand.ALL: "Hoàn thành 100% nhiệm vụ",
    OfficerBand.MOST: "Hoàn thành từ 70% đến dưới 100% nhiệm vụ",
    OfficerBand.LITTLE: "Hoàn thành dưới 70% nhiệm vụ",
}

NOTHING_BEFORE = "Chưa có số liệu kỳ trước để so sánh."
UNCHANGED = "Không đổi so với kỳ trước."
HARDLY_CHANGED = "Hầu như không đổi so với kỳ trước."
_SURE = "mức thay đổi có ý nghĩa thống kê"
_UNSURE = "chênh lệch chưa có ý nghĩa thống kê, có thể do ngẫu nhiên"
_LEAST_SHOWN = 0.001
_EXACT_DECIMALS = 4


def change_sentence(change: Change | None, rounding: Rounding) -> str:
    """Say how a share moved and whether chance explains it: "Tăng 2,1 điểm phần trăm so với kỳ trước; …"."""
    if change is None:
        return NOTHING_BEFORE
    if change.difference == 0:
        return UNCHANGED
    moved = "Tăng" if change.difference > 0 else "Giảm"
    points = rounding.percent(abs(change.difference))
    if points == 0:
        return HARDLY_CHANGED
    sure = _UNSURE if change.direction is Direction.UNDECIDED else _SURE
    return (
        f"{moved} {decimal_text(points)} điểm phần trăm so với kỳ trước; {sure} ({_probability(change.probability)})."
    )


def mismatch_sentence(mismatch: Mismatch) -> str:
    """Say what does not fit together on a sheet of counts."""
    match mismatch:
        case MoreReturnedThanIssued(issued, returned):
            return f"Số phiếu thu về ({count_text(returned)}) nhiều hơn số phiếu phát ra ({count_text(issued)})."
        case DoesNotAddUp(criterion, levels, blank, returned):
            with_blanks = "" if blank is None else f" cộng {count_text(blank)} phiếu bỏ trống"
            missing = returned - levels - (blank or 0)
            how = f"thiếu {count_text(missing)}" if missing > 0 else f"thừa {count_text(-missing)}"
            return (
                f"{criterion}: các mức cộng lại được {count_text(levels)}{with_blanks},"
                f" {how} so với {count_text(returned)} phiếu thu về."
            )
        case NotReproduced(criterion, level, published, share):
            exact = Rounding(decimals=_EXACT_DECIMALS).percent_text(share)
            return (
                f"{criterion}, {level or SATISFIED}: {decimal_text(published)}% đã công bố"
                f" không ra được từ số phiếu ({exact})."
            )
        case _:
            return f"{mismatch.criterion}: các tỷ lệ đã công bố không cùng một cách làm tròn."


def _probability(probability: float) -> str:
    if probability < _LEAST_SHOWN:
        return "p < 0,001"
    return f"p = {probability:.3f}".replace(".", ",")
