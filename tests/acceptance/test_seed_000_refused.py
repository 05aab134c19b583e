"""What the datamodel endpoints refuse: nothing was posted then, and not a byte was streamed."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Permission, User
from django.core.cache import cache

from chat.models import ChatSession, Message
from files.models import Upload
from tests.acceptance.conftest import Open
from tests.api.contract import CheckedClient
from tests.api.server import Server
from tests.chat.talking import start

database = pytest.mark.django_db(transaction=True)
FRIEND = "https://friend.example"
NOBODYS = "00000000-0000-4000-8000-000000000000"  # an id that nothing has


def chat_path(session: ChatSession, message: str = "How%20many") -> str:
    return f"/datamodel/chat/stream/{session.pk}?message={message}"


async def answer(open_path: Open, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
    async with open_path(path, **more) as opened:
        return opened.status, (await opened.json())["error"]


def posted() -> int:
    return Message.objects.filter(role="user").count()


@database
@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 400, "message"),
        ("?message=", 400, "message"),
        ("?message=%20%0a", 400, "message"),
        ("?message=a%00b", 400, "message"),
        (f"?message={'x' * 4097}", 414, "message"),
        (f"?message={'%F0%9F%A5%90' * 1025}", 414, "message"),
        (f"?message=x&key={'x' * 101}", 400, "key"),
        ("?message=x&key=a%0ab", 400, "key"),
        ("?message=x&mode=loud", 400, "mode"),
        ("?message=x&after=-1", 400, "after"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_wrong_parameter_is_named_and_nothing_is_posted(
    open_path: Open, user: User, query: str, status: int, field: str
):
    """Row 0-18; reliability 20."""
    session = start(user)

    path = f"/datamodel/chat/stream/{session.pk}{query}"
    code, error = async_to_sync(answer)(open_path, path)

    assert (code, list(error["fields"])) == (status, [field])
    assert posted() == 0


@database
@pytest.mark.parametrize("path", ["progress", "chat/stream"])
def test_unknown_and_foreign_sessions_are_not_found_before_a_byte_of_stream(
    open_path: Open, other: User, path: str
):
    """Rows 0-20, 0-21; trap T10; reliability 17."""
    foreign = start(other)
    for known in (uuid4(), foreign.pk):
        address = f"/datamodel/{path}/{known}?message=How"
        code, error = async_to_sync(answer)(open_path, address)
        assert (code, error["code"]) == (404, "not_found")
    code, error = async_to_sync(answer)(open_path, f"/datamodel/{path}/not-an-id?message=How")
    assert (code, error["code"]) == (404, "not_found")
    assert posted() == 0


@database
def test_whoever_may_only_look_posts_nothing(open_path: Open, user: User, other: User):
    """Row 0-21; reliability 17."""
    user.user_permissions.add(Permission.objects.get(codename="view_run"))
    foreign = start(other)

    code, error = async_to_sync(answer)(open_path, chat_path(foreign))

    assert (code, error["code"]) == (403, "forbidden")
    assert posted() == 0


@database
def test_nobody_who_is_not_signed_in_asks_anything(open_path: Open, user: User):
    """Reliability 17."""
    code, error = async_to_sync(answer)(open_path, chat_path(start(user)), Authorization="")

    assert (code, error["code"]) == (401, "not_authenticated")
    assert posted() == 0


@database
@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE"])
def test_only_a_get_asks(open_path: Open, user: User, method: str):
    """Conflict C8."""
    session = start(user)

    async def ask() -> tuple[int, str]:
        async with open_path(chat_path(session), method=method) as opened:
            return opened.status, opened.headers["allow"]

    assert async_to_sync(ask)() == (405, "GET")
    assert posted() == 0


@database
def test_more_than_the_rate_allows_is_refused_until_it_is_time(
    open_path: Open, user: User, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    """Reliability 20; row 3-60: the same reply may be attached to all the same."""
    cache.clear()
    rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    monkeypatch.setitem(rates, "runs", "1/hour")
    session = start(user)

    async def status(path: str) -> tuple[int, int]:
        async with open_path(path) as opened:
            return opened.status, int(opened.headers.get("retry-after", 0))

    assert async_to_sync(status)(chat_path(session)) == (200, 0)
    assert async_to_sync(status)(chat_path(session)) == (200, 0)
    code, wait = async_to_sync(status)(chat_path(session, "Another"))
    assert (code, wait > 0) == (429, True)
    assert posted() == 1


@pytest.mark.e2e
@pytest.mark.parametrize("path", ["/datamodel/chat/stream/{}", "/api/chat/stream"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"},
        {"Sec-Purpose": "prefetch"},
    ],
    ids=str,
)
def test_another_site_asks_nothing_with_our_cookie(
    session: httpx.Client, headers: dict[str, str], path: str
):
    """Row 0-19; conflict C8; trap T14; reliability 18."""
    answer = session.get(path.format(uuid4()), params={"message": "never"}, headers=headers)

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] in ("cross_site", "prefetch")


@pytest.mark.e2e
def test_a_browser_starts_nothing_without_its_crumb(session: httpx.Client):
    """Reliability 18; trap T14."""
    bodies: dict[str, Any] = {
        "/datamodel/start": {"connection_id": "penguins"},
        "/api/chat": {"action": "continue_conversation", "message": "never"},
        f"/contexts/{uuid4()}/messages": {"content": "never"},
        f"/contexts/{uuid4()}/cancel": {},
    }

    for path, body in bodies.items():
        refused = session.post(path, json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf"), path
        crumb = {"X-CSRFToken": session.cookies["csrftoken"]}
        assert session.post(path, json=body, headers=crumb).status_code in (201, 202, 404), path


@pytest.mark.e2e
def test_only_allowed_origins_may_read_these_routes(server: Server, ada: httpx.Client):
    """Row 0-35; conflict C13; trap T14; reliability 18."""
    session_id = ada.post("/datamodel/start", json={"connection_id": "penguins"}).json()[
        "session_id"
    ]
    for path in (
        f"/datamodel/progress/{session_id}",
        f"/contexts/{session_id}/state",
        "/api/chat/status/none",
    ):
        asked = {"Origin": FRIEND, "Access-Control-Request-Method": "GET"}
        for headers in (
            ada.options(path, headers=asked).headers,
            ada.get(path, headers={"Origin": FRIEND}).headers,
        ):
            assert headers["access-control-allow-origin"] == FRIEND
            assert headers["access-control-allow-credentials"] == "true"
        denied = ada.get(path, headers={"Origin": "https://evil.example"}).headers
        assert "access-control-allow-origin" not in denied


@pytest.mark.django_db
@pytest.mark.parametrize(
    "connection",
    [
        None,
        "",
        [],
        {},
        7,
        "no such demo",
        ["penguins", "penguins"],
        NOBODYS,
        "x" * 101,
        [NOBODYS] * 21,
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_wrong_connection_is_named(api: CheckedClient, connection: Any):
    """Row 0-5; reliability 20."""
    answer = api.post("/datamodel/start", {"connection_id": connection})

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["connection_id"]
    assert ChatSession.objects.count() == Upload.objects.count() == 0


@database
def test_the_same_key_starts_one_session(api: CheckedClient):
    """Row 0-5."""
    key = {"Idempotency-Key": "one"}
    first, second = (
        api.post("/datamodel/start", {"connection_id": "penguins"}, headers=key) for _ in "ab"
    )

    assert first.json() == second.json()
    assert ChatSession.objects.count() == 1
