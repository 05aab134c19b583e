"""POST files/: what can be read is kept, what cannot is refused with the reason."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from files import takers
from files.models import Upload
from planning import documents
from planning.models import Attachment
from tests.api.contract import CheckedClient

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.fixture(autouse=True)
def _documents_of_one_test(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the takers of other apps, which may take what is no document."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(takers, "_takers", {documents.USE: takers._takers[documents.USE]})


def pdf(password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def pdf_saying(text: bytes) -> bytes:
    """Return a small PDF whose one page shows these bytes in a standard font."""
    content = b"BT /F1 12 Tf 9 9 Td (" + text + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    whole, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n"
    return (
        whole + head + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(whole)
    )


def upload(client: CheckedClient, data: bytes, name: str, kind: str = "", **more: Any) -> Any:
    file = SimpleUploadedFile(name, data, content_type=kind)
    return client.post("/api/v1/files/", {"file": file}, format="multipart", **more)


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (PNG, "picture.md", 415, "type_mismatch"),
        (PNG, "picture.png", 415, "unsupported_type"),
        (b"MZ\x90\x00", "program.exe", 415, "unsupported_type"),
        (b"text", "noextension", 415, "unsupported_type"),
        (b"", "empty.md", 400, "empty"),
        (b" \n\t\n", "blank.md", 400, "empty"),
        ("Rent is high.".encode("utf-16-le"), "unmarked.md", 400, "bad_encoding"),
        (b"Rent \xff\xfe is high.", "broken.txt", 400, "bad_encoding"),
        (b"Rent\x00is high.", "nul.txt", 400, "bad_encoding"),
        (b'a,b\n"open,1\n', "open.csv", 400, "corrupt"),
        (b",".join([b"x"] * 201), "wide.csv", 413, "too_large"),
        (pdf("secret"), "locked.pdf", 400, "encrypted"),
        (pdf(), "scan.pdf", 400, "empty"),
        (b"%PDF-1.7 nothing more", "broken.pdf", 400, "corrupt"),
        (b"x" * (25 * 1024 * 1024), "huge.md", 413, "too_large"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    api: CheckedClient, data: bytes, name: str, status: int, code: str
):
    """Reliability 21; api.md, files."""
    answer = upload(api, data, name)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (status, code, ["file"])
    assert not Upload.objects.exists()
    assert not [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.md", "passwd.md"),
        ("/etc/passwd.md", "passwd.md"),
        ("C:\\Windows\\evil.md", "evil.md"),
        ("..\\..\\evil.md", "evil.md"),
        ("plan\x00.png.md", "plan.png.md"),
        ("\u202egnp.md", "gnp.md"),
        ("🥐 & <b>bakery</b>.md", "b>.md"),
        ("x" * 400 + ".md", "x" * 197 + ".md"),
        ("...hidden.md", "hidden.md"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_hostile_name_never_reaches_the_file_system(api: CheckedClient, name: str, kept: str):
    """Reliability 21."""
    answer = upload(api, b"# Rent\n\nIt is 3,000 EUR.", name)

    assert (answer.status_code, answer.json()["name"]) == (201, kept)
    stored = Upload.objects.get()
    assert str(stored.file.name).endswith(f"/{stored.pk}.bin")
    assert Path(stored.file.path).resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve())


def test_texts_of_each_kind_are_kept(api: CheckedClient):
    """Api.md, files; reliability 21."""
    marked = "Rent is 3,000 EUR.".encode("utf-16")
    for name, data in (("a.md", b"# A"), ("b.csv", b"a,b\n1,2"), ("c.txt", marked)):
        answer = upload(api, data, name, "text/plain")
        assert (answer.status_code, answer.json()["size"]) == (201, len(data))
        assert api.get(f"/api/v1/files/{answer.json()['id']}/").json() == answer.json()


def test_a_pdf_may_say_what_no_database_takes(api: CheckedClient):
    """Reliability 15, 21: NUL in its text is replaced."""
    answer = upload(api, pdf_saying(b"Rent \\000 is 3000 EUR."), "odd.pdf")

    assert answer.status_code == 201
    text = Attachment.objects.get().text
    assert "3000 EUR" in text
    assert "\x00" not in text


def test_a_request_without_a_file_names_the_field(api: CheckedClient):
    """Reliability 20."""
    for body in ({}, {"file": "a text"}, {"other": "x"}):
        answer = api.post("/api/v1/files/", body, format="multipart")
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["file"])


def test_a_form_with_too_many_or_too_large_fields_is_refused_in_json(api: CheckedClient):
    """Reliability 20."""
    many = api.post("/api/v1/files/", dict.fromkeys(map(str, range(1001)), "x"), format="multipart")
    large = api.post("/api/v1/files/", {"x": "y" * 3_000_000}, format="multipart")
    broken = api.generic("POST", "/api/v1/files/", "--x", "multipart/form-data")

    assert (many.status_code, many.json()["error"]["code"]) == (400, "malformed")
    assert (large.status_code, large.json()["error"]["code"]) == (413, "too_large")
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "malformed")


def test_a_full_store_is_a_reason(api: CheckedClient, settings: Any):
    """Reliability 20."""
    settings.FILES = {**settings.FILES, "MAX_BYTES_PER_USER": 20}
    assert upload(api, b"# Ten bytes", "a.md").status_code == 201

    answer = upload(api, b"# Ten bytes", "b.md")

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "quota")


def test_the_same_key_gives_the_same_file_and_entity(api: CheckedClient, stranger: CheckedClient):
    """Api.md, Idempotency-Key."""
    key = {"Idempotency-Key": "one"}
    first = upload(api, b"# A", "a.md", headers=key).json()

    assert upload(api, b"# B", "b.md", headers=key).json() == first
    assert upload(stranger, b"# B", "b.md", headers=key).json()["id"] != first["id"]
    note = {"title": "A", "body": "x"}
    made = [api.post("/api/v1/entities/", note, headers=key).json() for _ in range(2)]
    assert made[0] == made[1]
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 151, "a\x01b", "a\xadb"])
def test_a_key_that_is_none_is_refused(api: CheckedClient, key: str):
    """Api.md, Idempotency-Key."""
    answer = api.post("/api/v1/plans/", {"goal": "x"}, headers={"Idempotency-Key": key})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (
        400,
        ["Idempotency-Key"],
    )


def test_the_answer_says_what_the_file_can_be_used_as(api: CheckedClient, user: User):
    """Api.md, files: a document or a data set."""
    told = upload(api, b"# Rent", "Rent 2026.md", "text/markdown").json()

    kept = Upload.objects.get(pk=told["id"])
    assert told["uses"] == kept.uses
    assert "document" in told["uses"]
    assert (told["slug"], told["sha256"]) == ("rent-2026", kept.sha256)
    assert kept.created_by == user


def test_a_file_is_deleted_unless_something_uses_it(api: CheckedClient):
    """Api.md, files."""
    used, unused = upload(api, b"Rent.", "a.md").json(), upload(api, b"Wages.", "b.md").json()
    api.post("/api/v1/plans/", {"goal": "x", "documents": [used["id"]]})

    refused = api.delete(f"/api/v1/files/{used['id']}/")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "in_use")
    assert api.delete(f"/api/v1/files/{unused['id']}/").status_code == 204

    assert api.delete(f"/api/v1/files/{unused['id']}/").status_code == 404
    assert api.get(f"/api/v1/files/{unused['id']}/").status_code == 404
    assert [one["id"] for one in api.get("/api/v1/files/").json()["results"]] == [used["id"]]


def test_a_file_of_somebody_else_cannot_be_read_by_a_plan(
    api: CheckedClient, stranger: CheckedClient
):
    """Reliability 17."""
    file = upload(api, b"# Secret", "secret.md").json()

    for name in (file["id"], file["slug"]):
        answer = stranger.post("/api/v1/plans/", {"goal": "x", "documents": [name]})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["documents"])
    assert stranger.delete(f"/api/v1/files/{file['id']}/").status_code == 404
    assert Upload.objects.filter(pk=file["id"]).exists()


def test_a_disk_that_refuses_is_told_as_such(api: CheckedClient, settings: Any, tmp_path: Path):
    """Reliability 21: 503, and no path of this machine."""
    (tmp_path / "wall").write_bytes(b"")
    settings.MEDIA_ROOT = tmp_path / "wall"

    answer = upload(api, b"# Rent", "rent.md")

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "storage")
    assert str(tmp_path) not in answer.content.decode()


def test_a_file_twice_and_a_name_twice_are_read_once_and_both(api: CheckedClient):
    """Reliability 20: a file named by id and by slug, and an entity of the same name."""
    file = upload(api, b"# Rent", "rent.md").json()
    api.post("/api/v1/entities/", {"title": "Rent", "body": "Rent."})
    second = upload(api, b"# Rent", "file-rent.md").json()

    names = ["file-rent", "rent", file["id"], file["slug"], second["id"]]
    plan = api.post("/api/v1/plans/", {"goal": "x", "documents": names}).json()

    documents = api.get(f"/api/v1/plans/{plan['id']}/").json()["documents"]
    assert len(documents) == 3
    assert len({one["id"] for one in documents}) == 3
