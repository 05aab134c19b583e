"""A migration of a later release leaves the release before it able to work: both run for a while.

What old code writes has no value for a new column, and what it reads must still be there.
"""

import pytest
from django.db import models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

# The newest migration of each app that the last release had. Before the first release: raise it
# when a migration cannot be as later ones must.
RELEASED = {"streams": 2, "runs": 3, "files": 1, "chat": 4, "planning": 5}
HARMLESS = (
    operations.AddConstraint,
    operations.AddIndex,
    operations.AlterModelManagers,
    operations.AlterModelOptions,
    operations.CreateModel,
    operations.RemoveConstraint,
    operations.RemoveIndex,
    operations.RenameIndex,
    operations.RunPython,
    operations.RunSQL,
)


def is_harmless(operation: Operation) -> bool:
    """Whether code that does not know of it can go on reading and writing."""
    if isinstance(operation, operations.AddField):
        field = operation.field
        return field.null or field.has_db_default() or isinstance(field, models.ManyToManyField)
    if isinstance(operation, operations.SeparateDatabaseAndState):
        return all(map(is_harmless, operation.database_operations))
    return isinstance(operation, HARMLESS)


def later() -> list[tuple[str, Operation]]:
    """Return the operations of the migrations that are newer than the last release."""
    found = MigrationLoader(None).disk_migrations
    assert RELEASED.keys() <= {app for app, _ in found}
    return [
        (f"{app}.{name}", operation)
        for (app, name), migration in sorted(found.items())
        if app in RELEASED and int(name[:4]) > RELEASED[app]
        for operation in migration.operations
    ]


def test_what_came_after_the_last_release_does_no_harm_to_it():
    harmful = [f"{name}: {one.describe()}" for name, one in later() if not is_harmless(one)]

    assert harmful == [], (
        "old code runs on the new schema while an installation is upgraded: give a new column "
        "null=True or db_default, and remove or rename one release after nothing uses it"
    )


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (operations.AddField("run", "mood", models.TextField(null=True)), True),
        (operations.AddField("run", "mood", models.TextField(db_default="")), True),
        (operations.AddField("run", "mood", models.TextField(default="")), False),
        (operations.RemoveField("run", "step"), False),
        (operations.RenameField("run", "step", "part"), False),
        (operations.AlterField("run", "step", models.TextField()), False),
        (operations.DeleteModel("run"), False),
        (operations.CreateModel("mood", []), True),
    ],
)
def test_what_old_code_can_live_with(operation: Operation, expected: bool):
    """Django drops a `default` from the column again: what old code inserts would be refused."""
    assert is_harmless(operation) is expected
