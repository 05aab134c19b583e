"""P12, what a reply costs on the wire: with its text, as signals, and in the context dialect."""

import asyncio
import json
from dataclasses import dataclass, field

from benchmarks.load import Caller, open_streams
from benchmarks.sites import Site, cairn
from benchmarks.table import Figure

WORDS = 400
SILENT = 2.0  # seconds without a frame after which a session has told everything


@dataclass(slots=True)
class Weight:
    """Data lines of one reader, without their field names and line ends."""

    sizes: list[int] = field(default_factory=list)
    first_position: int = 0

    def note(self, line: bytes, came: float) -> None:
        if b'"stream_opened"' in line or b'"heartbeat"' in line:
            return
        self.sizes.append(len(line))
        if not self.first_position:
            self.first_position = json.loads(line).get("position", 0)


async def _weigh(site: Site) -> dict[str, list[int]]:
    caller = Caller(site.port)
    session = await caller.post("/api/v1/sessions/", {"engine": "scripted"})
    asked = {"text": "How many rows are there by month?"}
    posted = await caller.post(f"/api/v1/sessions/{session['id']}/messages/", asked)
    await _until_over(site, posted["run_id"])
    caller.close()
    run = f"/api/v1/runs/{posted['run_id']}/events/"
    inline = await _read(site, f"{run}?mode=inline")
    signal = await _read(site, f"{run}?mode=signal")
    context = await _read(
        site, f"/contexts/{session['id']}/stream?after={inline.first_position - 1}"
    )
    found = {"inline": inline, "signal": signal, "context dialect": context}
    return {name: weight.sizes for name, weight in found.items()}


async def _read(site: Site, path: str) -> Weight:
    """Read a stream to its end, or until it has nothing more to tell."""
    weight = Weight()
    (stream,) = await open_streams(site.port, [path], weight.note)
    count = -1
    while not stream.closed.done() and len(weight.sizes) != count:
        count = len(weight.sizes)
        await asyncio.sleep(SILENT)
    stream.close()
    return weight


async def _until_over(site: Site, run_id: str) -> None:
    (stream,) = await open_streams(site.port, [f"/api/v1/runs/{run_id}/events/"])
    await asyncio.wait_for(stream.closed, 30)


def p12(repeats: int) -> list[Figure]:
    """Weigh the frames of a reply of 400 words, told a word at a time."""
    script = json.dumps({"words": WORDS, "delay": 0.001})
    with cairn("uvicorn", script=script) as (site, _runs):
        found = asyncio.run(_weigh(site))
    figures = []
    for name, sizes in found.items():
        for what, value, most in (
            ("bytes of a reply", sum(sizes), None),
            ("largest frame", max(sizes), 300.0 if name == "context dialect" else None),
        ):
            figures.append(
                Figure(case="p12", name=what, setup=name, runs=(float(value),), unit="B", most=most)
            )
    return figures
