"""Uploads as data sets: what is taken, what is refused at once, and what a session makes of it."""

from io import BytesIO

import pytest
from django.contrib.auth.models import User

from chat.actions import Wish, start_session
from chat.exceptions import InvalidMessage
from chat.models import ChatSession
from files import actions
from files.exceptions import Refused
from files.models import Upload
from tests.chat.talking import told, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
SALES = b"region,amount\nNorth,10\nSouth,20\nNorth,30\n"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CHAT = {
        **settings.CHAT,
        "DATA_FOLDER": tmp_path / "data",
        "WORKSPACE_FOLDER": tmp_path / "workspaces",
    }


def keep(by: User, name: str, data: bytes) -> Upload:
    return actions.keep(BytesIO(data), name=name, content_type="", size=len(data), by=by)


def start(by: User, *uploads: Upload) -> ChatSession:
    session = start_session(Wish(files=[one.pk for one in uploads], engine="offline"), by=by)
    work_off(session)
    return session


def test_a_table_is_a_data_set_and_a_text_is_none(user):
    assert "data" in keep(user, "sales.csv", SALES).uses
    assert "data" not in keep(user, "notes.md", b"# Notes").uses


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("fake.parquet", b"not parquet"),
        ("fake.xlsx", b"not a workbook"),
        ("fake.sqlite", b"not a database"),
        ("fake.gz", b"not packed"),
        ("fake.zip", b"no archive"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_at_once(user, name, data):
    """Reliability 21."""
    with pytest.raises(Refused) as refusal:
        keep(user, name, data)

    assert refusal.value.code == "type_mismatch"


def test_a_session_profiles_its_files_and_lets_messages_refer_to_them(user):
    """Row 0-5."""
    session = start(user, keep(user, "sales.csv", SALES), keep(user, "notes.md", b"# Notes"))

    (ready,) = told(session, "data_model_ready")
    assert (ready["data"]["tables"], ready["data"]["rows"]) == (1, 3)
    assert sorted(one.name for one in session.workspace.iterdir()) == ["notes.md", "sales.csv"]


def test_a_broken_file_fails_the_run_and_says_why(user):
    broken = keep(user, "broken.json", b'{"a": [1, 2')

    session = start(user, broken)

    (failed,) = told(session, "run_failed")
    assert "broken.json" in failed["data"]["error"]["message"]


def test_files_must_be_the_users_own_and_hold_data(user, other):
    foreign = keep(other, "sales.csv", SALES)
    text = keep(user, "notes.md", b"# Notes")

    for one in (foreign, text):
        with pytest.raises(InvalidMessage) as refusal:
            start_session(Wish(files=[one.pk]), by=user)
        assert list(refusal.value.fields) == ["files"]
