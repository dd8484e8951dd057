"""Comparisons with coarse replicates beside the others: what is estimated from them, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import lactflow
from lactflow.analysis.two_level import CORRECTED, two_level_mean
from lactflow.cli import main
from lactflow.cli.compare import _lines
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.experiments import comparing as comparing_module
from lactflow.experiments.coarse import coarse_labels, coarse_of, wrong_with_coarse
from lactflow.experiments.compared import Stop, loaded
from lactflow.recording.verify import verify
from lactflow.report.comparison_page import comparison_page
from lactflow.report.render import render

OFTEN, SELDOM = ("every-two-hours", "every-four-hours")


@pytest.fixture(scope="module")
def comparison(tmp_path_factory, crew_of_one):
    """Three replicates of a quarter of a day at the default resolution, and six coarse ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("coarse"))
        patch.setattr(comparing_module, "Crew", crew_of_one)
        found = lactflow.compare([OFTEN, SELDOM], days=0.25, replicates=3, coarse=6, out=Path.cwd())
        patch.undo()
    return found


def rows(comparison):
    """Differences by measure."""
    return {row["measure"]: row for row in comparison.differences.to_dict("records")}


def test_milk_is_estimated_from_both(comparison):
    """By hand from the tables of what was compared; the number of pairs at either resolution stands beside it."""
    exact, coarse = (
        table.pivot_table("removed_ml_per_day", "subject", "scenario")
        for table in (comparison.subjects, comparison.coarse_subjects)
    )
    assert (len(exact), len(coarse)) == (3, 6)
    gaps, near = exact[SELDOM] - exact[OFTEN], coarse[SELDOM] - coarse[OFTEN]
    expected = two_level_mean(gaps, near[:3], near[3:])
    found = rows(comparison)["removed_ml_per_day"]
    assert [found[end] for end in ("difference", "low", "high")] == pytest.approx(expected[:3], rel=1e-9)
    assert found["difference"] == pytest.approx(near.mean() + (gaps - near[:3]).mean(), rel=1e-9)
    assert (found["replicates"], found["coarse_replicates"]) == (3, 6)


def test_all_else_is_as_without_coarse_replicates(comparison, crew_of_one, monkeypatch):
    """Every other measure, and all tables of the runs at the scenarios' own resolution."""
    monkeypatch.chdir(comparison.path.parent)
    monkeypatch.setattr(comparing_module, "Crew", crew_of_one)
    alone = lactflow.compare([OFTEN, SELDOM], days=0.25, replicates=3, out="alone")
    one, other = (
        each.differences.set_index("measure").drop(index=list(CORRECTED), errors="ignore")
        for each in (comparison, alone)
    )
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(comparison.subjects, alone.subjects)
    assert alone.manifest.get("coarse") is None
    assert alone.coarse_runs == {}


def test_the_folder_says_what_it_holds(comparison):
    """Manifest, runs, resolutions, and a check of all of it."""
    places = [f"runs/{run.path.name}" for run in comparison.coarse_runs.values()]
    assert comparison.manifest["coarse"] == {
        "level": "coarsest",
        "lobes_per_breast": 1,
        "packet_ml": 1.0,
        "replicates": 6,
        "measures": list(CORRECTED),
        "runs": dict(zip((OFTEN, SELDOM), places, strict=True)),
    }
    assert {each["level"] for each in comparison.manifest["resolutions"].values()} == {"default"}
    assert comparison.manifest["replicates"] == 3
    assert [run.path.name.startswith(f"{name}-coarse-") for name, run in comparison.coarse_runs.items()] == [True, True]
    for name, run in comparison.coarse_runs.items():
        assert run.manifest["resolution"]["level"] == "coarsest"
        assert comparison.runs[name].manifest["resolution"]["level"] == "default"
        assert not run.manifest["rows"].get("visits")
    assert verify(comparison.path).problems == []


def test_the_first_coarse_replicates_have_the_same_random_numbers(comparison):
    """Infants of the same number are as hungry: the sessions of a replicate are the same ones."""
    one, other = comparison.runs[SELDOM]["sessions"], comparison.coarse_runs[SELDOM]["sessions"]
    both = other[other["replicate"] < 3]
    assert both["planned_min"].tolist() == one["planned_min"].tolist()
    assert both["intake_ml"].corr(one["intake_ml"]) > 0.9


def test_the_page_and_the_summary_say_it(comparison):
    """What rests on coarse replicates, how they follow, and by how much they were corrected."""
    page = render(comparison_page(comparison, comparison.path)).decode()
    words = "estimated from 6 coarse pairs, coarsest (1 lobe a breast, packets of 1 mL), corrected by the 3 pairs"
    assert words in page
    assert f"{SELDOM}, coarse" in page
    assert "default (9 lobes a breast, packets of 0.1 mL)" in page
    lines = " ".join(" ".join(_lines(comparison, None, [])).split())
    assert f"Milk made and milk removed are {words}" in lines
    assert "Resolution: default (9 lobes a breast, packets of 0.1 mL)." in lines


def test_the_command(comparison, tmp_path, monkeypatch):
    """The option reaches the comparison; its JSON says what rests on what; a dry run counts coarse replicates too."""
    monkeypatch.chdir(tmp_path)
    seen = {}
    monkeypatch.setattr("lactflow.experiments.compare.compare", lambda scenarios, **how: seen.update(how) or comparison)
    monkeypatch.setattr(type(comparison), "write_figure", lambda comparison: None)
    typed = ["compare", OFTEN, SELDOM, "--days", "0.25", "--replicates", "3", "--coarse", "6", "--json"]
    dry = json.loads(CliRunner().invoke(main, [*typed, "--dry-run"]).stdout)["estimates"]
    assert dry[f"{OFTEN}, coarse"]["wall_s"] > 0.0
    assert seen == {}
    found = json.loads(CliRunner().invoke(main, typed).stdout)
    assert (seen["coarse"], found["coarse"]["replicates"]) == (6, 6)
    assert {row["measure"] for row in found["differences"] if row["coarse_replicates"]} == set(CORRECTED)


@pytest.mark.parametrize(
    ("configs", "settings", "more", "words"),
    [
        (["every-three-hours", "on-demand"], (), {}, "on-demand: schedule.0 (on_demand) has no set times"),
        (["every-three-hours", "gradual-weaning"], ("start_day=180", "days=2"), {}, "schedule.0 (on_demand) has no"),
        ([OFTEN, SELDOM], ("mother.cohort=4",), {}, "adds replicates of one mother"),
        ([OFTEN, SELDOM], ("gland.lobes_per_breast=5",), {}, "its resolution is 5 lobes a breast, packets of 0.1 mL"),
        ([OFTEN, SELDOM], ("resolution=coarse",), {}, "its resolution is coarse (3 lobes a breast, packets of 0.3"),
        (
            [OFTEN, SELDOM],
            ("interventions=[{kind: duct_obstruction, side: left, start_day: 31}]",),
            {},
            "every-two-hours: interventions.0.lobe names a lobe",
        ),
        ([OFTEN, SELDOM], (), {"replicates": 2}, "needs 3 or more --replicates"),
        ([OFTEN, SELDOM], (), {"replicates": 5}, "6 coarse replicates in all, of which the first 5"),
        ([OFTEN, SELDOM], (), {"stop": Stop(measure="made_ml_per_day", half_width=3.0)}, "excludes --until-ci"),
    ],
)
def test_what_is_refused(configs, settings, more, words):
    """With a line for every reason, before anything is written."""
    with pytest.raises(ConfigError) as caught:
        loaded(configs, settings, coarse=6, **{"replicates": 3, **more})
    lines = [str(problem) for problem in caught.value.problems]
    assert any(words in line for line in lines)
    assert all(line.startswith("--coarse: ") for line in lines)


def test_a_refusal_leaves_nothing(tmp_path, monkeypatch):
    """Exit code 2, one line, no folder; from Python with loaded scenarios too."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["compare", "every-three-hours", "on-demand", "--coarse", "50"])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    with pytest.raises(ConfigError, match="set times"):
        lactflow.compare({name: load_scenario(name, replicates=3) for name in (SELDOM, "on-demand")}, coarse=20)
    assert list(tmp_path.iterdir()) == []


def test_schedules_with_set_times():
    """Pumps, clocks, clusters and logs; nobody at the breast takes no milk, and may be there too."""
    names = ("every-three-hours", "pumping", "clustered")
    for name in names:
        scenario = load_scenario(name, replicates=3)
        assert wrong_with_coarse({name: scenario}, 20, alone=True) == []
    weaned = load_scenario("abrupt-weaning", ["schedule=[{kind: none}]"], replicates=3)
    assert wrong_with_coarse({"weaned": weaned}, 20, alone=True) == []
    fine = load_scenario("every-three-hours", ["resolution=fine"], replicates=3)
    assert coarse_of({"fine": fine}, 20, alone=True)["fine"].config.replicates == 20


def test_a_gland_too_small_for_coarse_packets():
    """The limit is that of the coarse gland, with the key that sets it."""
    settings = ["resolution=fine", "gland.protein_line.docking_sites_ml=1.82"]
    small = load_scenario("every-three-hours", settings, replicates=3)
    (problem,) = wrong_with_coarse({"small": small}, 20, alone=True)
    assert "small: coarse replicates are not possible: resolution.packet_ml: 1 mL is too coarse" in str(problem)


def test_names_of_coarse_runs():
    """Distinct from one another and from all scenarios, and no longer than a name may be."""
    assert coarse_labels(["a", "a-coarse"]) == {"a": "a-coarse2", "a-coarse": "a-coarse-coarse"}
    long = [f"{'x' * 60}{number}" for number in range(3)]
    found = coarse_labels(long)
    assert len(set(found.values())) == 3
    assert max(map(len, found.values())) <= 64
