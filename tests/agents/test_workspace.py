from pathlib import Path

import pytest

from agents import workspace
from agents.exceptions import Permanent


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    assert workspace.write(str(tmp_path / "new"), "results/top.csv", "a\n1\n") == 4
    assert (tmp_path / "new" / "results" / "top.csv").read_text() == "a\n1\n"
    assert [path.name for path in (tmp_path / "new" / "results").iterdir()] == ["top.csv"]


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    workspace.write(str(tmp_path), "top.csv", "old")
    workspace.write(str(tmp_path), "top.csv", "new")
    assert (tmp_path / "top.csv").read_text() == "new"


@pytest.mark.parametrize(
    "path",
    [
        "", "/etc/x.csv", "../x.csv", "a/../../x.csv", "~/x.csv", "a//x.csv", "./x.csv", "x\0.csv",
        "x\n.csv", "a\\x.csv", ".hidden.csv", ".git/x.csv", "x.py", "x", "x.csv/", "a" * 300 + ".csv",
        "\u202ex.csv", "n" * 120 + ".csv",
    ],
)  # fmt: skip
def test_a_path_that_could_lead_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    inside = tmp_path / "inside"
    with pytest.raises(Permanent) as caught:
        workspace.write(str(inside), path, "text")
    assert caught.value.code == "bad_path"
    assert not inside.exists() or not list(inside.iterdir())


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (inside / "link").symlink_to(outside)
    with pytest.raises(Permanent) as caught:
        workspace.write(str(inside), "link/x.csv", "text")
    assert caught.value.code == "bad_path"
    assert not list(outside.iterdir())


def test_a_file_that_is_a_link_is_refused_and_left_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "x.txt").symlink_to(secret)
    with pytest.raises(Permanent):
        workspace.write(str(inside), "x.txt", "text")
    assert secret.read_text() == "secret"


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(Permanent) as caught:
        workspace.write(str(tmp_path), "x.csv", "text")
    assert caught.value.code == "bad_path"


def test_what_cannot_be_written_leaves_no_part_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Permanent):
        workspace.write(str(tmp_path), "file/x.csv", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Permanent) as caught:
        workspace.write(str(tmp_path), "x.txt", "x" * (workspace.LARGEST + 1))
    assert caught.value.code == "too_large"


def test_without_a_workspace_nothing_is_written() -> None:
    with pytest.raises(Permanent) as caught:
        workspace.write("", "x.csv", "text")
    assert caught.value.code == "no_workspace"
