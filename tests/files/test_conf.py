"""The FILES setting: a wrong one stops the start, a changed one counts at once."""

from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from files.conf import file_settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAX_UPLOADS": 3},
        {"MAX_UPLOAD_BYTES": 0},
        {"MAX_BYTES_PER_USER": -1},
        {"MAX_UPLOAD_BYTES": "many"},
        {"MAX_UPLOAD_BYTES": None},
    ],
)
def test_a_wrong_setting_is_found_when_the_server_starts(settings: Settings, wrong: dict[str, Any]):
    settings.FILES = wrong

    assert [message.id for message in run_checks()] == ["files.E001"]


def test_what_is_not_set_has_a_default(settings: Settings):
    settings.FILES = {"MAX_UPLOAD_BYTES": 7}

    assert (file_settings().max_upload_bytes, file_settings().max_bytes_per_user) == (7, 2**31)
    assert run_checks() == []
