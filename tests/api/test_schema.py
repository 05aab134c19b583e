"""The OpenAPI schema: complete, current, true of the real server, and readable in a browser."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.test import Client

from tests.api import server as servers
from tests.api.contract import FILE, schema
from tests.api.server import Template


def test_the_schema_in_the_repository_is_current(tmp_path: Path):
    """Api.md, `GET schema/`; run `manage.py spectacular --file docs/reference/openapi.yaml`."""
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))

    assert made.read_text() == FILE.read_text()


def test_the_server_gives_the_same_schema(client: Client):
    """Api.md, `GET schema/`: OpenAPI 3.1."""
    told = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()

    assert told["openapi"].startswith("3.1")
    assert told["paths"].keys() == schema()["paths"].keys()


def test_each_operation_says_who_may_and_what_goes_wrong():
    """Api.md, errors."""
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            if path == "/api/v1/token/":
                continue
            where = f"{method} {path}"
            assert {"tokenAuth": []} in operation["security"], where
            assert {"401", "429"} <= operation["responses"].keys(), where
            if "{" in path:
                assert "404" in operation["responses"], where


def test_the_browsable_page_has_no_script_of_its_own(client: Client, db: None):
    """Reliability 22; api.md, `GET docs/`."""
    page = client.get("/api/v1/docs/")
    html = page.content.decode()

    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert scripts
    for attributes, text in scripts:
        assert 'src="/' in attributes
        assert not text.strip()
    assert not re.findall(r"\son\w+=", html)
    assert "javascript" in client.get("/api/v1/docs/?script=")["Content-Type"]


@pytest.fixture
def page(server: Any) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.mark.browser
@pytest.mark.e2e
def test_the_browsable_page_works_under_the_policy(server: Any, page: Any, ada: httpx.Client):
    """Api.md, `GET docs/`: all operations are shown, from this server alone."""
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))

    page.goto(f"{server.url}/api/v1/docs/")
    page.wait_for_selector("#operations-plans-plans_create")

    shown = page.locator(".opblock").count()
    assert shown == sum(len(methods) for methods in schema()["paths"].values())
    assert all(url.startswith((server.url, "data:")) for url in asked)
    assert not [text for text in refused if "script" in text.lower()]


# The stream of a session has no end to wait for. That of a run is served by the same view.
ENDLESS = "/api/v1/sessions/{id}/events/"


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("paths", ["^/api/v1/sessions/", "^/api/v1/(?!sessions/)", "^/(?!api/v1/)"])
def test_whatever_the_schema_allows_or_forbids_the_server_answers_as_it_says(
    template: Template, tmp_path: Path, paths: str
):
    """Reliability 23; row 3-61: schemathesis finds no 500 and no answer beside the schema."""
    # That a valid request may still be refused (an unknown group, say) no schema can tell.
    options = ["--exclude-checks=positive_data_acceptance", "--phases=examples,coverage,fuzzing"]
    bounds = [
        "--seed=238094458532768272043150807139877429811",
        "--max-examples=3",
        "--workers=1",  # two threads that parse at once can break ast.parse of Python 3.11
        "--request-timeout=20",
        "--continue-on-failure",
    ]
    # A body that is too large is refused before anybody looks at what is in it.
    (tmp_path / "schemathesis.toml").write_text(
        "[checks.negative_data_rejection]\n"
        "expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]\n"
    )
    with servers.running(template, tmp_path) as own:
        told = subprocess.run(
            [
                Path(sys.executable).with_name("st"),
                "run",
                FILE,
                f"--url={own.url}",
                f"--header=Authorization: Token {own.tokens['ada']}",
                f"--include-path-regex={paths}",
                f"--exclude-path={ENDLESS}",
                *options,
                *bounds,
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )

        assert told.returncode == 0, told.stdout[-6000:]
        assert "Traceback" not in own.output
