"""A package adds one of each: its names in a config are enough, and a forgotten place is an error by name."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from crew_of_one import CrewOfOne

import lactflow
from lactflow import plugins
from lactflow.cli import main
from lactflow.config.scenario import load_scenario
from lactflow.endocrine.influences import Influence
from lactflow.endocrine.signal import Steps
from lactflow.errors import ConfigError, PluginError
from lactflow.recording.verify import verify
from lactflow.report.page import write_report


def problems(text: str) -> list[str]:
    """What is wrong with a config."""
    Path("bad.yaml").write_text(f"format: 1\ndays: 0.2\n{text}", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario("bad.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_one_of_each_takes_part_in_a_run(lab):
    """By their names in the config; the manifest states where they come from."""
    run = lactflow.run("lab-day", workers=1)
    of_lab = {"package": lab["name"], "version": lab["version"]}
    assert run.manifest["plugins"] == [
        {"group": group, "name": name, **of_lab}
        for group, name in (
            ("stations", "trans_golgi"),
            ("signals", "insulin"),
            ("signals", "caffeine_in_plasma"),
            ("analytes", "caffeine"),
            ("schedules", "offer"),
        )
    ]
    visits = run["visits"]
    sorting = visits[visits["station"] == "trans_golgi"].dropna()
    assert (sorting["finished_min"] - sorting["started_min"]).round(6).min() == pytest.approx(4.0, rel=0.2)
    assert "trans_golgi" in set(run["queues"]["station"])
    insulin = run["levels"].query("signal == 'insulin'").set_index("time_min")["level"]
    assert insulin.loc[30.0 * 1440.0 + 7 * 60.0] == 5.0
    made = run["breasts"].groupby("time_min")["secretion_ml_per_h"].sum()
    fasting = made[(made.index > 30.26 * 1440.0) & (made.index < 30.49 * 1440.0)].mean()
    assert fasting < 0.8 * made[made.index < 30.24 * 1440.0].iloc[1:].mean()
    contents = run["removal_contents"]
    assert set(contents["analyte"]) == {"caffeine"}
    assert 0.5 < contents["mean_per_l"].mean() < 4.0 * 200.0 / 260.0 * 1.05
    assert set(run["balance"]["quantity"]) >= {"caffeine", "lactose"}
    assert len(run["sessions"]) >= 6
    pages = write_report(run.path).read_text(encoding="utf-8")
    assert "mg of caffeine." in pages
    assert "trans-Golgi" in pages
    assert pages.index("Hormones and let-downs") < pages.index("Other signals") < pages.index("Composition")
    assert 'id="level-0-title">insulin' in pages


@pytest.mark.slow
def test_workers_and_a_second_run_of_the_resolved_config_give_the_same(lab):
    """Worker processes find the package by themselves."""
    assert lab
    one = lactflow.run("lab-day", workers=1, replicates=2)
    two = lactflow.run(one.path / "config.yaml", workers=2)
    for table in ("removals", "removal_contents", "levels", "queues", "sessions"):
        pd.testing.assert_frame_equal(one[table], two[table])


def test_the_command_line_knows_them(lab):
    """`scenarios`, `run --dry-run` and `--set` of a key of a kind of schedule from outside."""
    assert lab
    listed = json.loads(CliRunner().invoke(main, ["scenarios", "list", "--json"]).stdout)["scenarios"]
    assert {"name": "lab-day", "title": "A day in the laboratory"} in listed
    dry = CliRunner().invoke(main, ["run", "lab-day", "--dry-run", "--set", "schedule.0.hours=4"])
    assert dry.exit_code == 0, dry.output
    wrong = CliRunner().invoke(main, ["run", "lab-day", "--dry-run", "--set", "schedule.0.hours=400"])
    assert wrong.exit_code == 2
    assert wrong.stderr.startswith("--set: schedule.0.hours: 400 h is outside 0 to 24 h")


def test_settings_and_options_name_kinds_of_schedule_from_outside(lab):
    """As the file does: its keys are known and checked."""
    assert lab
    Path("plain.yaml").write_text("format: 1\nschedule: [{kind: every, hours: 4}]\n", encoding="utf-8")
    by_option = load_scenario("plain.yaml", schedule=[{"kind": "offer", "hours": 3}]).config
    by_setting = load_scenario("plain.yaml", ["schedule.0.kind=offer", "schedule.0.hours=3"]).config
    assert by_option.schedule == by_setting.schedule
    assert by_option.schedule[0].hours == 3.0
    with pytest.raises(ConfigError, match=r"--schedule: schedule\.0\.hours: 30 h is outside 0 to 24 h"):
        load_scenario("plain.yaml", schedule=[{"kind": "offer", "hours": 30}])


def test_what_no_package_adds_is_an_error_with_its_place(lab):
    """Line, key and the nearest name."""
    assert lab
    (unknown,) = problems("analytes: [cafeine]\n")
    assert unknown.startswith("bad.yaml:3:12: analytes.0: no package adds the analyte 'cafeine' (nearest: caffeine; ")
    (signal,) = problems("analytes: [caffeine]\n")
    assert "caffeine_in_plasma" in signal
    assert "bad.yaml:3:" in problems("schedule: [{kind: offr}]\n")[0]
    coarse = problems("stations: [trans_golgi]\nresolution: {packet_ml: 0.5}\ngland: {lobes_per_breast: 9}\n")
    assert "too coarse" in coarse[0]


@pytest.mark.parametrize(
    ("group", "thing", "message"),
    [
        ("analytes", 4.0, "is float (allowed: Analyte or SignalRow"),
        ("analytes", Influence("x", "fat", lambda _: Steps(1.0)), "is Influence (allowed: Analyte or SignalRow"),
        ("stations", 4.0, "is float (allowed: StationRow"),
        ("signals", lambda: 1 / 0, "cannot be made: ZeroDivisionError"),
        ("signals", list, "is an empty list (allowed: SignalRow or Influence"),
    ],
)
def test_what_is_not_what_its_group_needs_is_refused(lab, group, thing, message):
    """When the config is checked."""
    assert lab
    plugins.add(group, "ours", thing)
    (problem,) = problems(f"{group}: [ours]\n")
    assert message in problem
    assert problem.startswith(f"bad.yaml:3:{len(group) + 4}: {group}.0: ")


def test_an_installed_package_takes_part_in_no_run_that_does_not_name_it(lab):
    """Tables are the same with it and without."""
    assert lab
    text = "format: 1\ndays: 0.1\ngland: {lobes_per_breast: 1}\nresolution: {packet_ml: 0.5}\n"
    Path("plain.yaml").write_text(f"{text}schedule: [{{kind: every, hours: 2}}]\n")
    run = lactflow.run("plain.yaml", workers=1)
    assert run.manifest["plugins"] == []
    assert run["removal_contents"].empty
    assert run["levels"].empty
    assert not {"removal_contents", "levels"} & {path.name for path in run.path.iterdir()}


def test_runs_of_a_comparison_have_the_tables_of_what_they_add(lab, monkeypatch):
    """Only the scenario that names a signal has its table, in each replicate."""
    assert lab
    monkeypatch.setattr("lactflow.experiments.comparing.Crew", CrewOfOne)
    text = "format: 1\ndays: 0.1\ngland: {lobes_per_breast: 1}\nresolution: {packet_ml: 0.5}\n"
    text += "schedule: [{kind: every, hours: 2}]\n"
    Path("plain.yaml").write_text(text)
    Path("sampled.yaml").write_text(f"{text}signals: [caffeine_in_plasma]\nanalytes: [caffeine]\n")
    runs = lactflow.compare(["plain.yaml", "sampled.yaml"], replicates=2, workers=1).runs
    assert set(runs["sampled"].tables) - set(runs["plain"].tables) == {
        "removal_contents",
        "infant_doses",
        "bottles",
        "levels",
    }
    assert set(runs["sampled"]["levels"]["replicate"]) == {0, 1}
    assert [verify(run.path) for run in runs.values()] == [("complete", [])] * 2


def test_an_unknown_kind_is_answered_with_those_that_packages_add(lab):
    """Whether or not another phase of the config uses them."""
    (problem,) = problems("schedule: [{kind: ofer}]")
    assert "'ofer' is unknown (allowed: on_demand, every" in problem
    assert problem.endswith("bottle, once, discard, offer; nearest: offer)")
    (problem,) = problems("schedule: [{hours: 3}]")
    assert problem.endswith(
        "missing (allowed: on_demand, every, clock, cluster, log, wean, none, pump, responsive, "
        "power_pump, hand, bottle, once, discard, offer)"
    )


def test_a_station_that_cannot_be_made_is_named(lab, monkeypatch):
    """A quantity that is none is an error when the module is imported, and of the package."""
    Path("odd_station.py").write_text(
        "from lactflow import sources\nfrom lactflow.parameters.stations import own_quantity\n"
        'work = own_quantity("6", "min", within=(1.0, 9.0), source=sources.ASSUMED, note="no number")\n'
    )
    monkeypatch.syspath_prepend(".")
    plugin = plugins.Plugin("stations", "odd", "odd_station:work")
    with pytest.raises(
        PluginError, match="station 'odd' of odd_station cannot be loaded: DeclarationError: own_quantity"
    ):
        plugins.load(plugin)
    assert PluginError.exit_code == 2
