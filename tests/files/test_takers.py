"""A file goes to all who accept its name; one who takes it is enough."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from agents.reading import Unreadable
from files import takers
from files.exceptions import Refused
from files.models import Upload
from files.takers import Save, Taker
from tests.files.sending import Journal, refusing, send, taking

pytestmark = pytest.mark.django_db
Only = Callable[..., None]


def test_a_file_that_two_can_use_is_kept_once_for_both(only: Only, user: User):
    only(taking("document", ".csv", ".md"), taking("data", ".csv"), taking("picture", ".png"))

    upload = send(b"a,b\n1,2", "rents.csv", user)

    assert upload.uses == ["document", "data"]
    assert Upload.objects.get().uses == ["document", "data"]


def test_a_file_that_one_refuses_is_kept_for_the_other(only: Only, user: User):
    only(refusing("document", ".csv", because="Too wide."), taking("data", ".csv"))

    assert send(b"a,b\n1,2", "rents.csv", user).uses == ["data"]


def test_a_file_that_all_refuse_is_refused_with_the_first_reason(only: Only, user: User):
    only(
        refusing("document", ".csv", because="Not a text."),
        refusing("data", ".csv", because="Not a table."),
    )

    with pytest.raises(Refused, match=r"Not a text\.") as caught:
        send(b"\0", "rents.csv", user)

    assert (caught.value.code, caught.value.fields) == ("corrupt", {"file": "Not a text."})
    assert not Upload.objects.exists()


def test_a_file_that_nobody_accepts_is_told_all_that_is_accepted(only: Only, user: User):
    only(taking("document", ".md", ".csv"), taking("data", ".csv", ".parquet"))

    for name in ("virus.exe", "rents.csv.exe", "csv", ".md"):
        with pytest.raises(Refused, match=r"one of: \.csv, \.md, \.parquet\.") as caught:
            send(b"MZ", name, user)
        assert caught.value.code == "unsupported_type"


def test_what_a_reader_cannot_read_is_a_refusal_with_its_reason(only: Only, user: User):
    def take(upload: Upload) -> Save | None:
        raise Unreadable("It is locked.", code="encrypted")

    only(Taker(name="document", suffixes=(".pdf",), take=take))

    with pytest.raises(Refused, match=r"It is locked\.") as caught:
        send(b"%PDF", "a.pdf", user)

    assert caught.value.code == "encrypted"


def test_suffixes_count_in_any_case_and_types_only_without_one(only: Only, user: User):
    taker = Taker(
        name="document",
        suffixes=(".md",),
        content_types=frozenset({"text/markdown"}),
        take=lambda upload: None,
    )
    only(taker)

    assert taker.accepts("README.MD", "")
    assert taker.accepts("README", "Text/Markdown; charset=utf-8")
    assert not taker.accepts("README.exe", "text/markdown")
    assert not taker.accepts("README", "text/html")


def test_the_wanted_use_must_come_of_it(only: Only, user: User):
    only(
        refusing("document", ".csv", ".md", because="Not a text."),
        taking("data", ".csv", ".parquet"),
    )

    with pytest.raises(Refused, match="Not a text"):
        send(b"a,b", "rents.csv", user, use="document")
    with pytest.raises(Refused, match=r"one of: \.csv, \.md\."):
        send(b"PAR1", "rents.parquet", user, use="document")
    assert send(b"a,b", "rents.csv", user, use="data").uses == ["data"]
    assert Upload.objects.count() == 1


def test_a_smaller_limit_of_one_leaves_the_file_to_the_other(only: Only, user: User):
    only(taking("document", ".csv", most=lambda: 4), taking("data", ".csv"))

    assert send(b"a,b\n", "small.csv", user).uses == ["document", "data"]
    assert send(b"a,b\n1,2", "large.csv", user).uses == ["data"]


def test_no_taker_gets_more_than_all_uploads_may_have(settings, only: Only, user: User):
    settings.FILES = {"MAX_UPLOAD_BYTES": 3}
    only(taking("data", ".csv", most=lambda: 1000))

    with pytest.raises(Refused, match="has 4 bytes; at most 3 are taken") as caught:
        send(b"a,b\n", "a.csv", user)

    assert caught.value.code == "too_large"


@pytest.mark.django_db(transaction=True)
def test_a_file_is_read_outside_of_a_transaction_and_saved_inside(journal: Journal, user: User):
    """A large file takes longer to read than other writers can wait."""
    send(b"started", "server.log", user)

    assert journal.read == [(b"started", False)]
    assert journal.saved == ["server.log"]


def test_whoever_registers_again_replaces_what_was_there(only: Only):
    only(taking("data", ".csv"), taking("data", ".parquet"))

    assert [one.suffixes for one in takers.accepting("a.parquet", "")] == [(".parquet",)]
