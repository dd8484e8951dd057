"""The JSON Schema of a config: it takes what lactflow takes, and refuses what no config may say."""

from __future__ import annotations

import json

import jsonschema
import pytest
from click.testing import CliRunner

from lactflow.cli import main
from lactflow.config.drugs.files import shipped_drugs
from lactflow.config.schema import drug_schema, json_schema
from lactflow.config.shipped import shipped
from lactflow.config.tree import all_keys
from lactflow.config.yaml_source import parse_yaml
from lactflow.diagnosis.files import shipped_files

SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def plain(value):
    """Data of a YAML file with lists, as other readers of YAML have them."""
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return {key: plain(each) for key, each in value.items()} if isinstance(value, dict) else value


def mistakes(text):
    """What the schema says of a config."""
    return [error.message for error in VALIDATOR.iter_errors(plain(parse_yaml(text.encode()).data))]


def test_it_is_a_schema():
    """By the rules of its dialect; nothing in it is a name made up from another name."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["EveryPhase"]["properties"]["hours"].keys().isdisjoint({"title"})
    assert "title" in SCHEMA["properties"]  # the key of that name is still there


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_right(name):
    """As it is written."""
    assert mistakes(shipped()[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "resolution: coarse",
        "resolution: {packet_ml: 0.2}",
        "breasts: {left: {severed_lobes: 2}, right: {severed_lobes: [0, 3]}}",
        "mother: {conditions: [obesity, {kind: diabetes, type: 1}]}",
        "analytes: [melatonin]",
        "analytes: {melatonin: {peak_h: 3}}",
        "interventions: [{kind: domperidone, from_day: 31, to_day: 33}]",
        "interventions: [{kind: cabergoline, start_day: 31, times: ['08:00'], every_days: 2}]",
        "birth_clock: '23:59'",
        "schedule: [{kind: once, into: a, sessions: [{day: 31, time: '12:00', what: pump}, {day: 32, what: bottle}]}]",
    ],
)
def test_short_forms_are_right(line):
    """What a config may write, not only what the model makes of it."""
    assert mistakes(f"format: 1\n{line}") == []


@pytest.mark.parametrize(
    "line",
    [
        "schedule: [{kind: everyy, hours: 3}]",
        "schedule: [{kind: every, hours: 3, sid: left}]",
        "interventions: [{kind: domperidone}]",
        "interventions: [{kind: domperidone, from_day: 31, start_day: 31}]",
        "birth_clock: '24:00'",
        "resolution: coarsse",
        "mother: {conditions: [pcos]}",
        "mother: {conditions: [diabetes]}",
        "gland: {lumen: {capacity_ml: -3}}",
        "gland: {lumen: {capacity: 200}}",
        "seed: 1.5",
        "schedule: [{kind: once, sessions: []}]",
        "schedule: [{kind: once, sessions: [{day: 31, what: feed}]}]",
        "schedule: [{kind: once, sessions: [{day: 31, what: pump, volume_ml: 30}]}]",
    ],
)
def test_mistakes_are_found(line):
    """Names, ranges, clock times, and keys that exclude each other."""
    assert mistakes(f"format: 1\n{line}") != []


def test_every_key_has_a_meaning():
    """Of the config itself and of every group; quantities have their unit in it."""
    groups = [SCHEMA, *SCHEMA["$defs"].values()]
    lacking = [
        (group.get("description", "")[:40], name)
        for group in groups
        for name, key in group["properties"].items()
        if "description" not in key and "$ref" not in key and name != "kind"
    ]
    assert lacking == []
    lumen = SCHEMA["$defs"]["LumenParameters"]["properties"]["capacity_ml"]
    assert lumen["description"].endswith("[mL]")
    assert {name for group in groups for name in group["properties"]} >= {key.rsplit(".", 1)[-1] for key in all_keys()}


def test_the_command_prints_it_or_writes_it(tmp_path):
    """The same both ways."""
    printed = CliRunner().invoke(main, ["schema"])
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == SCHEMA
    path = tmp_path / "schema.json"
    for _ in range(2):  # an older one is replaced
        assert CliRunner().invoke(main, ["schema", "-o", str(path)]).stdout == f"{path}\n"
    assert json.loads(path.read_text(encoding="utf-8")) == SCHEMA


def test_init_writes_it_beside_the_config(tmp_path, monkeypatch):
    """With the line by which editors find it, in every new config of a folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        assert CliRunner().invoke(main, ["init", name]).exit_code == 0
        first, _ = (tmp_path / f"{name}.yaml").read_text(encoding="utf-8").split("\n", 1)
        assert first == "# yaml-language-server: $schema=./lactflow.schema.json"
    assert json.loads((tmp_path / "lactflow.schema.json").read_text(encoding="utf-8")) == SCHEMA


def schema_of_kind(what):
    """What `lactflow schema` prints of a kind of file."""
    result = CliRunner().invoke(main, ["schema", what])
    assert result.exit_code == 0
    return jsonschema.Draft202012Validator(json.loads(result.output))


@pytest.mark.parametrize(("what", "files"), [("drug", shipped_drugs()), ("mechanism", shipped_files())])
def test_the_schemas_of_other_files_take_what_is_shipped(what, files):
    """Every file; units are in the meaning of keys, and a key that is none is refused."""
    validator = schema_of_kind(what)
    validator.check_schema(validator.schema)
    for path in files.values():
        data = plain(parse_yaml(path.read_bytes()).data)
        assert not list(validator.iter_errors(data)), path.name
        assert list(validator.iter_errors({**data, "kinetic": 1}))


def test_a_drug_in_a_file_may_say_only_what_differs():
    """Its name, and what is laid over the shipped one; words stand for kinetics."""
    validator = schema_of_kind("drug")
    assert not list(validator.iter_errors({"format": 1, "drug": "caffeine", "passage": {"class": "base"}}))
    assert not list(validator.iter_errors({"format": 1, "drug": "x", "kinetics": "daily_steps"}))
    for wrong in ({"format": 1}, {"format": 1, "drug": "x", "kinetics": "daily"}, {"format": 2, "drug": "x"}):
        assert list(validator.iter_errors(wrong))


def test_a_schema_of_a_drug_is_written(tmp_path):
    """With `-o`; the schema of a config is that without a word."""
    file = tmp_path / "drug.json"
    assert CliRunner().invoke(main, ["schema", "drug", "-o", str(file)]).exit_code == 0
    assert json.loads(file.read_text()) == drug_schema()
    assert json.loads(CliRunner().invoke(main, ["schema"]).output) == SCHEMA
