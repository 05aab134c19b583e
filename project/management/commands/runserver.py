"""Serve while developing, with reloads, by the same server as `make serve`."""

from daphne.management.commands.runserver import Command as DaphneCommand

from project.serving import Server


class Command(DaphneCommand):  # type: ignore[misc]  # Daphne has no annotations.
    help = "Serve while developing: restarts when the code changes; otherwise as `make serve`."
    server_cls = Server
