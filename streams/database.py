"""Why the database cannot be used, for whoever runs the installation: the cause, and what to do."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

GUIDE = "docs/how-to/deploy.md"
# What PostgreSQL says, in words that all its versions share, and what is meant.
POSTGRESQL = {
    "authentication failed": "refuses the user {user!r}: correct DATABASE_URL",
    "no password supplied": "refuses the user {user!r}: put the password into DATABASE_URL",
    'relation "': "lacks tables: run manage.py migrate",
    "does not exist": "has no such user or database: create it, or correct DATABASE_URL",
    "too many clients": "has no connection left: raise max_connections, or run fewer processes "
    f"(the sum is in {GUIDE})",
    "connection slots are reserved": "has no connection left: raise max_connections, or run fewer "
    f"processes (the sum is in {GUIDE})",
    "too many connections for": "gives this user or database no more connections: raise its "
    f"CONNECTION LIMIT, or run fewer processes (the sum is in {GUIDE})",
    "no space left on device": "has a full disk: free some space, nothing else is needed",
    "could not extend file": "has a full disk: free some space, nothing else is needed",
    "permission denied": "does not let the user {user!r} do this: make it the owner of the database",
    "read-only transaction": "may only be read: DATABASE_URL names a standby, give the primary",
    "starting up": "is starting: try again in a moment",
    "shutting down": "is shutting down: start it again",
    "could not translate host name": "cannot be found: correct the host in DATABASE_URL",
    "failed to resolve host": "cannot be found: correct the host in DATABASE_URL",
}
SQLITE = {
    "no such table": "lacks tables: run manage.py migrate",
    "no such column": "is older than this code: run manage.py migrate",
    "unable to open": "cannot be opened: its folder must be there, be writable and not be full "
    "(CAIRN_VAR)",
    "readonly": "cannot be written: give the file and its folder to the user that runs Cairn",
    "disk is full": "cannot grow, the disk is full: free some space, nothing else is needed",
    "disk i/o error": "cannot be read or written: look at the disk and its free space",
    "locked": "is locked by another program: end that, or wait",
    "malformed": f"is damaged: restore a backup ({GUIDE})",
    "not a database": "is no SQLite database: correct DATABASE_URL, or restore a backup",
}


def cause(error: BaseException) -> str:
    """Return what an error of the database means, and what to do; never a password."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        name, known, otherwise = f"The SQLite database {place['NAME']}", SQLITE, "cannot be used"
    else:
        name = f"PostgreSQL at {place['HOST'] or 'the local socket'}:{place['PORT'] or 5432}"
        known, otherwise = POSTGRESQL, "does not answer: start it, or correct DATABASE_URL"
    said = str(error).lower()
    meant = next((meaning for words, meaning in known.items() if words in said), otherwise)
    return f"{name} {meant.format(user=place['USER'])}."


def missing_migrations() -> str:
    """Return which migrations the database lacks, and what to do, or nothing."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return ""
    names = ", ".join(f"{one.app_label}.{one.name}" for one, _ in missing[:3])
    return f"The database lacks {len(missing)} migrations ({names}). Run manage.py migrate first."


def trouble() -> str:
    """Return why this installation cannot work with its database now, or nothing."""
    try:
        connection.ensure_connection()
        return missing_migrations()
    except Error as error:
        return f"{cause(error)}\n{str(error).strip()}"
    finally:
        connection.close()
