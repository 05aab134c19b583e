"""The examples in docs/examples/deploy/ fit together, and fit the commands and settings there are."""

import configparser
import importlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.urls import resolve
from uvicorn.main import main as uvicorn_main

from project.reference import _variables
from tests.ops import nginx
from tests.ops.looking import Serving, look
from tests.streams.servers import free_port

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples" / "deploy"
GUIDE = FOLDER.parents[1] / "how-to" / "deploy.md"
uvicorn_command: Any = uvicorn_main
UNITS = sorted(FOLDER.glob("*.service"))
# Read elsewhere than in settings.py.
OTHERS = {"CAIRN_DEMO"}


def unit(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser["Service"]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return found


def commands() -> Iterator[list[str]]:
    """Yield each command that an example starts, from `python` on."""
    for path in UNITS:
        for name in ("ExecStart", "ExecStartPre"):
            if line := unit(path).get(name):
                yield shlex.split(line.replace("%i", "9001"))[0:]
    for service in compose()["services"].values():
        if "command" in service:
            yield service["command"]
    found = re.search(r"^CMD (\[.*\])$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    yield yaml.safe_load(found[1])
    for line in re.findall(
        r"^.*\.venv/bin/(python manage\.py .*)$", GUIDE.read_text(), re.MULTILINE
    ):
        yield shlex.split(re.split(r" [|>#\\]", line)[0])


def test_the_commands_exist_and_take_their_options():
    seen = set()
    for words in commands():
        assert words[0].endswith("python")
        if words[1] == "manage.py":
            name, *rest = words[2:]
            seen.add(name)
            command = (
                load_command_class(get_commands()[name], name) if name in get_commands() else None
            )
            assert command, name
            if name != "cairn":
                command.create_parser("manage.py", name).parse_args(rest)
        else:
            assert words[1:3] == ["-m", "uvicorn"]
            uvicorn_command.make_context("uvicorn", words[3:])
            module, _, attribute = words[3].partition(":")
            assert hasattr(importlib.import_module(module), attribute)
    assert {"migrate", "worker", "check", "createsuperuser", "stream_doctor", "verify_run"} <= seen


def test_the_settings_exist():
    known = {name for name, _, _ in _variables()} | OTHERS
    lines = (FOLDER / "cairn.env").read_text().splitlines()
    given = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    given |= compose()["x-cairn"]["environment"].keys()

    assert given - known == set()
    assert given >= {"CAIRN_SECRET_KEY", "DATABASE_URL", "CAIRN_ALLOWED_HOSTS", "CAIRN_VAR"}


def test_units_and_nginx_agree_about_ports():
    upstream = set(re.findall(r"127\.0\.0\.1:(\d+)", (FOLDER / "upstream.conf").read_text()))

    assert upstream == set(re.findall(r"cairn-web@(\d+)", (FOLDER / "upstream.conf").read_text()))
    for path in UNITS:
        assert unit(path)["EnvironmentFile"] == "/etc/cairn.env"
        assert unit(path)["WorkingDirectory"] in unit(path)["ExecStart"]


def test_whoever_is_stopped_has_time_to_drain():
    worker = unit(FOLDER / "cairn-worker@.service")
    drain = int(re.search(r"--drain (\d+)", worker["ExecStart"])[1])  # type: ignore[index]

    assert int(worker["TimeoutStopSec"]) >= drain + 10
    assert int(compose()["services"]["worker"]["stop_grace_period"].rstrip("s")) >= 15 + 10


def test_health_checks_ask_addresses_that_exist():
    for name in ("web", "worker"):
        asked = " ".join(compose()["services"][name]["healthcheck"]["test"])
        path = re.search(r"http://127\.0\.0\.1:\d+(/\w+)", asked)
        assert path
        assert resolve(path[1]).view_name


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that nobody signed."""
    key, made = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=cairn.example.org", "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, made


def site(folder: Path, ports: dict[int, int]) -> Path:
    """Write the example for a folder and ports where a test may use them."""
    key, made = certificate(folder)
    texts = [(FOLDER / name).read_text() for name in ("upstream.conf", "nginx.conf")]
    text = "\n".join(texts)
    text = re.sub(r"/etc/letsencrypt\S+fullchain.pem", str(made), text)
    text = re.sub(r"/etc/letsencrypt\S+privkey.pem", str(key), text)
    text = text.replace("/var/log/nginx", str(folder))
    text = re.sub(r"^\s*listen \[::\].*$", "", text, flags=re.MULTILINE)
    for old, new in ports.items():
        text = re.sub(rf"listen {old}\b", f"listen 127.0.0.1:{new}", text)
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    return nginx.whole(folder, text)


def test_nginx_accepts_the_example(tmp_path: Path):
    config = site(tmp_path, {80: free_port(), 443: free_port()})

    done = nginx.tested(tmp_path, config)

    assert done.returncode == 0, done.stderr


def test_nginx_accepts_what_compose_gives_it(tmp_path: Path):
    text = compose()["configs"]["nginx"]["content"].replace("$$", "$")
    config = nginx.whole(tmp_path, re.sub(r"listen 80\b", f"listen {free_port()}", text))

    done = nginx.tested(tmp_path, config)

    assert done.returncode == 0, done.stderr


def test_streams_pass_the_example_as_they_should(tmp_path: Path, serve: Serving):
    """Reliability 13: TLS, HTTP/2 for browsers, nothing held back, nothing cut."""
    hosts = {"CAIRN_ALLOWED_HOSTS": "localhost", "CAIRN_HEARTBEAT": "1"}
    with serve("uvicorn", **hosts) as server:
        secure = free_port()
        ports = {80: free_port(), 443: secure, 9001: server.port, 9002: server.port}
        with nginx.running(tmp_path, site(tmp_path, ports)):
            is_well, found = look(f"https://localhost:{secure}", insecure=True)
            log = (tmp_path / "cairn.log").read_text()

    assert is_well, found
    assert {one["level"] for one in found.values()} == {"ok"}, found
    assert "HTTP/2" in found["http"]["text"]
    assert "/api/v1/streams/doctor/ 200" in log
    assert "probe=" not in log


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_what_a_process_writes_is_where_it_may(path: Path):
    env = (FOLDER / "cairn.env").read_text()

    assert f"CAIRN_VAR={unit(path)['ReadWritePaths']}\n" in env
