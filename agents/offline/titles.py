"""A title for a plan, from its goal."""

from agents.offline.inline import one_line

LONGEST = 80
SHORTEST = 25  # a first clause of fewer characters says too little
LEAD_INS = ("please ", "we want to ", "i want to ", "we need to ", "i need to ", "help me ")


def title_of(goal: str) -> str:
    """Return the goal as a title: plain text, one line, at most 80 characters."""
    text = one_line(goal).lstrip("#>*-=_ `|").strip()
    for lead_in in LEAD_INS:
        if text.lower().startswith(lead_in):
            text = text[len(lead_in) :]
    title = one_line(_first_part(text), LONGEST).rstrip(" .,;:!?")
    return title[:1].upper() + title[1:] if title else "Plan without a goal"


def _first_part(text: str) -> str:
    """Return the first sentence of a long text, or its first clauses if that is long as well."""
    if len(text) <= LONGEST:
        return text
    sentence = text.split(". ", maxsplit=1)[0]
    clauses = sentence[:LONGEST].rpartition(", ")[0]
    return clauses if len(sentence) > LONGEST and len(clauses) >= SHORTEST else sentence
