"""What stands beside the votes, so that a file explains itself: wording, rules, names, meaning of columns. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from sync_server.core.book import Book
from sync_server.core.exports import wording
from sync_server.core.exports.tables import Row, Table
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.rules import Rules


def tables_beside(
    book: Book,
    names: PeriodNames,
    rules: Rules,
    span: str,
    days: tuple[date, date],
    surveys: Sequence[int],
    used: Sequence[tuple[str, str, str]],
    main: Sequence[Table],
) -> tuple[Table, ...]:
    """Return the tables beside some main ones: of the surveys that were answered, and of the names that are used.

    *used* are kind, key and name.
    """
    about: list[Row] = [
        ("site", names.site),
        ("office", names.office),
        ("unit", names.unit),
        ("time", span),
        ("first_day", days[0].isoformat()),
        ("last_day", days[1].isoformat()),
    ]
    tables = (
        Table("about", wording.ABOUT_TITLE, wording.ABOUT_THIS, about),
        Table("surveys", wording.SURVEYS_TITLE, wording.SURVEYS, list(_surveys(book, surveys))),
        Table("rules", wording.RULES_TITLE, wording.RULES, list(_rules(rules))),
        Table("names", wording.NAMES_TITLE, wording.NAMES, list(used)),
    )
    dictionary = [
        (table.name, column.key, column.title, column.meaning, column.unit or None)
        for table in (*main, *tables)
        for column in table.columns
    ]
    return (*tables, Table("dictionary", wording.DICTIONARY_TITLE, wording.DICTIONARY, dictionary))


def _surveys(book: Book, revisions: Sequence[int]) -> Iterator[Row]:
    known = book.all_surveys
    for revision in sorted(set(revisions) & set(known)):
        for asked in known[revision].criteria:
            for language, text in asked.question.items():
                yield revision, "question", asked.criterion, None, None, language, text
            for level, texts in enumerate(asked.levels, start=1):
                for language, text in texts.items():
                    yield revision, "level", asked.criterion, level, int(level in asked.satisfied), language, text
        for entry in known[revision].reasons:
            for language, text in entry.label.items():
                yield revision, "reason", entry.reason, None, None, language, text


def _rules(rules: Rules) -> Iterator[Row]:
    for rule, value in msgspec.to_builtins(rules).items():
        values = value if isinstance(value, list | tuple) else [value]
        for each in values or [None]:
            yield rule, None if each is None else str(int(each) if isinstance(each, bool) else each)
