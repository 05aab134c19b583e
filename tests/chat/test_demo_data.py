"""Demonstration data: each set says where it comes from, and is what it says."""

import hashlib
import re

import pytest

from chat import data_sets


@pytest.mark.parametrize("name", ["penguins", "weather"])
def test_a_set_names_its_source_its_license_and_its_hash(name: str):
    (file,) = data_sets.demos()[name]
    about = (data_sets.DEMO_FOLDER / name / "README.md").read_text()

    for said in ("Taken from", "license", file.name):
        assert said.lower() in about.lower()
    (digest,) = re.findall(r"`([0-9a-f]{64})`", about)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest


def test_there_are_no_sets_but_those():
    assert set(data_sets.demos()) == {"penguins", "weather"}
