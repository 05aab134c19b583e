"""Lists by cursor: `{next, previous, results}`, the newest first, stable while rows are added."""

import pytest
from django.contrib.auth.models import User

from runs.models import Gate
from tests.api import made
from tests.api.contract import CheckedClient

pytestmark = pytest.mark.django_db


def entities(api: CheckedClient, count: int, prefix: str = "Note") -> list[str]:
    return [
        api.post("/api/v1/entities/", {"title": f"{prefix} {number}", "body": "x"}).json()["slug"]
        for number in range(count)
    ]


def walk(api: CheckedClient, address: str, way: str = "next") -> list[str]:
    found = []
    while address:
        page = api.get(address).json()
        found += [one["slug"] for one in page["results"]]
        address = page[way]
    return found


def test_pages_give_each_row_once_newest_first(api: CheckedClient):
    """Api.md, "Lists use cursor pagination"."""
    slugs = entities(api, 7)

    assert walk(api, "/api/v1/entities/?limit=3") == slugs[::-1]
    assert walk(api, "/api/v1/entities/") == slugs[::-1]


def test_rows_that_come_in_between_move_nothing(api: CheckedClient):
    """Api.md, cursor pagination under inserts."""
    slugs = entities(api, 6)
    first = api.get("/api/v1/entities/?limit=2").json()
    entities(api, 3, "Later")

    rest = walk(api, first["next"])

    assert rest == slugs[3::-1]


def test_the_way_back_gives_what_came_in_between(api: CheckedClient):
    """Api.md, cursor pagination."""
    slugs = entities(api, 4)
    second = api.get(api.get("/api/v1/entities/?limit=2").json()["next"]).json()
    later = entities(api, 1, "Later")

    back = api.get(second["previous"]).json()
    newest = api.get(back["previous"]).json()

    assert [one["slug"] for one in back["results"]] == slugs[:1:-1]
    assert [one["slug"] for one in newest["results"]] == later


def test_rows_of_the_same_moment_are_not_lost_between_pages(api: CheckedClient, user: User):
    """Api.md, cursor pagination with equal times."""
    gates = [made.gate(made.plan(user)) for _ in range(5)]
    Gate.objects.update(created_at=gates[0].created_at)

    found, address = [], "/api/v1/gates/?limit=2"
    while address:
        page = api.get(address).json()
        found += [one["id"] for one in page["results"]]
        address = page["next"]

    assert sorted(found) == sorted(str(gate.pk) for gate in gates)


def test_a_filter_stays_in_the_addresses_of_pages(api: CheckedClient):
    """Api.md, lists."""
    entities(api, 3)
    entities(api, 2, "Other")

    assert len(walk(api, "/api/v1/entities/?limit=1&search=note")) == 3
