"""An engine that takes its time: something always moves, it can be stopped, and nothing is lost."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.chatting import (
    QUESTION,
    answers,
    box,
    conversation,
    open_chat,
    questions,
    ready,
    say,
    send_button,
    start,
    state,
    thinking,
    upload,
)
from tests.browser.people import Person, live, overlay
from tests.browser.serving import SCRIPT, Server, serve

SLOW = {**SCRIPT, "delay": 0.12, "words": 12, "slow": {"initialise": 0.6, "reply-2": 1.0}}
NEW_DATA: FilePayload = {"name": "new.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n3,4\n"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("slow"), SLOW, CAIRN_TICK="0.4") as running:
        yield running


def test_progress_is_in_the_overlay_and_not_in_the_conversation(ada: Person, page: Page) -> None:
    """Two bubbles for a question and its answer, whatever was told in between.

    Rows 0-38, 0-43, 0-44, 1-4, 1-36.
    """
    ready(ada)
    page.evaluate(
        """() => {
            window.said = new Set();
            window.most = 0;
            const look = () => {
                const overlay = document.getElementById("overlay");
                if (!overlay.hidden) window.said.add(overlay.querySelector("[data-slot=message]").textContent);
                window.most = Math.max(window.most, document.querySelectorAll("#conversation > .message").length);
            };
            new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        }"""
    )
    say(page, QUESTION)
    expect(overlay(page)).to_be_visible()
    expect(overlay(page)).to_contain_text("Answering")
    expect(overlay(page)).to_contain_text(re.compile(r"\d s"))
    expect(overlay(page).get_by_role("button", name="Cancel")).to_be_visible()
    expect(overlay(page).get_by_role("progressbar")).to_have_attribute("value", re.compile(r"\d+"))
    expect(answers(page)).to_have_attribute("data-status", "complete")
    expect(overlay(page)).to_be_hidden()
    said = page.evaluate("[...window.said]")
    assert "Generating Insight..." in said
    assert "Querying data..." in said
    assert page.evaluate("window.most") == 2
    assert "Generating Insight" not in conversation(page).inner_text()


def test_an_engine_thinks_first_and_then_writes(ada: Person, page: Page) -> None:
    """The indicator is there before the text, and gone with it, also after an error.

    Rows 1-35, 1-39, 1-44.
    """
    ready(ada)
    page.evaluate(
        """() => {
            window.order = [];
            const note = (what) => window.order.at(-1) === what || window.order.push(what);
            const look = () => {
                if (document.getElementById("thinking")) note("thinking");
                else if (document.querySelector(".answer")?.textContent) note("text");
            };
            new MutationObserver(look).observe(document.getElementById("scroll"), { subtree: true, childList: true, attributes: true, characterData: true });
        }"""
    )
    say(page, QUESTION)
    expect(answers(page)).to_have_attribute("data-status", "complete")
    assert page.evaluate("window.order") == ["thinking", "text"]
    expect(conversation(page)).to_have_attribute("aria-busy", "false")
    say(page, "Please fail")
    expect(answers(page).last.get_by_test_id("message-end")).to_contain_text(
        "Error: The script says"
    )
    expect(thinking(page)).to_be_hidden()
    expect(state(page)).to_have_text("Ready")


def test_reading_the_data_survives_a_reload(ada: Person, page: Page) -> None:
    """It goes on where it was, and no step is told twice. Rows 0-10, 0-43."""
    session_id = start(ada, demo="", files=[upload(ada, NEW_DATA)])
    open_chat(ada, session_id)
    expect(overlay(page)).to_contain_text("Understanding the data")
    expect(overlay(page).get_by_role("progressbar")).to_have_attribute("value", re.compile(r"\d+"))
    expect(state(page)).to_have_text("Reading the data")
    page.reload()
    expect(overlay(page)).to_contain_text("Understanding the data")
    expect(state(page)).to_have_text("Ready")
    expect(overlay(page)).to_be_hidden()
    page.get_by_test_id("panel").get_by_role("tab", name="Timeline").click()
    lines = page.locator(".run-text").all_inner_texts()
    assert len(lines) == len(set(lines))
    assert [f"{step} of new.csv." in lines for step in ("Loading", "Types", "Quality")] == [
        True
    ] * 3


def test_parts_arrive_one_after_the_other(ada: Person, page: Page) -> None:
    """The first within a second of the question, the others while the engine works.

    Rows 1-1, 1-44, 4-38.
    """
    ready(ada)
    page.evaluate(
        """() => {
            window.arrived = {};
            const names = ["part-intent", "part-query", "part-insight", "part-summary"];
            const look = () => {
                for (const name of names) {
                    if (document.querySelector(`[data-testid=${name}]`)) window.arrived[name] ??= performance.now();
                }
                const text = document.querySelector(".answer")?.textContent.length ?? 0;
                if (text) window.arrived[`text ${text}`] ??= performance.now();
            };
            new MutationObserver(look).observe(document.getElementById("conversation"), { subtree: true, childList: true, characterData: true });
        }"""
    )
    box(page).fill(QUESTION)
    began = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_attribute("data-status", "complete")
    times = sorted(page.evaluate("Object.values(window.arrived)"))
    assert times[0] - began < 1000
    distinct = [one for one, before in zip(times[1:], times, strict=False) if one - before > 50]
    assert len(distinct) >= 5, times
    assert times[-1] - times[0] > 1000


def test_no_time_passes_without_something_that_moves(ada: Person, page: Page) -> None:
    """A step that is silent for seconds shows its time, and signs of life. Rows 1-2, 0-43."""
    ready(ada)
    say(page, "Please call a tool")
    expect(page.get_by_test_id("gate-card-tool")).to_be_visible()
    page.get_by_role("button", name="Deny").click()
    longest = page.evaluate(
        """() => new Promise((resolve) => {
            let last = performance.now();
            let longest = 0;
            new MutationObserver(() => {
                longest = Math.max(longest, performance.now() - last);
                last = performance.now();
            }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
            setTimeout(() => resolve(longest), 3000);
        })"""
    )
    assert longest < 2000


def test_a_run_can_be_stopped_and_keeps_its_text(ada: Person, page: Page) -> None:
    """The button replaces the one that sends; the answer says so and can be tried again.

    Rows 4-32, 4-43, 4-27.
    """
    ready(ada)
    say(page, QUESTION)
    stop = page.get_by_test_id("stop")
    expect(stop).to_be_visible()
    expect(send_button(page)).to_be_hidden()
    expect(answers(page).locator(".answer")).to_contain_text("word2")
    stop.click()
    expect(answers(page)).to_have_attribute("data-status", "cancelled")
    expect(answers(page).locator(".answer")).to_contain_text("word2")
    expect(answers(page).get_by_test_id("message-end")).to_contain_text(
        "What was written so far is kept"
    )
    expect(state(page)).to_have_text("Ready")
    expect(stop).to_be_hidden()
    expect(send_button(page)).to_be_visible()
    expect(overlay(page)).to_be_hidden()
    answers(page).get_by_role("button", name="Try again").click()
    expect(answers(page)).to_have_attribute("data-status", "complete")
    expect(questions(page).get_by_test_id("branch-picker")).to_contain_text("2 / 2")


def test_what_is_asked_meanwhile_waits_its_turn(ada: Person, page: Page) -> None:
    """Two questions in one chat: queued, then answered in order. Rows 4-44, 0-23."""
    ready(ada)
    say(page, "The first?")
    expect(overlay(page)).to_be_visible()
    say(page, "The second?")
    expect(questions(page)).to_have_count(2)
    expect(questions(page).nth(1)).to_contain_text("Queued")
    expect(overlay(page)).to_contain_text("1 more waiting")
    expect(answers(page)).to_have_count(2)
    expect(answers(page).nth(1)).to_have_attribute("data-status", "complete")
    expect(questions(page).nth(1)).not_to_contain_text("Queued")
    order = page.locator(".message").evaluate_all(
        "all => all.map((one) => one.querySelector('.bubble, .answer').textContent.slice(0, 21))"
    )
    assert [one[:10] for one in order] == ["The first?", "You asked:", "The second", "You asked:"]


def test_two_chats_do_not_mix(ada: Person, page: Page) -> None:
    """One question in each of two tabs at the same time. Row 4-44."""
    sessions = [start(ada), start(ada)]
    tabs = [open_chat(ada, sessions[0]), open_chat(ada, sessions[1], ada.tab())]
    for tab in tabs:
        expect(state(tab)).to_have_text("Ready")
    for name, tab in zip(("north", "south"), tabs, strict=True):
        say(tab, f"What about the {name}?")
    for name, tab in zip(("north", "south"), tabs, strict=True):
        expect(answers(tab)).to_have_attribute("data-status", "complete")
        expect(answers(tab)).to_contain_text(f"You asked: What about the {name}?")
        assert answers(tab).count() == 1


def test_a_late_visitor_sees_what_was_told_before(ada: Person, page: Page) -> None:
    """In the middle of an answer: its parts and text so far, and the rest. Rows 4-1, 0-10."""
    session_id = ready(ada)
    say(page, QUESTION)
    expect(answers(page).locator(".answer")).to_contain_text("word1")
    other = open_chat(ada, session_id, ada.tab())
    expect(answers(other).get_by_test_id("part-intent")).to_be_visible()
    expect(answers(other).get_by_test_id("part-query")).to_be_visible()
    expect(answers(other).locator(".answer")).to_contain_text("word1")
    for tab in (page, other):
        expect(answers(tab)).to_have_attribute("data-status", "complete")
    assert answers(page).inner_text() == answers(other).inner_text()
    page.reload()
    expect(live(page)).to_have_text("Live")
    expect(answers(page).get_by_test_id("suggestions")).to_be_visible()
    assert answers(page).inner_text() == answers(other).inner_text()


def test_spinners_stand_still_for_those_who_want_it(join: Callable[..., Person]) -> None:
    """The indicator stays, without motion. Row 1-35."""
    ada = join(reduced_motion="reduce")
    ready(ada)
    say(ada.page, QUESTION)
    expect(thinking(ada.page)).to_be_visible()
    moving = ada.page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) =>
            getComputedStyle(one).transitionDuration !== "0s"
            || getComputedStyle(one).animationName !== "none").length"""
    )
    assert moving == 0
    expect(answers(ada.page)).to_have_attribute("data-status", "complete")
