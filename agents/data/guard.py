"""What SQL may be: exactly one SELECT over the tables of the data set.

The statement is parsed by DuckDB itself, and every node of its tree has to be of a kind known
here. The connection is locked as well: this guard says no early, in words, and to all that the
lock would let through.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

import duckdb

from agents.data.functions import GROWING, SCALARS, TABLES
from agents.exceptions import Permanent

LONGEST = 20_000
MOST_GROWING = 12
NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
SOURCES = frozenset(
    {"BASE_TABLE", "TABLE_FUNCTION", "SUBQUERY", "JOIN", "EMPTY", "EXPRESSION_LIST", "PIVOT"}
)
OTHERS = frozenset(
    {"ORDER_MODIFIER", "LIMIT_MODIFIER", "DISTINCT_MODIFIER"}
    | {"ORDER_DEFAULT", "ASCENDING", "DESCENDING"}
)
UNFIT = re.compile("[\0\ud800-\udfff]")  # what cannot be handed to DuckDB
OPERATOR = re.compile(r"[^\w.\"\s]+")

Node = Any  # what json.loads gives


def checked(connection: duckdb.DuckDBPyConnection, sql: str, tables: Collection[str]) -> str:
    """Return the one statement, without what may follow it; raise Permanent (`query_refused`).

    What DuckDB cannot parse raises its own error.
    """
    if len(sql) > LONGEST or UNFIT.search(sql):
        raise _refused(f"A query is text of at most {LONGEST:,} characters, without NUL")
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise _refused("Exactly one SELECT statement is allowed")
    statement = _without_end(sql)
    try:
        # This text, not the given one, is what will be executed.
        [[text]] = connection.execute(
            "SELECT json_serialize_sql(?::VARCHAR)", [statement]
        ).fetchall()
        tree = json.loads(text)
        if tree["error"]:
            raise _refused("Exactly one SELECT statement is allowed")
        Guard(tables).look(tree["statements"], frozenset())
    except RecursionError as error:
        raise _refused("The query is nested too deeply") from error
    return statement


def _without_end(sql: str) -> str:
    """Return the statement up to its semicolon, if it has one: it becomes part of another."""
    data = sql.encode()
    for place, kind in duckdb.tokenize(sql):
        if kind == duckdb.token_type.operator and data[place : place + 1] == b";":
            return data[:place].decode()
    return sql


class Guard:
    """Walks through a parsed statement; knows which names stand for a query (WITH) where."""

    def __init__(self, tables: Collection[str]) -> None:
        self._tables = frozenset(name.casefold() for name in tables)
        self._growing = 0

    def look(self, node: Node, visible: frozenset[str]) -> None:
        if isinstance(node, list):
            for part in node:
                self.look(part, visible)
        elif isinstance(node, dict):
            visible = self._with_queries(node, visible)
            self._check(node, visible)
            for key, part in node.items():
                if key != "cte_map":
                    self.look(self._inside(node, key, part), visible)

    def _with_queries(self, node: Mapping[str, Node], visible: frozenset[str]) -> frozenset[str]:
        """Look into the WITH queries in order: each sees those before it, and itself if recursive.

        A name that is not visible yet would mean something else: a view of the system, or a file.
        """
        for entry in (node.get("cte_map") or {}).get("map", ()):
            name = frozenset({entry["key"].casefold()})
            recursive = entry["value"]["query_node"]["type"] == "RECURSIVE_CTE_NODE"
            self.look(entry["value"], visible | name if recursive else visible)
            visible |= name
        return visible

    def _inside(self, node: Mapping[str, Node], key: str, part: Node) -> Node:
        # The function of FROM f(x) was checked as one; looked at again, it would be an expression.
        is_source = key == "function" and node.get("type") == "TABLE_FUNCTION"
        return part["arguments"] if is_source else part

    def _check(self, node: Mapping[str, Node], visible: frozenset[str]) -> None:
        kind = node.get("type")
        if isinstance(kind, str) and "class" not in node:
            self._check_kind(kind)
        if kind == "BASE_TABLE":
            self._check_table(node, visible)
        elif kind == "TABLE_FUNCTION":
            self._check_function(node["function"], TABLES)
        elif "function_name" in node:
            self._check_function(node, SCALARS)

    def _check_kind(self, kind: str) -> None:
        if kind not in NODES | SOURCES | OTHERS and not kind.endswith("_TYPE_INFO"):
            raise _refused(f"{kind.partition('_')[0]} is not allowed: only SELECT is")

    def _check_table(self, node: Mapping[str, Node], visible: frozenset[str]) -> None:
        path = node["qualified_name"]["path"]
        name = node["table_name"]
        if path != [name] or name.casefold() not in self._tables | visible:
            told = ".".join(map(str, path))[:100]
            raise _refused(f"There is no table {told} in this data set")

    def _check_function(self, node: Mapping[str, Node], allowed: Collection[str]) -> None:
        name = node["function_name"]
        is_operator = bool(node.get("is_operator")) and OPERATOR.fullmatch(name) is not None
        if not is_operator and name.casefold() not in allowed:
            raise _refused(f"The function {name[:100]} is not allowed here")
        if node.get("schema") or node.get("catalog"):
            raise _refused("Functions are named without a schema")
        self._growing += name.casefold() in GROWING
        if self._growing > MOST_GROWING:
            raise _refused(f"At most {MOST_GROWING} texts may be joined or replaced in a query")


def _refused(why: str) -> Permanent:
    return Permanent(
        f"{why}. Ask with one SELECT over the data set's tables.", code="query_refused"
    )
