"""Settings of streams and runs: wrong ones stop the start, changed ones count at once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import timezone

from runs.conf import run_settings
from streams import log
from streams.conf import stream_settings
from streams.limits import Slots, TooManyStreams
from streams.models import Stream, StreamEvent
from tests.factories import Noted, make_stream


def problems() -> list[str]:
    return [message.id or "" for message in run_checks()]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("STREAMS", {"HEARTBEATS": 3}, "streams.E001"),
        ("STREAMS", {"HEARTBEAT_SECONDS": 0}, "streams.E001"),
        ("STREAMS", {"PAGE": -1}, "streams.E001"),
        ("STREAMS", {"BATCH": "many"}, "streams.E001"),
        ("STREAMS", {"RETAIN_DAYS": -1}, "streams.E001"),
        ("STREAMS", {"TRANSPORT": "pigeon"}, "streams.E001"),
        ("RUNS", {"LEASE": 3}, "runs.E001"),
        ("RUNS", {"LEASE_SECONDS": 0}, "runs.E001"),
        ("RUNS", {"MAX_ATTEMPTS": 0}, "runs.E001"),
        ("RUNS", {"BACKOFF_SECONDS": -1}, "runs.E001"),
        ("RUNS", {"GATE_DEADLINE_SECONDS": 0}, "runs.E001"),
        ("RUNS", {"RUNNER": "celery"}, "runs.E001"),
        ("RUNS", {"CONCURRENCY": None}, "runs.E001"),
    ],
)
def test_a_wrong_name_or_value_is_an_error_of_the_system_check(settings, name, value, found):
    setattr(settings, name, value)

    assert found in problems()


def test_the_settings_of_this_project_are_right():
    assert not {"streams.E001", "runs.E001", "streams.W001"} & set(problems())


def test_a_changed_setting_counts_at_once(settings):
    settings.STREAMS = {"HEARTBEAT_SECONDS": 3, "RETAIN_DAYS": 0}
    settings.RUNS = {"LEASE_SECONDS": 12}

    assert (stream_settings().heartbeat_seconds, stream_settings().retain_days) == (3, 0)
    assert (run_settings().lease_seconds, run_settings().heartbeat_seconds) == (12, 4)
    settings.DEBUG = not settings.DEBUG
    assert stream_settings().heartbeat_seconds == 3


def sync_middleware(get_response):
    return get_response


def test_middleware_that_would_hold_streams_up_is_warned_about(settings):
    """Reliability 13."""
    settings.MIDDLEWARE = [
        "django.middleware.gzip.GZipMiddleware",
        "tests.streams.test_settings.sync_middleware",
        *settings.MIDDLEWARE,
    ]

    assert {"streams.W001", "streams.W002"} <= set(problems())


def ended(days: float) -> Stream:
    stream = make_stream()
    log.append(stream.pk, [Noted()] * 4, close=True)
    Stream.objects.filter(pk=stream.pk).update(closed_at=timezone.now() - timedelta(days=days))
    return stream


@pytest.mark.django_db
def test_pruning_clears_streams_that_ended_long_ago_but_for_their_end():
    """Reliability 10."""
    old, young = ended(100), ended(10)
    out = StringIO()

    call_command("prune_streams", dry_run=True, stdout=out)
    before = StreamEvent.objects.count()
    call_command("prune_streams", stdout=out)

    assert before == 8
    assert [old.events.count(), young.events.count()] == [1, 4]
    assert out.getvalue().splitlines() == [
        "1 streams would be pruned.",
        "3 events of 1 streams deleted.",
    ]


@pytest.mark.django_db
def test_pruning_takes_no_negative_age():
    with pytest.raises(CommandError, match="0 or more"):
        call_command("prune_streams", days=-1)


@pytest.mark.django_db
def test_the_admin_shows_events_and_changes_none():
    view = admin.site._registry[StreamEvent]
    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("root")

    assert view.has_view_permission(request)
    assert not view.has_add_permission(request)
    assert not view.has_change_permission(request)
    assert not view.has_delete_permission(request)


def test_slots_are_counted_for_each_user_and_given_back_once():
    """Reliability 20."""
    slots = Slots()

    first = slots.take("ada", limit=1)
    with pytest.raises(TooManyStreams, match="1 open streams"):
        slots.take("ada", limit=1)
    with slots.take("grace", limit=1):
        assert slots.total == 2
    first.give_back()
    first.give_back()

    assert slots.total == 0
    slots.take("ada", limit=1)


@pytest.mark.django_db
def test_rows_describe_themselves():
    stream = ended(1)

    assert str(Stream.objects.get(pk=stream.pk)) == f"stream {stream.pk} at 4"
    assert str(stream.events.first()) == "1 test_noted"
