"""Supervisors learn whether the process lives and whether it can work."""

import threading

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import AsyncClient, Client
from pytest_django import Settings

from project import health
from runs.runner import Runner


async def test_a_process_that_lives_says_so_without_a_database():
    answer = await AsyncClient().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_process_that_can_work_is_ready():
    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "runner": "ok"},
    }


@pytest.mark.django_db
def test_a_missing_migration_is_named():
    ((_, last),) = MigrationLoader(connection).graph.leaf_nodes("planning")
    MigrationRecorder(connection).migration_qs.filter(app="planning", name=last).delete()

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert f"planning.{last}" in answer.json()["checks"]["migrations"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_a_reason(monkeypatch: pytest.MonkeyPatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at/all")

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "The database does not answer."
    assert "/nowhere" not in answer.content.decode()


@pytest.mark.django_db
def test_an_embedded_runner_that_is_not_there_is_a_reason(settings: Settings):
    settings.RUNS = {"RUNNER": "embedded"}

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert "runner does not run" in answer.json()["checks"]["runner"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_a_runner_whose_loop_is_stuck_is_a_reason(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    settings.RUNS = {"RUNNER": "embedded"}
    running = Runner()
    running.start()
    goes_on = threading.Event()
    try:
        before = health.runner()
        running.call(goes_on.wait)
        monkeypatch.setattr(health, "PATIENCE", 0.05)
        stuck = Client().get("/readyz")
        monkeypatch.undo()
        goes_on.set()
        after = health.runner()
    finally:
        goes_on.set()
        running.stop()

    assert (before, after) == ("", "")
    assert stuck.status_code == 503
    assert "has not answered" in stuck.json()["checks"]["runner"]
    assert health.runner() == "The embedded runner does not run."
