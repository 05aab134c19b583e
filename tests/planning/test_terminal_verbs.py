"""What else the terminal client does: lists, branches, stops, and says what is wrong."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from planning.actions import Wish, propose
from planning.models import Attachment, Plan
from runs import inline
from runs.models import Gate
from tests.runs.fake_console import FakeConsole, cairn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def plan(console: FakeConsole, *words: str) -> int:
    return cairn(console, "plan", "Open a second bakery", "--engine", "scripted", *words)


def waiting(by: User, **wish: Any) -> Plan:
    found = propose(Wish(goal="Open a second bakery", engine="scripted", **wish), by=by)
    inline.advance(found.run_id)
    return found


def pending(plan: Plan) -> Gate:
    return Gate.objects.get(run=plan.run, state="pending")


def test_a_model_is_chosen_by_its_name(user: User, settings: Any):
    settings.MODELS = {"MODEL": "openai:gpt-x", "ALLOWED": ["deep=openai:gpt-deep"]}
    console = FakeConsole()

    refused = cairn(console, "plan", "A bakery", "--model", "gpt-deep")
    cairn(FakeConsole(), "plan", "A bakery", "--model", "scripted", "--no-input")

    assert refused == 2
    assert "pydantic-ai:deep" in console.complaints
    assert Plan.objects.get().engine == "scripted"


def test_strangers_find_nothing_and_change_nothing(user: User, other: User):
    found = waiting(user)
    key = str(found.pk)

    codes = [
        cairn(FakeConsole(), verb, key, *more, user="grace")
        for verb, *more in (["follow"], ["answer", "approve"], ["show"], ["cancel"])
    ]

    assert codes == [2, 2, 2, 2]
    assert pending(found).state == "pending"


def test_what_there_is_is_listed(user: User):
    found = waiting(user)
    listed, inbox, shown = FakeConsole(), FakeConsole(), FakeConsole()

    codes = [cairn(listed, "list"), cairn(inbox, "inbox"), cairn(shown, "show", "last")]

    assert codes == [0, 0, 0]
    assert f"{str(found.pk)[:8]}  waiting" in listed.output
    assert str(pending(found).pk)[:8] in inbox.output
    assert "Start planning with 4 iterations?" in shown.output


def test_a_finished_plan_is_read_from_memory(user: User):
    plan(FakeConsole(), "--yes")
    listed, read = FakeConsole(), FakeConsole()

    cairn(listed, "memory")
    code = cairn(read, "memory", "plan-open-a-second-bakery")

    assert code == 0
    assert "plan-open-a-second-bakery" in listed.output
    assert "## Iteration 4" in read.output


def test_a_branch_is_followed_like_a_plan(user: User):
    plan(FakeConsole(), "--yes")
    console = FakeConsole()

    code = cairn(console, "branch", "last", "1", "--guidance", "Smaller.", "--yes")

    assert code == 0
    assert "Starting iteration 3 of 4..." in console.output
    assert "Starting iteration 1 of 4..." not in console.output


def test_a_run_is_stopped_by_its_owner(user: User):
    run = propose(Wish(goal="Slowly", engine="scripted"), by=user).run

    states = []
    for verb in ("pause", "resume", "cancel"):
        assert cairn(FakeConsole(), verb, str(run.pk)) == 0
        run.refresh_from_db()
        states.append(run.state)

    assert states == ["paused", "queued", "cancelled"]
    assert cairn(FakeConsole(), "resume", str(run.pk)) == 1


def test_a_file_is_attached_once_however_often_it_is_named(user: User, tmp_path: Path):
    notes = tmp_path / "notes.md"
    notes.write_text("The rent is EUR 900 a month.")

    for _ in range(2):
        plan(FakeConsole(), "--no-input", "--document", str(notes))

    assert Attachment.objects.get().upload.name == "notes.md"
    assert Plan.objects.filter(documents__name="notes").count() == 2


def test_a_file_that_no_plan_can_read_is_a_complaint(user: User, tmp_path: Path):
    """Reliability 21."""
    (tmp_path / "map.png").write_bytes(b"\x89PNG")
    console = FakeConsole()

    assert cairn(console, "plan", "Go", "--document", str(tmp_path / "map.png")) == 2

    assert "map.png is of a type that cannot be used" in console.complaints
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("plan", "Go", "--iterations", "0"), "max_iterations must be from 1 to 20."),
        (("plan", " "), "goal is required"),
        (("plan", "Go", "--document", "nowhere"), "There is no document 'nowhere'"),
        (("follow", "zzzz"), "is no id"),
        (("follow", "abcd1234"), "There is no run or plan 'abcd1234'"),
        (("memory", "nothing"), "There is no entity 'nothing'"),
    ],
)
def test_wrong_usage_is_said_in_one_line(user: User, words: tuple[str, ...], complaint: str):
    console = FakeConsole()

    assert cairn(console, *words) == 2
    assert complaint in console.complaints


def test_text_from_people_cannot_command_the_terminal(user: User):
    console = FakeConsole(is_terminal=True)
    console.has_color = False

    cairn(console, "plan", "Go\x1b]0;owned\x07 on", "--engine", "scripted", "--no-input")

    assert "\x1b]" not in console.output
    assert "\x07" not in console.output


def test_the_only_superuser_needs_no_name(monkeypatch: pytest.MonkeyPatch, db: None):
    monkeypatch.delenv("CAIRN_USER", raising=False)
    User.objects.create_superuser("root")

    assert cairn(FakeConsole(), "list", user="") == 0


@pytest.mark.parametrize("names", [(), ("root", "admin")])
def test_without_one_superuser_the_user_must_be_named(
    monkeypatch: pytest.MonkeyPatch, db: None, names: tuple[str, ...]
):
    monkeypatch.delenv("CAIRN_USER", raising=False)
    for name in names:
        User.objects.create_superuser(name)
    console = FakeConsole()

    assert cairn(console, "list", user="") == 2
    assert "--user" in console.complaints


def test_the_environment_names_the_user(monkeypatch: pytest.MonkeyPatch, user: User):
    monkeypatch.setitem(os.environ, "CAIRN_USER", "ada")
    assert cairn(FakeConsole(), "list", user="") == 0

    User.objects.update(is_active=False)
    console = FakeConsole()

    assert cairn(console, "list", user="") == 2
    assert "not active" in console.complaints
