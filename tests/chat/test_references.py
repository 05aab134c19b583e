"""File references: what they bring, and that none of them leaves the session's folder."""

import os
import uuid
from pathlib import Path

import pytest

from chat import posting, references
from chat.exceptions import InvalidMessage
from chat.models import ChatSession, Message
from tests.chat.talking import start, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]

NOTES = "one\ntwo\nthree\nfour\n"


@pytest.fixture
def session(tmp_path: Path, settings) -> ChatSession:
    settings.CHAT = {**settings.CHAT, "WORKSPACE_FOLDER": tmp_path / "workspaces"}
    found = start()
    (found.workspace / "reports").mkdir(parents=True)
    (found.workspace / "notes.md").write_text(NOTES)
    (found.workspace / "two words.txt").write_text("spaced")
    (found.workspace / "reports" / "may.md").write_text("# May")
    (tmp_path / "secret.txt").write_text("secret")
    return found


def resolve(session: ChatSession, text: str) -> list[tuple[str, str]]:
    return [(one.path, one.text) for one in references.resolve(session, text)]


def test_a_reference_brings_a_file_a_part_of_it_or_a_folder(session):
    """Row 4-47."""
    assert resolve(session, "What is in @notes.md?") == [("notes.md", NOTES)]
    assert resolve(session, "Lines @notes.md:2-3, please") == [("notes.md", "two\nthree\n")]
    assert resolve(session, "@notes.md:4") == [("notes.md", "four\n")]
    assert resolve(session, '@"two words.txt" and @reports/may.md.') == [
        ("two words.txt", "spaced"),
        ("reports/may.md", "# May"),
    ]
    assert resolve(session, "see @reports/") == [("reports", "may.md")]


@pytest.mark.parametrize("text", ["to @ada, please", "ada@example.org", "a @ b", "price @5"])
def test_what_is_no_path_of_a_file_is_no_reference(session, text):
    assert resolve(session, text) == []


@pytest.mark.parametrize(
    "reference",
    [
        "../secret.txt", "reports/../../secret.txt", "/etc/passwd", "..", "reports/..",
        ".hidden", "reports/.hidden", "~/x.txt", "no-such.md", "notes.md:9-12", "notes.md:3-2",
        "notes.md:0", "a\\..\\b.txt", "%2e%2e/secret.txt", "notes.md/x.txt", "....//secret.txt",
    ],
)  # fmt: skip
def test_a_reference_that_leaves_the_folder_or_leads_nowhere_is_refused(session, reference):
    """Row 4-47; reliability 21."""
    with pytest.raises(InvalidMessage) as refusal:
        resolve(session, f"Read @{reference}")

    assert list(refusal.value.fields) == ["text"]
    assert "secret" not in str(refusal.value).replace(reference, "")


def test_links_are_not_followed_wherever_they_are(session, tmp_path):
    """Reliability 21."""
    (session.workspace / "link.txt").symlink_to(tmp_path / "secret.txt")
    (session.workspace / "out").symlink_to(tmp_path)
    os.link(tmp_path / "secret.txt", session.workspace / "hard.txt")

    for reference in ("link.txt", "out/secret.txt", "out/"):
        with pytest.raises(InvalidMessage):
            resolve(session, f"@{reference}")
    assert "out/" not in " ".join(references.entries(session)).replace("out/secret", "")


def test_what_is_no_text_or_too_large_is_refused(session):
    (session.workspace / "zeros.bin").write_bytes(b"\0" * 10)
    (session.workspace / "large.txt").write_bytes(b"x" * (references.LARGEST_FILE + 1))
    os.mkfifo(session.workspace / "pipe.txt")

    for name in ("zeros.bin", "large.txt", "pipe.txt"):
        with pytest.raises(InvalidMessage):
            resolve(session, f"@{name}")
    with pytest.raises(InvalidMessage, match="at most"):
        resolve(session, " ".join(f"@{uuid.uuid4().hex}" for _ in range(11)))


def test_a_message_keeps_what_it_referred_to_and_the_log_says_only_where(session):
    """Row 4-47."""
    posted = posting.post_message(session, "Sum up @notes.md:1-2", by=session.created_by)

    kept = Message.objects.get(pk=posted.message.pk).parts["references"]
    assert [one["text"] for one in kept] == ["one\ntwo\n"]
    (added,) = told(session, "message_added")
    assert added["data"]["references"] == [
        {"reference": "notes.md:1-2", "path": "notes.md", "kind": "text",
         "first_line": 1, "last_line": 2},
    ]  # fmt: skip
    assert "two" not in str(added["data"])


def test_the_menu_lists_what_can_be_referred_to(session):
    (session.workspace / ".hidden").write_text("x")

    assert references.entries(session) == [
        "reports/", "notes.md", "two words.txt", "reports/may.md",
    ]  # fmt: skip
