"""The recorded session that the JavaScript tests replay is what this code tells."""

import json
import os

import pytest

from tests.chat import recording

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def test_the_recorded_session_is_what_the_server_tells_now(monkeypatch, settings, tmp_path):
    """Row 0-9. With CAIRN_RECORD=1 the session is recorded anew."""
    settings.CHAT = {**settings.CHAT, "WORKSPACE_FOLDER": tmp_path}
    fresh = recording.record(monkeypatch)
    if os.environ.get("CAIRN_RECORD"):
        recording.write(fresh)

    kept = json.loads(recording.RECORDED.read_text())

    old = "tests/js/support/session-log.json is old: set CAIRN_RECORD=1 and run this test."
    assert recording.types(kept) == recording.types(fresh), old
    assert recording.names(kept) <= recording.names(fresh), old
