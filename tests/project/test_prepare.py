"""An installation is made ready in one go, and told how to sign in."""

import os
import stat
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from chat.models import ChatSession
from planning.models import Entity, Plan
from project.demo import accounts, chatting, seed
from runs.models import Gate, Run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation's folder, and its environment."""
    settings.VAR_DIR = tmp_path
    settings.PLANNING = {"ENGINE": "scripted"}
    folders = {"DATA_FOLDER": tmp_path / "data", "WORKSPACE_FOLDER": tmp_path / "workspaces"}
    settings.CHAT = {"ENGINE": "scripted", **folders}
    for name in ("CAIRN_DEMO", "PORT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def prepare(**options: str) -> str:
    out = StringIO()
    call_command("prepare", stdout=out, **options)
    return out.getvalue().strip()


def test_an_empty_installation_says_how_to_sign_in_and_has_something_to_see(var: Path):
    told = prepare()

    password = (var / "demo_password").read_text()
    assert told == f"Sign in at http://localhost:9000/ as demo / {password}"
    assert User.objects.get(username="demo").check_password(password)
    assert set(Run.objects.values_list("state", flat=True)) == {"completed", "waiting"}
    assert Gate.objects.get(state="pending").kind == "checkpoint"
    assert Entity.objects.count() == len(seed.DOCUMENTS) + 1
    assert ChatSession.objects.get().turns == len(chatting.QUESTIONS)


def test_the_chat_is_answered_by_the_engine_that_is_installed(settings: Settings):
    """It waits, and long enough for whoever looks in next week."""
    settings.CHAT = {**settings.CHAT, "ENGINE": "offline"}

    prepare()

    session = ChatSession.objects.get()
    replies = session.messages.filter(role="assistant").order_by("turn")
    assert [one.status for one in replies] == ["complete", "complete", "complete", "waiting"]
    rows = [one.parts["query"]["result"]["row_count"] for one in replies[:3]]
    assert rows == [3, 3, 3]
    gate = Gate.objects.get(state="pending", run__stream=session.stream_id)
    assert gate.payload["calls"][0]["arguments"]["path"] == "body-mass.csv"
    assert gate.deadline > timezone.now() + timedelta(days=29)


def test_later_starts_say_the_same_and_add_nothing():
    first = prepare()
    before = counted()

    assert prepare() == first
    call_command("seed_demo", stdout=StringIO())
    assert counted() == before


def counted() -> list[int]:
    return [model.objects.count() for model in (User, Entity, Plan, Run, Gate, ChatSession)]


def test_the_password_is_for_the_owner_of_the_files_alone(var: Path):
    prepare()

    assert stat.S_IMODE((var / "demo_password").stat().st_mode) == 0o600


def test_each_installation_has_a_password_of_its_own(var: Path, settings: Settings):
    first = accounts.password()
    settings.VAR_DIR = var / "another"
    settings.VAR_DIR.mkdir()

    assert accounts.password() != first


def test_nothing_is_added_where_people_are_already(user: User):
    assert prepare() == "Sign in at http://localhost:9000/"
    assert counted() == [1, 0, 0, 0, 0, 0]


def test_somebody_called_demo_is_left_alone():
    User.objects.create_user("demo")

    assert prepare() == "Sign in at http://localhost:9000/"
    assert counted() == [1, 0, 0, 0, 0, 0]


def test_without_demonstration_data_there_is_only_advice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CAIRN_DEMO", "0")

    assert "createsuperuser" in prepare()
    assert counted() == [0, 0, 0, 0, 0, 0]


def test_the_port_is_the_one_that_is_served(monkeypatch: pytest.MonkeyPatch, user: User):
    monkeypatch.setenv("PORT", "8123")

    assert prepare() == "Sign in at http://localhost:8123/"


@pytest.mark.parametrize(("runner", "is_needed"), [("distributed", True), ("embedded", False)])
def test_who_needs_a_worker_is_told_so_in_one_line(
    settings: Settings, user: User, runner, is_needed
):
    settings.RUNS = {**settings.RUNS, "RUNNER": runner}

    first, *more = prepare().splitlines()

    assert first == "Sign in at http://localhost:9000/"
    assert [("make worker" in line, "CAIRN_RUNNER=embedded" in line) for line in more] == (
        [(True, True)] if is_needed else []
    )


def test_an_interrupted_start_is_finished_by_the_next():
    accounts.create()

    prepare()

    assert (Plan.objects.count(), ChatSession.objects.count()) == (2, 1)


def test_the_reviewer_may_answer_but_is_no_superuser():
    prepare()

    reviewer = User.objects.get(username="reviewer")
    assert reviewer.has_perms(["runs.answer_gate", "runs.view_run", "planning.view_plan"])
    assert not reviewer.is_superuser
    assert not reviewer.has_perm("runs.change_run")


@pytest.mark.e2e
def test_two_that_seed_at_once_make_one_demonstration(var: Path):
    env = {
        **os.environ,
        "CAIRN_VAR": str(var),
        "CAIRN_ENGINE": "scripted",
        "CAIRN_SCRIPT": '{"events_per_iteration": 1}',
        "DATABASE_URL": "",
    }
    run = [sys.executable, "manage.py"]
    subprocess.run([*run, "migrate", "--verbosity", "0"], env=env, cwd=ROOT, check=True)

    racers = [
        subprocess.Popen(
            [*run, "seed_demo"],
            env=env,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(2)
    ]
    told = {racer.communicate(timeout=100)[0] for racer in racers}

    assert [racer.returncode for racer in racers] == [0, 0], told
    assert len(told) == 1
    listed = subprocess.run(
        [*run, "cairn", "list"], env=env, cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert len(listed.stdout.splitlines()) == 2
