"""Large bodies at a real server: refused before they are stored, and never held in memory."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api import server as servers
from tests.api.server import Server, Template

pytestmark = pytest.mark.e2e
MEBIBYTE = 1024 * 1024
MOST = 2 * MEBIBYTE  # of a file; one more for the form around it
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n{more}\r\n\r\n"


@pytest.fixture(scope="module", params=sorted(servers.COMMANDS))
def small(
    request: pytest.FixtureRequest, template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that takes small files only."""
    var = tmp_path_factory.mktemp("small")
    limit = {"CAIRN_UPLOAD_BYTES": str(MOST), "TMPDIR": str(var)}
    with servers.running(template, var, server=request.param, **limit) as one:
        yield one


def talk(server: Server, *parts: bytes, path: str = "/api/v1/files/", more: str) -> str:
    """Send a head and parts of a body until the server answers; return all it says."""
    token = server.tokens["ada"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as one:
        one.sendall(HEAD.format(path=path, token=token, more=more).encode())
        for part in parts:
            one.sendall(part)
        told = b""
        while b"\r\n\r\n" not in told or len(told.split(b"\r\n\r\n", 1)[1]) < _length(told):
            data = one.recv(65536)
            assert data, told
            told += data
        return told.decode()


def _length(told: bytes) -> int:
    found = re.search(rb"(?i)content-length: (\d+)", told)
    return int(found[1]) if found else 1


def peak_memory(server: Server) -> int:
    status = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


def refused(answer: str) -> None:
    head, body = answer.split("\r\n\r\n", 1)
    assert head.startswith("HTTP/1.1 413"), answer
    assert json.loads(body)["error"]["code"] == "too_large"
    assert f"{MOST + MEBIBYTE:,} bytes" in body


def stored(server: Server) -> set[Path]:
    return set(server.var.rglob("*.bin"))


@pytest.mark.parametrize("path", ["/api/v1/files/", "/api/v1/plans/", "/sign-in/", "/nowhere/"])
def test_a_body_that_claims_too_much_is_refused_before_it_is_sent(small: Server, path: str):
    """Reliability 20, 21: two gigabytes are announced, and none is waited for."""
    refused(talk(small, path=path, more=f"Content-Length: {2 * 1024 * MEBIBYTE}"))


def test_whoever_asks_before_sending_is_told_not_to(small: Server):
    """Reliability 20."""
    more = f"Content-Length: {2 * 1024 * MEBIBYTE}\r\nExpect: 100-continue"

    refused(talk(small, more=more))


def test_a_body_that_claims_nothing_is_counted(small: Server):
    """Reliability 20, 21: chunks without an end, and no length before them."""
    before = stored(small)
    chunk = b"%x\r\n%s\r\n" % (MEBIBYTE, b"x" * MEBIBYTE)

    refused(talk(small, *[chunk] * 4, more="Transfer-Encoding: chunked"))

    assert stored(small) == before


def test_the_answer_reaches_a_client_that_goes_on_sending(small: Server):
    """Reliability 20."""
    with small.client("ada") as client:
        file = ("large.md", b"x" * 8 * MEBIBYTE)
        answer = client.post("/api/v1/files/", files={"file": file})

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_refused_body_leaves_the_server_as_it_was(small: Server):
    """Reliability 20: what follows on other connections is answered as ever."""
    talk(small, more=f"Content-Length: {2 * 1024 * MEBIBYTE}")

    with small.client("ada") as client:
        kept = client.post("/api/v1/files/", files={"file": ("a.md", b"# Rent")})
        assert kept.status_code == 201
        assert client.get(f"/api/v1/files/{kept.json()['id']}/").json() == kept.json()
    assert "Traceback" not in small.output


def test_a_form_that_is_none_is_answered_in_json(small: Server):
    """Reliability 20: no part of it, and no end."""
    for body in (b"--x", b"--x\r\n\r\n", b"nothing"):
        more = f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}"

        answer = talk(small, body, more=more)

        assert answer.startswith("HTTP/1.1 400"), answer
        assert json.loads(answer.split("\r\n\r\n", 1)[1])["error"]["code"] in (
            "malformed",
            "invalid",
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(servers.COMMANDS))
def test_a_large_file_is_never_in_memory_as_a_whole(template: Template, tmp_path: Path, name: str):
    """Reliability 20, 21: a hundred megabytes go through."""
    size = 100 * MEBIBYTE
    large = tmp_path / "large.md"
    with large.open("wb") as file:
        file.truncate(size)
    var = tmp_path / "var"
    var.mkdir()
    with servers.running(template, var, server=name, TMPDIR=str(tmp_path)) as server:
        before = peak_memory(server)
        with server.client("ada") as client, large.open("rb") as file:
            answer: Any = client.post("/api/v1/files/", files={"file": file})

        # A document is smaller than this; the whole body was read to find that out.
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
        assert peak_memory(server) - before < size / 2
