"""The OpenAPI schema in the repository, as the judge of answers."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from rest_framework.test import APIClient

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.yaml"
# What any route may say without the schema telling it of each.
EVERYWHERE = {405: "ErrorAnswer", 406: "ErrorAnswer"}


@cache
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return loaded


def _operation(method: str, path: str) -> dict[str, Any] | None:
    """Return what the schema says of a method and path; plain paths go before those with {}."""
    for template in sorted(schema()["paths"], key=lambda one: one.count("{")):
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            found: dict[str, Any] | None = schema()["paths"][template].get(method.lower())
            return found
    return None


def _shape(operation: dict[str, Any], status: int) -> dict[str, Any] | None:
    if status in EVERYWHERE:
        return {"$ref": f"#/components/schemas/{EVERYWHERE[status]}"}
    known = operation["responses"]
    assert str(status) in known, f"{operation['operationId']} does not tell of {status}"
    content = known[str(status)].get("content", {}).get("application/json")
    return content["schema"] if content else None


def check(method: str, path: str, status: int, body: Any) -> None:
    """Assert that the schema knows this answer of this route."""
    operation = _operation(method, path)
    if operation is None:
        return
    shape = _shape(operation, status)
    if shape is None:
        assert not body
        return
    whole = {**shape, "components": schema()["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    errors = list(Draft202012Validator(whole, format_checker=checker).iter_errors(body))
    assert not errors, f"{method} {path} {status}: {errors[0].message} at {errors[0].json_path}"
    if status >= 400:
        assert set(body) == {"error"}


class CheckedClient(APIClient):
    """A client that compares each answer with the schema."""

    def send(self, path: str, body: Any, **more: Any) -> Any:
        """Post a body whose text is ASCII, so that it can have halves of surrogate pairs."""
        return self.generic("POST", path, json.dumps(body), "application/json", **more)

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.headers.get("Content-Type") == "application/json":
            check(
                request["REQUEST_METHOD"],
                request["PATH_INFO"],
                response.status_code,
                response.json(),
            )
        return response
