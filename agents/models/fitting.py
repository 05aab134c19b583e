"""Forms that fit: bounds so tight that an answer in the form stays within its tokens.

A form that is cut off is no answer. So what may be filled in is bounded by what there is room for:
for most models that changes nothing, for a small one with few tokens it is what makes it work.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings as Knobs

CHARACTERS = 2  # of a token, when a model writes nothing but rare words and white space
OVERHEAD = 8  # characters of a field beside its name and value
# Longest string and most items, from roomy to tight: the first that fits is taken.
BOUNDS = ((2000, 20), (1000, 12), (400, 8), (300, 6), (200, 4), (120, 3), (80, 2), (40, 1), (20, 1))

Schema = Mapping[str, Any]


class FittingForms(WrapperModel):
    """A model whose forms are bounded by the tokens that an answer may have, or by a share."""

    def __init__(self, wrapped: Model, *, share: float = 1.0) -> None:
        super().__init__(wrapped)
        self._share = share

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: Knobs | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        given, form = model_request_parameters, model_request_parameters.output_object
        tokens = (model_settings or {}).get("max_tokens")
        if form is not None and tokens:
            schema = fitted(form.json_schema, tokens=int(tokens * self._share))
            given = replace(given, output_object=replace(form, json_schema=schema))
        async with self.wrapped.request_stream(
            messages, model_settings, given, run_context
        ) as response:
            yield response


def fitted(schema: Schema, *, tokens: int) -> dict[str, Any]:
    """Return the schema with the widest bounds whose longest answer fits, or the tightest."""
    tried: Any = schema
    for longest, most in BOUNDS:
        tried = _bounded(schema, longest, most)
        if _size(tried, tried) <= tokens * CHARACTERS:
            break
    found: dict[str, Any] = tried
    return found


def _bounded(schema: Any, longest: int, most: int) -> Any:
    if isinstance(schema, list):
        return [_bounded(one, longest, most) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: _bounded(value, longest, most) for key, value in schema.items()}
    if found.get("type") == "string" and "enum" not in found and "const" not in found:
        found["maxLength"] = _at_most(found, "Length", longest)
    if found.get("type") == "array":
        found["maxItems"] = _at_most(found, "Items", most)
    return found


def _at_most(schema: Schema, what: str, most: int) -> int:
    return max(int(schema.get(f"min{what}", 0)), min(int(schema.get(f"max{what}", most)), most))


def _size(schema: Any, whole: Schema) -> int:
    """Return how many characters the longest answer in a form has."""
    if "$ref" in schema:
        return _size(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "enum" in schema:
        return max(len(str(one)) for one in schema["enum"]) + 2
    if several := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return max(_size(one, whole) for one in several)
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return sum(len(name) + OVERHEAD + _size(one, whole) for name, one in fields.items())
        case "array":
            return int(schema["maxItems"]) * (2 + _size(schema.get("items", {}), whole)) + 2
        case "string":
            return int(schema["maxLength"]) + 2
    return len(str(schema.get("maximum", "a" * 12)))
