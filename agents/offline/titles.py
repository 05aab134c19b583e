"""A title for a plan, from its goal."""

from agents.offline.inline import one_line

LONGEST = 80
LEAD_INS = ("please ", "we want to ", "i want to ", "we need to ", "i need to ", "help me ")


def title_of(goal: str) -> str:
    """Return the goal as a title: plain text, one line, at most 80 characters."""
    text = one_line(goal).lstrip("#>*-=_ `|").strip()
    for lead_in in LEAD_INS:
        if text.lower().startswith(lead_in):
            text = text[len(lead_in) :]
    first = text.split(". ", maxsplit=1)[0] if len(text) > LONGEST else text
    title = one_line(first, LONGEST).rstrip(" .,;:!?")
    return title[:1].upper() + title[1:] if title else "Plan without a goal"
