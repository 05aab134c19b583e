"""The reference pages that are made from the code: events, settings and commands."""

import ast
import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import get_commands, load_command_class

from chat.conf import ChatSettings
from files.conf import FileSettings
from planning.conf import PlanningSettings
from runs.conf import RunSettings
from streams.conf import StreamSettings
from streams.events import KNOWN, ContentEvent, Event

OURS = ("streams", "runs", "files", "planning", "chat", "project")
HEAD = "<!-- Made by `manage.py reference`; do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """Return each page's name and text."""
    return {"events.md": events(), "settings.md": settings_page(), "commands.md": commands()}


def _summary(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


def _type(annotation: Any) -> str:
    text = getattr(annotation, "__name__", None) or str(annotation)
    if not isinstance(annotation, type) or "[" in str(annotation):
        text = str(annotation)
    return re.sub(r"\b(?:typing|uuid|runs\.events)\.", "", text).replace("|", "or")


def _event(event: type[Event]) -> str:
    own = event.__doc__ if event.__doc__ not in [base.__doc__ for base in event.__bases__] else ""
    lines = [f"### `{event.type}`", "", f"Envelope `{event.envelope.value}`."]
    if event.is_final:
        lines[-1] += " Ends the run."
    if issubclass(event, ContentEvent):
        lines[-1] += " Has text: `data.content` inline, pulled by `message_id` otherwise."
    if own:
        lines += ["", _summary(own)]
    rows = [
        f"| `{name}` | {_type(field.annotation)} | {'yes' if field.is_required() else 'no'} |"
        for name, field in event.model_fields.items()
        if not field.exclude
    ]
    if rows:
        lines += ["", "| field of `data` | type | always there |", "|---|---|---|", *rows]
    return "\n".join(lines)


def events() -> str:
    """Return the page of all event types."""
    ours = [one for one in KNOWN.values() if one.__module__.split(".")[0] in OURS]
    parts = [_event(one) for one in sorted(ours, key=lambda one: (one.__module__, one.type))]
    intro = (
        "# Events\n\nEvery event of the log. The envelope around `data` is described in "
        "[streaming](../explanation/streaming.md).\n\n"
    )
    return HEAD + intro + "\n\n".join(parts) + "\n"


def _variables() -> list[tuple[str, str, str]]:
    """Return name, kind and default of each environment variable that settings.py reads."""
    tree = ast.parse((settings.BASE_DIR / "project" / "settings.py").read_text())
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if getattr(node.func.value, "id", "") != "env" or not node.args:
            continue
        name = ast.literal_eval(node.args[0])
        rest = [*node.args[1:2], *(one.value for one in node.keywords if one.arg == "default")]
        default = ast.unparse(rest[0]) if rest else "''"
        found.append((name, node.func.attr.replace("_", " "), default))
    return sorted(set(found))


def _default(value: object) -> str:
    return str(value) if isinstance(value, Path) else repr(value)


def settings_page() -> str:
    """Return the page of environment variables and of the checked settings objects."""
    lines = [
        "# Settings",
        "",
        "## Environment",
        "",
        "| variable | kind | default |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {kind} | `{default}` |" for name, kind, default in _variables()]
    for title, kind in (
        ("STREAMS", StreamSettings),
        ("RUNS", RunSettings),
        ("FILES", FileSettings),
        ("PLANNING", PlanningSettings),
        ("CHAT", ChatSettings),
    ):
        lines += [
            "",
            f"## {title}",
            "",
            _summary(kind.__doc__ if "(" not in (kind.__doc__ or "(") else ""),
        ]
        lines += ["| key | default |", "|---|---|"]
        lines += [
            f"| `{field.name.upper()}` | `{_default(field.default)}` |"
            for field in dataclasses.fields(kind)
        ]
    text = "\n".join(lines).replace("\n\n\n", "\n\n")
    return f"{HEAD}{text}\n"


def commands() -> str:
    """Return the page of management commands."""
    lines = ["# Commands", ""]
    for name, app in sorted(get_commands().items()):
        if app not in OURS:
            continue
        command = load_command_class(app, name)
        lines += [f"## `manage.py {name}`", "", inspect.cleandoc(command.help), ""]
    return HEAD + "\n".join(lines).rstrip() + "\n"
