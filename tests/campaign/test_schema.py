"""The JSON Schemas: committed, current, and true of the sample files."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from campaign_samples import CAMPAIGN, CONFIG, SMALL

from preflight import schema as schemas
from preflight.campaign.load import campaign_from, config_from
from preflight.schema import FOLDER, SCHEMAS, campaign_schema, config_schema, main
from preflight.source import Source

TYPES = {
    "string": str,
    "object": dict,
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def fits(value, schema, root) -> bool:
    """Whether a value satisfies a schema: the part of JSON Schema that ours use."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    known = {
        "$schema", "$defs", "description", "title", "examples", "type", "properties", "required",
        "additionalProperties", "items", "prefixItems", "anyOf", "enum", "minLength", "minItems",
        "maxItems", "pattern", "format", "const",
    }  # fmt: skip
    assert set(schema) <= known, set(schema) - known
    if "anyOf" in schema and not any(fits(value, one, root) for one in schema["anyOf"]):
        return False
    if "enum" in schema and not any(value is one or value == one for one in schema["enum"]):
        return False
    types = schema.get("type", list(TYPES))
    types = [types] if isinstance(types, str) else types
    if not any(_is(value, one) for one in types):
        return False
    if isinstance(value, dict):
        return _object_fits(value, schema, root)
    if isinstance(value, list):
        return _array_fits(value, schema, root)
    if isinstance(value, str):
        long_enough = len(value) >= schema.get("minLength", 0)
        return long_enough and bool(re.search(schema.get("pattern", ""), value))
    return True


def _is(value, name) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def _object_fits(value, schema, root) -> bool:
    properties = schema.get("properties", {})
    if not set(schema.get("required", ())) <= set(value):
        return False
    others = schema.get("additionalProperties", True)
    return all(
        fits(item, properties[key], root)
        if key in properties
        else others is not False and (others is True or fits(item, others, root))
        for key, item in value.items()
    )


def _array_fits(value, schema, root) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    heads = schema.get("prefixItems", [])
    return all(fits(item, one, root) for item, one in zip(value, heads, strict=False)) and all(
        fits(item, schema.get("items", {}), root) for item in value[len(heads) :]
    )


def as_editors_read(text):
    """YAML as an editor's schema check sees it: typed by YAML 1.1, dates as text."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: node.value)
    return yaml.load(text, Loader=Loader)


def test_the_committed_files_are_current():
    assert schemas.stale() == []
    assert main(["--check"]) == 0


def test_a_stale_file_is_said_and_rewritten(tmp_path, monkeypatch, capsys):
    (tmp_path / "examples.json").write_bytes((FOLDER / "examples.json").read_bytes())
    monkeypatch.setattr(schemas, "FOLDER", tmp_path)
    assert main(["--check"]) == 1
    assert "campaign.schema.json is stale" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0
    assert main(["--nonsense"]) == 2
    for name in SCHEMAS:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize(
    ("make", "text"),
    [(campaign_schema, CAMPAIGN), (campaign_schema, SMALL), (config_schema, CONFIG)],
)
def test_the_sample_files_fit(make, text):
    schema = make()
    assert fits(as_editors_read(text), schema, schema)


@pytest.mark.parametrize("make", [campaign_schema, config_schema])
def test_a_schema_describes_itself(make):
    schema = make()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"].startswith("Preflight")
    assert schema["description"]
    assert fits(schema["examples"][0], schema, schema)
    json.dumps(schema)


def test_the_examples_load():
    campaign, _, said = campaign_from(
        Source("c", json.dumps(campaign_schema()["examples"][0], ensure_ascii=False))
    )
    assert campaign is not None, said
    config, _, said = config_from(Source("c", json.dumps(config_schema()["examples"][0])))
    assert config is not None, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SMALL.replace("name: x", "name: 2024"), True),
        (SMALL + "subject: yes\nreply_to:\n", True),
        (SMALL + "audiance: x\n", False),
        (SMALL.replace("press", "spam"), False),
        (SMALL + "  expect: {count: 300}\n", True),
        (SMALL + "  expect: {count: [1, 2, 3]}\n", False),
        (SMALL + "  exclude: known.csv\n", True),
        (SMALL + "  exclude: {a: b}\n", False),
        ("name: x\n", False),
    ],
)
def test_campaigns_fit_or_not(text, expected):
    schema = campaign_schema()
    assert fits(as_editors_read(text), schema, schema) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules: {a: off, b: false, c: 'off', d: warning}", True),
        ("rules: {a: {severity: error, max: 3}}", True),
        ("rules: {a: loud}", False),
        ("rules: {a: {severity: loud}}", False),
        ("rules: {a: true}", False),
        ("ignore: [{rule: a}]", False),
        ("ledger: {clients: [a.csv]}\nignore:\n", True),
        ("ledger: {clints: a.csv}", False),
    ],
)
def test_configurations_fit_or_not(text, expected):
    schema = config_schema()
    assert fits(as_editors_read(text), schema, schema) is expected
