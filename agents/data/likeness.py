"""Names that belong together: `customer_id` and `customers.id`, `destination` and airports."""

import re
from functools import cache

from rapidfuzz.distance import Levenshtein

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|\d+")
# Said of anything, so alike in two tables by chance.
GENERIC_WORDS = """
code date datetime day description fk guid hour id identifier index key kind label level minute
month name no nr num number pk quarter rank ref row second seq status time timestamp title type
uuid value week year
"""
# From where or to where: roles that things of another table play.
PLACE_WORDS = """
arrival away departure dest destination end from home hub location origin place source src start
stop target terminal to via
"""
# What stands above a row in the same table.
ABOVE_WORDS = """
boss chief head leader manager mentor parent predecessor referrer supervisor
"""
IDENTIFYING_WORDS = """
barcode code ean faa guid iata icao id identifier isbn iso key no nr number phone pk postcode sku
ssn uuid zip zipcode
"""
GENERIC = frozenset(GENERIC_WORDS.split())
PLACES = frozenset(PLACE_WORDS.split())
ABOVE = frozenset(ABOVE_WORDS.split())
IDENTIFYING = frozenset(IDENTIFYING_WORDS.split())
SHORTEST_STEM = 4
LARGEST_DISTANCE = 0.15

SAME, STRONG, FAIR, BY_ROLE, NONE = 1.0, 0.9, 0.8, 0.6, 0.0


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: `customerID` is customer, id."""
    return tuple(word.lower() for word in WORDS.findall(name))


@cache
def singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes", "uses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def likeness(column: str, to_table: str, to_column: str) -> float:
    """Return how much a column's name says that it refers to the column of another table."""
    name, target = words(column), words(to_column)
    table = tuple(map(singular, words(to_table)))
    if not name or not target or not table:
        return NONE
    if name == target:
        return NONE if GENERIC.issuperset(target) else SAME
    joined, wanted = "".join(map(singular, name)), "".join(table) + "".join(map(singular, target))
    if joined == wanted:
        return SAME
    bare = tuple(singular(word) for word in name if word not in GENERIC)
    if bare and bare == table:
        return STRONG
    if joined.endswith(wanted) or (bare[-len(table) :] == table):
        return STRONG
    return _loosely(name, bare, target, table)


def _loosely(
    name: tuple[str, ...], bare: tuple[str, ...], target: tuple[str, ...], table: tuple[str, ...]
) -> float:
    if not GENERIC.issuperset(target) and name[-len(target) :] == target:
        return FAIR
    shortened = len(bare) == 1 == len(table) and len(bare[0]) >= SHORTEST_STEM
    if shortened and table[0].startswith(bare[0]):
        return FAIR
    one, other = "".join(bare), "".join(singular(word) for word in target if word not in GENERIC)
    if min(len(one), len(other)) > SHORTEST_STEM and (
        Levenshtein.normalized_distance(one, other) <= LARGEST_DISTANCE
    ):
        return FAIR
    return BY_ROLE if is_place(name) else NONE


def is_place(name: tuple[str, ...]) -> bool:
    """Whether a name says from where or to where, and nothing of what is there."""
    return bool(PLACES.intersection(name)) and PLACES.union(IDENTIFYING).issuperset(name)


def is_above(column: str) -> bool:
    """Whether a name says what stands above a row in the same table: `manager_id`, `parent`."""
    name = words(column)
    return bool(ABOVE.intersection(name)) and name[-1] in ABOVE | {"id", "key", "code", "no"}


def is_identifying(column: str, table: str) -> bool:
    """Whether a name says that its values name things: `order_no`, or `flight` of flights."""
    name = words(column)
    if not name:
        return False
    own = tuple(map(singular, words(table)))
    return name[-1] in IDENTIFYING or tuple(map(singular, name)) == own
