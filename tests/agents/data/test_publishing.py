import os
import time
from pathlib import Path

from agents.data import manifest, publishing
from agents.data.manifest import Manifest, StoredTable


def made(place: Path, fingerprint: str) -> Manifest:
    """Make a data set of one table at a place, complete but for its name."""
    place.mkdir(parents=True)
    (place / "t1.parquet").write_bytes(fingerprint.encode())
    table = StoredTable(name="t", file="t1.parquet", source="t.csv", rows=1)
    found = Manifest(tables=(table,), fingerprint=fingerprint)
    (place / manifest.NAME).write_text(found.model_dump_json())
    return found


def test_a_folder_appears_under_its_name_when_it_is_complete(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    with publishing.scratch(folder) as scratch:
        found = made(scratch / "tables", "new")
        before = folder.exists()

        publishing.publish(scratch / "tables", folder, found)

    assert not before
    assert publishing.published(folder, "new") == found
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_an_empty_folder_may_be_there_already(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    with publishing.scratch(folder) as scratch:
        publishing.publish(scratch / "tables", folder, made(scratch / "tables", "new"))

    assert publishing.published(folder, "new")


def test_of_two_that_load_the_same_files_the_first_stays(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    first = made(folder, "same")
    inode = (folder / "t1.parquet").stat().st_ino
    with publishing.scratch(folder) as scratch:
        found = publishing.publish(scratch / "tables", folder, made(scratch / "tables", "same"))

    assert found == first
    assert (folder / "t1.parquet").stat().st_ino == inode


def test_an_older_data_set_gives_way(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    made(folder, "old")
    with publishing.scratch(folder) as scratch:
        publishing.publish(scratch / "tables", folder, made(scratch / "tables", "new"))

    assert publishing.published(folder, "old") is None
    assert (folder / "t1.parquet").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_what_was_left_behind_long_ago_is_removed(tmp_path: Path) -> None:
    left, recent, other = (
        tmp_path / name for name in (".set-left.part", ".set-new.part", ".sets-x.part")
    )
    for place in (left, recent, other):
        place.mkdir()
        (place / "half").write_text("x")
    past = time.time() - 2 * publishing.FORGOTTEN_SECONDS
    for place in (left, other):
        os.utime(place, (past, past))

    with publishing.scratch(tmp_path / "set"):
        pass

    assert {path.name for path in tmp_path.iterdir()} == {recent.name, other.name}


def test_a_data_set_of_other_files_or_with_a_lost_table_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    made(folder, "new")

    assert publishing.published(folder, "other") is None
    (folder / "t1.parquet").unlink()
    assert publishing.published(folder, "new") is None
