"""Whether this process lives, and whether it can do its work: for supervisors and proxies."""

import threading
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from runs.conf import run_settings
from runs.engines import embedded
from runs.runner import Runner

PATIENCE = 2.0  # seconds in which the runner's loop has to turn


@never_cache
async def live(request: HttpRequest) -> JsonResponse:
    """Answer at once: the process runs and its loop turns. Touches no database."""
    return JsonResponse({"status": "ok"})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 if requests and runs can be served, else 503 with the reason of each failure."""
    checks = {name: check() for name, check in CHECKS.items()}
    is_ready = not any(checks.values())
    return JsonResponse(
        {
            "status": "ok" if is_ready else "unavailable",
            "checks": {name: reason or "ok" for name, reason in checks.items()},
        },
        status=200 if is_ready else 503,
    )


def database() -> str:
    """Return why the database cannot be used, or nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return ""


def migrations() -> str:
    """Return which migrations are missing, or nothing."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "Unknown: the database does not answer."
    if not plan:
        return ""
    missing = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan[:3])
    return f"{len(plan)} migrations are missing ({missing}); run manage.py migrate."


def runner() -> str:
    """Return why runs are not worked on in this process, or nothing if they are or need not be."""
    if run_settings().runner != "embedded":
        return ""
    running = worker()
    return "The embedded runner does not run." if running is None else runner_trouble(running)


def worker() -> Runner | None:
    """Return what works on runs in this process."""
    return embedded.worker if isinstance(embedded.worker, Runner) else None


def runner_trouble(running: Runner) -> str:
    """Return what is wrong with a runner: its loop is asked, and one that is stuck is silent."""
    turned = threading.Event()
    running.call(turned.set)
    if turned.wait(PATIENCE):
        return ""
    return f"The embedded runner has not answered in {PATIENCE:g} s."


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "runner": runner,
}
