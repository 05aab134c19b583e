import pytest

from agents.reading import Limits, Unreadable, decode, read

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.mark.parametrize(
    "data",
    [
        "caf\u00e9".encode(),
        "caf\u00e9".encode("utf-8-sig"),
        "caf\u00e9".encode("utf-16"),
        b"\xfe\xff" + "caf\u00e9".encode("utf-16-be"),
    ],
)
def test_text_is_read_in_utf_8_and_in_marked_utf_16(data: bytes) -> None:
    assert read(data, "menu.txt") == "caf\u00e9"


@pytest.mark.parametrize(
    ("data", "name", "content_type", "code"),
    [
        (b"x", "tool.exe", "", "unsupported_type"),
        (b"x", "nothing", "", "unsupported_type"),
        (PNG, "notes.md", "text/markdown", "type_mismatch"),
        (b"%PDF-1.7 text", "notes.md", "", "type_mismatch"),
        (b"hello", "paper.pdf", "application/pdf", "type_mismatch"),
        (b"hello", "notes.md", "image/png", "type_mismatch"),
        (b"PK\x03\x04\x14\x00\x06\x00\xff", "data.csv", "", "type_mismatch"),
        (b"", "notes.md", "", "empty"),
        (b" \n\t", "notes.md", "", "empty"),
        (b"caf\xe9", "notes.txt", "", "bad_encoding"),
        (b"a\x00b", "notes.txt", "", "bad_encoding"),
        (b"\xff\xfeh", "notes.txt", "", "bad_encoding"),
    ],
)
def test_what_cannot_be_read_is_refused_by_a_code(
    data: bytes, name: str, content_type: str, code: str
) -> None:
    with pytest.raises(Unreadable) as raised:
        read(data, name, content_type)

    assert raised.value.code == code
    assert name in str(raised.value)


@pytest.mark.parametrize(
    ("limits", "data"),
    [(Limits(bytes=5), b"123456"), (Limits(characters=5), b"123456")],
)
def test_what_is_too_large_is_refused_with_advice(limits: Limits, data: bytes) -> None:
    with pytest.raises(Unreadable, match="Split it") as raised:
        read(data, "notes.md", limits=limits)

    assert raised.value.code == "too_large"


def test_a_text_that_begins_like_a_program_is_still_a_text() -> None:
    assert read(b"MZ is the country code of Mozambique.", "codes.txt").startswith("MZ")


def test_a_name_without_a_suffix_is_read_by_its_declared_type() -> None:
    assert read(b"Hello.", "notes", "text/plain; charset=utf-8") == "Hello."


def test_a_wrong_but_harmless_declared_type_is_no_obstacle() -> None:
    assert read(b"a,b\n1,2\n", "t.csv", "application/vnd.ms-excel").startswith("Row 1")


def test_the_place_of_a_wrong_byte_is_told() -> None:
    with pytest.raises(Unreadable, match="byte 3"):
        decode(b"caf\xe9", "menu.txt")
