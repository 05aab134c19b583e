"""Log lines that programs read: one JSON object each, with the fields that a message names."""

import ast
import json
import logging
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from project.logs import Json, WithRequest, parted, request_id

OURS = ("streams", "runs", "files", "planning", "chat", "project")
METHODS = ("debug", "info", "warning", "error", "exception")


@pytest.fixture(autouse=True)
def no_request() -> Iterator[None]:
    """Forget the requests of other tests, whose client leaves them in this thread."""
    token = request_id.set("")
    yield
    request_id.reset(token)


def line(message: object, *arguments: object, error: BaseException | None = None) -> dict[str, Any]:
    found = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("runs.lease", logging.WARNING, "x.py", 1, message, arguments, found)
    WithRequest().filter(record)
    text = Json().format(record)
    assert len(text.splitlines()) == 1
    said: dict[str, Any] = json.loads(text)
    return said


def test_a_line_has_the_fields_that_its_message_names():
    """Row 3-43."""
    run = uuid.uuid4()

    said = line("Lease lost run=%s fence=%s", run, 3)

    time = said.pop("time")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)
    assert said == {
        "level": "warning",
        "logger": "runs.lease",
        "message": "Lease lost",
        "run": str(run),
        "fence": 3,
    }


@pytest.mark.parametrize(
    ("template", "arguments", "message", "named"),
    [
        ("Worker has ended", (), "Worker has ended", {}),
        ("100% sure", (), "100% sure", {}),
        ("%s tasks did not end in %s s", (3, 2.5), "3 tasks did not end in 2.5 s", {}),
        ("Group of %d failed error=%s", (3, "x"), "Group of 3 failed", {"error": "x"}),
        ("100%% of run=%s done", (7,), "100% of done", {"run": 7}),
        ("%s: %s", ("Not Found", "/a%20b"), "Not Found: /a%20b", {}),
        ("a %(b)s", ({"b": 1},), "a 1", {}),
    ],
)
def test_what_a_message_does_not_name_stays_in_it(
    template: str, arguments: tuple[Any, ...], message: str, named: dict[str, Any]
):
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, template, arguments, None)

    assert parted(template, record.args) == (message, named)


def test_a_message_cannot_pass_for_another_time_level_or_logger():
    said = line("Odd time=%s level=%s logger=%s empty=%s", "never", "none", "mine", "")

    assert (said["level"], said["logger"]) == ("warning", "runs.lease")
    assert said["time"] != "never"
    assert "empty" not in said


def test_line_ends_in_a_value_forge_no_second_line():
    said = line("Client not served client=%s", 'x\n{"level": "info"}\u2028')

    assert said["client"] == 'x\n{"level": "info"}\u2028'


def test_an_error_brings_its_kind_and_where_it_was():
    with pytest.raises(KeyError) as caught:
        dict[str, int]()["nothing there"]
    said = line("Handler failed run=%s", 1, error=caught.value)

    assert said["exception"] == "KeyError"
    assert "test_logs.py" in said["traceback"]


def test_a_line_names_the_request_it_belongs_to():
    token = request_id.set("of-this-request")
    try:
        assert line("x")["request_id"] == "of-this-request"
    finally:
        request_id.reset(token)
    assert "request_id" not in line("x")


def calls() -> list[tuple[str, str]]:
    """Return the file and the template of each log call in the code."""
    found = []
    for app in OURS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            tree = ast.parse(path.read_text())
            found += [
                (str(Path(path).relative_to(settings.BASE_DIR)), str(node.args[0].value))
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in METHODS
                and getattr(node.func.value, "id", "") == "logger"
                and isinstance(node.args[0], ast.Constant)
            ]
    return found


def test_log_calls_name_no_field_that_holds_what_people_wrote():
    """Reliability 24: a field of that name would be one that holds a text or a secret."""
    forbidden = {"text", "goal", "message", "comment", "prompt", "token", "password", "content"}

    assert len(calls()) > 30
    assert [
        (path, template)
        for path, template in calls()
        if forbidden & set(re.findall(r"(\w+)=%", template))
    ] == []
