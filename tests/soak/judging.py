"""Were all promises kept? Looks at the database itself, and at what those who watched saw."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from agents.scripted import Script
from tests.e2e import story
from tests.e2e.story import Place
from tests.soak.people import Seen, Sight

# What there must be none of.
NONE_OF = {
    "run has not ended": "SELECT id, kind, state FROM runs_run WHERE state NOT IN"
    " ('completed', 'failed', 'rejected', 'expired', 'cancelled')",
    "run failed": "SELECT id, kind, error_code, error_message FROM runs_run WHERE state = 'failed'",
    "lease is held by nobody who works": "SELECT id, state FROM runs_run"
    " WHERE lease_owner IS NOT NULL OR lease_until IS NOT NULL",
    "log has holes": "SELECT s.id, s.last_position, count(e.position), max(e.position)"
    " FROM streams_stream s LEFT JOIN streams_streamevent e ON e.stream_id = s.id"
    " GROUP BY s.id, s.last_position HAVING count(e.position) <> s.last_position"
    " OR count(DISTINCT e.position) <> s.last_position OR max(e.position) <> s.last_position",
    "step was recorded twice": "SELECT run_id, name, count(*) FROM runs_step"
    " GROUP BY run_id, name HAVING count(*) > 1",
    "iteration is there twice": "SELECT plan_id, number, count(*) FROM planning_iteration"
    " GROUP BY plan_id, number HAVING count(*) > 1",
    "gate has two answers": "SELECT gate_id, count(*) FROM runs_answer"
    " GROUP BY gate_id HAVING count(*) > 1",
    "gate still waits": "SELECT id, name FROM runs_gate WHERE state = 'pending'",
}
# What depends on who worked, and on what else there was.
OWN = (
    story.OWN
    | {"comment", "entity", "session_id", "plan_id", "url", "slug", "usage"}
    | {"estimated_seconds"}
)
PASSING = story.COMES_AND_GOES | {"run_retrying"}

WORDS = " ".join(f"word{number}" for number in range(1, Script().words + 1))
REPLY = re.compile(rf"You asked: How many staff, \d\?\n\n{WORDS}")


def judge(place: Place, seen: Seen) -> list[str]:
    """Return every promise that was broken; of a good soak, nothing."""
    return [
        *seen.troubles,
        *_rows(place),
        *_sights(place, seen),
        *_gates(place, seen),
        *_same(seen),
    ]


def _rows(place: Place) -> Iterator[str]:
    for broken, sql in NONE_OF.items():
        for row in story.query(place, sql):
            yield f"a {broken}: {', '.join(map(str, row))}"


def _replies(place: Place) -> Iterator[str]:
    """Yield complete replies whose text is not what the script says to such a question."""
    sql = (
        "SELECT m.id, c.text FROM chat_message m JOIN streams_messagechunk c ON c.message_id = m.id"
        " WHERE m.role = 'assistant' AND m.status = 'complete' AND m.step LIKE 'reply%'"
        " ORDER BY m.id, c.sequence"
    )
    texts: dict[str, str] = defaultdict(str)
    for message, text in story.query(place, sql):
        texts[message] += text
    for message, text in texts.items():
        if not REPLY.fullmatch(text):
            yield f"reply {message} has lost or doubled text: {text}"


def _sights(place: Place, seen: Seen) -> Iterator[str]:
    """Yield where a watcher did not see each position of its log, once and in order."""
    sql = "SELECT r.id, s.last_position FROM runs_run r JOIN streams_stream s ON s.id = r.stream_id"
    lasts = {_hex(run): last for run, last in story.query(place, sql)}
    for sight in seen.sights:
        whose = f"{sight.job.name} ({sight.job.kind}), {sight.who}"
        if sight.gaps:
            yield f"{whose} was told of gaps: {sight.gaps}"
        last = lasts[_hex(sight.run_id)]
        if sight.positions != list(range(1, last + 1)):
            yield f"{whose} saw {_odd(sight.positions)} of {last} positions"


def _hex(value: object) -> str:
    return str(value).replace("-", "")


def _odd(positions: list[int]) -> str:
    """Say what is wrong with positions that should be 1, 2, 3 ..."""
    for expected, found in enumerate(positions, start=1):
        if found != expected:
            return f"{len(positions)}, {found} in the place of {expected},"
    return str(len(positions))


def _gates(place: Place, seen: Seen) -> Iterator[str]:
    """Yield where not exactly the one who was told that they decided had decided."""
    won = {_hex(gate): winners for gate, winners in seen.winners.items()}
    for pk, state, comment in story.query(place, "SELECT id, state, comment FROM runs_gate"):
        winners = won.get(_hex(pk), [])
        if state == "decided" and winners != [comment]:
            yield f"gate {pk} was decided by {comment!r}, but {winners} were told that they had won"
        if state != "decided" and winners:
            yield f"gate {pk} is {state}, but {winners} were told that they had won"


def _same(seen: Seen) -> Iterator[str]:
    """Yield where two jobs of one kind and one course tell different things."""
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for sight in seen.sights:
        if sight.who == "client" and _ended(sight) == "run_completed":
            shape = sight.job.shape if sight.job.kind == "plan" else ""
            alike = f"{sight.job.kind} {shape}"
            told[alike][json.dumps(_bare(sight), sort_keys=True)].append(sight.job.name)
    for alike, versions in told.items():
        usual = max(versions, key=lambda text: len(versions[text]))
        for text, names in versions.items():
            if text != usual:
                yield f"{alike}: {', '.join(names)} told otherwise: {_first(text, usual)}"


def _ended(sight: Sight) -> str:
    return str(sight.events[-1]["type"]) if sight.events else ""


def _bare(sight: Sight) -> list[Any]:
    return [
        [event["type"], {name: value for name, value in event["data"].items() if name not in OWN}]
        for event in sight.events
        if event["type"] not in PASSING
    ]


def _first(one: str, other: str) -> str:
    """Say where two logs begin to differ."""
    for mine, usual in zip(json.loads(one), json.loads(other), strict=False):
        if mine != usual:
            return f"{str(mine)[:200]} instead of {str(usual)[:200]}"
    return "one is longer"


def tally(place: Place) -> dict[str, Any]:
    """Return what there was, for the report."""
    states = "SELECT kind, state, count(*) FROM runs_run GROUP BY kind, state"
    runs = {f"{kind} {state}": count for kind, state, count in story.query(place, states)}
    [(events,)] = story.query(place, "SELECT count(*) FROM streams_streamevent")
    claims = "SELECT count(*) FROM streams_streamevent WHERE type = 'run_reassigned'"
    [(taken,)] = story.query(place, claims)
    return {"runs": runs, "events": events, "taken over": taken}
