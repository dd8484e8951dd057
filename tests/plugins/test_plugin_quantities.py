"""Quantities of additions: keys of a config, in its resolved form, the manifest, `parameters`, `cite` and `--set`."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import lactflow
from lactflow import plugins
from lactflow.cli import main
from lactflow.config.additions import additions_of, config_from_json
from lactflow.config.model import RunConfig
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.parameters.declaration import Declared, quantity
from lactflow.records import LevelSample, MemoryRecorder
from lactflow.simulation import simulate
from lactflow.sources import ASSUMED

SMALL = "format: 1\ndays: 0.1\ngland: {lobes_per_breast: 1}\nresolution: {packet_ml: 0.5}\n"
NOT_NAMED = "the config names no signal {!r} that has quantities ({}names are listed in signals)"
LEVEL = "signals.caffeine_in_plasma.level_mg_per_l"


@pytest.fixture(autouse=True)
def _lab(lab):
    """Every test has the package of the laboratory."""
    assert lab


def loaded(text, settings=(), **options):
    """A config of this text, loaded."""
    Path("some.yaml").write_text(SMALL + text, encoding="utf-8")
    return load_scenario("some.yaml", settings, **options)


def problems(text, settings=()):
    """What is wrong with a config of this text."""
    with pytest.raises(ConfigError) as caught:
        loaded(text, settings)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "settings", "level"),
    [
        ("signals: [caffeine_in_plasma]", [], 4.0),
        ("signals: {caffeine_in_plasma: {}}", [], 4.0),
        ("signals: {caffeine_in_plasma: {level_mg_per_l: 2}}", [], 2.0),
        ("signals: {caffeine_in_plasma: {level_mg_per_l: 2}}", [f"{LEVEL}=3"], 3.0),
        ("signals: [insulin, caffeine_in_plasma]", [f"{LEVEL}=3"], 3.0),
        ("", ["signals=[caffeine_in_plasma]", f"{LEVEL}=3"], 3.0),
        ("", ["signals={caffeine_in_plasma: {level_mg_per_l: 3}}"], 3.0),
        ("signals: [insulin]", ["signals.0=caffeine_in_plasma", f"{LEVEL}=3"], 3.0),
    ],
)
def test_a_config_sets_what_a_class_declares(text, settings, level):
    """In a list or a mapping, by itself or by `--set`; the resolved config has it, and so has a worker process."""
    scenario = loaded(text, settings)
    assert f"level_mg_per_l: {level}" in scenario.text
    Path("resolved.yaml").write_text(scenario.text, encoding="utf-8")
    config = scenario.config
    assert load_scenario("resolved.yaml").config == config
    for each in (config, config_from_json(config.model_dump_json(by_alias=True))):
        row = next(row for row in additions_of(each).signals if row.name == "caffeine_in_plasma")
        assert row.build(SimpleNamespace(birth_clock_min=0.0)).level(0.0) == level


def test_quantities_of_a_station_are_those_of_its_row():
    """Dwell time and room are keys, with bounds; of several rows, below the name of each."""
    (row,) = additions_of(loaded("stations: {trans_golgi: {work_min: 6}}").config).stations
    assert (row.work.value, row.places.value) == (6.0, 7.0)
    first = plugins.load(plugins.plugin_named("stations", "trans_golgi"))
    plugins.add("stations", "two", lambda: [first, replace(first, name="second", after="trans_golgi")])
    scenario = loaded("stations: [two]", ["stations.two.second.places_ml=9"])
    rows = additions_of(scenario.config).stations
    assert [(each.name, each.work.value, each.places.value) for each in rows] == [
        ("trans_golgi", 4.0, 7.0),
        ("second", 4.0, 9.0),
    ]
    assert loaded("stations: [two]", ["stations.two.second.places_ml=9"]).config == scenario.config
    (long,) = problems("stations: {trans_golgi: {work_min: 100}}")
    assert long == "some.yaml:5:36: stations.trans_golgi.work_min: 100 min is outside 0.1 to 60 min"


def test_a_list_stays_a_list_where_nothing_can_be_set():
    """The resolved config of a run without quantities looks as it did."""
    assert 'signals:\n- "insulin"\n' in loaded("signals: [insulin]").text
    assert type(loaded("signals: [insulin]").config) is RunConfig
    assert "signals:\n  insulin: {}\n" in loaded("signals: {insulin: {}}").text


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        (
            "signals: {caffeine_in_plasma: {level: 2}}",
            [],
            "some.yaml:5:32: signals.caffeine_in_plasma.level: unknown key (allowed: level_mg_per_l, from_clock_h)",
        ),
        (
            "signals: {caffeine_in_plasma: {level_mg_per_l: 60}}",
            [],
            f"some.yaml:5:48: {LEVEL}: 60 mg/L is outside 0 to 50 mg/L",
        ),
        (
            "signals: {caffeine_in_plasma: 3}",
            [],
            "some.yaml:5:31: signals.caffeine_in_plasma: found 3 (allowed: a mapping of level_mg_per_l, from_clock_h)",
        ),
        (
            "signals: {insulin: {level: 3}}",
            [],
            "some.yaml:5:21: signals.insulin.level: unknown key (nothing is allowed here)",
        ),
        (
            "signals: [caffeine_in_plasma, caffeine_in_plasma]",
            [],
            "some.yaml:5:10: signals: 'caffeine_in_plasma' is named twice",
        ),
        (
            "signals: [caffeine_in_plasma, 3]",
            [],
            "some.yaml:5:10: signals: found a list (allowed: a list of names, or a mapping of caffeine_in_plasma)",
        ),
        ("signals: [caffeine_in_plasma]", [f"{LEVEL}=60"], f"--set: {LEVEL}: 60 mg/L is outside 0 to 50 mg/L"),
        (
            "signals: [caffeine_in_plasma]",
            ["signals.caffeine_in_plasma.level=6"],
            "--set: signals.caffeine_in_plasma.level: unknown key (allowed: level_mg_per_l, from_clock_h)",
        ),
        ("", [f"{LEVEL}=3"], f"--set: {LEVEL}: " + NOT_NAMED.format("caffeine_in_plasma", "")),
        (
            "signals: [caffeine_in_plasma]",
            ["signals.insulin.level=3"],
            "--set: signals.insulin.level: " + NOT_NAMED.format("insulin", "it names caffeine_in_plasma; "),
        ),
    ],
)
def test_mistakes_are_those_of_any_key(text, settings, words):
    """With place, range and the nearest name; an addition is named by the config, not by a setting."""
    assert problems(text, settings) == [words]


def test_an_unknown_name_in_a_mapping_has_its_place():
    """What stands below it is not judged."""
    first, second = problems("signals: {cafeine_in_plasma: {x: 1}}\nanalytes: {coffee: {}}")
    assert first.startswith("some.yaml:5:11: signals.cafeine_in_plasma: no package adds the signal 'cafeine_in_plasma'")
    assert second.startswith("some.yaml:6:12: analytes.coffee: no package adds the analyte 'coffee'")


class Silent(Declared):
    """It has no `declare`."""


class Bare(Declared):
    """A key without a default."""

    level: float

    def declare(self):
        return ()


class Outside(Declared):
    """A default outside its own range."""

    level: float = quantity(4.0, "", within=(0.0, 1.0), source=ASSUMED, note="Too much")

    def declare(self):
        return ()


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (Silent, r"has quantities, but no method declare\(self\)"),
        (Bare, r"level: Field required \(needed: a default within its range for each key\)"),
        (Outside, r"level: Input should be less than or equal to 1 \(needed: a default within its range"),
    ],
)
def test_a_class_that_cannot_work_is_named(thing, words):
    """In a config, and by `parameters`, which lists the others."""
    plugins.add("signals", "ours", thing)
    (problem,) = problems("signals: [ours]")
    assert re.fullmatch(rf"some.yaml:5:11: signals\.0: signal 'ours' of {__name__}:? ?{words}.*", problem)
    result = CliRunner().invoke(main, ["parameters", "caffeine"])
    assert result.exit_code == 0
    assert re.search(rf"^warning: signal 'ours' of {__name__}", result.stderr)
    assert LEVEL in result.stdout


def test_parameters_lists_what_packages_add():
    """With package, source and bounds; stations too."""
    listed = json.loads(CliRunner().invoke(main, ["parameters", "--json"]).stdout)["parameters"]
    by_key = {each["key"]: each for each in listed}
    level = by_key[LEVEL]
    assert (level["value"], level["unit"], level["low"], level["high"]) == (4.0, "mg/L", 1.0, 10.0)
    assert (level["source"], level["locator"], level["assumed"], level["package"]) == (
        "Lab2030",
        "table 1",
        False,
        "lactflow-lab 1.2",
    )
    assert by_key["stations.trans_golgi.work_min"]["value"] == 4.0
    assert "package" not in by_key["gland.lumen.capacity_ml"]
    printed = CliRunner().invoke(main, ["parameters", "trans_golgi"]).stdout
    assert "2 quantities are of lactflow-lab 1.2, and can be set in a config that names the addition" in printed


def test_a_run_keeps_cites_and_warns_of_them():
    """The manifest has their values, `cite` their sources; a value that is not plausible draws a warning."""
    loaded(
        "signals: {caffeine_in_plasma: {level_mg_per_l: 20}}\nstations: [trans_golgi]\n"
        "schedule: [{kind: every, hours: 2}]"
    )
    with pytest.warns(lactflow.errors.ScenarioWarning, match="level_mg_per_l = 20 mg/L is outside its plausible range"):
        run = lactflow.run("some.yaml", workers=1)
    assert run.manifest["plugin_quantities"] == {
        "stations.trans_golgi.work_min": 4.0,
        "stations.trans_golgi.places_ml": 7.0,
        LEVEL: 20.0,
        "signals.caffeine_in_plasma.from_clock_h": 0.0,
    }
    cited = json.loads(CliRunner().invoke(main, ["cite", str(run.path), "--json"]).stdout)
    (study,) = [each for each in cited["references"] if each["key"] == "Lab2030"]
    assert study["quantities"] == [LEVEL]
    assert "Lab A 2030. Coffee in mothers" in study["text"]
    listed = json.loads(CliRunner().invoke(main, ["parameters", "--json"]).stdout)["parameters"]
    plain = [each for each in listed if not each["key"].startswith("analytes.")]  # shipped, and not named here
    assert cited["assumed"] == sum(each["assumed"] for each in plain)


def test_cite_of_a_run_whose_package_is_gone_names_it(monkeypatch):
    """Package and version, from the manifest; the page of the run says so too."""
    loaded("signals: [caffeine_in_plasma]\nschedule: [{kind: offer}]")
    run = lactflow.run("some.yaml", workers=1)
    monkeypatch.setattr(plugins, "_installed", cache(lambda group: {}))
    result = CliRunner().invoke(main, ["cite", str(run.path)])
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"{run.path}: the run used the {what} of lactflow-lab 1.2, which is not installed here"
        for what in ("signal 'caffeine_in_plasma'", "kind of schedule 'offer'")
    ]


def test_a_signal_knows_the_time_of_day_at_birth():
    """Born at 06:00, coffee from 08:00 on: nothing two hours before, all of it from there to midnight, 18 h after."""
    text = 'start_day: 1\nbirth_clock: "06:00"\nsignals: {caffeine_in_plasma: {from_clock_h: 8}}\nschedule: []'
    config = loaded(text, days=0.8).config
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder)
    levels = {fact.time_min: fact.level for fact in recorder.facts if isinstance(fact, LevelSample)}
    assert [levels[60.0 * hour] for hour in (0, 1, 2, 10, 17, 18, 19)] == [0.0, 0.0, 4.0, 4.0, 4.0, 0.0, 0.0]
