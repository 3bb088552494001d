"""JSON Schemas of ``campaign.yaml`` and ``preflight.yaml``, for editors.

``python -m preflight.schema`` writes them to ``preflight/schemas/``; ``--check`` exits 1 when the
files there are stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import BaseModel

FOLDER = Path(__file__).with_name("schemas")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# YAML editors read `2024`, `08:00` or `yes` as a number or a boolean; we read all scalars as text.
_TEXT = ["string", "number", "boolean"]


def campaign_schema() -> dict[str, Any]:
    """The JSON Schema of a campaign file."""
    from preflight.campaign.model import Campaign

    return _schema(Campaign, "Preflight campaign", _example("campaign"))


def config_schema() -> dict[str, Any]:
    """The JSON Schema of ``preflight.yaml``."""
    from preflight.config import Config

    return _schema(Config, "Preflight configuration", _example("preflight"))


def _example(name: str) -> Any:
    text = (FOLDER / "examples.json").read_text(encoding="utf-8")
    return json.loads(text)[name]


def _schema(model: type[BaseModel], title: str, example: Any) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    tidied: dict[str, Any] = _tidied(schema)
    return {"$schema": _DIALECT, **tidied, "title": title, "examples": [example]}


def _tidied(node: Any) -> Any:
    """A schema without titles and defaults that only repeat the names of classes and fields,
    where text may look like a number and every key that may be absent may be null."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    result: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            result[key] = {name: _tidied(inner) for name, inner in value.items()}
        elif key not in ("title", "default"):
            result[key] = _tidied(value)
    if result.get("type") == "string" and not {"enum", "const", "format", "pattern"} & set(result):
        result["type"] = _TEXT
    if "oneOf" in result:  # of two forms that exclude each other the one or the other
        forms = [form for one in result.pop("oneOf") for form in one.get("anyOf", [one])]
        result["anyOf"] = forms
    if "properties" in result:
        required = result.get("required", ())
        for name, inner in result["properties"].items():
            if name not in required:
                result["properties"][name] = _nullable(inner)
    return result


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, also satisfied by null: a key without a value counts as absent."""
    choices = schema.get("anyOf")
    if choices is not None:
        has_null = any(choice.get("type") == "null" for choice in choices)
        return schema if has_null else {**schema, "anyOf": [*choices, {"type": "null"}]}
    description = {k: v for k, v in schema.items() if k == "description"}
    rest = {k: v for k, v in schema.items() if k != "description"}
    return {**description, "anyOf": [rest, {"type": "null"}]}


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "campaign.schema.json": campaign_schema,
    "preflight.schema.json": config_schema,
}
"""File in ``preflight/schemas/`` -> what makes it."""


def rendered(schema: dict[str, Any]) -> str:
    """The text of a schema file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def stale() -> list[str]:
    """The schema files that are missing or differ from what is generated."""
    return [name for name, make in SCHEMAS.items() if _written(name) != rendered(make())]


def _written(name: str) -> str | None:
    try:
        return (FOLDER / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def main(arguments: Sequence[str]) -> int:
    """Write the schema files, or with ``--check`` say which are stale. The exit code."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m preflight.schema [--check]\n")
        return 2
    names = stale()
    if not arguments:
        for name in names:
            (FOLDER / name).write_text(rendered(SCHEMAS[name]()), encoding="utf-8", newline="\n")
        return 0
    for name in names:
        sys.stderr.write(f"{name} is stale: run `python -m preflight.schema`\n")
    return 1 if names else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
