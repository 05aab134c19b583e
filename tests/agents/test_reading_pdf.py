from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

from agents.reading import Limits, Unreadable, read
from agents.sentences import split

MANUAL = Path(__file__).parents[1] / "data" / "documents" / "fontconfig-user.pdf"


def blank(pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def code_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as raised:
        read(data, "paper.pdf", limits=limits or Limits())
    return raised.value.code


def test_a_real_manual_is_read_as_sentences() -> None:
    sentences = split(read(MANUAL.read_bytes(), "manual.pdf"))

    texts = {sentence.text: sentence.kind for sentence in sentences}
    assert len(sentences) > 150
    assert texts["Font Names"] == "heading"
    assert "This modified pattern is returned to the application." in texts
    assert not any("\ufb01" in text for text in texts)


@pytest.mark.parametrize(
    "limits", [Limits(pages=1), Limits(characters=500), Limits(seconds=0.0), Limits(bytes=1000)]
)
def test_a_file_beyond_any_limit_is_refused(limits: Limits) -> None:
    assert code_of(MANUAL.read_bytes(), limits) == "too_large"


def test_a_file_with_a_password_is_refused() -> None:
    assert code_of(blank(password="secret")) == "encrypted"


def test_a_file_of_pictures_is_refused_with_advice() -> None:
    with pytest.raises(Unreadable, match="OCR") as raised:
        read(blank(), "scan.pdf")

    assert raised.value.code == "empty"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", MANUAL.read_bytes()[:20_000], b"%PDF-1.4" + b"\x00\xff" * 3000],
    ids=["only magic", "cut off", "noise"],
)
def test_a_broken_file_is_refused_as_broken(data: bytes) -> None:
    assert code_of(data) in ("corrupt", "empty")
