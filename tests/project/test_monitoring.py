"""Who may read the figures, of a serving process and of a worker."""

import asyncio
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
from pytest_django import Settings
from rest_framework.authtoken.models import Token

from runs import vital_signs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
SECRET = "of the scraper"


@pytest.fixture
def scraper(settings: Settings) -> dict[str, str]:
    settings.METRICS_TOKEN = SECRET
    return {"Authorization": f"Bearer {SECRET}"}


def token_of(**columns: Any) -> dict[str, str]:
    user = User.objects.create_user(f"user-{len(columns)}", **columns)
    return {"Authorization": f"Token {Token.objects.create(user=user).key}"}


def test_nobody_reads_the_figures_who_is_not_staff_and_has_not_the_token(scraper):
    """Reliability 17."""
    nobody = Client().get("/metrics")
    wrong = Client().get("/metrics", headers={"Authorization": "Bearer of another"})
    as_user = Client().get("/metrics", headers={"Authorization": f"Token {SECRET}"})
    person = Client().get("/metrics", headers=token_of())

    assert [one.status_code for one in (nobody, wrong, as_user, person)] == [401, 401, 401, 403]
    assert nobody.headers["WWW-Authenticate"] == "Bearer"
    assert "CAIRN_METRICS_TOKEN" in nobody.json()["error"]["message"]
    assert all(b"cairn_" not in one.content for one in (nobody, wrong, as_user, person))


def test_an_installation_without_a_token_of_its_own_takes_none(settings):
    settings.METRICS_TOKEN = ""

    for given in ("Bearer", "Bearer ", "Bearer None"):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 401


def test_the_token_staff_tokens_and_staff_sessions_read_the_figures(scraper):
    signed_in = Client()
    signed_in.force_login(User.objects.create_user("root", is_staff=True))

    answers = [
        Client().get("/metrics", headers=scraper),
        Client().get("/metrics", headers=token_of(is_staff=True)),
        signed_in.get("/metrics"),
    ]

    for one in answers:
        assert one.status_code == 200
        assert one.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert "no-store" in one.headers["Cache-Control"]
        assert b"cairn_database_up 1.0" in one.content


def test_a_scraper_may_ask_for_the_newer_form(scraper):
    asked = {**scraper, "Accept": "application/openmetrics-text;version=1.0.0"}

    answer = Client().get("/metrics", headers=asked)

    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.content.endswith(b"# EOF\n")


async def test_each_answer_has_the_id_of_its_request():
    client = AsyncClient()
    taken = await client.get("/healthz", headers={"X-Request-ID": "proxy-0123456789"})
    forged = await client.get("/healthz", headers={"X-Request-ID": "two words, and more"})
    own = await client.get("/healthz")

    assert taken.headers["X-Request-ID"] == "proxy-0123456789"
    assert len({own.headers["X-Request-ID"], forged.headers["X-Request-ID"]}) == 2
    assert len(own.headers["X-Request-ID"]) == len(forged.headers["X-Request-ID"]) == 32


async def ask(port: int, authorization: str = "") -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    line = f"Authorization: {authorization}\r\n" if authorization else ""
    writer.write(f"GET /metrics HTTP/1.1\r\nHost: x\r\n{line}\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return head, body


async def test_a_worker_answers_who_has_the_token(scraper, unused_tcp_port):
    async with vital_signs.answering("127.0.0.1", unused_tcp_port, {}):
        refused, hint = await ask(unused_tcp_port)
        head, body = await ask(unused_tcp_port, scraper["Authorization"])

    assert refused.startswith(b"HTTP/1.1 401 Unauthorized")
    assert b"cairn_" not in hint
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Type: text/plain" in head
    assert b"cairn_database_up 1.0" in body
