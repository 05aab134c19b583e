"""What `tests.browser.screenshots` photographs of chats."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import FilePayload, expect

from tests.browser.album import Album
from tests.browser.chatting import (
    answers,
    ask,
    box,
    open_chat,
    panel,
    part,
    question_gate,
    questions,
    ready,
    say,
    start,
    state,
    tool_gate,
    upload,
)
from tests.browser.people import Person, banner, overlay
from tests.browser.serving import SCRIPT, Server

CITIES = ("Oslo", "Bergen", "Trondheim", "Stavanger", "Kristiansand")
KINDS = ("Bicycle", "Helmet", "Lamp", "Lock", "Pannier", "Pump", "Saddle", "Trailer")


def _file(name: str, head: str, rows: list[str]) -> FilePayload:
    text = "\n".join([head, *rows]) + "\n"
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def shop() -> list[FilePayload]:
    """Return three tables that belong together, with a few things to find fault with."""
    customers = [f"{n},Customer {n},{CITIES[n * n % 5]}" for n in range(1, 41)]
    products = [f"{n},{kind},{40 + 37 * n}" for n, kind in enumerate(KINDS, start=1)]
    orders = [
        f"{n},{1 + n * 7 % 40},{1 + n * n % 8},{1 + n % 4},"
        f"2025-{1 + n % 12:02}-{1 + n * 5 % 28:02},{'' if n % 17 == 0 else 'shop' if n % 3 else 'web'}"
        for n in range(1, 361)
    ]
    return [
        _file("orders.csv", "order_id,customer_id,product_id,quantity,day,channel", orders),
        _file("customers.csv", "customer_id,name,city", customers),
        _file("products.csv", "product_id,kind,price", products),
    ]


def lists(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        page = ada.page
        page.goto("/chats/")
        album.take(page, "chats-empty")
        page.get_by_role("button", name="Chat", exact=True).click()
        photo: FilePayload = {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
        page.set_input_files("#new-chat-files", [*shop(), photo])
        page.locator(".upload[data-failed]").wait_for()
        expect(page.get_by_text("Ready")).to_have_count(3)
        album.take(page, "chats-new")
        for title in ("Bicycles in the north", "Penguins, second look", "What went wrong in May"):
            start(ada, title=title)
        page.goto("/chats/")
        album.take(page, "chats")


def _shop(ada: Person) -> str:
    files = [upload(ada, one) for one in shop()]
    session_id = start(ada, title="Bicycles in the north", demo="", files=files, mode="act")
    open_chat(ada, session_id)
    expect(state(ada.page)).to_have_text("Ready", timeout=30_000)
    return session_id


def data(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        page = ada.page
        _shop(ada)
        album.take(page, "chat-start")
        answer = ask(page, "What is the total quantity by kind?")
        album.take(page, "chat-answer")
        part(answer, "intent").locator("summary").first.click()
        part(answer, "query").locator("summary").first.click()
        questions(page).first.scroll_into_view_if_needed()
        album.take(page, "chat-evidence")
        ask(page, "How many orders by month?")
        album.take(page, "chat-months")
        panel(page, "Timeline")
        album.take(page, "chat-timeline")
        panel(page, "Log")
        album.take(page, "chat-log")
        panel(page, "Data")
        box(page).fill("/")
        page.get_by_role("option").first.wait_for()
        album.take(page, "chat-menu")
        box(page).fill("/compare")
        page.keyboard.press("Enter")
        page.get_by_test_id("workflow-dialog").get_by_role("button", name="Run").click()
        album.take(page, "chat-workflow")
        page.keyboard.press("Escape")
        page.set_viewport_size({"width": 390, "height": 844})
        page.get_by_test_id("view-tabs").get_by_role("tab", name="Data").click()
        album.take(page, "chat-data-tab")


def decisions(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        page = ada.page
        ready(ada, mode="act")
        say(page, "Please call a tool")
        tool_gate(page).get_by_text("Edit the arguments").click()
        album.take(page, "chat-tool")
        page.goto("/inbox/")
        page.get_by_test_id("inbox-mine").wait_for()
        album.take(page, "inbox-chat")
        page.go_back()
        tool_gate(page).get_by_role("button", name="Approve", exact=True).click()
        expect(answers(page)).to_have_count(2)
        expect(answers(page).nth(1)).to_have_attribute("data-status", "complete")
        answers(page).first.get_by_test_id("part-tool").scroll_into_view_if_needed()
        album.take(page, "chat-approved")
        say(page, "Please ask me")
        question_gate(page).wait_for()
        album.take(page, "chat-question")
        question_gate(page).get_by_role("button", name="March").click()
        expect(answers(page).last.get_by_test_id("suggestions")).to_be_visible()
        say(page, "Please fail")
        expect(answers(page).last).to_have_attribute("data-status", "failed")
        ada.context.set_offline(True)
        banner(page).wait_for()
        album.take(page, "chat-failed-offline")


def work(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        page = ada.page
        ready(ada)
        ask(page, "How many rows by month?")
        question = questions(page).first
        question.hover()
        question.get_by_role("button", name="Edit").click()
        album.take(page, "chat-editing")
        question.get_by_role("button", name="Ask this instead").click()
        expect(overlay(page)).to_be_visible()
        say(page, "And the year before?")
        expect(questions(page)).to_have_count(2)
        album.take(page, "chat-working")
        expect(overlay(page)).to_be_hidden(timeout=60_000)
        page.get_by_test_id("branches-button").click()
        album.take(page, "chat-branches")


SLOW = {**SCRIPT, "delay": 0.25, "words": 20, "slow": {"initialise": 0.0}}
OFFLINE = {"CAIRN_ENGINE": "offline"}
CHAT_SCENES: dict[str, tuple[Callable[[Album, Server], None], dict[str, Any]]] = {
    "chat-lists": (lists, OFFLINE),
    "chat-data": (data, OFFLINE),
    "chat-decisions": (decisions, {}),
    "chat-work": (work, {"script": SLOW}),
}
