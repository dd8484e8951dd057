"""Configs and settings as Python callers write them: mappings; and errors that name arguments, not options."""

from __future__ import annotations

import numpy as np
import pytest

import lactflow
from lactflow.config.python import setting_texts
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.recording import columns

SMALL = {"days": 0.1, "resolution": "coarse", "record": {"visits": False}, "schedule": [{"kind": "on_demand"}]}


def problems(call):
    """What an error says, a line each."""
    with pytest.raises(ConfigError) as error:
        call()
    return str(error.value).splitlines()


def test_a_mapping_is_a_config(tmp_path):
    """It needs no format, has lists and numbers of NumPy, and gives the run of the same YAML file."""
    schedule = [{"kind": "clock", "times": ["00:30"]}, {"kind": "pump", "per_day": np.int64(4)}]
    about = {"name": "mine", "schedule": schedule, "seed": np.int64(3), "mother": {"gland_size": np.float64(0.5)}}
    path = tmp_path / "mine.yaml"
    path.write_text(
        "format: 1\nname: mine\ndays: 0.1\nresolution: coarse\nrecord: {visits: false}\nseed: 3\n"
        "mother: {gland_size: 0.5}\nschedule: [{kind: clock, times: ['00:30']}, {kind: pump, per_day: 4}]\n"
    )
    assert load_scenario(SMALL | about) == load_scenario(path)
    run = lactflow.run(SMALL | about, out=tmp_path / "runs", workers=1)
    assert run.manifest["command"] == ["lactflow.run", "a mapping"]
    assert len(run["sessions"]) > 0


def test_settings_may_be_a_mapping(tmp_path):
    """From dotted keys to values; the manifest has them as they would be typed."""
    settings = {
        "gland.lumen.capacity_ml": 120,
        "infants": [{"appetite": 0.9}],
        "title": "Small: a test",
        "birth_date": None,
    }
    run = lactflow.run(SMALL, settings=settings, out=tmp_path, workers=1)
    config = load_scenario(run.config_file).config
    assert config.gland.lumen.capacity_ml == 120.0
    assert config.title == "Small: a test"
    assert run.manifest["command"][2] == "gland.lumen.capacity_ml=120"
    assert setting_texts("days=3") == ["days=3"]
    assert setting_texts(("days=3", "seed=2")) == ["days=3", "seed=2"]


def test_comparisons_and_sweeps_take_mappings(tmp_path):
    """Scenarios without a file are called by their own names, or by a number."""
    one, other = SMALL | {"name": "one"}, SMALL | {"mother": {"gland_size": 0.5}}
    compared = lactflow.compare([one, other, other], replicates=2, out=tmp_path, workers=1)
    assert list(compared.differences["scenario"].unique()) == ["run", "run-2"]
    swept = lactflow.sweep(
        SMALL, vary="gland.lumen.capacity_ml=150,250", settings={"seed": 2}, out=tmp_path, executor="local:1"
    )
    assert len(swept.results) == 2


@pytest.mark.parametrize(
    ("config", "lines"),
    [
        ({"days": -1}, ["days: -1 days is outside 0 to 1000 days"]),
        ({"dais": 1}, ["dais: unknown key (nearest: days)"]),
        ({"schedule": [{"kind": "every", "hour": 3}]}, ["schedule.0.hours: missing", "schedule.0.hour: unknown key"]),
        ({"days": {1, 2}}, ["days: found {1, 2}, of type set (allowed: numbers, text, True, False, lists, mappings"]),
        ({"mother": {1: 2}}, ["mother: found {1: 2}, of type dict (allowed: numbers, text"]),
        ({"schedule": [{"kind": "log", "file": "nowhere.csv"}]}, ["schedule.0.file: 'nowhere.csv' is not a file"]),
    ],
)
def test_what_is_wrong_with_a_mapping_has_its_key(config, lines, tmp_path, monkeypatch):
    """No file, no line; everything at once, as for files."""
    monkeypatch.chdir(tmp_path)
    found = problems(lambda: lactflow.run(config))
    assert len(found) == len(lines)
    assert all(any(one.startswith(line) for one in found) for line in lines), found
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (
            lambda: lactflow.run(SMALL, settings={"gland.lumen.capacity": 1}),
            "settings: gland.lumen.capacity: unknown key",
        ),
        (lambda: lactflow.run(SMALL, settings="gland.noise"), "settings: 'gland.noise' is no setting"),
        (
            lambda: lactflow.run(SMALL, settings={"days": object}),
            "settings: days: found <class 'object'>, of type type",
        ),
        (lambda: lactflow.run(SMALL, days=-1.0), "days: -1 days is outside"),
        (lambda: lactflow.run(SMALL, start_day=1e6), "start_day: "),
        (lambda: lactflow.compare([SMALL], vary="seed=1"), "vary: 'seed=1' does not vary anything"),
        (lambda: lactflow.sweep(SMALL, vary="sed=1,2"), "vary: sed"),
    ],
)
def test_errors_name_arguments(call, line):
    """Not the options of the command line, which Python callers have not typed."""
    assert problems(call)[0].startswith(line)


def test_frames_have_the_units_of_their_columns(tmp_path):
    """Those of the schema, in every table; measures of days too. They stay when rows are chosen."""
    run = lactflow.run(SMALL, out=tmp_path, workers=1)
    for table in ("removals", "lobes", "hormones", "visits"):
        frame = run[table]
        schema = columns.schema(table)
        assert frame.attrs["units"] == {field.name: field.metadata[b"unit"].decode() for field in schema}
        assert set(frame.columns) <= set(frame.attrs["units"])
        assert frame.head(1).attrs["units"] == frame.attrs["units"]
    days = run.daily()
    assert {*days.columns} - {*days.attrs["units"]} == {"mother", "replicate"}
    assert days.attrs["units"]["made_ml_per_day"] == "mL/day"
