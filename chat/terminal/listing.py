"""Chats and what was said in them, as text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chat import branches, shapes
from chat.models import Branch, ChatSession
from runs.terminal.screen import JsonScreen, TextScreen
from runs.terminal.text import cut, one_line
from runs.terminal.words import count

AnyScreen = TextScreen | JsonScreen


def sessions(screen: AnyScreen, found: Sequence[Mapping[str, Any]]) -> None:
    """Write a table of chats, each in the form that `chat.shapes.summary` and REST give it."""
    columns = screen.console.width() if screen.console.is_terminal else 200
    for one in found:
        used = datetime.fromisoformat(one["updated_at"])
        figures = (
            f"{one['id'][:8]}  {one['state']:<16} {one['mode']:<4}  {one['turns']:>3} turns  "
            f"{used:%m-%d %H:%M}"
        )
        screen.say(cut(f"{figures}  {one_line(one['title'])}", columns))
    if not found:
        screen.say("There is no such chat: cairn chat new starts one.")


def transcript(session: ChatSession, branch: Branch) -> list[dict[str, Any]]:
    return shapes.messages(branches.in_order(branches.messages(branch)))


def conversation(
    screen: AnyScreen, session: ChatSession, branch: Branch, said: Sequence[dict[str, Any]]
) -> None:
    """Write a branch from its beginning, each answer with what was executed for it."""
    screen.say(one_line(session.title), "bold")
    about = f"About {session.data_set.name}; mode {session.mode}; branch {branch.name}."
    screen.say(one_line(about), "dim")
    for message in said:
        screen.say()
        if message["role"] == "assistant":
            _reply(screen, message)
        else:
            who = message["by"] if message["role"] == "user" else "Cairn"
            screen.say(one_line(f"{who}: {message['text']}"), "bold")


def _reply(screen: AnyScreen, message: dict[str, Any]) -> None:
    parts = message["parts"]
    if query := parts.get("query"):
        screen.say(f"  SQL: {one_line(query['sql'])}", "dim")
        screen.say(f"  {count(query['result']['row_count'], 'row')}.", "dim")
    card = parts.get("card") or {}
    screen.paragraph(message["text"] or card.get("text", ""))
    if message["status"] != "complete":
        screen.say(f"  ({message['status']})", "warning")
