"""What an office's folder may say."""

import msgspec
import pytest

from sync_server.core.office_data import Desk, Field, OfficeFile, Officer, Procedure, mistakes_in

HO_TICH = Field("ho-tich", "Hộ tịch")
HUONG = Officer("huong", "Nguyễn Thị Hương Giang", "Công chức", "ho-tich")


def office(
    fields: tuple[Field, ...] = (HO_TICH,), officers: tuple[Officer, ...] = (HUONG,), counters: tuple[Desk, ...] = ()
) -> OfficeFile:
    return OfficeFile(
        "Bộ phận Một cửa", "UBND thị trấn Sịa", site="sia", fields=fields, officers=officers, counters=counters
    )


def test_a_whole_office_has_no_mistakes() -> None:
    assert mistakes_in(office(counters=(Desk(1, "huong", ("ho-tich",)), Desk(2, "huong")))) == []


def test_every_mistake_is_named() -> None:
    found = mistakes_in(
        office(
            fields=(HO_TICH, HO_TICH),
            officers=(HUONG, HUONG, Officer("thang", "Trần Đức Thắng", "Công chức", "dat-dai")),
            counters=(Desk(1, "nobody", ("dat-dai",)), Desk(1, "huong")),
        )
    )
    assert found == [
        "fields: 'ho-tich' stands twice",
        "officers: 'huong' stands twice",
        "counters: 1 stands twice",
        "officers[2].field: there is no field 'dat-dai'",
        "counters[0].officer: there is no officer 'nobody'",
        "counters[0].fields: there is no field 'dat-dai'",
    ]


@pytest.mark.parametrize(
    ("kind", "values", "where"),
    [
        (Field, {"field": "Hộ tịch", "name": "Hộ tịch"}, "field: expected 1 to 32"),
        (Field, {"field": "ho-tich", "name": " "}, "name: expected a name"),
        (Field, {"field": "ho-tich", "name": "ẵ" * 201}, "name: longer than 200 characters; kiosks are told it"),
        (Officer, {"officer": "A", "name": "a", "title": "b", "field": "c"}, "officer: expected 1 to 32"),
        (Officer, {"officer": "a", "name": "a", "title": "b\n", "field": "c", "age": 3}, "unknown field `age`"),
        (Officer, {"officer": "a", "name": "a", "title": "b\nc", "field": "c"}, "title: holds a line break"),
        (Desk, {"counter": 0, "officer": "a"}, ">= 1"),
        (Procedure, {"procedure": "a b", "name": "a", "field": "c"}, "procedure: expected 1 to 64"),
        (Procedure, {"procedure": "1.1", "name": "", "field": "c"}, "name: expected a name"),
    ],
)
def test_an_entry_says_what_is_wrong_with_it(kind: type, values: dict[str, object], where: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=where):
        msgspec.convert(values, kind)


def test_an_office_has_a_field_and_an_officer() -> None:
    values = {"site": "sia", "office": "a", "unit": "b", "fields": [], "officers": []}
    with pytest.raises(msgspec.ValidationError, match="length >= 1"):
        msgspec.convert(values, OfficeFile)
