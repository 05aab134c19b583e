import gzip
import struct
import zipfile
from io import BytesIO

import pytest

from agents.data.limits import DataLimits
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads
from tests.agents.data.workbooks import zipped

TEXT = "a,b\n1,x\n"
SMALL = DataLimits(unpacked=100_000)


def packed(data: bytes) -> bytes:
    """Pack without the time, which would give the test another name in each process."""
    return gzip.compress(data, mtime=0)


def refused(uploads: Uploads, limits: DataLimits = SMALL) -> str:
    with pytest.raises(Unreadable) as raised:
        uploads.load(limits=limits)
    assert not uploads.folder.exists()
    return raised.value.code


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv.zip", zipped({"inner.csv": TEXT})),
        ("t.zip", zipped({"folder/inner.tsv": TEXT.replace(",", "\t")})),
        ("t.zip", zipped({"inner.csv": TEXT, "__MACOSX/._inner.csv": "x"})),
        ("inner.csv.gz", packed(TEXT.encode())),
        ("inner.tsv.gz", packed(TEXT.replace(",", "\t").encode())),
    ],
)
def test_a_packed_table_is_read_under_its_own_name(
    uploads: Uploads, name: str, data: bytes
) -> None:
    uploads.add(name, data)

    manifest = uploads.load()

    assert manifest.tables[0].name == "inner"
    assert manifest.tables[0].source.startswith(name)
    assert uploads.table().rows == ((1, "x"),)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("t.zip", zipped({}), "unsupported_type"),
        ("t.zip", zipped({"a.csv": TEXT, "b.csv": TEXT}), "unsupported_type"),
        ("t.zip", zipped({"inner.zip": zipped({"a.csv": TEXT})}), "unsupported_type"),
        ("t.zip", zipped({"a.exe": "MZ"}), "unsupported_type"),
        ("t.zip", zipped({"a.csv": zipped({"b.csv": TEXT})}), "type_mismatch"),
        ("t.zip", zipped({"a.csv": ""}), "empty"),
        ("t.zip", zipped({"a.csv": TEXT})[:-30], "corrupt"),
        ("t.zip", b"PK\x03\x04 and nothing else", "corrupt"),
        ("t.zip", b"no archive", "type_mismatch"),
        ("t.csv.gz", b"no archive", "type_mismatch"),
        ("t.csv.gz", packed(TEXT.encode())[:-9], "corrupt"),
        ("t.csv.gz", b"\x1f\x8b\x08\x00garbage and more garbage", "corrupt"),
        ("t.tar.gz", packed(b"x"), "unsupported_type"),
        ("t.gz", packed(TEXT.encode()), "unsupported_type"),
        ("t.csv.gz", packed(b""), "empty"),
        ("t.csv.gz", packed(packed(TEXT.encode())), "type_mismatch"),
    ],
)
def test_other_archives_are_refused(uploads: Uploads, name: str, data: bytes, code: str) -> None:
    uploads.add(name, data)

    assert refused(uploads) == code


def test_a_damaged_member_is_refused(uploads: Uploads) -> None:
    data = bytearray(zipped({"a.csv": "a\n" + "\n".join(map(str, range(1000)))}))
    data[60] ^= 0xFF
    uploads.add("t.zip", bytes(data))

    assert refused(uploads) == "corrupt"


def test_a_locked_archive_is_refused(uploads: Uploads) -> None:
    data = bytearray(zipped({"a.csv": TEXT}))
    central = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    uploads.add("t.zip", bytes(data))

    assert refused(uploads) == "encrypted"


@pytest.mark.parametrize("name", ["t.zip", "t.csv.gz"])
def test_a_bomb_is_refused_while_it_unpacks(uploads: Uploads, name: str) -> None:
    huge = b"a,b\n" + b"1,2\n" * 1_000_000
    uploads.add(name, zipped({"a.csv": huge}) if name == "t.zip" else packed(huge))

    assert refused(uploads) == "too_large"


def test_an_archive_that_claims_two_gigabytes_is_refused_unread(uploads: Uploads) -> None:
    data = bytearray(zipped({"a.csv": TEXT}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 2_100_000_000)
    uploads.add("t.zip", bytes(data))

    assert refused(uploads, DataLimits()) == "too_large"


def test_an_archive_that_lies_about_its_size_is_stopped_by_counting(uploads: Uploads) -> None:
    data = bytearray(zipped({"a.csv": b"1,2\n" * 1_000_000}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    uploads.add("t.zip", bytes(data))

    # What is read stops at the size that was claimed, and then the check sum is wrong.
    assert refused(uploads) in ("corrupt", "too_large")


def test_members_cannot_write_outside(uploads: Uploads) -> None:
    uploads.add("t.zip", zipped({"../../evil.csv": TEXT}))

    uploads.load()

    names = {path.name for path in uploads.place.parent.rglob("*")}
    assert not {name for name in names if "evil" in name}


def test_a_method_of_packing_that_python_does_not_know_is_refused(uploads: Uploads) -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.csv", TEXT)
    data = bytearray(target.getvalue())
    central = data.index(b"PK\x01\x02")
    data[8:10] = data[central + 10 : central + 12] = struct.pack("<H", 97)
    uploads.add("t.zip", bytes(data))

    assert refused(uploads) == "corrupt"
