"""Watch a stream arrive, as a browser would: when which bytes came, and how it ended."""

import http.client
import json
import secrets
import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

PATH = "/api/v1/streams/doctor/"
OFFERED = "gzip, deflate, br, zstd"  # what browsers take
AT_ONCE = 65536


class Unreachable(Exception):
    """There is no connection to the server; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to look, and as whom."""

    url: SplitResult
    token: str
    patience: float = 10.0  # seconds more than a course takes by itself
    is_verified: bool = True  # whether the certificate must be right

    @classmethod
    def of(cls, url: str, token: str, **more: Any) -> "Target":
        """Raises `ValueError`."""
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address; give one like https://cairn.example.org.")
        parts.port  # noqa: B018 - raises for a port that is none
        return cls(url=parts, token=token, **more)

    @property
    def is_secure(self) -> bool:
        return self.url.scheme == "https"

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.is_verified:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message of the stream, or a comment, and when it came: seconds after the request."""

    at: float
    data: dict[str, Any] | None  # None: a sign of life

    @property
    def type(self) -> str:
        return str(self.data.get("type", "")) if self.data else "heartbeat"


@dataclass(slots=True)
class Seen:
    """What came back for one request."""

    probe: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    version: int = 11
    reads: list[float] = field(default_factory=list)  # when bytes came
    arrivals: list[Arrival] = field(default_factory=list)
    body: bytes = b""
    ended: float = 0  # seconds after the request
    is_silent: bool = False  # it did not end: nothing came for too long

    def of(self, type_: str) -> list[Arrival]:
        return [one for one in self.arrivals if one.type == type_]

    @property
    def opened(self) -> dict[str, Any]:
        """What the server told first; empty if that could not be read."""
        found = self.of("doctor_opened")
        return (found[0].data or {}) if found else {}

    @property
    def is_whole(self) -> bool:
        return bool(self.of("doctor_closed"))

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


def watch(
    target: Target,
    *,
    leave_after: str = "",
    leave_seconds: float = 0,
    heartbeat_seconds: float = 0,
    **course: int,
) -> Seen:
    """Walk a course of the diagnostic stream to its end. With `leave_after`, go away when a
    message of that type came, or nothing did for `leave_seconds`. Raises `Unreachable`.
    """
    probe = secrets.token_hex(8)
    silence = max(
        course.get("spacing", 0) / 1000,
        course.get("heartbeats", 0) * heartbeat_seconds,
        course.get("idle", 0),
    )
    gathered = course.get("frames", 0) * course.get("spacing", 0) / 1000  # if it is held back
    seconds = leave_seconds or silence + gathered + target.patience
    query = urlencode({"probe": probe, **course})
    return _request(target, query, Seen(probe), seconds, leave_after)


def ask(target: Target, probe: str) -> dict[str, Any]:
    """Return what the process that answers knows of a probe. Raises `Unreachable`."""
    seen = _request(target, urlencode({"ask": probe}), Seen(probe), target.patience, "")
    try:
        told = json.loads(seen.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _request(target: Target, query: str, seen: Seen, seconds: float, leave_after: str) -> Seen:
    connection = _connection(target, seconds)
    begun = time.monotonic()
    headers = {
        "Accept": "text/event-stream",
        "Accept-Encoding": OFFERED,
        "Cache-Control": "no-cache",
        "User-Agent": "cairn-stream-doctor",
        **({"Authorization": f"Token {target.token}"} if target.token else {}),
    }
    with closing(connection), _explained(seen):
        connection.request("GET", f"{target.url.path.rstrip('/')}{PATH}?{query}", headers=headers)
        with connection.getresponse() as response:
            seen.status, seen.version = response.status, response.version
            seen.headers = {name.lower(): value for name, value in response.getheaders()}
            _read(response, seen, begun, leave_after)
    seen.ended = time.monotonic() - begun
    return seen


@contextmanager
def _explained(seen: Seen) -> Iterator[None]:
    """Raise why there is no answer; what ends one in the middle is something that was seen."""
    try:
        yield
    except TimeoutError:
        seen.is_silent = True
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            f"The certificate is not accepted: {error.verify_message}. Give the proxy the whole "
            "chain of a certificate for this name, or look with --insecure."
        ) from error
    except ssl.SSLError as error:
        raise Unreachable(f"TLS fails ({error.reason}); does the port speak https?") from error
    except ConnectionRefusedError as error:
        raise Unreachable("Nothing listens there: connection refused.") from error
    except (http.client.HTTPException, ConnectionError) as error:
        if not seen.status:
            reason = str(error) or type(error).__name__
            raise Unreachable(f"No HTTP answer: {reason}. Is this the right port?") from error
    except OSError as error:
        raise Unreachable(f"No connection: {error.strerror or error}.") from error


def _connection(target: Target, seconds: float) -> http.client.HTTPConnection:
    host, port = target.url.hostname or "", target.url.port
    if target.is_secure:
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=target.context())
    return http.client.HTTPConnection(host, port, timeout=seconds)


def _read(response: http.client.HTTPResponse, seen: Seen, begun: float, leave_after: str) -> None:
    decode = _decoder(seen.header("Content-Encoding"))
    rest = b""
    while data := response.read1(AT_ONCE):
        at = time.monotonic() - begun
        seen.reads.append(at)
        plain = decode(data)
        seen.body += plain
        *lines, rest = (rest + plain).split(b"\n")
        seen.arrivals += [one for line in lines if (one := _arrival(at, line))]
        if leave_after and seen.of(leave_after):
            return


def _decoder(encoding: str) -> Any:
    """Return what makes plain bytes of those that came; nothing can be made of br and zstd."""
    if encoding in ("gzip", "deflate"):
        return zlib.decompressobj(wbits=47 if encoding == "gzip" else 15).decompress
    return bytes if encoding in ("", "identity") else (lambda _: b"")


def _arrival(at: float, line: bytes) -> Arrival | None:
    if line.startswith(b":"):
        return Arrival(at, None)
    if not line.startswith(b"data:"):
        return None
    try:
        data = json.loads(line.removeprefix(b"data:"))
    except ValueError:
        return None
    return Arrival(at, data) if isinstance(data, dict) else None


def offered_protocol(target: Target) -> str:
    """Return the HTTP version that the server chooses for browsers: `h2`, or `http/1.1`."""
    if not target.is_secure:
        return "http/1.1"
    context = target.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    connection = http.client.HTTPSConnection(
        target.url.hostname or "", target.url.port, timeout=target.patience, context=context
    )
    try:
        connection.connect()
        return connection.sock.selected_alpn_protocol() or "http/1.1"
    except OSError as error:
        raise Unreachable(f"No connection: {error.strerror or error}.") from error
    finally:
        connection.close()
