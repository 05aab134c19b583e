"""Daphne as `make serve` runs it: `python -m project.serving`, with Daphne's own options.

As it comes, Daphne reads a whole request before the application is asked anything; Twisted below
it then parses forms in memory, on the event loop, for nobody (a file of 200 MB took 2.5 GB and
stopped every stream for 8 seconds), and Daphne puts the body into a queue in memory once more.
Here a body that is too large is refused when its headers are there, forms are left to Django,
and the application reads the body from the file that Twisted keeps it in.
"""

import logging
import os
from io import BytesIO
from typing import Any

import django
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server as Daphne
from twisted.internet import reactor

from project import bodies
from streams import database

logger = logging.getLogger(__name__)


class Request(WebRequest):  # type: ignore[misc]  # Daphne has no annotations.
    """A request whose body is bounded. The names are Twisted's."""

    content: Any

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, parsePOSTFormSubmission=False)
        self._received = 0
        self._is_refused = False
        self._closing: Any = None

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        is_too_large = length is not None and length > bodies.most()
        super().gotLength(0 if is_too_large else length)
        if is_too_large:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        self._received += len(data)
        if self._is_refused:
            return
        if self._received > bodies.most():
            self._refuse()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802
        if self._is_refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        if self._closing is not None and self._closing.active():
            self._closing.cancel()
        super().connectionLost(reason)

    def _refuse(self) -> None:
        """Answer, and let go of what was sent; close when all of it is there, or soon."""
        self._is_refused = True
        self.requestHeaders.removeHeader(b"Expect")  # or Twisted asks for the body after all
        self.content.close()
        self.content = BytesIO()
        headers, body = bodies.refusal()
        lines = ["HTTP/1.1 413 Content Too Large", *(f"{k}: {v}" for k, v in headers.items())]
        transport = self.channel.transport
        transport.write("".join(f"{line}\r\n" for line in [*lines, ""]).encode() + body)
        later = getattr(reactor, "callLater")  # noqa: B009 - the installed reactor has it
        self._closing = later(bodies.LINGER_SECONDS, transport.abortConnection)


class Factory(HTTPFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


class Server(Daphne):  # type: ignore[misc]
    """Daphne with bounded requests."""

    @property
    def http_factory(self) -> Any:
        return self._factory

    @http_factory.setter
    def http_factory(self, made: Any) -> None:
        """Daphne makes its factory in the middle of `run`: this is where it can be another."""
        self._factory = Factory(self)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Give the application the body's file; the queue gets an empty body, and what follows."""
        if scope["type"] == "http":
            scope[bodies.SPOOLED] = protocol.content
            protocol.content = BytesIO()
        return super().create_application(protocol, scope)


class Serving(CommandLineInterface):  # type: ignore[misc]
    description = "Serve Cairn with Daphne"
    server_class = Server

    def run(self, args: list[str]) -> None:
        """Serve. What is wrong with the database is said first; it may be mended meanwhile."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
        django.setup(set_prefix=False)
        if told := database.trouble():
            logger.error("Cairn starts, but cannot work yet. %s", told)
        super().run(args)


if __name__ == "__main__":
    Serving.entrypoint()
