import json

import pytest

from agents.data.limits import DataLimits
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads

PEOPLE = [{"name": "Ada", "age": 36}, {"name": "Alan", "age": 41.5}, {"name": "Grace"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("people.json", json.dumps(PEOPLE)),
        ("people.json", json.dumps(PEOPLE, indent=2)),
        ("people.json", "\ufeff" + json.dumps(PEOPLE)),
        ("people.jsonl", "\n".join(map(json.dumps, PEOPLE))),
        ("people.ndjson", "\n".join(map(json.dumps, PEOPLE)) + "\n"),
        ("people.json", json.dumps({"data": PEOPLE})),
    ],
)
def test_objects_become_rows(uploads: Uploads, name: str, text: str) -> None:
    uploads.add(name, text)

    uploads.load()

    table = uploads.table()
    assert table.columns == ("name", "age")
    assert table.rows == (("Ada", 36.0), ("Alan", 41.5), ("Grace", None))


def test_an_object_of_lists_becomes_several_tables(uploads: Uploads) -> None:
    orders = [{"id": 1, "when": "2024-02-29"}]
    uploads.add("shop.json", json.dumps({"people": PEOPLE, "orders": orders, "note": "hi"}))

    manifest = uploads.load()

    assert [table.name for table in manifest.tables] == ["people", "orders"]
    assert uploads.table("orders").rows == ((1, "2024-02-29"),)
    assert uploads.table("orders").types == ("BIGINT", "DATE")


def test_texts_in_json_are_read_like_texts_in_csv(uploads: Uploads) -> None:
    rows = [{"year": "1565", "code": "01234", "day": "Feb 29 2024", "at": "2024-02-29T10:00:00Z"}]
    uploads.add("t.json", json.dumps(rows))

    uploads.load()

    assert uploads.table().rows == ((1565, "01234", "2024-02-29", "2024-02-29T10:00:00"),)


def test_values_of_several_types_are_kept_as_text_and_told(uploads: Uploads) -> None:
    uploads.add("t.json", json.dumps([{"v": 1}, {"v": "x"}, {"v": [2]}, {"v": None}]))

    manifest = uploads.load()

    assert uploads.table().rows == (("1",), ("x",), ("[2]",), (None,))
    assert [(issue.code, issue.column) for issue in manifest.issues] == [("mixed_types", "v")]


def test_a_column_of_nothing_but_null_is_no_mixture(uploads: Uploads) -> None:
    uploads.add("t.json", json.dumps([{"v": None, "w": 1}]))

    assert uploads.load().issues == ()
    assert uploads.table().rows == ((None, 1),)


def test_objects_within_objects_are_kept_as_json(uploads: Uploads) -> None:
    uploads.add("t.json", json.dumps([{"id": 1, "place": {"city": "Bonn"}, "tags": ["a"]}]))

    manifest = uploads.load()

    assert uploads.table().rows == ((1, '{"city":"Bonn"}', '["a"]'),)
    assert {issue.code for issue in manifest.issues} == {"nested_values"}


def test_hostile_keys_are_only_names(uploads: Uploads) -> None:
    keys = ['a"; DROP TABLE t; --', "A", "a", "x" * 10_000, "b\u0000c", "'"]
    uploads.add("t.json", json.dumps([dict.fromkeys(keys, 1)]))

    uploads.load()

    columns = uploads.table().columns
    assert columns[0] == keys[0]
    assert len({column.casefold() for column in columns}) == len(keys)
    assert max(map(len, columns)) == 120


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[{"a": 1}, {"a":', "corrupt"),
        ("{'a': 1}", "corrupt"),
        ("[" * 100_000 + "]" * 100_000, "corrupt"),
        ('[{"a": 1, "a": 2}]', "corrupt"),
        ("[1, 2, 3]", "unsupported_type"),
        ("[[1, 2], [3, 4]]", "unsupported_type"),
        ('"text"', "unsupported_type"),
        ("[]", "empty"),
        (" ", "empty"),
        ("a,b\n1,2\n", "corrupt"),
    ],
)
def test_other_json_is_refused(uploads: Uploads, text: str, code: str) -> None:
    uploads.add("t.json", text)

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == code


def test_too_many_keys_are_refused(uploads: Uploads) -> None:
    uploads.add("t.json", json.dumps([{f"k{number}": 1 for number in range(5000)}]))

    with pytest.raises(Unreadable, match="at most 1,000") as raised:
        uploads.load()

    assert raised.value.code == "too_large"


def test_too_many_rows_are_refused(uploads: Uploads) -> None:
    uploads.add("t.json", json.dumps([{"a": 1}] * 11))

    with pytest.raises(Unreadable, match="at most 10 "):
        uploads.load(limits=DataLimits(rows=10))
