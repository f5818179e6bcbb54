"""What an office tells its kiosks is all that its folder says, in words that kiosks can show."""

from kiosk.core.setups import objection
from kiosk.languages import LANGUAGES
from protocol.codec import decode, encode
from protocol.messages import CounterSetup, Look, OfficerSetup, OpeningHours, Setup
from protocol.messages import Thresholds as ScreenThresholds
from sync_server.core.acceptance import why_refused
from sync_server.core.book import Book, Kind, Wanted
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.letterhead import Thresholds
from sync_server.core.office_data import Desk, Field, OfficeFile, Officer
from sync_server.core.opening import Opening
from sync_server.core.quarter import local_day
from sync_server.core.setup_draft import draft
from sync_server.core.surveys import FIRST_REVISION, FIRST_SURVEY, Criterion, Survey
from tests.fakes.votes import THE_HOUR, a_vote

BOTH = {"vi": "Có", "en": "Yes"}
A_SHORT_SURVEY = Survey((Criterion("time", BOTH, (BOTH, BOTH, BOTH), (2, 3), stars=True),))
TODAY = local_day(THE_HOUR)
OFFICE = OfficeFile(
    "UBND  THỊ TRẤN SỊA ",
    "Bộ phận Một cửa",
    opening_hours=(Opening("1-2", "07:30", "11:30"),),
    thresholds=Thresholds(rating=45),
    site="sia",
    fields=(Field("ho-tich", "Hộ tịch"), Field("dat-dai", "Đất đai")),
    officers=(
        Officer("huong", "Nguyễn Thị Hương Giang", "Công chức", "ho-tich"),
        Officer("thang", "Trần Đức Thắng ", "Công chức", "dat-dai"),
    ),
    counters=(Desk(1, "huong", ("ho-tich", "dat-dai")), Desk(2, "thang")),
)


def drafted(office: OfficeFile = OFFICE, survey: Survey | None = None) -> Setup:
    blank = Book("sia")
    setup = draft(Book.of("sia", blank.to_become(Wanted(office, (), survey), ALWAYS)), TODAY)
    assert setup is not None
    return setup


def test_everything_that_kiosks_show_is_in_it() -> None:
    setup = drafted()
    assert setup.look == Look("UBND  THỊ TRẤN SỊA", "Bộ phận Một cửa")
    assert setup.counters == (CounterSetup(1, "huong", "Hộ tịch"), CounterSetup(2, "thang", "Đất đai"))
    assert setup.officers == (
        OfficerSetup("huong", "Nguyễn Thị Hương Giang", "Công chức"),
        OfficerSetup("thang", "Trần Đức Thắng", "Công chức"),
    )
    assert setup.opening_hours == (OpeningHours(1, 450, 690), OpeningHours(2, 450, 690))
    assert setup.thresholds == ScreenThresholds(rating=45, thanks=5, notice=6)


def test_it_travels_unchanged() -> None:
    setup = drafted()
    assert decode(encode(setup), Setup) == setup


def test_what_is_asked_is_what_the_ingest_takes() -> None:
    for survey in (FIRST_SURVEY, A_SHORT_SURVEY):
        setup = drafted(survey=survey)
        surveys = {setup.survey.revision: survey}
        for criterion in setup.survey.criteria:
            for level in criterion.levels:
                vote = a_vote(1, survey=setup.survey.revision, criterion=criterion.criterion, level=level.level)
                assert why_refused(vote, surveys, THE_HOUR) is None
                assert objection(setup, 1, LANGUAGES) == ""


def test_another_survey_has_another_revision() -> None:
    assert drafted(survey=FIRST_SURVEY).survey.revision == FIRST_REVISION
    assert drafted(survey=A_SHORT_SURVEY).survey.revision == FIRST_REVISION + 1


def test_an_office_that_never_was_tells_nothing() -> None:
    assert draft(Book("sia"), TODAY) is None


def test_a_counter_whose_officer_has_left_is_not_shown() -> None:
    said = [*Book("sia").to_become(Wanted(OFFICE, ()), ALWAYS), (Kind.OFFICER, Record("thang", TODAY, None))]
    setup = draft(Book.of("sia", said), TODAY)
    assert setup is not None
    assert [desk.counter for desk in setup.counters] == [1]


def test_what_the_file_leaves_out_has_its_default() -> None:
    bare = OfficeFile("A", "B", site="sia", fields=OFFICE.fields, officers=OFFICE.officers)
    setup = drafted(bare)
    assert (setup.counters, setup.opening_hours, setup.thresholds) == ((), (), ScreenThresholds())


def test_a_kiosk_of_ours_can_follow_it_at_every_counter() -> None:
    setup = drafted()
    for counter in (None, *(desk.counter for desk in OFFICE.counters)):
        assert objection(setup, counter, LANGUAGES) == ""
