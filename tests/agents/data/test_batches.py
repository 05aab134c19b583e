from pathlib import Path

from agents.data.batches import batches
from tests.agents.data.loaded import Uploads
from tests.agents.data.profiled import profile_of, profiled


def test_a_sequence_comes_in_parts_and_whole() -> None:
    assert list(batches(range(7), 3)) == [range(3), range(3, 6), range(6, 7)]
    assert list(batches([], 3)) == []


def test_figures_of_a_wide_table_belong_to_their_columns(tmp_path: Path) -> None:
    columns = ", ".join(
        f"i * {n} AS n{n}, 'v' || i % {n + 2} AS t{n}, DATE '2024-01-01' + (i * {n})::INTEGER AS d{n}"
        for n in range(110)
    )
    found = profile_of(tmp_path, t=f"FROM range(30) r(i) SELECT {columns}")

    for n in (0, 1, 99, 100, 101, 109):
        assert found.column(f"t.n{n}").maximum == 29 * n
        assert found.column(f"t.n{n}").distinct == (30 if n else 1)
        assert found.column(f"t.t{n}").distinct == min(n + 2, 30)
        assert found.column(f"t.d{n}").minimum == "2024-01-01"
    assert found.column("t.d2").maximum == "2024-02-28"


def test_types_of_a_wide_file_belong_to_their_columns(uploads: Uploads) -> None:
    names = [f"{kind}{n}" for n in range(110) for kind in ("whole", "part", "text")]
    row = ",".join(f"{n},{n}.5,x{n}" for n in range(110))
    uploads.add("t.csv", f"{','.join(names)}\n{row}\n{row}\n")

    found = profiled(tuple(uploads.files), uploads.folder)

    types = {column.name: column.type for column in found.model.tables[0].columns}
    assert {types[f"whole{n}"] for n in range(110)} == {"BIGINT"}
    assert {types[f"part{n}"] for n in range(110)} == {"DOUBLE"}
    assert {types[f"text{n}"] for n in range(110)} == {"VARCHAR"}
