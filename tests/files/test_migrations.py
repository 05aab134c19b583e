"""Files from before uploads were an app of their own keep their ids, bytes and texts."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD = "2025-01-02 03:04:05.000006"


def migrate(var: Path, *target: str) -> None:
    """Migrate the database in a folder, in a process of its own."""
    env = {**os.environ, "DATABASE_URL": "", "CAIRN_VAR": str(var)}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", *target]
    subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True)


def insert(connection: sqlite3.Connection, table: str, **columns: object) -> None:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of this file
    connection.execute(sql, tuple(columns.values()))


def attachment(user: int, slug: str, key: str | None) -> dict[str, object]:
    return {
        "id": uuid4().hex,
        "slug": slug,
        "name": f"{slug}.md",
        "content_type": "text/markdown",
        "size": 7,
        "sha256": slug * 3,
        "file": f"attachments/2025/01/{slug}.bin",
        "text": f"The text of {slug}.",
        "idempotency_key": key,
        "created_at": OLD,
        "created_by_id": user,
    }


@pytest.mark.slow
def test_attachments_become_uploads_with_the_same_id_and_file(tmp_path: Path):
    migrate(tmp_path, "planning", "0001_initial")
    with closing(sqlite3.connect(tmp_path / "cairn.sqlite3")) as database:
        for number, name in ((1, "ada"), (2, "grace")):
            insert(
                database,
                "auth_user",
                id=number,
                username=name,
                password="",
                date_joined=OLD,
                **dict.fromkeys(("first_name", "last_name", "email"), ""),
                **dict.fromkeys(("is_superuser", "is_staff", "is_active"), 0),
            )
        rows = [attachment(1, "rent", "files:1"), attachment(2, "wages", None)]
        rows += [attachment(1, f"more-{number}", None) for number in range(450)]
        for row in rows:
            insert(database, "planning_attachment", **row)
        database.commit()

    migrate(tmp_path)

    with closing(sqlite3.connect(tmp_path / "cairn.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        found = database.execute("SELECT * FROM files_upload").fetchall()
        moved = {one["id"]: dict(one) for one in found}
        for row in rows:
            text = row.pop("text")
            assert moved[str(row["id"])] == {**row, "uses": '["document"]'}
            kept = database.execute("SELECT * FROM planning_attachment WHERE id = ?", (row["id"],))
            assert dict(kept.fetchone()) == {"id": row["id"], "upload_id": row["id"], "text": text}
        assert len(moved) == len(rows)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
