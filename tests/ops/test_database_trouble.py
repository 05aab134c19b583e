"""When the database cannot be used, whoever runs Cairn reads why and what to do; clients wait."""

import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import OperationalError

from streams import database
from tests.e2e import house
from tests.streams.servers import serving

AWAY = "postgres://cairn:secret@127.0.0.1:9/cairn"


def refused(tmp_path: Path, *command: str, url: str = AWAY) -> str:
    """Return what a command says that cannot work; it must fail, and keep the password."""
    env = house.environment(tmp_path, database_url=url)
    del env["CAIRN_RUNNER"]  # as it is without settings
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env=env,
        cwd=house.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "secret" not in said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("command", [("check", "--database", "default"), ("prepare",), ("worker",)])
def test_a_postgresql_that_is_away_is_said_in_one_sentence(tmp_path: Path, command: tuple[str]):
    said = refused(tmp_path, *command)

    assert "PostgreSQL at 127.0.0.1:9 does not answer: start it, or correct DATABASE_URL." in said


def test_a_sqlite_file_that_is_none_is_said(tmp_path: Path):
    (tmp_path / "cairn.sqlite3").write_bytes(b"no database" * 1000)

    assert "is no SQLite database: correct DATABASE_URL" in refused(tmp_path, "prepare", url="")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "var").write_text("a file is in the way")

    said = refused(tmp_path / "var", "cairn", "list")

    assert said.startswith(f"CAIRN_VAR={tmp_path / 'var'} cannot be used")


def test_any_command_says_what_is_wrong_in_one_sentence(tmp_path: Path):
    (tmp_path / "cairn.sqlite3").mkdir()
    opened = f"The SQLite database {tmp_path / 'cairn.sqlite3'} cannot be opened"

    assert opened in refused(tmp_path, "check", "--database", "default", url="")
    assert opened in refused(tmp_path, "verify_run", "--all", url="")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ('FATAL:  password authentication failed for user "cairn"', "refuses the user 'cairn'"),
        ("fe_sendauth: no password supplied", "put the password into DATABASE_URL"),
        ('FATAL:  database "cairn" does not exist', "no such user or database"),
        ("FATAL:  sorry, too many clients already", "raise max_connections"),
        ("FATAL:  remaining connection slots are reserved for roles", "raise max_connections"),
        ('could not extend file "base/1": No space left on device', "full disk"),
        ("FATAL:  the database system is starting up", "try again in a moment"),
        ("connection refused", "does not answer"),
    ],
)
def test_what_postgresql_says_is_explained(monkeypatch: pytest.MonkeyPatch, said: str, meant: str):
    place = {"HOST": "db", "PORT": "", "USER": "cairn", "NAME": "cairn", "PASSWORD": "secret"}
    there = SimpleNamespace(vendor="postgresql", settings_dict=place)
    monkeypatch.setattr(database, "connection", there)

    told = database.cause(OperationalError(said))

    assert told.startswith("PostgreSQL at db:5432 ")
    assert meant in told


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lacks_migrations_is_an_error_of_the_check(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "missing_migrations", lambda: "The database lacks 1 migrations.")
    monkeypatch.setattr(sys, "argv", ["manage.py", "check", "--database", "default"])

    with pytest.raises(SystemCheckError, match="lacks 1 migrations"):
        call_command("check", databases=["default"])

    call_command("check")  # without the database there is nothing to say
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate"])
    call_command("check", databases=["default"])


def test_a_server_without_its_database_says_so_answers_503_and_comes_back(tmp_path: Path):
    """Everything that needs the database is told to come back; nothing is a 500."""
    real = house.furnish(tmp_path / "real", house.template(tmp_path))
    home = tmp_path / "home"
    home.mkdir()
    away = home / "cairn.sqlite3"
    away.mkdir()  # SQLite cannot open a folder
    told: dict[str, int] = {}
    headers = {"Authorization": f"Token {house.TOKEN}"}
    variables = {
        "DATABASE_URL": f"sqlite:///{away}",
        "DJANGO_SETTINGS_MODULE": "project.settings",
    }
    with (
        serving("daphne", home, **variables) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers) as client,
    ):
        run = f"/api/v1/runs/{uuid.uuid4()}/events/"
        for path in ("/api/v1/plans/", "/sign-in/", "/", run, "/api/v1/streams/doctor/"):
            answer = client.get(path)
            assert answer.status_code in (200, 302, 503), (path, answer.text)
            assert answer.status_code != 503 or answer.headers["Retry-After"] == "10"
            told[path] = answer.status_code
        assert told[run] == told["/api/v1/plans/"] == told["/api/v1/streams/doctor/"] == 503
        assert client.get("/api/v1/plans/").json()["error"]["code"] == "storage"
        assert client.get(run).json()["error"]["code"] == "storage"
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503

        away.rmdir()
        with sqlite3.connect(house.database(real)) as source, sqlite3.connect(away) as target:
            source.backup(target)

        assert client.get("/readyz").status_code == 200
        assert client.get("/api/v1/plans/").status_code == 200


def test_a_worker_needs_postgresql():
    with pytest.raises(CommandError, match="Separate workers need PostgreSQL"):
        call_command("worker")
