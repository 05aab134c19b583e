"""A chat from the first file to the answer: what the page shows while an engine works, and after."""

import re

from playwright.sync_api import Page, Request, expect

from tests.browser.chatting import (
    CUSTOMERS,
    ORDERS,
    PHOTO,
    QUESTION,
    answers,
    ask,
    box,
    bubbles,
    panel,
    part,
    questions,
    ready,
    say,
    session,
    start,
    state,
)
from tests.browser.people import Person, live, overlay


def test_quickstart(ada: Person, page: Page) -> None:
    """Files, progress, questions to begin with, an answer.

    The consoles stay silent, here as in all tests. Rows 0-38, 4-36, 4-37, 4-40, 4-41, 4-59.
    """
    ada.watch.allow("status of 415")
    page.goto("/chats/")
    expect(page.get_by_test_id("empty")).to_contain_text("Ask your data")
    page.get_by_role("button", name="Chat", exact=True).click()
    form = page.get_by_test_id("new-chat-form")
    page.set_input_files("#new-chat-files", [ORDERS, CUSTOMERS, PHOTO])
    expect(form.get_by_text("Ready")).to_have_count(2)
    expect(form.locator(".upload[data-failed]")).to_contain_text("photo.png is of a type")
    expect(form.get_by_label("Penguins")).to_be_disabled()
    form.get_by_label("Name").fill("Shop")
    form.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Shop")
    expect(state(page)).to_have_text("Ready")
    expect(live(page)).to_have_text("Live")

    suggestion = page.get_by_test_id("first-suggestions").get_by_role("button").first
    text = suggestion.inner_text()
    suggestion.click()
    expect(answers(page)).to_have_count(1)
    expect(answers(page)).to_contain_text(f"You asked: {text}")
    expect(answers(page)).to_have_attribute("data-status", "complete")
    expect(state(page)).to_have_text("Ready")


def test_a_chat_without_any_file_that_was_taken_does_not_start(ada: Person, page: Page) -> None:
    """It would be about something else than what was brought."""
    ada.watch.allow("status of 415")
    page.goto("/chats/new/")
    page.set_input_files("#new-chat-files", [PHOTO])
    expect(page.locator(".upload[data-failed]")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("None of your files was taken.")
    page.get_by_label("Remove photo.png").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/$"))


def test_an_answer_shows_all_that_it_rests_on(ada: Person, page: Page) -> None:
    """Intent, query, insight, text, summary, suggestions. Rows 1-3, 1-5, 1-6."""
    ready(ada)
    answer = ask(page)
    intent = part(answer, "intent")
    expect(intent).to_contain_text("PARTICULAR")
    expect(intent).to_contain_text("90 % sure")
    intent.locator("summary").first.click()
    expect(intent).to_contain_text("The script always asks for a count by month.")
    expect(intent).to_contain_text("bar (month across, count up)")
    intent.get_by_text("Intent as JSON").click()
    expect(intent.locator("pre")).to_contain_text('"intent_type": "PARTICULAR"')

    query = part(answer, "query")
    expect(query).to_contain_text("count by month")
    expect(query).to_contain_text("3 rows")
    query.locator("summary").click()
    expect(query.locator(".sql")).to_have_text('SELECT "month", "count" FROM "script"')
    expect(query.get_by_role("cell", name="March")).to_be_visible()

    expect(part(answer, "insight").locator("strong")).to_have_text("most")
    expect(answer.locator(".answer")).to_contain_text("word1 word2 word3")
    summary = part(answer, "summary")
    expect(summary.get_by_role("row", name=re.compile("count"))).to_contain_text("5.3")
    chart = summary.get_by_test_id("chart")
    expect(chart.locator("rect.mark")).to_have_count(3)
    expect(chart.get_by_role("img")).to_have_attribute("aria-label", re.compile("from 3 to 8"))
    chart.get_by_text("Values").click()
    expect(chart.get_by_role("row", name="March 8")).to_be_visible()

    answer.get_by_test_id("suggestions").get_by_role("button").last.click()
    expect(answers(page)).to_have_count(2)
    assert bubbles(page) == [QUESTION, "What is in the data?"]
    expect(answers(page).first.get_by_test_id("suggestions")).to_be_hidden()


def test_what_is_copied_is_what_was_executed(ada: Person, page: Page) -> None:
    """The SQL and the rows, without the page's own words."""
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ready(ada)
    query = part(ask(page), "query")
    query.locator("summary").click()
    query.get_by_role("button", name="Copy the SQL").click()
    expect(query.get_by_text("Copied")).to_be_visible()
    read = "navigator.clipboard.readText()"
    assert page.evaluate(read) == 'SELECT "month", "count" FROM "script"'
    query.get_by_role("button", name="Copy the rows").click()
    expect(query.get_by_text("Copied")).to_have_count(2)
    assert page.evaluate(read) == "month\tcount\nJanuary\t3\nFebruary\t5\nMarch\t8"


def test_one_overlay_serves_every_kind_of_work(ada: Person, page: Page) -> None:
    """Reading the data, answering, a workflow, and plans elsewhere. Rows 0-3, 0-43, 0-45."""
    session_id = start(ada)
    page.goto(f"/chats/{session_id}/")
    seen = page.evaluate(
        """() => new Promise((resolve) => {
            const seen = new Set();
            const timer = setInterval(() => {
                const overlay = document.getElementById("overlay");
                if (!overlay.hidden) seen.add(overlay.querySelector("[data-slot=name]").textContent);
                if (document.querySelector("#state-badge").textContent.trim() === "Ready") {
                    clearInterval(timer);
                    resolve([...seen]);
                }
            }, 5);
        })"""
    )
    assert seen in ([], ["Understanding the data"])  # it may be over before the page is there
    say(page, "Please call a tool")
    expect(overlay(page)).to_contain_text("Waiting for a decision")
    overlay(page).get_by_role("button", name="Cancel").click()
    expect(overlay(page)).to_be_hidden()
    plan_id = ada.propose()
    ada.open(plan_id)
    page.keyboard.press("Escape")
    expect(overlay(page)).to_contain_text("Waiting for a decision")
    assert page.get_by_test_id("progress-overlay").count() == 1


def test_a_healthy_chat_needs_one_stream_and_no_poll(ada: Person, page: Page) -> None:
    """Reading the data and answering come over one connection. Rows 0-2, 0-37, 0-39."""
    requests: list[Request] = []
    page.on("request", lambda one: requests.append(one))
    session_id = start(ada)
    page.goto(f"/chats/{session_id}/")
    expect(state(page)).to_have_text("Ready")
    ask(page)
    ask(page, "And once more?")
    events = [one for one in requests if "/events/" in one.url]
    assert len(events) == 1
    assert events[0].headers["accept"].startswith("text/event-stream")
    assert not [one for one in requests if re.search(r"/status|/api/v1/runs/[^/]+/$", one.url)]
    assert len([one for one in requests if one.method == "POST"]) == 2
    scripts = {one.url.rsplit("/static/", 1)[1] for one in requests if one.url.endswith(".js")}
    users = {"js/stream/eventsource-transport.js", "js/stream/fetch-transport.js"}
    assert users <= scripts


# Resolves when a scroller has not moved for ten frames.
AT_REST = """one => new Promise((rest) => {
  let last = one.scrollTop, still = 0;
  const look = () => {
    still = one.scrollTop === last ? still + 1 : 0;
    last = one.scrollTop;
    still < 10 ? requestAnimationFrame(look) : rest();
  };
  look();
})"""


def test_the_newest_stays_in_sight_until_the_reader_scrolls_up(ada: Person, page: Page) -> None:
    """Then a button leads back; sending leads there by itself."""
    ready(ada)
    for number in range(3):
        answer = ask(page, f"Question {number}?")
        expect(answer.get_by_test_id("suggestions")).to_be_in_viewport()
    jump = page.get_by_role("button", name="Jump to newest")
    expect(jump).to_be_hidden()
    page.locator("#scroll").hover()
    page.mouse.wheel(0, -900)
    expect(answers(page).last.get_by_test_id("suggestions")).not_to_be_in_viewport()
    page.locator("#scroll").evaluate(AT_REST)  # the wheel goes on turning by itself
    say(page, "From above?")
    expect(answers(page)).to_have_count(4)
    expect(answers(page).last.get_by_test_id("suggestions")).to_be_in_viewport()
    page.locator("#scroll").evaluate("one => one.scrollTo(0, 0)")
    expect(questions(page).first).to_be_in_viewport()
    ada.api("POST", f"sessions/{page.url.rstrip('/')[-36:]}/messages/", {"text": "From elsewhere?"})
    expect(answers(page)).to_have_count(5)
    expect(answers(page).last).not_to_be_in_viewport()
    jump.click()
    expect(answers(page).last.get_by_test_id("suggestions")).to_be_in_viewport()


def test_the_log_says_what_the_engine_does(ada: Person, page: Page) -> None:
    """Times, levels, components, and the three lines of the old chat. Row 1-40."""
    session_id = ready(ada)
    ask(page)
    log = panel(page, "Log")
    text = log.inner_text()
    lines = ["Intent parsing...", "Generating Insight...", "Querying data..."]
    assert [text.index(one) for one in lines] == sorted(text.index(one) for one in lines)
    line = log.locator(".log-line", has_text="Intent parsing...")
    expect(line).to_contain_text(re.compile(r"\d\d:\d\d:\d\d\.\d{3}"))
    expect(line).to_contain_text("INFO")
    expect(line.locator(".log-agent")).to_have_text("intent")
    timeline = panel(page, "Timeline")
    expect(timeline.locator(".run-head", has_text=QUESTION)).to_contain_text(re.compile(r"\d m?s"))
    expect(timeline).to_contain_text("Query executed: 3 rows in 1 ms.")
    page.reload()
    expect(page.get_by_test_id("panel-timeline")).to_contain_text("Query executed: 3 rows")
    assert session(ada, session_id)["state"] == "idle"
    expect(questions(page)).to_have_count(1)
    expect(box(page)).to_be_visible()


def test_very_long_text_is_appended_and_rendered_once_at_the_end(page: Page) -> None:
    """Rendering all of it again for each piece would keep the reader's browser busy. Row 4-40."""
    page.goto("/chats/")
    seen = page.evaluate(
        """async () => {
            const { StreamedText } = await import("/static/js/pages/streamed-text.js");
            let renders = 0;
            const text = new StreamedText((all) => {
                renders += 1;
                const rendered = document.createDocumentFragment();
                rendered.append(all);
                return rendered;
            });
            const seen = [];
            for (const [length, complete] of [[20_000, false], [40_000, false], [45_000, false], [45_000, true]]) {
                text.update("a".repeat(length), complete);
                seen.push([text.element.textContent.length, renders]);
            }
            return seen;
        }"""
    )
    assert seen == [[20_000, 1], [40_000, 1], [45_000, 1], [45_000, 2]]
