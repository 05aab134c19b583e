"""What people do in chats, and where they look."""

from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.people import Person

QUESTION = "How many rows by month?"
ORDERS: FilePayload = {
    "name": "orders.csv",
    "mimeType": "text/csv",
    "buffer": b"order_id,customer_id,amount,day\n"
    b"1,1,10.5,2024-01-02\n2,2,20.0,2024-01-03\n3,1,7.25,2024-02-01\n4,3,12.0,2024-02-05\n",
}
CUSTOMERS: FilePayload = {
    "name": "customers.csv",
    "mimeType": "text/csv",
    "buffer": b"customer_id,name,city\n1,Ada,Oslo\n2,Grace,Bergen\n3,Linus,Oslo\n",
}
PHOTO: FilePayload = {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n"}
NOTES: FilePayload = {
    "name": "field notes.md",
    "mimeType": "text/markdown",
    "buffer": b"# Notes\n\nThe colony moved in 2008.\nThe scale was replaced in 2009.\n",
}


def start(ada: Person, **wish: Any) -> str:
    """Start a chat by REST; return its id."""
    return str(ada.api("POST", "sessions/", {"demo": "penguins", **wish})["id"])


def upload(ada: Person, file: FilePayload) -> str:
    """Send a file as a script would; return its id."""
    ada.context.request.get("/memory/")
    cookies = {cookie["name"]: cookie["value"] for cookie in ada.context.cookies()}
    answer = ada.context.request.post(
        "/api/v1/files/",
        multipart={"file": file},
        headers={"X-CSRFToken": cookies["csrftoken"]},
    )
    assert answer.ok, answer.text()
    return str(answer.json()["id"])


def open_chat(ada: Person, session: str, page: Page | None = None, query: str = "") -> Page:
    page = page or ada.page
    page.goto(f"/chats/{session}/{query}")
    return page


def ready(ada: Person, query: str = "", **wish: Any) -> str:
    """Be on the page of a new chat whose data is read."""
    session = start(ada, **wish)
    open_chat(ada, session, query=query)
    expect(state(ada.page)).to_have_text("Ready")
    expect(ada.page.get_by_test_id("welcome")).to_contain_text("Ask about penguins")
    return session


def say(page: Page, text: str) -> None:
    box(page).fill(text)
    page.keyboard.press("Enter")


def ask(page: Page, text: str = QUESTION) -> Locator:
    """Ask, and return the answer when it is complete."""
    count = answers(page).count()
    say(page, text)
    expect(answers(page)).to_have_count(count + 1)
    answer = answers(page).nth(count)
    expect(answer).to_have_attribute("data-status", "complete")
    return answer


def session(ada: Person, session_id: str) -> Any:
    return ada.api("GET", f"sessions/{session_id}/snapshot/")


def box(page: Page) -> Locator:
    return page.get_by_label("Message", exact=True)


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Send", exact=True)


def state(page: Page) -> Locator:
    return page.get_by_test_id("state-badge")


def conversation(page: Page) -> Locator:
    return page.get_by_test_id("conversation")


def questions(page: Page) -> Locator:
    return page.get_by_test_id("user-message")


def answers(page: Page) -> Locator:
    return page.get_by_test_id("assistant-message")


def part(answer: Locator, name: str) -> Locator:
    return answer.get_by_test_id(f"part-{name}")


def thinking(page: Page) -> Locator:
    return page.get_by_test_id("thinking")


def tool_gate(page: Page) -> Locator:
    return page.get_by_test_id("gate-card-tool")


def question_gate(page: Page) -> Locator:
    return page.get_by_test_id("gate-card-question")


def panel(page: Page, name: str) -> Locator:
    """Open a tab beside the conversation."""
    page.get_by_test_id("panel").get_by_role("tab", name=name, exact=True).click()
    return page.get_by_test_id(f"panel-{name.lower()}")


def bubbles(page: Page) -> list[str]:
    """Return what users said, as the page shows it."""
    return questions(page).locator(".bubble").all_inner_texts()
