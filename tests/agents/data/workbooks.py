"""Small spreadsheets made by hand: just enough of each format for a reader to read."""

import datetime
import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

Sheets = Mapping[str, Sequence[Any]]  # rows of cells, which mypy would take for `object`
EPOCH = datetime.date(1899, 12, 30)
OPEN = "http://schemas.openxmlformats.org"


class Formula(str):
    """A formula whose last value was 42."""


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def xlsx(sheets: Sheets) -> bytes:
    numbers = range(1, len(sheets) + 1)
    relation = f"{OPEN}/officeDocument/2006/relationships"
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{relation}/worksheet" '
        f'Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    main = f'xmlns="{OPEN}/spreadsheetml/2006/main"'
    package = f'xmlns="{OPEN}/package/2006/relationships"'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{OPEN}/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": f'<Relationships {package}><Relationship Id="rId1" '
            f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{relation}"><sheets>{listed}</sheets>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": f"<Relationships {package}>{related}"
            f'<Relationship Id="s" Type="{relation}/styles" Target="styles.xml"/></Relationships>',
            # The second format, 14, is a date.
            "xl/styles.xml": f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
            **{
                f"xl/worksheets/sheet{number}.xml": f"<worksheet {main}><sheetData>"
                + "".join(map(_xlsx_row, range(1, len(rows) + 1), rows))
                + "</sheetData></worksheet>"
                for number, rows in zip(numbers, sheets.values(), strict=True)
            },
        }
    )


def _xlsx_row(number: int, row: Sequence[object]) -> str:
    cells = "".join(
        _xlsx_cell(f"{column_letters(place)}{number}", cell)
        for place, cell in enumerate(row)
        if cell is not None
    )
    return f'<row r="{number}">{cells}</row>'


def _xlsx_cell(place: str, cell: object) -> str:
    if isinstance(cell, Formula):
        return f'<c r="{place}"><f>{escape(cell)}</f><v>42</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{cell:d}</v></c>'
    if isinstance(cell, datetime.date):
        return f'<c r="{place}" s="1"><v>{(cell - EPOCH).days}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'


def column_letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def ods(sheets: Sheets) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}</table:table>"
        for name, rows in sheets.items()
    )
    media = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(
        {
            "mimetype": media,
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f"{tables}</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/>'
            "</manifest:manifest>",
        }
    )


def _ods_row(row: Sequence[object]) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        if isinstance(cell, int | float)
        else f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p>'
        "</table:table-cell>"
        for cell in row
    )
    return f"<table:table-row>{cells}</table:table-row>"


def xls(sheets: Sheets, *, locked: bool = False) -> bytes:
    """A workbook stream in BIFF8 inside a compound file of 512-byte sectors."""
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0))
    if locked:
        begin += _record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    bound = [
        _record(0x85, struct.pack("<IBBBB", 0, 0, 0, len(name), 0) + name.encode("latin-1"))
        for name in sheets
    ]
    end = _record(0xA, b"")
    bodies = [_xls_sheet(rows) for rows in sheets.values()]
    offset = len(begin) + sum(map(len, bound)) + len(end)
    placed = []
    for one, body in zip(bound, bodies, strict=True):
        placed.append(one[:4] + struct.pack("<I", offset) + one[8:])
        offset += len(body)
    return _compound(begin + b"".join(placed) + end + b"".join(bodies))


def _xls_sheet(rows: Sequence[Sequence[object]]) -> bytes:
    cells = []
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, int | float):
                cells.append(_record(0x203, place + struct.pack("<d", value)))
            else:
                text = str(value).encode("latin-1")
                cells.append(_record(0x204, place + struct.pack("<HB", len(text), 0) + text))
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    return begin + _record(0x200, size) + b"".join(cells) + _record(0xA, b"")


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    data = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(data) // 512
    table = [fat, end, *range(3, sectors + 2), end]
    table += [free] * (128 - len(table))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", 0, *[free] * 108)
    )
    entries = [("Root Entry", 5, 1, end, 0), ("Workbook", 2, free, 2, len(data))]
    directory = b"".join(_entry(*entry) for entry in entries).ljust(512, b"\0")
    return header + struct.pack("<128I", *table) + directory + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    free = 0xFFFFFFFF
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
