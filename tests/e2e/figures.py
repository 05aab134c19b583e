"""Figures of real processes, as a scraper gets them."""

from collections.abc import Mapping

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.servers import Server

TOKEN = "a token of the scraper alone"

Figures = Mapping[str, dict[tuple[str, ...], float]]


def scrape(server: Server) -> tuple[str, Figures]:
    """Return the page, and each sample by its name and the values of its labels."""
    answer = httpx.get(
        f"http://127.0.0.1:{server.port}/metrics",
        headers={"Authorization": f"Bearer {TOKEN}"},
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return answer.text, found


def happened(samples: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """Leave out what is told to be zero, so that its first time shows as growth."""
    return {labels: value for labels, value in samples.items() if value}
