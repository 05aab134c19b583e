"""Files to text: Markdown, plain text, CSV and PDF, within limits.

Whatever cannot be read raises `Unreadable`, whose code says why and whose message says what to
do about it. Names and declared types are claims; the content has to agree with them.
"""

from pathlib import PurePath

from agents import reading_csv, reading_pdf
from agents.reading_limits import DEFAULT_LIMITS, Limits, Unreadable

__all__ = ["Limits", "Unreadable", "decode", "read"]

TYPES = {
    ".md": "text",
    ".markdown": "text",
    ".txt": "text",
    ".text": "text",
    ".rst": "text",
    ".csv": "csv",
    ".tsv": "csv",
    ".pdf": "pdf",
}
DECLARED = {
    "text/markdown": "text",
    "text/x-markdown": "text",
    "text/plain": "text",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/pdf": "pdf",
}
# Declared types that cannot be true of a text: anything else is too often wrong to refuse.
FOREIGN = ("image/", "audio/", "video/", "font/", "application/zip", "application/pdf")
MAGIC = {
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"7z\xbc\xaf": "a 7-Zip file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"RIFF": "a media file",
    b"SQLite format 3": "an SQLite database",
    b"{\\rtf": "an RTF document",
}
# Readers of PDF allow some bytes before the magic; so do their writers.
PDF_MAGIC_WITHIN = 1024


def read(data: bytes, name: str, content_type: str = "", *, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the text of a file; raise `Unreadable` if it has none that may be used.

    Blocks for as long as the reading takes (a large PDF: seconds), so run it off the event loop.
    """
    kind = _kind(name, content_type)
    if len(data) > limits.bytes:
        message = (
            f"{name} has {len(data):,} bytes; at most {limits.bytes:,} are read. "
            "Split it, or upload the part that matters."
        )
        raise Unreadable(message, code="too_large")
    if not data.strip():
        raise Unreadable(f"{name} is empty. Upload a file with text in it.", code="empty")
    _check_content(data, name, kind, content_type)
    text = _text(data, name, kind, limits)
    if len(text) > limits.characters:
        message = (
            f"{name} has {len(text):,} characters; at most {limits.characters:,} are read. "
            "Split it, or upload the part that matters."
        )
        raise Unreadable(message, code="too_large")
    if not text.strip():
        raise Unreadable(f"{name} has no text in it. Upload a file with text.", code="empty")
    return text


def decode(data: bytes, name: str) -> str:
    """Return bytes as text: UTF-8 with or without a mark, or UTF-16 with one; no NUL."""
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = (
            f"{name} is neither UTF-8 nor UTF-16 text (byte {error.start}). "
            "Save it again with the encoding UTF-8."
        )
        raise Unreadable(message, code="bad_encoding") from error
    if "\0" in text:
        message = f"{name} has NUL bytes, so it is no text. Save it as plain text in UTF-8."
        raise Unreadable(message, code="bad_encoding")
    return text


def _kind(name: str, content_type: str) -> str:
    suffix = PurePath(name).suffix.lower()
    kind = TYPES.get(suffix) if suffix else DECLARED.get(_bare(content_type))
    if kind is None:
        known = ", ".join(sorted(TYPES))
        message = f"{name} is of a type that cannot be read. Upload one of: {known}."
        raise Unreadable(message, code="unsupported_type")
    return kind


def _check_content(data: bytes, name: str, kind: str, content_type: str) -> None:
    found = next((what for magic, what in MAGIC.items() if data.startswith(magic)), None)
    if kind == "pdf":
        mismatch = b"%PDF-" not in data[:PDF_MAGIC_WITHIN]
        found = found or "no PDF file"
    else:
        # Text may begin with "MZ" or "BZh"; a program or an archive is no valid text as well.
        mismatch = found is not None and not _is_text(data)
        if found is None and _bare(content_type).startswith(FOREIGN):
            mismatch, found = True, f"declared as {_bare(content_type)}"
    if mismatch:
        message = (
            f"{name} is {found}, which does not match its name. "
            "Give it its right name, or save it as the type it claims to be."
        )
        raise Unreadable(message, code="type_mismatch")


def _is_text(data: bytes) -> bool:
    if data.startswith((b"%PDF-", b"{\\rtf")):
        return False
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _text(data: bytes, name: str, kind: str, limits: Limits) -> str:
    if kind == "pdf":
        return reading_pdf.text(data, name, limits)
    if kind == "csv":
        return reading_csv.text(decode(data, name), name, limits)
    return decode(data, name)


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
