"""Figures of this process about runs: see `streams.counters`."""

from collections.abc import Mapping

from streams.counters import LONG, Counter, Histograms

TOKENS = {"input_tokens": "input", "output_tokens": "output"}

ended = Counter()  # by kind and state
run_seconds = Histograms(LONG)  # by kind: from the first claim to the end, waiting included
step_seconds = Histograms(LONG)  # by kind
errors = Counter()  # by kind and code: also those after which a run is tried again
leases_lost = Counter()  # found by the worker that lost one
leases_expired = Counter()  # found by the sweep: a worker died or was cut off
gates_expired = Counter()  # by kind and policy
tokens = Counter()  # by kind and direction
model_requests = Counter()  # by kind
cost = Counter()  # by kind, in US dollars


def step_ended(kind: str, seconds: float, usage: Mapping[str, float]) -> None:
    """Count a step whose result was recorded, and what its engine says that it used."""
    step_seconds.add(kind, seconds)
    for name, direction in TOKENS.items():
        if usage.get(name):
            tokens.add(kind, direction, by=usage[name])
    if usage.get("requests"):
        model_requests.add(kind, by=usage["requests"])
    if usage.get("cost_usd"):
        cost.add(kind, by=usage["cost_usd"])


def run_ended(kind: str, state: str, seconds: float | None) -> None:
    ended.add(kind, state)
    if seconds is not None:  # it had started
        run_seconds.add(kind, seconds)
