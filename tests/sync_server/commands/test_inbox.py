"""Comments and low scores become work, and nobody reads in them who wrote them."""

import pytest
from sqlalchemy import insert, select

from sync_server.store.database import Database
from sync_server.store.schema import answers, comments, votes
from tests.fakes.small_office import seed_votes
from tests.sync_server.commands.conftest import Run


@pytest.fixture
def office(seeded: Database) -> Database:
    seed_votes(seeded, [5, 4, 3, 2, 1])
    with seeded.writing() as connection:
        of_level = {
            row.level: row.vote_id for row in connection.execute(select(answers.c.level, answers.c.vote_id)).all()
        }
        for level, text in ((5, "Cảm ơn chị Đặng"), (1, "Gọi 0912345678 mãi không được")):
            connection.execute(insert(comments).values(vote_id=of_level[level], text=text))
    return seeded


def test_comments_and_low_scores_are_listed_once_and_masked(run: Run, office: Database) -> None:
    first = run("inbox", "list").out
    assert first == run("inbox", "list").out
    assert first.endswith("3 shown; in all 3 new, 0 assigned, 0 answered, 0 closed; 0 overdue\n")
    assert "overall 1  Gọi •••••••••• mãi không được\n" in first
    assert "overall 5  Cảm ơn chị Đặng\n" in first
    assert "0912345678" not in first
    assert "due 14/12/2026" in first  # fifteen working days after the 20th of November; the 24th is a holiday


def test_a_word_without_marks_finds_it(run: Run, office: Database) -> None:
    assert "Cảm ơn chị Đặng" in run("inbox", "list", "--search", "dang").out
    assert run("inbox", "list", "--search", "cho lau").out.startswith("0 shown")


def test_a_matter_is_assigned_answered_and_closed_and_everything_is_on_record(run: Run, office: Database) -> None:
    run("inbox", "list")
    assert "1  assigned (Lê Ví Dụ)" in run("inbox", "assign", "1", "--to", "Lê Ví Dụ", "--by", "Trần Ví Dụ").out
    assert run("inbox", "answer", "1", "--cause", "máy hỏng", "--action", "đã xin lỗi", "--by", "Lê Ví Dụ").code == 0
    assert run("inbox", "close", "1", "--by", "Trần Ví Dụ").code == 0
    shown = run("inbox", "show", "1").out
    assert "cause: máy hỏng\naction: đã xin lỗi\n" in shown
    assert "Trần Ví Dụ  assigned: Lê Ví Dụ\n" in shown
    assert "Lê Ví Dụ  answered: máy hỏng · đã xin lỗi\n" in shown
    assert shown.endswith("Trần Ví Dụ  closed\n")
    assert run("inbox", "list", "--state", "closed").out.startswith("1  closed")
    assert run("inbox", "list", "--overdue").out.startswith("0 shown")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("show", "9"), "there is no matter 9; 'inbox list' shows which there are"),
        (("close", "9"), "there is no matter 9"),
    ],
)
def test_a_number_that_there_is_not_is_named(
    run: Run, office: Database, arguments: tuple[str, ...], reason: str
) -> None:
    run("inbox", "list")
    done = run("inbox", *arguments)
    assert (done.code, done.out) == (2, "")
    assert reason in done.err


def test_a_step_that_cannot_be_taken_says_which_can(run: Run, office: Database) -> None:
    run("inbox", "list")
    run("inbox", "close", "1", "--because", "trùng")
    assert "matter 1 is closed; it can become: assigned" in run("inbox", "answer", "1", "--action", "x").err


def test_an_empty_answer_is_refused(run: Run, office: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("inbox", "answer", "1", "--action", " ")
    assert "expected a text of at most 2,000 characters" in capsys.readouterr().err


def test_votes_are_left_as_they_are(run: Run, office: Database) -> None:
    with office.reading() as connection:
        before = connection.execute(select(votes)).all()
    run("inbox", "list")
    with office.reading() as connection:
        assert connection.execute(select(votes)).all() == before
