"""The examples of alerts and dashboards name what `/metrics` really tells."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import ProcessCollector

from project import metrics
from runs.census import Census

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "monitoring"
GUIDE = (ROOT / "docs" / "how-to" / "monitor.md").read_text()
NAME = re.compile(r"\bcairn_\w+")
SELECTED = re.compile(r"\b(cairn_\w+)\{([^}]*)\}")
GROUPED = re.compile(r"by \(([^)]*)\)")
ADDED = {"instance", "job", "le"}  # by Prometheus itself
_ENDINGS = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_count", "_sum"),
}


@pytest.fixture(scope="module")
def told() -> dict[str, frozenset[str]]:
    """Return the labels of each metric by its name."""
    found = {}
    for family in _families():
        for ending in _ENDINGS[family.type]:
            labels = frozenset(getattr(family, "_labelnames", ()))
            found[family.name + ending] = labels
    return found


def _families() -> Iterator[Any]:
    for part in (metrics._streams, metrics._runs, metrics._requests):
        yield from part()
    yield from metrics._database(Census(runs=[], queued=[], gates=[]))
    yield metrics._gauge("runner_up", "", (), [])  # where there is a runner
    yield metrics._gauge("runner_runs", "", (), [])
    yield from ProcessCollector(namespace="cairn", registry=None).collect()


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((EXAMPLES / "cairn-alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    board = json.loads((EXAMPLES / "cairn-dashboard.json").read_text())
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [*(rule["expr"] for rule in rules()), *shown]


def test_each_metric_of_the_examples_exists_with_the_labels_that_are_asked_for(told):
    """Rows 3-57, 3-58 and 3-66: figures, alerts on them, and a page that shows them."""
    for expression in expressions():
        names = NAME.findall(expression)
        assert names or "up{" in expression
        assert [name for name in names if name not in told] == []
        labels = {label for name in names for label in told[name]} | ADDED
        for name, selector in SELECTED.findall(expression):
            asked = {part.partition("=")[0].rstrip("!").strip() for part in selector.split(",")}
            assert asked <= told[name] | ADDED, expression
        for group in GROUPED.findall(expression):
            assert {one.strip() for one in group.split(",")} <= labels, expression
        assert expression.count("(") == expression.count(")")


def test_each_alert_says_what_is_so_and_why_it_matters():
    """Row 3-57."""
    names = [rule["alert"] for rule in rules()]

    assert len(names) == len(set(names)) > 10
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "warn")
        assert set(rule["annotations"]) == {"summary", "why"}
        assert len(rule["annotations"]["why"]) > 40
        used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        kept = {one.strip() for group in GROUPED.findall(rule["expr"]) for one in group.split(",")}
        assert used <= (kept or {"instance"}), rule["alert"]


def test_the_dashboard_is_one_that_grafana_takes():
    board = json.loads((EXAMPLES / "cairn-dashboard.json").read_text())

    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    assert (board["uid"], board["schemaVersion"] > 30) == ("cairn", True)
    for panel in panels():
        where = panel["gridPos"]
        assert where["x"] + where["w"] <= 24
        assert panel["datasource"]["uid"] == "${source}"


def test_the_guide_explains_each_metric(told):
    """Row 3-43."""
    explained = {re.sub(r"_(bucket|count|sum)$", "", name) for name in told}

    assert [
        name
        for name in sorted(explained)
        if not name.startswith("cairn_process_") and f"`{name}`" not in GUIDE
    ] == []
    assert [
        name for name in NAME.findall(GUIDE) if name not in explained | {"cairn_process_"}
    ] == []


def test_the_example_of_a_scraper_asks_as_the_server_wants_it():
    (job,) = yaml.safe_load((EXAMPLES / "prometheus.yml").read_text())["scrape_configs"]

    assert job["metrics_path"] == "/metrics"
    assert job["authorization"]["type"] == "Bearer"
