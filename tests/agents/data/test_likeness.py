import pytest

from agents.data.likeness import (
    BY_ROLE,
    FAIR,
    NONE,
    SAME,
    STRONG,
    is_above,
    is_identifying,
    likeness,
    words,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("customer_id", ("customer", "id")),
        ("customerID", ("customer", "id")),
        ("CustomerId", ("customer", "id")),
        ("HTTPServer2 name", ("http", "server", "2", "name")),
        ("Flipper Length (mm)", ("flipper", "length", "mm")),
        ("Stra\u00dfe", ("stra", "\u00df", "e")),
        ("---", ()),
    ],
)
def test_names_are_made_of_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("column", "table", "target", "expected"),
    [
        ("carrier", "airlines", "carrier", SAME),
        ("customer_id", "customers", "id", SAME),
        ("customerId", "Customer", "ID", SAME),
        ("CategoryID", "categories", "CategoryID", SAME),
        ("country", "countries", "code", STRONG),
        ("country_code", "countries", "iso", STRONG),
        ("billing_customer_id", "customers", "id", STRONG),
        ("home_team_id", "teams", "id", STRONG),
        ("first_airport_faa", "airports", "faa", STRONG),
        ("main_isbn", "books", "isbn", FAIR),
        ("cust_id", "customers", "id", FAIR),
        ("product_sku", "items", "product_skus", FAIR),
        ("origin", "airports", "faa", BY_ROLE),
        ("dest_code", "airports", "faa", BY_ROLE),
        ("from", "stations", "code", BY_ROLE),
    ],
)
def test_names_that_belong_together_are_alike(
    column: str, table: str, target: str, expected: float
) -> None:
    assert likeness(column, table, target) == expected


@pytest.mark.parametrize(
    ("column", "table", "target"),
    [
        ("id", "customers", "id"),
        ("name", "airlines", "name"),
        ("year", "planes", "year"),
        ("month", "flights", "day"),
        ("seats", "airlines", "id"),
        ("age", "pages", "id"),
        ("engine", "planes", "type"),
        ("", "planes", "id"),
        ("customer_id", "orders", "id"),
    ],
)
def test_names_alike_by_chance_are_not(column: str, table: str, target: str) -> None:
    assert likeness(column, table, target) == NONE


def test_what_stands_above_a_row_is_known_by_its_name() -> None:
    assert is_above("manager_id")
    assert is_above("parentId")
    assert not is_above("management_fee")
    assert not is_above("manager_name_length")


@pytest.mark.parametrize("name", ["id", "order_no", "zip", "Phone", "customer id", "flight"])
def test_names_of_identifiers_are_known(name: str) -> None:
    assert is_identifying(name, "flights")


@pytest.mark.parametrize("name", ["price", "flights_per_day", "", "number_of_seats"])
def test_other_names_are_not(name: str) -> None:
    assert not is_identifying(name, "flights")
