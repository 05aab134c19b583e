"""When a request is sent again, and when that would be too much."""

import json
from typing import Any

import pytest

from cairn_client import CairnError, TooManyRequests, Unreachable, calls
from cairn_client.steps import Answer, Call, Failure, Reply, Request, Wait
from tests.client.core_driver import refusal

UNSENT = Failure("unsent", "refused")
BROKEN = Failure("broken", "cut")
RUN: dict[str, Any] = {"id": "r"}


def good(body: Any = RUN) -> Reply:
    return Reply(200, {}, json.dumps(body).encode())


def did(call: Call[Any], *answers: Answer) -> tuple[Any, list[Request], list[float]]:
    """Return what a call came to, what it sent and how long it waited."""
    left, sent, waits, answer = iter(answers), list[Request](), list[float](), None
    while True:
        try:
            step = call.send(answer)
        except (StopIteration, CairnError) as end:
            return getattr(end, "value", end), sent, waits
        if isinstance(step, Wait):
            waits.append(step.seconds)
            answer = None
        else:
            assert isinstance(step, Request)
            sent.append(step)
            answer = next(left)


@pytest.mark.parametrize("passing", [UNSENT, BROKEN, Reply(502, {}, b"<p>"), Reply(503, {}, b"")])
def test_what_passes_is_tried_again_with_the_same_key(passing: Answer):
    found, sent, waits = did(calls.start_plan("Open"), passing, passing, good())

    assert found == RUN
    assert len({one.headers["Idempotency-Key"] for one in sent}) == 1
    assert len(sent) == 3
    assert [round(wait, -1) for wait in waits] == [0, 0]


def test_two_calls_have_two_keys_and_ones_own_is_kept():
    _, [first], _ = did(calls.start_plan("Open"), good())
    _, [second], _ = did(calls.start_plan("Open"), good())
    _, [own], _ = did(calls.start_plan("Open", idempotency_key="mine"), good())

    assert first.headers != second.headers
    assert own.headers == {"Idempotency-Key": "mine"}


def test_after_five_attempts_it_is_enough():
    error, sent, waits = did(calls.run("r"), *[UNSENT] * 5)

    assert isinstance(error, Unreachable)
    assert (len(sent), len(waits)) == (5, 4)


def test_what_may_have_been_done_is_not_done_again_without_a_key():
    error, sent, _ = did(calls.resume("r"), BROKEN)
    found, again, _ = did(calls.resume("r"), UNSENT, good())

    assert isinstance(error, Unreachable)
    assert len(sent) == 1
    assert (found, len(again)) == (RUN, 2)


def test_the_servers_wait_is_waited_unless_it_is_long():
    soon = refusal(429, "too_many_requests", retry_after="3").reply
    late = refusal(429, "too_many_requests", retry_after="61").reply
    date = refusal(429, "too_many_requests", retry_after="Wed, 25 Nov 2026 07:00:00 GMT").reply

    assert did(calls.run("r"), soon, good())[2] == [3]
    assert 0.8 <= did(calls.run("r"), date, good())[2][0] <= 1
    error, sent, waits = did(calls.run("r"), late)
    assert isinstance(error, TooManyRequests)
    assert (error.retry_after, len(sent), waits) == (61, 1, [])


@pytest.mark.parametrize("reply", [Reply(200, {}, b"<html>"), Reply(301, {}, b""), Reply(500, {})])
def test_an_answer_that_is_none_of_cairns_is_said_to_be_that(reply: Reply):
    error, sent, _ = did(calls.run("r"), reply)

    assert isinstance(error, Unreachable)
    assert error.code == "unexpected"
    assert error.status == reply.status
    assert len(sent) == 1


def test_text_is_pulled_in_as_many_pages_as_it_has():
    pages = [
        {"message_id": "m", "sequence": 4, "content": "One ", "has_more": True, "completed": False},
        {"message_id": "m", "sequence": 6, "content": "two", "has_more": False, "completed": True},
    ]
    found, sent, _ = did(calls.content("m"), *map(good, pages))

    assert found == {"message_id": "m", "sequence": 6, "content": "One two", "completed": True}
    assert [one.params["from_sequence"] for one in sent] == ["0", "4"]
