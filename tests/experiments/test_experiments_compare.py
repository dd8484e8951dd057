"""Comparison: common random numbers, pairs, two stages, and the command."""

from __future__ import annotations

import json
import re
from math import ceil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from pairs import BASE, compared, row

import lactflow
from lactflow.analysis.daily import MEASURES
from lactflow.cli import main
from lactflow.cli.half_width import stop_of
from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ArchiveError, ConfigError
from lactflow.experiments import comparing as comparing_module
from lactflow.experiments.compare import Stop, loaded
from lactflow.experiments.compared import folder_name
from lactflow.experiments.crew import Crew


def test_a_against_a_is_exactly_nothing(configs):
    """The same scenario twice, under two names: every difference is zero, interval and all."""
    comparison = compared([configs[0], configs[0]])
    assert comparison.scenarios == ("often", "often-2")
    shown = comparison.differences.dropna(subset=["difference"])
    assert len(shown) > 15
    assert (shown[["difference", "low", "high", "sd_paired"]] == 0.0).all(axis=None)
    assert (shown["replicates"] == 3).all()


def test_differences_are_those_of_the_runs(comparison):
    """Means and differences can be made again from the runs by hand; every measure has a row."""
    assert comparison.status == "complete"
    assert list(comparison.differences["measure"]) == list(MEASURES)
    removed = [run["removals"].groupby("replicate")["removed_ml"].sum() / 0.5 for run in comparison.runs.values()]
    found = row(comparison, "removed_ml_per_day")
    assert found["baseline_mean"] == pytest.approx(removed[0].mean(), rel=1e-12)
    assert found["difference"] == pytest.approx((removed[1] - removed[0]).mean(), rel=1e-9)
    assert found["sd_paired"] == pytest.approx((removed[1] - removed[0]).std(), rel=1e-9)
    assert set(comparison.subjects["scenario"]) == {"often", "seldom"}
    assert len(comparison.subjects) == 6


def test_one_config_is_varied(configs):
    """Each value is a scenario, named for it; a comma within a mapping separates nothing."""
    comparison = compared([configs[0]], days=1.0, vary='schedule.0.night_gap=null,{from: "22:00", to: "06:00"}')
    assert comparison.scenarios == ("night_gap=null", "night_gap-2")
    assert row(comparison, "sessions_per_day")["difference"] < -2.0
    gap = comparison.runs["night_gap-2"]
    assert gap["sessions"]["start_min"].mod(1440.0).min() >= 6 * 60.0
    shown = call(configs[0], "--days", "0.1", "--vary", 'schedule.0.night_gap=null,{from: "22:00", to: "06:00"}').stdout
    assert 'night_gap-2: schedule.0.night_gap = {"from": "22:00", "to": "06:00"}' in shown
    with pytest.raises(ConfigError, match="unknown key"):
        loaded([configs[0]], vary="schedule.0.hour=1,2")


@pytest.mark.slow
def test_workers_do_not_matter(configs, monkeypatch):
    """The same differences from one process and from two."""
    monkeypatch.setattr(comparing_module, "Crew", Crew)
    one, two = (compared(configs, days=0.5, workers=workers, out=str(workers)) for workers in (1, 2))
    pd.testing.assert_frame_equal(one.differences, two.differences)
    for name, run in one.runs.items():
        for table in run.tables:
            pd.testing.assert_frame_equal(run[table], two.runs[name][table])


def test_the_baseline_gives_the_random_numbers(configs):
    """A seed of the other scenario does not count: chance is shared."""
    Path("seldom.yaml").write_text(Path("often.yaml").read_text(encoding="utf-8") + "seed: 99\n", encoding="utf-8")
    assert row(compared(configs), "removed_ml_per_day")["difference"] == 0.0


def test_a_cohort_is_compared_mother_by_mother(configs):
    """Mothers are the pairs, whatever the replicates of each."""
    comparison = compared(configs, replicates=2, settings=["mother.cohort=3", "record.visits=false"])
    assert set(comparison.subjects["subject"]) == {0, 1, 2}
    assert row(comparison, "made_ml_per_day")["replicates"] == 3
    mothers = [run["mothers"].drop_duplicates(["mother", "key"])["value"].tolist() for run in comparison.runs.values()]
    assert mothers[0] == mothers[1]


def test_replicates_are_added_until_the_interval_is_narrow(configs):
    """The second stage has what the first says is needed; runs, configs and manifest know how many there were."""
    comparison = compared(configs, days=0.25, stop=Stop(measure="made_ml_per_day", half_width=60.0, most=20))
    found, replicates = row(comparison, "made_ml_per_day"), comparison.manifest["replicates"]
    assert 3 < replicates < 20
    assert found["replicates"] == replicates
    assert found["high"] - found["low"] <= 120.0 + 1e-9
    assert (comparison.manifest["pilot"], comparison.manifest["stopped_on"]["half_width"]) == (3, 60.0)
    for run in comparison.runs.values():
        assert parse_yaml(run.config_text.encode()).data["replicates"] == replicates
        assert len(run.spans_min) == replicates
    alone = compared(configs, days=0.25, replicates=replicates)
    assert row(alone, "made_ml_per_day")["difference"] == pytest.approx(found["difference"], rel=1e-12)


@pytest.mark.slow
def test_the_second_stage_of_several_scenarios_makes_up_for_their_number(configs):
    """
    Two differences at a joint 95 % are each at 97.5 %, where Student's t with 2 degrees of freedom is 6.205.

    A pilot of three whose differences have the standard deviation sd needs (t * sd / half-width)^2 replicates. Of the
    two differences the wider one decides. At 95 % each, t would be 4.303 and the number less than half as large.
    """
    Path("rarely.yaml").write_text(f"{BASE}schedule: [{{kind: every, hours: 8}}]\n", encoding="utf-8")
    stop = Stop(measure="made_ml_per_day", half_width=75.0, most=60)
    found = compared([*configs, "rarely.yaml"], days=0.25, stop=stop, workers=1)
    made = found.subjects.pivot_table("made_ml_per_day", "subject", "scenario").loc[:2]
    sd = max((made[name] - made["often"]).std() for name in ("seldom", "rarely"))
    assert found.manifest["replicates"] == ceil((6.205 * sd / stop.half_width) ** 2)
    assert 3 < found.manifest["replicates"] < 20


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"settings": ["days=2"], "only": 0}, ""),
        ({"text": "days: 3\n"}, "seldom: days is 3, but 0.5 in the baseline often"),
        ({"text": "start_day: 40\n"}, "seldom: start_day is 40, but 30 in the baseline often"),
        ({"text": "mother: {cohort: 2}\n"}, "seldom: mother.cohort is 2, but none in the baseline often"),
    ],
)
def test_what_cannot_be_compared_is_reported(configs, change, words):
    """Other days or other mothers; set for both, they are the same."""
    if "text" in change:
        text = Path("seldom.yaml").read_text(encoding="utf-8")
        if change["text"].startswith("days"):
            text = text.replace("days: 0.5\n", "")
        Path("seldom.yaml").write_text(text + change["text"], encoding="utf-8")
        with pytest.raises(ConfigError, match=words):
            loaded(configs)
    else:
        assert [each.config.days for each in loaded(configs, change["settings"]).values()] == [2.0, 2.0]
    assert not Path("outputs").exists()


def test_one_scenario_is_no_comparison(configs):
    """Nor has a rule in two stages a meaning for a cohort."""
    with pytest.raises(ConfigError, match="nothing to be compared with"):
        loaded(configs[:1])
    with pytest.raises(ConfigError, match="--until-ci adds replicates of one mother"):
        loaded(configs, ["mother.cohort=2"], Stop(measure="made_ml_per_day", half_width=5.0))


def test_names_that_are_long_and_alike_stay_names(configs):
    """What distinguishes them is the file, or a number, which fits into the 64 letters that a name may have."""
    for file in configs:
        text = Path(file).read_text(encoding="utf-8")
        Path(file).write_text(text + f"name: {'n' * 64}\n", encoding="utf-8")
    assert [len(label) for label in loaded([configs[0]] * 3)] == [64, len("often"), 61]
    assert list(loaded(configs)) == ["n" * 64, "seldom"]


def test_runs_and_comparisons_are_not_taken_for_each_other(comparison):
    """One line says what the folder is."""
    with pytest.raises(ArchiveError, match="is a comparison, not a run; its runs lie in"):
        lactflow.open_run(comparison.path)
    with pytest.raises(ArchiveError, match="is not a comparison"):
        lactflow.open_comparison(next(iter(comparison.runs.values())).path)


# -- the command ------------------------------------------------------------------------------------------


def call(*args):
    """A command line."""
    usual = () if "--replicates" in args else ("--replicates", "3")
    return CliRunner().invoke(main, ["compare", *args, *usual, "--workers", "2"])


def test_the_command_prints_a_table_and_draws_a_figure(configs):
    """Means, difference, interval; what sharing chance was worth; an SVG of some size."""
    result = call(*configs)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    (line,) = [line.split() for line in lines if line.startswith("sessions ")]
    assert line[1:4] == ["12.0", "4.0", "-8.0"]
    assert line[-4:] == ["*", "per", "day", "sessions_per_day"]
    assert any(line.startswith("Common random numbers: the SD of a difference in milk removed is") for line in lines)
    assert any("no medical advice" in line for line in lines)
    figure = Path(lines[0], "differences.svg")
    assert f"figure: {figure}" in lines
    assert figure.read_text(encoding="utf-8").startswith("<?xml")
    assert "milk removed" in figure.read_text(encoding="utf-8")
    (sentence,) = lactflow.open_comparison(lines[0]).in_words().values()
    assert lines[2].endswith(f": {sentence}")


def test_json_is_what_the_contract_says(configs):
    """One object on stdout, and nothing on it that JSON has no word for."""
    result = call(*configs, "--until-ci", "900 mL/day", "--json")  # three replicates are enough for that
    answer = json.loads(result.stdout)
    assert answer["replicates"] == 3
    assert Path(answer["comparison_dir"]).is_dir()
    keys = {"measure", "baseline", "scenario", "baseline_mean", "mean", "difference", "low", "high", "replicates"}
    assert all(keys <= set(each) for each in answer["differences"])
    assert [each["difference"] for each in answer["differences"] if each["measure"] == "onset_h"] == [None]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (
            ["--until-ci", "-5mL"],
            "--until-ci: '-5mL' is no half-width (allowed: a number above 0 in mL/day, such as 5mL or 5)",
        ),
        (
            ["--until-ci", "5mL", "--measure", "made"],
            "--measure: there is no measure 'made' (nearest: made_ml_per_day)",
        ),
        (
            ["--until-ci", "1g/L"],
            "--until-ci: '1g/L' is in 'g/L', and milk removed in mL/day (allowed: a number above 0, such as 5mL or 5; ",
        ),
        (
            ["--until-ci", "5mL", "--measure", "fullness"],
            "--until-ci: '5mL' is in 'mL', and fullness in of capacity (allowed: a number above 0, such as 0.02; ",
        ),
        (["--days", "0"], "--days: 0 days is outside"),
        (["--vary", "seed=1,2"], "--vary: there are 2 configs (allowed: one, which is varied)"),
        (["--vary", "seed=1"], "--vary: 'seed=1' does not vary anything (allowed: key.sub=A,B or more)"),
        (["--vary", "seed"], "--vary: 'seed' does not vary anything"),
        (["--vary", "seed=[1,2"], "--vary:"),
        (["--replicates", "0"], "--replicates: 0 is outside 1 to 10000"),
    ],
)
def test_mistakes_are_reported_before_anything_is_simulated(configs, args, words):
    """Exit code 2, one line, nothing written."""
    result = call(*configs, *args)
    assert result.exit_code == 2
    assert any(line.startswith(words) for line in result.stderr.splitlines())
    assert not Path("outputs").exists()


def test_a_dry_run_writes_nothing(configs):
    """It reports how long it would take."""
    result = call(*configs, "--dry-run")
    assert result.exit_code == 0
    assert "often: 3 replicates \N{MULTIPLICATION SIGN} 0.5 days, about" in result.stdout
    assert not Path("outputs").exists()


@pytest.mark.parametrize(
    ("text", "measure", "width"),
    [
        ("20", "removed_ml_per_day", 20.0),
        ("20mL", "removed_ml_per_day", 20.0),
        (" 2.5 ml/Day ", "removed_ml_per_day", 2.5),
        ("1g/L", "fat_g_per_l", 1.0),
        (".5 g/L", "fat_g_per_l", 0.5),
        ("2g", "fat_g_per_day", 2.0),
        ("3h", "onset_h", 3.0),
        ("3 h after birth", "onset_h", 3.0),
        ("0.02", "fullness", 0.02),
        ("0.1", "inhibitor", 0.1),
    ],
)
def test_a_half_width_is_in_the_unit_of_its_measure(text, measure, width):
    """With a space or without, in full or in short."""
    assert stop_of(text, measure) == Stop(measure=measure, half_width=width)


def test_a_wrong_key_or_value_is_that_of_vary(configs):
    """Once, though every variant has it; what is wrong besides is blamed on its own option."""
    for text, words in (
        ("gland.lumen.capcity_ml=100,200", ["--vary: gland.lumen.capcity_ml: unknown key (nearest: gland.lumen.capa"]),
        ("hours=2,3", ["--vary: hours: unknown key (nearest: schedule.0.hours)"]),
        ("gland.lumen={capacity_ml: 5},{}", ["--vary: gland.lumen.capacity_ml: 5 mL is outside 10 to 1500 mL"]),
    ):
        with pytest.raises(ConfigError) as error:
            loaded(configs[:1], vary=text)
        assert all(str(each).startswith(expected) for each, expected in zip(error.value.problems, words, strict=True))
    with pytest.raises(ConfigError, match=r"^--set: seeed: unknown key \(nearest: seed\)$"):
        loaded(configs[:1], ["seeed=1"], vary="schedule.0.hours=2,3")


def test_variants_are_called_by_their_values(configs):
    """In words that are safe in tables and commands; folders leave out what is not safe in their names."""
    for vary, labels in (
        ("schedule.0.hours=2,3.5", ["hours=2", "hours=3.5"]),
        ("zone=null,Europe/Berlin", ["zone=null", "zone=Europe-Berlin"]),
        ("record.visits=true,false", ["visits=true", "visits=false"]),
        ("schedule=[],[{kind: on_demand}]", ["schedule-1", "schedule-2"]),
        ("birth_clock='06:00','07:00'", ["birth_clock=06:00", "birth_clock=07:00"]),
        ("title='a b','a/b','a;b'", ["title=a-b", "title=a-b-2", "title=a-b-3"]),
    ):
        found = loaded(configs[:1], vary=vary)
        assert list(found) == labels
        folders = [scenario.config.name for scenario in found.values()]
        assert folders == [folder_name(label) for label in labels]
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+", folder) for folder in folders)


def test_until_ci_is_reported(configs):
    """How many there were in each stage, and how narrow the interval is."""
    result = call(*configs, "--days", "0.25", "--until-ci", "500mL")
    assert "--until-ci: 3 replicates, then" in result.stdout


@pytest.mark.slow
def test_visits_are_kept_for_whoever_asks(configs):
    """By their own option, or by the key; nobody's setting is undone in silence."""
    for said, kept in ((["--set", "record.visits=true"], True), (["--visits"], True), ([], False)):
        answer = json.loads(call(*configs, "--days", "0.2", "--replicates", "2", "--json", *said).stdout)
        runs = lactflow.open_comparison(answer["comparison_dir"]).runs.values()
        assert all((len(run["visits"]) > 0) == kept for run in runs)


@pytest.mark.parametrize(
    ("measure", "words"),
    [("onset_h", "onset of copious milk"), ("rid_percent", "relative infant dose as swallowed")],
)
def test_a_measure_without_values_is_reported(configs, measure, words):
    """Nothing begins in a run that starts on day 30, and nobody takes a drug."""
    result = call(*configs, "--until-ci", "1", "--measure", measure)
    assert f"--until-ci: {words} has no interval: there are too few values." in result.stdout
