"""A real nginx in front of a server, as somebody might have set it up."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.streams.servers import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
PROXY = """
proxy_http_version 1.1;
proxy_set_header Host $host;
proxy_set_header Connection "";
proxy_set_header X-Forwarded-Proto $scheme;
"""
WHOLE = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {sites}
}}
"""
SITE = """
server {{
  listen 127.0.0.1:{port};
  location / {{
    proxy_pass http://127.0.0.1:{to};
    {settings}
  }}
}}
"""


def needed() -> str:
    """Return where nginx is; without one the test is skipped, which CI does not allow."""
    if NGINX is None:
        message = "**** These tests need nginx: apt-get install nginx-light ****"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return NGINX


def whole(folder: Path, sites: str) -> Path:
    """Write a configuration that needs no root and nothing outside of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(WHOLE.format(folder=folder, sites=sites))
    return config


def tested(folder: Path, config: Path) -> "subprocess.CompletedProcess[str]":
    """Let nginx judge a configuration."""
    command = [needed(), "-t", "-p", str(folder), "-c", str(config)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def running(folder: Path, config: Path) -> Iterator[None]:
    process = subprocess.Popen([needed(), "-p", str(folder), "-c", str(config)])
    try:
        _wait(process, folder)
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def proxying(to: int, folder: Path, settings: str) -> Iterator[int]:
    """Run nginx before a port, and yield its own."""
    port = free_port()
    with running(folder, whole(folder, SITE.format(port=port, to=to, settings=settings))):
        yield port


def _wait(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + 20
    while not (folder / "nginx.pid").exists() or not (folder / "nginx.pid").read_text():
        assert process.poll() is None, (folder / "error.log").read_text()
        assert time.monotonic() < deadline, "nginx does not start"
        time.sleep(0.02)
