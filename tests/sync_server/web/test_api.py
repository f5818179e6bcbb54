"""Programs enter forms and read figures by a token, under the rules that hold for clerks."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from sync_server.store.database import Database
from sync_server.web.app import create_app
from tests.fakes.small_office import SITE, seed_office, seed_votes
from tests.sync_server.web.conftest import ADDRESS, Client, SettableClock

TOKEN = "a-long-enough-token_2"
BEARER = {"authorization": f"Bearer {TOKEN}"}
FORMS = [{"form": number, "overall": 5, "officer": "huong"} for number in range(1, 7)]
BATCH: dict[str, object] = {"batch": "2026-11-a", "first_day": "2026-11-02", "by": "Hà", "forms": FORMS}


@pytest.fixture
def program(office: Database, clock: SettableClock) -> Iterator[Client]:
    with TestClient(create_app(office, ADDRESS, clock, api_token=TOKEN), base_url=ADDRESS) as client:
        client.headers.update(BEARER)
        yield client


def tell(program: Client, **more: object) -> tuple[int, dict[str, object]]:
    answer = program.post("/api/paper", content=json.dumps(BATCH | more))
    return answer.status_code, answer.json()


def channels(program: Client) -> list[tuple[str, int | None]]:
    (survey,) = program.get("/api/report/2026-Q4").json()["surveys"]
    return [(row["key"], row["answered"]) for row in survey["tables"]["channel"]]


def test_a_batch_is_opened_entered_and_closed_and_counts(program: Client) -> None:
    status, told = tell(program, close=6, issued=8)
    assert status == 200
    assert (told["opened"], told["entered"], told["there_already"], told["closed"]) == (True, 6, 0, True)
    assert (told["forms"], told["votes"], told["differ"], told["same_as"]) == (6, 6, [], [])
    assert channels(program) == [("paper", 6)]
    assert program.get("/api/report/2026-Q4").json()["forms"]["issued"] == 8


def test_the_same_again_changes_nothing(program: Client) -> None:
    tell(program, close=6)
    status, told = tell(program, close=6)
    assert (status, told["opened"], told["entered"], told["there_already"]) == (200, False, 0, 6)
    assert channels(program) == [("paper", 6)]


def test_forms_come_in_parts_and_count_once_the_batch_is_closed(program: Client) -> None:
    assert tell(program, forms=FORMS[:2])[1]["closed"] is False
    assert program.get("/api/report/2026-Q4").json()["surveys"] == []
    assert tell(program, forms=FORMS[2:], close=6)[0] == 200
    assert channels(program) == [("paper", 6)]


def test_a_second_entry_is_compared(program: Client) -> None:
    tell(program)
    other = [FORMS[0] | {"overall": 1}, *FORMS[1:]]
    assert tell(program, forms=other, again=True)[1]["differ"] == ["1: overall"]
    status, told = tell(program, close=6)
    assert status == 409
    assert "differ" in str(told["detail"])


def test_a_tally_is_entered_by_level(program: Client) -> None:
    levels = {f"overall {level}": many for level, many in enumerate((0, 0, 5, 16, 10), start=1)}
    status, told = tell(program, tally=True, forms=[{"form": 1, "returned": 31} | levels], close=31)
    assert (status, told["votes"]) == (200, 31)


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"batch": "Không hợp lệ"}, 422, "batch"),
        ({"first_day": "2026-12-30"}, 422, "until: these days are not over yet"),
        ({"survey": 9}, 422, "survey: there is no such revision at sia"),
        ({"close": 7}, 409, "holds 6 forms, and not 7"),
        ({"by": " "}, 400, "by"),
        ({"by": "x" * 301}, 400, "by"),
        ({"channel": "kiosk"}, 422, "channel"),
        ({"forms": []}, 422, "there is no line"),
        ({"forms": [{"form": 1}]}, 422, "line 1: lacks overall"),
        ({"forms": [{"form": 1, "overall": 6}]}, 422, "line 1: overall: expected 1 to 5"),
        ({"forms": [{"form": 1, "overall": 5, "tên": "x"}]}, 422, "line 1: holds something that is none of form"),
        ({"site": "nowhere"}, 404, "known sites: sia"),
        ({"colour": "blue"}, 400, "colour"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_entered(
    program: Client, more: dict[str, object], status: int, said: str
) -> None:
    answer = program.post("/api/paper", content=json.dumps(BATCH | more))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]
    assert tell(program, close=6)[1]["entered"] == 6


def test_what_was_entered_differently_is_refused(program: Client) -> None:
    tell(program)
    status, told = tell(program, forms=[FORMS[0] | {"overall": 1}])
    assert status == 409
    assert "entered before, and differently: 1" in str(told["detail"])


def test_the_site_must_be_said_where_there_are_several(program: Client, office: Database) -> None:
    seed_office(office, "phu")
    assert tell(program)[0] == 404
    assert tell(program, site=SITE)[0] == 200


@given(
    st.one_of(
        st.binary(max_size=60), st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_a_body_that_is_no_batch_is_refused_in_words(program: Client, body: bytes) -> None:
    answer = program.post("/api/paper", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_batch_may_be_larger_than_a_form_of_a_page_but_not_without_end(program: Client) -> None:
    many = [{"form": number, "overall": 4} for number in range(1, 2001)]
    assert tell(program, forms=many, close=2000)[0] == 200
    answer = program.post("/api/paper", content=b" " * (1024 * 1024 + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_hidden_cells_are_hidden_in_a_report(program: Client, office: Database) -> None:
    seed_votes(office, [5] * 20)
    seed_votes(office, [1] * 2, officer="thang")
    (survey,) = program.get("/api/report/2026-11").json()["surveys"]
    assert [row["answered"] for row in survey["tables"]["officer"]] == [None, None]


def test_a_time_that_is_none_is_refused_in_words(program: Client) -> None:
    answer = program.get("/api/report/2026-Q5")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "2026-Q4" in answer.json()["detail"]


@pytest.mark.parametrize("authorization", ["", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_without_the_token_nothing_is_told_or_entered(program: Client, authorization: str) -> None:
    program.headers["authorization"] = authorization
    for answer in (program.get("/api/report/2026-Q4"), program.post("/api/paper", content=json.dumps(BATCH))):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_session_is_no_token_and_without_one_in_the_settings_there_is_no_api(admin: Client) -> None:
    assert admin.get("/api/report/2026-Q4").status_code == 404
    assert admin.post("/api/paper", content=json.dumps(BATCH), headers=BEARER).status_code == 404
