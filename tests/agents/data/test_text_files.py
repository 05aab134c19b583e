import pytest

from agents.contract import Flag
from agents.data.text_files import CHUNK
from agents.exceptions import Cancelled
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads

TEXT = "name,city\nJos\u00e9,M\u00fcnchen\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
    ],
)
def test_unicode_is_read_with_and_without_a_mark(uploads: Uploads, data: bytes) -> None:
    uploads.add("t.csv", data)

    assert uploads.load().issues == ()
    assert uploads.table().columns == ("name", "city")
    assert uploads.table().rows == (("Jos\u00e9", "M\u00fcnchen"),)


def test_windows_text_is_read_and_told_to_be_a_guess(uploads: Uploads) -> None:
    uploads.add("t.csv", "name,price\nCaf\u00e9 \u201cx\u201d,5 \u20ac\n".encode("cp1252"))

    manifest = uploads.load()

    assert uploads.table().rows == (("Caf\u00e9 \u201cx\u201d", "5 \u20ac"),)
    assert [(issue.code, issue.severity) for issue in manifest.issues] == [
        ("guessed_encoding", "warning")
    ]
    assert "cp1252" in manifest.issues[0].message


def test_bytes_that_windows_does_not_know_are_read_as_latin_1(uploads: Uploads) -> None:
    uploads.add("t.csv", b"name\ncaf\xe9\x81\n")

    assert "latin-1" in uploads.load().issues[0].message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a,b\n1,\x002\n", "bad_encoding"),
        ("a,b\n1,2\n".encode("utf-16-le"), "bad_encoding"),
        (b"\xff\xfea", "bad_encoding"),
        (b"\xff\xfe\x00\xd8a\x00", "bad_encoding"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff", "type_mismatch"),
        (b"PK\x03\x04\x14\x00\x06\x00\xff", "type_mismatch"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "type_mismatch"),
    ],
)
def test_what_is_no_text_is_refused(uploads: Uploads, data: bytes, code: str) -> None:
    uploads.add("t.csv", data)

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == code
    assert "t.csv" in str(raised.value)


def test_a_table_may_begin_like_a_program(uploads: Uploads) -> None:
    uploads.add("t.csv", "MZ,BZh\n1,2\n")

    uploads.load()

    assert uploads.table().columns == ("MZ", "BZh")


def test_a_character_cut_by_the_end_of_a_piece_is_read_whole(uploads: Uploads) -> None:
    text = "aa,b\n" + "\u00e9,1\n" * 250_000
    uploads.add("t.csv", text)

    with pytest.raises(UnicodeDecodeError):
        text.encode()[:CHUNK].decode()
    assert uploads.load().issues == ()


def test_a_cancelled_loading_reads_nothing(uploads: Uploads) -> None:
    uploads.add("t.csv", TEXT)

    with pytest.raises(Cancelled):
        uploads.load(Flag(on=True))

    assert not uploads.folder.exists()
