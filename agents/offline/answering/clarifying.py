"""Asking back where two readings are about equally likely, and taking up the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.adapters import Call
from agents.base import ApprovalNeeded, Decision
from agents.offline.answering.reading import Doubt
from agents.offline.answering.words import name_words

REJECTING = frozenset({"reject", "rejected", "deny", "denied", "cancel"})
MOST_OPTIONS = 6


@dataclass(frozen=True)
class Chosen:
    """What a person chose so far: for each phrase, one of the options."""

    choices: Mapping[str, str] = field(default_factory=dict)
    is_rejected: bool = False
    comment: str = ""  # the reason of a rejection, or an answer that is none of the options


def question(doubt: Doubt, choices: Mapping[str, str]) -> ApprovalNeeded:
    """Return what is asked about a doubt; the state has all that was chosen before."""
    options = doubt.options[:MOST_OPTIONS]
    return ApprovalNeeded(
        question=f'What does "{doubt.phrase}" mean here?',
        calls=(),
        state={
            "kind": "clarify",
            "phrase": doubt.phrase,
            "options": list(options),
            "choices": dict(choices),
        },
        options=options,
    )


def chosen(call: Call) -> Chosen:
    """Return what was chosen, from the state of the step and the decision."""
    state = call.state if isinstance(call.state, Mapping) else {}
    if state.get("kind") != "clarify":
        return Chosen(dict(state.get("choices", {})))
    decision = call.decisions.get("question")
    choices = dict(state.get("choices", {}))
    if decision is None or decision.decision in REJECTING:
        return Chosen(choices, True, decision.comment if decision else "")
    said = _said(decision)
    option = match(said, [str(one) for one in state.get("options", ())])
    if option is None:
        return Chosen(choices, comment=said)
    return Chosen({**choices, str(state["phrase"]): option})


def _said(decision: Decision) -> str:
    """Return the answer: the comment, or the choice among the arguments."""
    arguments: Mapping[str, Any] = decision.arguments or {}
    return decision.comment or str(arguments.get("choice") or arguments.get("option") or "")


def match(said: str, options: list[str]) -> str | None:
    """Return the option that the answer names: by itself, by its number, or by its words."""
    text = said.strip().strip(".!").lower()
    for option in options:
        if text == option.lower():
            return option
    if text.isdecimal() and 1 <= int(text) <= len(options):
        return options[int(text) - 1]
    words = set(name_words(text))
    fitting = [one for one in options if words and words <= set(name_words(one))]
    if len(fitting) == 1:
        return fitting[0]
    scored = sorted(((len(words & set(name_words(one))), one) for one in options), reverse=True)
    is_clear = len(scored) > 1 and scored[0][0] > max(scored[1][0], 0)
    return scored[0][1] if is_clear else None
