"""The words of a proposal: what was understood, what would be done, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.offline.figures import in_sentence
from agents.offline.frameworks import BY_NAME
from agents.offline.inline import ended, escape, one_line
from agents.offline.relevance import Topic
from agents.offline.steering import Wish
from agents.plans import Document, ProposeInput

MOST_QUESTIONS = 8
LITTLE = 1.0  # a score below this means that most cells will stay empty


@dataclass(frozen=True)
class View:
    """What the words are made of."""

    ask: ProposeInput
    iterations: int
    interval: int
    planned: tuple[tuple[str, ...], ...]
    wishes: Sequence[Wish]
    topic: Topic
    scores: Mapping[str, float]


def approach(view: View, documents: Sequence[Document]) -> str:
    """Return the approach in Markdown."""
    lines = ["## What was understood", "", *_understood(view), ""]
    lines += ["## What each iteration does", "", *_iterations(view), ""]
    lines += ["## Sources", "", *_sources(view, documents), ""]
    if view.wishes:
        lines += ["## Your adjustments", "", *_adjustments(view), ""]
    lines += ["## How the result is made", "", HOW, ""]
    return "\n".join(lines)


HOW = (
    "This planner is not a language model. It searches the sources for sentences that fit each "
    "part of a framework, cites every one of them, and reads figures with their units. A part "
    "without evidence is named as a gap and becomes a task of the plan; nothing is made up."
)


def questions(view: View) -> tuple[str, ...]:
    """Return what the documents and the goal leave open."""
    asked: list[str] = []
    if not view.ask.documents:
        asked.append("Which documents describe the situation? None has been attached yet.")
    elif view.topic.missing:
        words = ", ".join(view.topic.missing[:6])
        asked.append(f"No source speaks of {words}: is there a document that does?")
    figures = in_sentence(one_line(view.ask.goal, 2000))
    if not any(figure.kind in ("date", "duration") for figure in figures):
        asked.append("By when does this have to be decided or finished?")
    if not any(figure.kind == "money" for figure in figures):
        asked.append("Which budget, or other limit, has to be kept?")
    asked.append("Who decides, and what would make them say no?")
    names = dict.fromkeys(name for planned in view.planned for name in planned)
    thin = [name for name in names if view.scores[name] < LITTLE]
    asked += [f"What is known about {BY_NAME[name].cells[0].ask}? ({name})" for name in thin]
    return tuple(asked[:MOST_QUESTIONS])


def _understood(view: View) -> list[str]:
    goal = escape(view.ask.goal, 600)
    if not goal:
        return ["The goal is empty, so only the documents say what matters."]
    lines = [f"Goal: {ended(goal)}", ""]
    if view.topic.words:
        words = escape(", ".join(view.topic.words[:12]))
        lines.append(f"The sources are searched for: {words}.")
    if view.topic.missing and view.ask.documents:
        words = escape(", ".join(view.topic.missing[:12]))
        lines.append(f"Not found in any source: {words}.")
    return lines


def _iterations(view: View) -> list[str]:
    lines = []
    seen: set[str] = set()
    for number, names in enumerate(view.planned, start=1):
        old = all(name in seen for name in names)
        verb = "Look for further evidence with" if old else "Apply"
        lines.append(f"{number}. {verb} {' and '.join(names)}: {_aims(names)}")
        seen.update(names)
    every = "each iteration" if view.interval == 1 else f"every {view.interval} iterations"
    lines += ["", f"Work stops for your decision after {every}. The gaps of one iteration are"]
    lines[-1] += " looked at again in the next, and no figure is reported twice."
    return lines


def _aims(names: Sequence[str]) -> str:
    aims = [BY_NAME[name].description for name in names]
    return " ".join(aims)


def _sources(view: View, documents: Sequence[Document]) -> list[str]:
    if not documents and view.ask.documents:
        return ["Your adjustments leave out every document, so all parts will be gaps and tasks."]
    if not documents:
        return [
            "There are no documents. Every part of every framework will be a gap, and the plan "
            "will be a list of tasks and questions; attach documents for more."
        ]
    left_out = len(view.ask.documents) - len(documents)
    lines = [f"- {escape(document.title, 120)} (`{document.id}`)" for document in documents]
    if left_out:
        lines.append(f"- Left out on your wish: {left_out}")
    return lines


def _adjustments(view: View) -> list[str]:
    return [
        f"- \u201c{escape(wish.comment, 200)}\u201d: {_done(wish, view)}." for wish in view.wishes
    ]


def _done(wish: Wish, view: View) -> str:
    planned = {name for names in view.planned for name in names}
    done = [f"{name} comes first" for name in wish.forward if name in planned]
    done += [f"{name} is left out" for name in wish.left_out if name not in planned]
    if wish.iterations:
        done.append(f"the plan has {view.iterations} iterations")
    if wish.interval:
        done.append(f"the checkpoint interval is {view.interval}")
    for verb, ids in (("used", wish.only), ("ignored", wish.ignored)):
        done += [f"`{id}` is {verb}" for id in ids]
    if wish.only:
        done.append("no other document is used")
    if wish.words:
        done.append(f"every iteration looks for {escape(', '.join(wish.words[:8]))}")
    if wish.avoided:
        done.append(f"sentences about {escape(', '.join(wish.avoided[:8]))} are left out")
    if wish.more_figures:
        done.append("figures are read in every iteration")
    return "; ".join(done) or "not understood, so nothing was changed for it"
