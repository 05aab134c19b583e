"""Files as documents: their text is read once, when they arrive."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from pytest_django import Settings

from agents import reading
from files import actions, takers
from files.exceptions import Refused
from files.models import Upload
from files.takers import Taker
from planning import documents
from planning.actions import Wish, propose
from planning.exceptions import UnknownDocument
from planning.models import Attachment, PlanDocument
from runs.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_one_test(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def takes_everything(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Add another app's taker for some suffixes."""

    def add(*suffixes: str) -> None:
        other = Taker(name="other", suffixes=suffixes, take=lambda upload: None)
        monkeypatch.setitem(takers._takers, "other", other)

    return add


def keep(data: bytes, name: str, by: User) -> Upload:
    return actions.keep(BytesIO(data), name=name, content_type="", size=len(data), by=by)


def test_a_document_has_the_id_of_its_file_and_the_text_in_it(user: User):
    upload = keep("Die Miete beträgt 900 EUR.".encode("utf-16"), "miete.txt", user)

    attachment = Attachment.objects.get(pk=upload.pk)
    assert (attachment.upload, attachment.slug) == (upload, "miete")
    assert attachment.text == "Die Miete beträgt 900 EUR."
    assert "document" in upload.uses


def test_a_document_cannot_have_another_id_than_its_file(user: User):
    upload = keep(b"# Rent", "rent.md", user)
    Attachment.objects.all().delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.create(upload=upload, text="x")


def test_all_that_can_be_read_is_taken():
    for suffix in reading.TYPES:
        assert "document" in [one.name for one in takers.accepting(f"a{suffix}", "")]
    assert [one.name for one in takers.accepting("README", "text/plain")] == ["document"]


def test_documents_have_a_limit_of_their_own(
    user: User, settings: Settings, takes_everything: Callable[..., None]
):
    settings.PLANNING = {**settings.PLANNING, "MAX_UPLOAD_BYTES": 10}

    with pytest.raises(Refused, match="at most 10 are taken"):
        keep(b"a long text", "long.md", user)

    takes_everything(".md")
    assert keep(b"a long text", "long.md", user).uses == ["other"]
    assert not Attachment.objects.exists()


def test_a_form_keeps_only_what_a_plan_can_read(user: User, takes_everything: Callable[..., None]):
    takes_everything(".parquet")

    with pytest.raises(Refused, match=r"one of: .*\.md"):
        documents.keep(SimpleUploadedFile("a.parquet", b"PAR1"), by=user)

    assert not Upload.objects.exists()


def test_a_file_that_is_no_document_is_none_of_a_plan(
    user: User, takes_everything: Callable[..., None]
):
    takes_everything(".parquet")
    upload = keep(b"PAR1", "rents.parquet", user)

    for name in (str(upload.pk), upload.slug):
        with pytest.raises(UnknownDocument, match="cannot be read as a document"):
            propose(Wish(goal="x", documents=[name]), by=user)

    assert not Run.objects.exists()


def test_a_plan_reads_a_file_by_its_id_or_its_slug(user: User):
    upload = keep(b"# Rent", "rent.md", user)

    plans = [propose(Wish(goal="x", documents=[one]), by=user) for one in (str(upload.pk), "rent")]

    read = PlanDocument.objects.filter(plan__in=plans)
    assert [(one.name, one.title, one.text) for one in read] == [("rent", "rent.md", "# Rent")] * 2
