"""How published documents are called."""

from sync_server.core.decisions.states import Change, Kind

KINDS = {Kind.DECISION: "Quyết định", Kind.REPORT: "Báo cáo"}
CHANGES = {Change.AMENDS: "Quyết định sửa đổi, bổ sung", Change.REPLACES: "Quyết định thay thế"}
NUMBERED = "{} số {} ngày {:%d/%m/%Y}"
UNNUMBERED = "{} ban hành ngày {:%d/%m/%Y} (số do văn thư ghi)"
