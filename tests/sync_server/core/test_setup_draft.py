"""What an office tells its kiosks is all that its folder says, in words that kiosks can show."""

from kiosk.core.setups import objection
from protocol.codec import decode, encode
from protocol.messages import CounterSetup, Look, OfficerSetup, OpeningHours, Setup
from protocol.messages import Thresholds as ScreenThresholds
from sync_server.core.acceptance import why_refused
from sync_server.core.office_data import Desk, Field, OfficeFile, Officer, Thresholds
from sync_server.core.opening import Opening
from sync_server.core.setup_draft import LANGUAGES, draft, newest_survey
from sync_server.core.surveys import SURVEYS
from tests.fakes.votes import THE_HOUR, a_vote

OFFICE = OfficeFile(
    "sia",
    "UBND  THỊ TRẤN SỊA ",
    "Bộ phận Một cửa",
    (Field("ho-tich", "Hộ tịch"), Field("dat-dai", "Đất đai")),
    (
        Officer("huong", "Nguyễn Thị Hương Giang", "Công chức", "ho-tich"),
        Officer("thang", "Trần Đức Thắng ", "Công chức", "dat-dai"),
    ),
    (Desk(1, "huong", ("ho-tich", "dat-dai")), Desk(2, "thang")),
    (Opening("1-2", "07:30", "11:30"),),
    Thresholds(rating=45),
)


def test_everything_that_kiosks_show_is_in_it() -> None:
    setup = draft(OFFICE, newest_survey())
    assert setup.look == Look("UBND  THỊ TRẤN SỊA", "Bộ phận Một cửa")
    assert setup.counters == (CounterSetup(1, "huong", "Hộ tịch"), CounterSetup(2, "thang", "Đất đai"))
    assert setup.officers == (
        OfficerSetup("huong", "Nguyễn Thị Hương Giang", "Công chức"),
        OfficerSetup("thang", "Trần Đức Thắng", "Công chức"),
    )
    assert setup.opening_hours == (OpeningHours(1, 450, 690), OpeningHours(2, 450, 690))
    assert setup.thresholds == ScreenThresholds(rating=45, thanks=5, notice=6)


def test_it_travels_unchanged() -> None:
    setup = draft(OFFICE, newest_survey())
    assert decode(encode(setup), Setup) == setup


def test_every_survey_can_be_asked_in_every_language_and_is_one_that_the_ingest_knows() -> None:
    assert newest_survey().revision == max(SURVEYS)
    for survey in SURVEYS.values():
        asked = draft(OFFICE, survey).survey
        assert asked.revision == survey.revision
        assert {criterion.criterion for criterion in asked.criteria} == survey.criteria
        for criterion in asked.criteria:
            assert [level.level for level in criterion.levels] == list(range(1, survey.levels + 1))
            for texts in (criterion.question, *(level.label for level in criterion.levels)):
                assert set(texts) == set(LANGUAGES) == set(asked.languages)
                assert all(text.strip() for text in texts.values())
            for level in criterion.levels:
                vote = a_vote(1, survey=asked.revision, criterion=criterion.criterion, level=level.level)
                assert why_refused(vote, THE_HOUR) is None


def test_what_the_file_leaves_out_has_its_default() -> None:
    bare = OfficeFile("sia", "A", "B", OFFICE.fields, OFFICE.officers)
    setup = draft(bare, newest_survey())
    assert (setup.counters, setup.opening_hours, setup.thresholds) == ((), (), ScreenThresholds())


def test_a_kiosk_of_ours_can_follow_it_at_every_counter() -> None:
    setup = draft(OFFICE, newest_survey())
    for counter in (None, *(desk.counter for desk in OFFICE.counters)):
        assert objection(setup, counter) == ""
