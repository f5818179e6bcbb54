"""Which surviving changes are excused as a kind; whatever else survives needs a test or an explanation of its own."""

import pytest

from tests.mutants.rules import LOG_WORDS, SQL_CASE, excused


@pytest.mark.parametrize(
    ("removed", "added", "reason"),
    [
        ('log.warning("lost: %d", count)', 'log.warning("XXlost: %dXX", count)', LOG_WORDS),
        ('log.warning("lost: %d", count)', "log.warning(None, count)", LOG_WORDS),
        ('log.warning("lost: %d", count)', 'log.warning("lost: %d", )', LOG_WORDS),
        (
            'row = reader.execute("SELECT boots FROM s", [n])',
            'row = reader.execute("select boots from s", [n])',
            SQL_CASE,
        ),
        ('"SELECT 1 FROM cases WHERE token = ?", [token]', '"SELECT 1 FROM CASES WHERE TOKEN = ?", [token]', SQL_CASE),
        ('log.warning("lost")', 'log.debug("lost")', None),
        ("catalog.find(x)", "catalog.find(None)", None),
        ('execute("SELECT 1 FROM t", ["a"])', 'execute("SELECT 1 FROM t", ["A"])', None),
        ("execute(\"SELECT 1 WHERE name = 'a'\")", "execute(\"SELECT 1 WHERE name = 'A'\")", None),
        ('execute("SELECT 1 FROM t")', "execute(None)", None),
        ('counts["votes"] += 1', 'counts["VOTES"] += 1', None),
        ("count += 1", "count -= 1", None),
    ],
)
def test_only_the_words_of_a_log_line_and_the_case_of_sql_are_excused(
    removed: str, added: str, reason: str | None
) -> None:
    assert excused([removed], [added]) == reason


def test_a_change_of_several_lines_is_not_excused() -> None:
    assert excused(['log.info("a")', "count += 1"], ['log.info("b")']) is None
