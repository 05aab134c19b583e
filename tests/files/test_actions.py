"""Keeping and deleting: bytes once, nothing left over, nobody over the limit."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from pytest_django import Settings

from chat.models import ChatSession, DataSet
from files import actions
from files.exceptions import InUse, Refused
from files.models import Upload
from files.takers import Save, Taker
from planning.actions import Wish, propose
from planning.models import Attachment
from tests.factories import at_once, make_stream
from tests.files.sending import Journal, on_disk, send, taking

pytestmark = pytest.mark.django_db
Only = Callable[..., None]


class Endless:
    """A sender that says it is short and never stops."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int, /) -> bytes:
        assert size > 0, "the whole of it was asked for"
        self.given += size
        return b"x" * size


def test_what_was_sent_is_what_is_kept(journal: Journal, user: User):
    data = bytes(range(256)) * 10_000

    upload = send(data, "server.log", user, content_type="text/plain")

    assert upload.path.read_bytes() == data
    assert (upload.size, upload.name, upload.content_type) == (
        2_560_000,
        "server.log",
        "text/plain",
    )
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert upload.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.log", "passwd.log"),
        ("C:\\Windows\\evil.log", "evil.log"),
        ("a\x00b\u202e\r\n.log", "ab.log"),
        ("...hidden.log", "hidden.log"),
        ("x" * 400 + ".log", "x" * 196 + ".log"),
        ("é" * 400 + ".log", "é" * 98 + ".log"),
        ("🥐" * 400 + ".log", "🥐" * 49 + ".log"),
        ("." * 300 + "a.log", "a.log"),
        ("name" + "." * 300 + "log", "log"),
        ("con\ud800.log", "con.log"),
        ("..", "file"),
        ("/", "file"),
    ],
    ids=ascii,
)
def test_a_name_is_made_safe_and_fits_a_file_system(name: str, safe: str, tmp_path: Path):
    """Reliability 21."""
    assert actions.safe_name(name) == safe
    (tmp_path / safe).write_bytes(b"")


def test_a_sender_that_says_too_little_is_stopped(
    journal: Journal, user: User, settings: Settings, folder: Path
):
    """Reliability 20, 21: the claimed size is not trusted."""
    settings.FILES = {"MAX_UPLOAD_BYTES": 5_000_000}
    sender = Endless()

    with pytest.raises(Refused) as caught:
        actions.keep(sender, name="a.log", content_type="", size=10, by=user)

    assert caught.value.code == "too_large"
    assert sender.given < 8_000_000
    assert on_disk(folder) == []
    assert journal.read == []


def test_a_claim_that_is_too_much_is_refused_unread(
    journal: Journal, user: User, settings: Settings
):
    settings.FILES = {"MAX_UPLOAD_BYTES": 5}
    file = BytesIO(b"abc")

    with pytest.raises(Refused, match="has 2,000,000,000 bytes; at most 5 are taken"):
        actions.keep(file, name="a.log", content_type="", size=2_000_000_000, by=user)

    assert file.tell() == 0


def test_each_user_has_room_for_so_much(
    journal: Journal, user: User, other: User, settings: Settings, folder: Path
):
    """Reliability 20."""
    settings.FILES = {"MAX_BYTES_PER_USER": 10}
    first = send(b"123456", "a.log", user)

    for size in (5, 1):  # as it is, and pretending
        with pytest.raises(Refused, match="delete some first") as caught:
            send(b"12345", "b.log", user, size=size)
        assert caught.value.code == "quota"
    assert len(on_disk(folder)) == 1

    send(b"12345", "b.log", other)
    send(b"1234", "b.log", user)
    actions.delete(first)
    send(b"123456", "c.log", user)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_uploads_at_the_same_time_share_what_room_there_is(
    journal: Journal, user: User, settings: Settings, folder: Path
):
    """Reliability 20."""
    settings.FILES = {"MAX_BYTES_PER_USER": 25}

    results = at_once(6, lambda number: send(b"%010d" % number, f"{number}.log", user))

    assert sum(isinstance(one, Upload) for one in results) == 2
    assert [one.code for one in results if isinstance(one, Refused)] == ["quota"] * 4
    assert len(on_disk(folder)) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_one_key_gives_one_file_however_many_ask(journal: Journal, user: User, folder: Path):
    results = at_once(
        6, lambda number: send(b"%d" % number, "a.log", user, idempotency_key="files:1")
    )

    assert {one.pk for one in results if isinstance(one, Upload)} == {Upload.objects.get().pk}
    assert not [one for one in results if isinstance(one, Exception)]
    assert on_disk(folder) == [Upload.objects.get().path]


def test_a_known_key_is_answered_without_reading(journal: Journal, user: User):
    first = send(b"1", "a.log", user, idempotency_key="files:1")
    file = BytesIO(b"2")

    again = actions.keep(
        file, name="b.exe", content_type="", size=1, by=user, idempotency_key="files:1"
    )

    assert (again.pk, file.tell()) == (first.pk, 0)


def test_the_same_bytes_are_stored_once_for_a_user(
    journal: Journal, user: User, other: User, folder: Path
):
    one, two = send(b"same", "a.log", user), send(b"same", "b.log", user)
    foreign = send(b"same", "a.log", other)

    assert one.pk != two.pk
    assert (one.path, one.slug, two.slug) == (two.path, "a", "b")
    assert foreign.path != one.path
    assert len(on_disk(folder)) == 2


def test_bytes_go_with_the_last_file_that_has_them(
    journal: Journal, user: User, folder: Path, django_capture_on_commit_callbacks
):
    one, two = send(b"same", "a.log", user), send(b"same", "b.log", user)

    with django_capture_on_commit_callbacks(execute=True):
        actions.delete(one)
    assert two.path.read_bytes() == b"same"

    with django_capture_on_commit_callbacks(execute=True):
        actions.delete(two)
    assert on_disk(folder) == []
    actions.delete(two)  # somebody was faster


def test_lost_bytes_come_back_with_the_next_upload(journal: Journal, user: User):
    lost = send(b"same", "a.log", user)
    lost.path.unlink()

    assert send(b"same", "b.log", user).path.read_bytes() == b"same"


def test_nothing_is_left_of_a_file_whose_row_cannot_be_saved(only: Only, user: User, folder: Path):
    def take(upload: Upload) -> Save:
        def save() -> None:
            raise IntegrityError("always")

        return save

    only(Taker(name="cursed", suffixes=(".log",), take=take))

    with pytest.raises(IntegrityError):
        send(b"1", "a.log", user)

    assert not Upload.objects.exists()
    assert on_disk(folder) == []


def test_nothing_is_left_when_a_taker_breaks(only: Only, user: User, folder: Path):
    def take(upload: Upload) -> Save:
        raise ZeroDivisionError

    only(Taker(name="broken", suffixes=(".log",), take=take))

    with pytest.raises(ZeroDivisionError):
        send(b"1", "a.log", user)

    assert on_disk(folder) == []


def test_names_that_are_taken_get_a_number(journal: Journal, user: User, other: User):
    slugs = [send(b"1", "Server Log.log", one).slug for one in (user, other, user)]

    assert slugs == ["server-log", "server-log-2", "server-log-3"]
    assert send(b"1", "日本.log", user).slug == "file"


def test_a_file_that_a_plan_read_stays(user: User, folder: Path):
    """The plan cites it: who asks can still see what was cited."""
    upload = send(b"The rent is 900 EUR.", "rent.md", user)
    propose(Wish(goal="Save money", documents=[str(upload.pk)]), by=user)

    with pytest.raises(InUse, match=r"rent\.md is used"):
        actions.delete(upload)

    assert Attachment.objects.filter(upload=upload).exists()
    assert upload.path.exists()


def test_a_file_of_a_session_stays(only: Only, user: User):
    only(taking("data", ".csv"))
    upload = send(b"a,b", "a.csv", user)
    session = ChatSession.objects.create(
        stream=make_stream(),
        created_by=user,
        title="Rents",
        engine="scripted",
        data_set=DataSet.objects.create(key="k", name="Rents"),
    )
    session.uploads.add(upload)

    with pytest.raises(InUse, match=r"a\.csv is used"):
        actions.delete(upload)

    session.uploads.clear()
    actions.delete(upload)
    assert not Upload.objects.exists()


def test_what_was_derived_from_a_file_goes_with_it(user: User):
    upload = send(b"The rent is 900 EUR.", "rent.md", user)

    actions.delete(upload)

    assert not Upload.objects.exists()
    assert not Attachment.objects.exists()


def test_a_file_can_be_named_by_whom_it_belongs_to(only: Only, user: User, other: User):
    only(taking("data", ".csv"))
    upload = send(b"a,b", "a.csv", user)

    assert list(Upload.objects.visible_to(user)) == [upload]
    assert not Upload.objects.visible_to(other).exists()
    assert not Upload.objects.visible_to(user).filter(pk=uuid4()).exists()
