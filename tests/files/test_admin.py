"""Uploads in the admin: to see, never to change, and never to open in this very site."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from files.models import Upload
from tests.files.sending import send, taking

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def upload(only: Callable[..., None], user: User) -> Upload:
    only(taking("data", ".csv"))
    return send(b"a,b", "rents & <b>.csv", user)


def test_files_are_listed_found_and_shown(site: Client, upload: Upload):
    for query in ("", upload.sha256, str(upload.pk), "rents"):
        page = site.get(reverse("admin:files_upload_changelist"), {"q": query}).content.decode()
        assert "rents &amp; &lt;b&gt;.csv" in page, query

    page = site.get(reverse("admin:files_upload_change", args=[upload.pk])).content.decode()
    assert upload.sha256 in page
    assert str(upload.file.name) not in page


def test_nobody_changes_a_file_by_hand(site: Client, upload: Upload):
    address = reverse("admin:files_upload_change", args=[upload.pk])

    assert site.post(address, {"name": "other.csv"}).status_code == 403
    assert site.post(reverse("admin:files_upload_delete", args=[upload.pk])).status_code == 403
    assert site.get(reverse("admin:files_upload_add")).status_code == 403
    assert Upload.objects.get().name == upload.name
