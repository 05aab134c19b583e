"""The doors of AG-UI: a message starts a run, answers let it go on, a known run is joined again.

What there is to start belongs to the products; each says so with a `Product`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework import serializers

from runs import resent
from runs.api import agui_answers, doors
from runs.api.agui_body import LONGEST_ID, Fault, Input, read, wrong
from runs.api.agui_streams import Opening, fault, respond
from runs.api.problems import hinted
from runs.models import Gate, Run
from runs.resent import Sent
from streams import log
from streams.access import Viewer
from streams.dialects.agui_conversation import Names
from streams.limits import TooManyStreams
from streams.models import StreamEvent
from streams.pool import may_write
from streams.views import Refusal, cursor

UNKNOWN = "There is no such thread, or it is not yours."
NO_RUN = "There is nothing to join: end `messages` with a user's message, which starts a run."
OPEN = (
    "This thread waits for a decision. Send `resume` for the interrupts: {}. Nothing was started."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a product knows of a client's thread, as its user may see it.

    `current` is the run to join if none is named. `history` returns the messages before a run's.
    """

    runs: QuerySet[Run]
    current: Run | None
    about: dict[str, Any]
    history: Callable[[Run], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """`options` are what a client may say in `forwardedProps` or `state`. `start` is called with
    the user's row locked, and raises `Fault` if it does not start what is asked.
    """

    scope: str
    options: type[serializers.Serializer[Any]]
    find: Callable[[User, str], Thread | None]
    start: Callable[[User, Thread | None, Sent, dict[str, Any], Callable[[], None]], Run]


async def serve(request: HttpRequest, product: Product) -> HttpResponseBase:
    """Answer a POST with the run it starts, answers or joins; a GET with one it joins.

    A POST that cannot be done is answered by RUN_ERROR; 204 tells a GET that it has seen all of
    a run that ended. 400, 401, 403, 404, 413, 415 and 429 come before a byte of stream.
    """
    try:
        doors.only(request, "GET", "POST")
        open_ = _posted if request.method == "POST" else _joined
        opening = await may_write(partial(open_, product))(request)
        if opening is None:
            return HttpResponse(status=204)
        return respond(Viewer.of(request), opening)
    except Fault as error:
        if request.method == "POST":
            return fault(error)
        return Refusal(error.status, error.code, str(error)).response()
    except Refusal as refusal:
        return hinted(refusal.response(), allow="GET, POST")
    except TooManyStreams as error:
        code, wait = "too_many_streams", error.retry_after
        return Refusal(429, code, str(error), retry_after=wait).response()


def _posted(product: Product, request: HttpRequest) -> Opening:
    user = doors.signed_in(request)
    given = read(request, product.options)
    thread = product.find(user, given.thread)
    if given.answers:
        return _answered(product, request, user, thread, given)
    if given.text is not None and not _known(product, user, thread, given.thread, given.run):
        return _started(product, user, given)
    run = _run(product, user, thread, given.thread, given.run)
    return _again(request, _opening(product, user, run, given.thread, given.run, given.sent))


def _joined(product: Product, request: HttpRequest) -> Opening | None:
    user = doors.signed_in(request)
    thread_id, name = request.GET.get("threadId", ""), request.GET.get("runId", "")
    for field, given in (("threadId", thread_id), ("runId", name)):
        if (
            len(given) > LONGEST_ID
            or not given.isprintable()
            or (field == "threadId" and not given)
        ):
            raise wrong({field: f"Name it, with at most {LONGEST_ID} printable characters."})
    run = _run(product, user, product.find(user, thread_id), thread_id, name)
    seen = cursor(request)
    if seen is not None and run.is_terminal and seen >= _last(run):
        return None
    return _again(request, _opening(product, user, run, thread_id, name or str(run.pk)))


@transaction.atomic
def _started(product: Product, user: User, given: Input) -> Opening:
    """Start a run, once: the same ids of the same user begin it no second time."""
    User.objects.select_for_update().get(pk=user.pk)
    thread = product.find(user, given.thread)
    sent = Sent(scope=product.scope, chat=given.thread, message=given.run, text=given.text or "")
    run = resent.newest(user, sent)
    if run is None:
        if thread and (waiting := _waiting(thread)):
            raise Fault("interrupts_open", OPEN.format(", ".join(waiting)))
        before = partial(doors.check_limits, user)
        run = product.start(user, thread, sent, given.options, before)
    return _opening(product, user, run, given.thread, given.run, given.sent)


def _waiting(thread: Thread) -> list[str]:
    pending = Gate.objects.filter(run__in=thread.runs, state=Gate.State.PENDING)
    return [str(pk) for pk in pending.values_list("pk", flat=True)]


def _answered(
    product: Product, request: HttpRequest, user: User, thread: Thread | None, given: Input
) -> Opening:
    if thread is None:
        raise Fault("unknown_interrupt", agui_answers.UNKNOWN, 404)
    done = agui_answers.answer(
        given.answers, thread.runs, name=given.run, by=user, via=doors.via(request)
    )
    run = Run.objects.select_related("stream").get(pk=done.gate.run_id)
    opening = _opening(product, user, run, given.thread, given.run, given.sent)
    asked = StreamEvent.objects.filter(
        stream=run.stream_id, run_id=run.pk, type="gate_opened", body__contains=str(done.gate.pk)
    )
    position = asked.values_list("position", flat=True).first()
    if position is None or done.is_released or not done.is_decided:
        return replace(_again(request, opening), is_released=done.is_released)
    return replace(opening, until=position, is_joined=True)


def _known(
    product: Product, user: User, thread: Thread | None, thread_id: str, name: str
) -> Run | None:
    """Return the run a client means: one it started or let go on, or one of ours by its id."""
    sent = Sent(scope=product.scope, chat=thread_id, message=name, text="")
    if run := resent.newest(user, sent):
        return run
    if thread is None or not name:
        return None
    if run := agui_answers.began(thread.runs, name):
        return run
    try:
        return thread.runs.filter(pk=UUID(name)).first()
    except ValueError:
        return None


def _run(product: Product, user: User, thread: Thread | None, thread_id: str, name: str) -> Run:
    """Return the run to join: the one a client names, else the thread's last. Raises `Fault`."""
    if run := _known(product, user, thread, thread_id, name):
        return run
    if thread is None:
        raise Fault("unknown_thread", UNKNOWN, 404)
    if thread.current is None:
        raise Fault("unknown_run", NO_RUN, 404)
    return thread.current


def _opening(
    product: Product,
    user: User,
    run: Run,
    thread_id: str,
    name: str,
    sent: Sequence[tuple[str, str]] = (),
) -> Opening:
    """Return how a run is told from its beginning, to a client's run of that name."""
    thread = product.find(user, thread_id)
    if thread is None:
        raise Fault("unknown_thread", UNKNOWN, 404)
    address = f"/api/v1/runs/{run.pk}/"
    links = {"run_url": address, "cancel_url": f"/ag-ui/runs/{run.pk}/cancel"}
    return Opening(
        run=run,
        user_id=user.pk,
        thread=thread_id,
        name=name,
        about={"run_id": str(run.pk), "kind": run.kind, **thread.about, **links},
        names=Names(sent),
        history=partial(thread.history, run),
        until=run.begins_after,
    )


def _last(run: Run) -> int:
    """Return the position of the last event there is to tell of a run so far."""
    ended = log.last_of_run(run.stream_id, run.pk) if run.is_terminal else None
    return ended or log.last_position(run.stream_id)


def _again(request: HttpRequest, opening: Opening) -> Opening:
    """Join a run where the client left it, if it says so, or where the run is now.

    Its first event, which may be what the user said, is always told as what came before.
    """
    seen, last = cursor(request), _last(opening.run)
    until = max(opening.run.begins_after + 1, last if seen is None else min(seen, last))
    return replace(opening, until=until, is_joined=True)
