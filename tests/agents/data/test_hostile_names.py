"""Names and values made to break out of SQL, all the way: loaded, profiled, asked, described."""

import json

import pytest
import yaml

from agents.contract import Flag
from agents.data.dictionary import dictionary
from agents.data.naming import quoted
from agents.data.querying import Database
from tests.agents.data.loaded import Uploads
from tests.agents.data.profiled import profiled

HOSTILE = [
    'a"; DROP TABLE t; --',
    "b'); ATTACH 'evil.db'; --",
    "c1",  # what columns are called while they are profiled
    "v",
    "n",
    "t",
    "bin",
    "low",
    "k0",
    "is_found",
    "count(*)",
    "SELECT",
    "{}",
    "%(x)s",
    "?",
    "$1",
    "\\",
    "/*",
    "--",
    "x" * 5000,
    "\u202ereversed",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("values", ["number", "text", "date", "name"])
def test_hostile_columns_are_loaded_profiled_and_asked(uploads: Uploads, values: str) -> None:
    kinds = {
        "number": lambda place, row: place * row,
        "text": lambda place, row: f"'; DROP TABLE t; -- {place * row % 3}",
        "date": lambda place, row: f"2024-01-{row:02}",
        "name": lambda place, row: HOSTILE[(place + row) % len(HOSTILE)],
    }
    rows = [
        {name: kinds[values](place, row) for place, name in enumerate(HOSTILE)}
        for row in range(1, 20)
    ]
    uploads.add('"; DROP TABLE x; --.json', json.dumps(rows))

    found = profiled(tuple(uploads.files), uploads.folder)

    [table] = found.model.tables
    assert table.name == "DROP_TABLE_x"
    assert (table.rows, len(table.columns)) == (19, len(HOSTILE))
    assert yaml.safe_load(dictionary(found.model))["tables"][0]["rows"] == 19
    with Database.open(uploads.folder, Flag()) as database:
        for column in table.columns:
            asked = f"FROM {quoted(table.name)} SELECT count(DISTINCT {quoted(column.name)})"
            assert database.select(asked).rows == ((column.distinct,),)
            for top in column.top:
                sql = f"FROM {quoted(table.name)} SELECT count(*) WHERE {quoted(column.name)} = ?"
                assert database.select(sql, [top.value]).rows == ((top.count,),)


def test_tables_with_hostile_names_refer_to_each_other(uploads: Uploads) -> None:
    key = 'part"; --_id'
    uploads.add("parts'; --.csv", f'"{key.replace(chr(34), chr(34) * 2)}",v\n1,a\n2,b\n3,c\n')
    uploads.add(
        'b"; DROP.csv', f'n,"{key.replace(chr(34), chr(34) * 2)}"\n1,1\n2,1\n3,2\n4,3\n5,3\n'
    )

    found = profiled(tuple(uploads.files), uploads.folder)

    [one] = found.model.relationships
    assert (one.table, one.columns, one.to_table) == ("b_DROP", (key,), "parts")
