from pathlib import Path

import pytest

from tests.agents.data.profiled import profile_of

CUSTOMERS = "SELECT i AS id, 'Customer ' || i AS name FROM range(1, 101) r(i)"


def test_a_reference_is_found_by_its_name_and_its_values(tmp_path: Path) -> None:
    orders = "SELECT i AS id, i % 100 + 1 AS customer_id, i % 7 + 1 AS parts FROM range(500) r(i)"
    found = profile_of(tmp_path, customers=CUSTOMERS, orders=orders)

    [one] = found.model.relationships
    assert (one.table, one.columns) == ("orders", ("customer_id",))
    assert (one.to_table, one.to_columns) == ("customers", ("id",))
    assert (one.kind, one.coverage, one.declared) == ("many_to_one", 1, False)
    assert found.column("orders.customer_id").role == "identifier"


def test_small_numbers_that_happen_to_be_found_are_no_reference(tmp_path: Path) -> None:
    orders = "SELECT i AS id, i % 7 + 1 AS parts, i % 12 + 1 AS month FROM range(500) r(i)"
    found = profile_of(tmp_path, customers=CUSTOMERS, orders=orders)

    assert found.model.relationships == ()


def test_equal_names_whose_values_are_not_found_are_no_reference(tmp_path: Path) -> None:
    orders = "SELECT i AS id, i + 1000 AS customer_id FROM range(500) r(i)"
    found = profile_of(tmp_path, customers=CUSTOMERS, orders=orders)

    assert found.model.relationships == ()


def test_what_is_referred_to_has_to_be_unique(tmp_path: Path) -> None:
    stock = "SELECT 's' || i % 50 AS sku, i AS amount FROM range(100) r(i)"
    sales = "SELECT 's' || i % 50 AS sku, i * 2 AS price FROM range(500) r(i)"
    found = profile_of(tmp_path, stock=stock, sales=sales)

    assert found.model.relationships == ()


def test_coverage_is_the_share_of_the_rows_that_are_found(tmp_path: Path) -> None:
    orders = """
    SELECT i AS id, CASE WHEN i < 60 THEN i + 1 WHEN i < 80 THEN 999 END AS customer_id
    FROM range(100) r(i)
    """
    found = profile_of(tmp_path, customers=CUSTOMERS, orders=orders)

    [one] = found.model.relationships
    assert one.coverage == 0.75
    assert [issue.message for issue in found.issues("orphan_references")] == [
        "20 values are not in customers.id (25.0 %)."
    ]
    assert found.model.quality.integrity == 75


def test_a_reference_of_unique_values_is_one_to_one_and_told_once(tmp_path: Path) -> None:
    profiles = "SELECT i AS customer_id, 'x' || i % 3 AS theme FROM range(1, 81) r(i)"
    found = profile_of(tmp_path, customers=CUSTOMERS, profiles=profiles)

    [one] = found.model.relationships
    assert (one.table, one.kind) == ("profiles", "one_to_one")


def test_a_table_may_refer_to_itself_where_the_name_says_so(tmp_path: Path) -> None:
    people = """
    SELECT i AS id, CASE WHEN i > 1 THEN i // 2 END AS manager_id, i % 40 + 1 AS age
    FROM range(1, 101) r(i)
    """
    found = profile_of(tmp_path, people=people)

    assert found.references() == {"people.manager_id -> people.id"}


def test_columns_that_make_a_key_together_are_one_reference(tmp_path: Path) -> None:
    prices = "SELECT 's' || i % 10 AS shop, DATE '2024-01-01' + (i // 10)::INTEGER AS day, i * 1.5 AS price FROM range(300) r(i)"
    sales = "SELECT 's' || i % 9 AS shop, DATE '2024-01-01' + (i % 28)::INTEGER AS day, i AS amount FROM range(600) r(i)"
    found = profile_of(tmp_path, prices=prices, sales=sales)

    assert found.references() == {"sales.shop+day -> prices.shop+day"}


@pytest.mark.parametrize(
    ("airports", "expected"),
    [
        ("'A' || chr(65 + (i // 26)::INTEGER) || chr(65 + (i % 26)::INTEGER) AS code", 1),
        ("'airport number ' || i AS code", 0),  # no codes
        ("'B' || chr(65 + (i // 26)::INTEGER) || chr(65 + (i % 26)::INTEGER) AS code", 0),
    ],
)
def test_places_are_found_by_their_role_and_their_codes(
    tmp_path: Path, airports: str, expected: int
) -> None:
    trips = """
    SELECT i AS id, 'A' || chr(65 + (i % 5)::INTEGER) || chr(65 + (i % 3)::INTEGER) AS destination
    FROM range(500) r(i)
    """
    found = profile_of(tmp_path, airports=f"FROM range(200) r(i) SELECT {airports}", trips=trips)

    assert len(found.model.relationships) == expected


def test_a_number_refers_to_no_text(tmp_path: Path) -> None:
    customers = "SELECT i::VARCHAR AS id FROM range(1, 101) r(i)"
    orders = "SELECT i % 100 + 1 AS customer_id FROM range(500) r(i)"
    found = profile_of(tmp_path, customers=customers, orders=orders)

    assert found.model.relationships == ()


def test_each_column_refers_to_what_its_name_says_most_clearly(tmp_path: Path) -> None:
    regions = "SELECT i AS id FROM range(1, 201) r(i)"
    orders = (
        "SELECT i AS id, i % 100 + 1 AS customer_id, i % 90 + 1 AS region_id FROM range(500) r(i)"
    )
    found = profile_of(tmp_path, regions=regions, customers=CUSTOMERS, orders=orders)

    assert found.references() == {
        "orders.customer_id -> customers.id",
        "orders.region_id -> regions.id",
    }
