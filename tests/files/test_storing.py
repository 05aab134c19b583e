"""Bytes on disk: all of them, or none."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from files import storing
from files.exceptions import Refused
from files.storing import PIECE, TooMuch, store


class Cut(BytesIO):
    """A sender whose connection breaks after the first piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


class Pieces(BytesIO):
    """Remembers how much was asked for at once."""

    largest = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0
        self.largest = max(self.largest, size)
        return super().read(size)


def test_a_file_is_written_piece_by_piece_and_hashed(tmp_path: Path):
    data = b"0123456789" * 300_000
    file = Pieces(data)

    stored = store(file, tmp_path / "new" / "a.bin", most=len(data))

    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (tmp_path / "new" / "a.bin").read_bytes() == data
    assert file.largest <= PIECE < len(data)


def test_nothing_stays_of_a_file_that_is_too_large(tmp_path: Path):
    with pytest.raises(TooMuch):
        store(BytesIO(b"12345"), tmp_path / "a.bin", most=4)

    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_of_a_file_that_breaks_off(tmp_path: Path):
    with pytest.raises(Refused):
        store(Cut(b"x" * 3 * PIECE), tmp_path / "a.bin", most=10 * PIECE)

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_a_reason(tmp_path: Path):
    """Reliability 21."""
    (tmp_path / "wall").write_bytes(b"no folder")

    with pytest.raises(Refused, match="could not be stored") as caught:
        store(BytesIO(b"1"), tmp_path / "wall" / "a.bin", most=10)

    assert caught.value.code == "storage"
    assert str(tmp_path) not in str(caught.value)


def test_a_path_that_is_taken_is_left_alone(tmp_path: Path):
    taken = tmp_path / "a.bin"
    taken.write_bytes(b"mine")

    with pytest.raises(Refused):
        store(BytesIO(b"yours"), taken, most=10)

    assert taken.read_bytes() == b"mine"


def test_a_link_is_not_followed(tmp_path: Path):
    """Reliability 21."""
    victim = tmp_path / "victim"
    (tmp_path / "a.bin").symlink_to(victim)

    with pytest.raises(Refused):
        store(BytesIO(b"1"), tmp_path / "a.bin", most=10)

    assert not victim.exists()


def test_removing_what_is_not_there_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    storing.remove(tmp_path / "nothing")
    assert caplog.records == []

    storing.remove(tmp_path)  # a folder cannot be unlinked

    assert "could not be removed" in caplog.text
