"""`manage.py stream_doctor` on real servers and a real nginx: it names what is in the way."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from streams.doctor import checks
from streams.doctor.probing import Arrival, Seen
from tests.ops.looking import TOKEN, Serving, look
from tests.ops.nginx import PROXY, proxying


@pytest.fixture(scope="session")
def server(serve: Serving) -> Iterator[int]:
    """Return the port of a server that is as it should be."""
    with serve() as server:
        yield server.port


def problems(found: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, one in found.items() if one["level"] == "problem"}


@pytest.mark.parametrize("name", ["daphne", "uvicorn"])
def test_a_healthy_server_is_well(name: str, serve: Serving):
    """Reliability 13."""
    with serve(name) as server:
        is_well, found = look(server.port)

    assert is_well, found
    assert set(found) == {
        "answer", "headers", "scheme", "compression", "buffering", "http", "disconnect",
        "heartbeat", "idle",
    }  # fmt: skip
    assert found["http"]["level"] == "note"
    assert "noticed after 0." in found["disconnect"]["text"]


def test_nginx_set_up_rightly_is_well(server: int, tmp_path: Path):
    """Reliability 13."""
    with proxying(server, tmp_path / "nginx", PROXY + "proxy_read_timeout 1h;") as port:
        is_well, found = look(port)

    assert is_well, found
    assert "nginx" in found["answer"]["text"]
    assert "taken by nginx" in found["headers"]["text"]


def test_nginx_as_it_comes_is_well_with_a_note_on_http_1_0(server: int, tmp_path: Path):
    with proxying(server, tmp_path / "nginx", "proxy_set_header Host $host;") as port:
        is_well, found = look(port)

    assert is_well, found
    assert "proxy_http_version 1.1" in found["upstream"]["change"]


def test_a_proxy_that_buffers_is_named_with_the_setting(server: int, tmp_path: Path):
    settings = "proxy_set_header Host $host; proxy_ignore_headers X-Accel-Buffering;"
    with proxying(server, tmp_path / "nginx", settings) as port:
        is_well, found = look(port)

    assert not is_well
    assert "buffering" in problems(found), found
    assert "1 burst" in found["buffering"]["text"]
    assert found["buffering"]["change"].startswith("nginx: proxy_buffering off;")
    assert "compression" not in problems(found)


def test_a_proxy_that_compresses_is_named(server: int, tmp_path: Path):
    settings = (
        f"{PROXY} gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_min_length 0;"
        "proxy_hide_header Content-Encoding;"
    )
    with proxying(server, tmp_path / "nginx", settings) as port:
        _, found = look(port)

    assert "compression" in problems(found), found
    assert "gzip_types" in found["compression"]["change"]
    assert "GZipMiddleware" not in found["compression"]["change"]


def test_gzip_that_is_on_in_nginx_leaves_streams_alone(server: int, tmp_path: Path):
    """Reliability 13: streams say themselves that they must not be compressed."""
    settings = f"{PROXY} gzip on; gzip_types *; gzip_proxied any; gzip_min_length 0;"
    with proxying(server, tmp_path / "nginx", settings) as port:
        is_well, found = look(port)

    assert is_well, found


def test_a_middleware_that_compresses_is_named(serve: Serving):
    with serve(DJANGO_SETTINGS_MODULE="tests.ops.compressing_settings") as server:
        _, found = look(server.port)

    assert "compression" in problems(found), found
    assert "take GZipMiddleware out of MIDDLEWARE" in found["compression"]["change"]


@pytest.mark.parametrize(
    ("heartbeat", "level", "broken"), [("1", "note", set()), ("9", "problem", {"heartbeat"})]
)
def test_a_proxy_that_cuts_silent_connections_is_measured(
    serve: Serving, tmp_path: Path, heartbeat: str, level: str, broken: set[str]
):
    """Signs of life every second keep a connection through a limit of 4 s; every 9 s do not."""
    with (
        serve(CAIRN_HEARTBEAT=heartbeat) as server,
        proxying(server.port, tmp_path / "nginx", PROXY + "proxy_read_timeout 4s;") as port,
    ):
        _, found = look(port, idle=8)

    assert problems(found) == broken | ({"idle"} if broken else set()), found
    assert found["idle"]["level"] == level
    measured = re.search(r"is cut after ([\d.]+) s", found["idle"]["text"])
    assert measured
    assert 3.5 <= float(measured[1]) < 7
    assert "proxy_read_timeout" in found["idle"]["change"]


def test_a_server_that_is_not_told_of_clients_that_left_is_found(server: int, tmp_path: Path):
    with proxying(server, tmp_path / "nginx", PROXY + "proxy_ignore_client_abort on;") as port:
        _, found = look(port)

    assert problems(found) == {"disconnect"}, found
    assert "proxy_ignore_client_abort off" in found["disconnect"]["change"]


def test_errors_before_the_stream_say_what_to_do(server: int, tmp_path: Path):
    for settings, expected in (
        (PROXY + 'proxy_set_header Authorization "";', "Authorization header did not arrive"),
        ("return 301 https://elsewhere.example$request_uri;", "redirects to https://elsewhere"),
        ("return 404;", "no Cairn is there"),
        ("return 502;", "reaches no Cairn that can work"),
        ('proxy_set_header Host "evil.example";', "is not allowed"),
        ('default_type text/html; return 200 "hello";', "answers with text/html"),
    ):
        with proxying(server, tmp_path / "nginx", settings) as port:
            is_well, found = look(port)
        assert not is_well
        assert expected in found["answer"]["text"], found
        assert found["answer"]["change"]
        (tmp_path / "nginx" / "nginx.pid").unlink(missing_ok=True)


def test_a_token_that_is_missing_or_wrong_is_said(server: int):
    assert "nobody is signed in" in look(server, "")[1]["answer"]["text"]
    assert "the token is not valid" in look(server, "0" * 40)[1]["answer"]["text"]


def test_a_server_that_is_not_there_is_said():
    assert "connection refused" in look(1)[1]["answer"]["text"]


@pytest.mark.parametrize("url", ["ftp://x", "http://", "http://x:y"])
def test_an_address_that_is_none_is_refused(url: str):
    with pytest.raises(CommandError):
        call_command("stream_doctor", url)


def test_people_read_one_line_for_each_check_and_what_to_change(server: int):
    out = StringIO()

    call_command("stream_doctor", f"http://127.0.0.1:{server}", token=TOKEN, idle=1, stdout=out)

    lines = out.getvalue().splitlines()
    assert "ok      compression: the stream is not compressed" in lines
    assert any(line.startswith("        -> serve it over https") for line in lines)


def seen(*arrivals: tuple[float, str], **columns: Any) -> Seen:
    found = Seen("probe", **columns)
    for at, type_ in arrivals:
        data = {"type": type_, "heartbeat_seconds": 15, "sent_ms": at * 1000}
        found.arrivals.append(Arrival(at, data if type_ != "heartbeat" else None))
    return found


def test_frames_that_come_in_two_bursts_are_held_back():
    frames = [Arrival(at, {"type": "doctor_frame", "sent_ms": 200 * n}) for n, at in enumerate(
        [1.0] * 5 + [2.0] * 5
    )]  # fmt: skip

    assert checks.buffering(Seen("probe", arrivals=frames)).level == "problem"


def test_a_sign_of_life_that_is_late_is_a_problem():
    assert checks.heartbeat(seen((0, "doctor_opened"), (15.5, "heartbeat"))).level == "ok"
    late = checks.heartbeat(seen((0, "doctor_opened"), (40, "heartbeat")))
    assert (late.level, "instead of 15 s" in late.text) == ("problem", True)
    cut = checks.heartbeat(seen((0, "doctor_opened"), ended=10.0))
    assert "cut after 10.0 s" in cut.text
    assert "CAIRN_HEARTBEAT below 10" in cut.change


def test_a_connection_that_vanishes_without_a_word_is_the_network():
    gone = checks.idle(seen((0, "doctor_opened"), is_silent=True), 60, 15)

    assert (gone.level, "firewall" in gone.text) == ("problem", True)


def test_a_proxy_that_hides_that_it_speaks_https_is_a_problem():
    told = seen((0, "doctor_opened"))
    assert told.arrivals[0].data is not None
    told.arrivals[0].data["scheme"] = "http"

    found = checks.scheme(told, "https")

    assert (found.level, "X-Forwarded-Proto" in found.change) == ("problem", True)
