"""The diagnostic stream: for users only, bounded, and gone when its client is."""

import json

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.authtoken.models import Token

from project.asgi import application
from streams.limits import slots
from tests.sse_client import AsgiStream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
PATH = "/api/v1/streams/doctor/"


@pytest.fixture
def headers(user: User) -> dict[str, str]:
    return {"Authorization": f"Token {Token.objects.create(user=user).key}"}


async def test_a_course_is_walked_to_its_end_with_known_times(headers: dict[str, str]):
    before = slots.total
    path = f"{PATH}?probe=one&frames=3&spacing=20"
    async with AsgiStream(application, path, headers=headers) as stream:
        messages = await stream.rest()

    assert [one.type for one in messages] == [
        "doctor_opened", *["doctor_frame"] * 3, "doctor_closed",
    ]  # fmt: skip
    sent = [one.json["sent_ms"] for one in messages]
    assert sent == sorted(sent)
    assert sent[-1] >= 60
    assert stream.headers["x-accel-buffering"] == "no"
    assert stream.headers["content-encoding"] == "identity"
    assert slots.total == before


async def test_a_client_that_left_is_noticed_and_told_to_its_user_only(headers: dict[str, str]):
    before = slots.total
    async with AsgiStream(application, f"{PATH}?probe=two&idle=60", headers=headers) as stream:
        await stream.next()
        assert (await _told(headers))["is_open"]
        assert slots.total == before + 1

    assert (await _told(headers))["was_left"]
    assert slots.total == before
    other = await Token.objects.acreate(user=await User.objects.acreate(username="eve"))
    assert await _told({"Authorization": f"Token {other.key}"}) is None


async def _told(headers: dict[str, str]) -> dict[str, bool]:
    async with AsgiStream(application, f"{PATH}?ask=two", headers=headers) as answer:
        return (await answer.json())["passage"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "query", ["frames=51", "spacing=2001", "heartbeats=4", "idle=301", "idle=-1", "frames=x"]
)
async def test_a_course_has_bounds(headers: dict[str, str], query: str):
    async with AsgiStream(application, f"{PATH}?{query}", headers=headers) as answer:
        assert answer.status == 400
        assert list((await answer.json())["error"]["fields"]) == [query.split("=")[0]]


async def test_nobody_walks_it_without_a_user_or_beyond_their_limit(
    headers: dict[str, str], user: User, settings: Settings
):
    settings.STREAMS = {"MAX_CONNECTIONS_PER_USER": 1}
    async with AsgiStream(application, PATH) as answer:
        assert (answer.status, json.loads(await answer.body())["error"]["code"]) == (
            401,
            "not_authenticated",
        )
    async with AsgiStream(application, f"{PATH}?idle=9", headers=headers) as open_one:
        await open_one.next()
        async with AsgiStream(application, PATH, headers=headers) as answer:
            assert (answer.status, answer.headers["retry-after"]) == (429, "5")
    async with AsgiStream(application, PATH, headers=headers, method="HEAD") as answer:
        assert answer.status == 405
