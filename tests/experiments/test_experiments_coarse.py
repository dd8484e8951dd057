"""Comparisons with coarse replicates beside the others: what is estimated from them, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import lactflow
from lactflow.analysis.two_level import CORRECTED, two_level_mean
from lactflow.cli import main
from lactflow.cli.compare import _lines
from lactflow.cli.failures import retried_in_words
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError, SomeUnitsFailedError
from lactflow.experiments import comparing as comparing_module
from lactflow.experiments.coarse import coarse_of, wrong_with_coarse
from lactflow.experiments.compare import resume_comparison
from lactflow.experiments.compared import Stop, loaded
from lactflow.experiments.memory import simulated_in_memory
from lactflow.experiments.sweep import work as sweep_work
from lactflow.experiments.sweep.engines import Chunk
from lactflow.experiments.taken_up import changes_in_comparison
from lactflow.experiments.verify import verify
from lactflow.experiments.work import Retried
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
    assert alone.coarse_sweep is None


def test_the_folder_says_what_it_holds(comparison):
    """Manifest, runs, resolutions, the sweep of coarse replicates, and a check of all of it."""
    assert comparison.manifest["coarse"] == {
        "level": "coarsest",
        "lobes_per_breast": 1,
        "packet_ml": 1.0,
        "replicates": 6,
        "measures": list(CORRECTED),
    }
    assert {each["level"] for each in comparison.manifest["resolutions"].values()} == {"default"}
    assert comparison.manifest["replicates"] == 3
    assert {run.manifest["resolution"]["level"] for run in comparison.runs.values()} == {"default"}
    assert len([*(comparison.path / "runs").iterdir()]) == 2
    sweep = comparison.coarse_sweep
    assert (sweep.status, sweep.counts.units, sweep.path.parent.name) == ("complete", 12, "coarse")
    assert sweep.results.groupby("scenario").size().to_dict() == {OFTEN: 6, SELDOM: 6}
    assert verify(comparison.path) == ("complete", [])


def coarse_scenario():
    """The second scenario as its coarse replicates are simulated."""
    return coarse_of({SELDOM: load_scenario(SELDOM, days=0.25, replicates=3)}, 6, alone=True)[SELDOM]


def test_coarse_subjects_are_what_the_coarse_scenario_gives(comparison):
    """Simulated one by one, without any sweep: the same milk."""
    table = comparison.coarse_subjects.set_index(["scenario", "subject"])
    for replicate in (0, 5):
        run = simulated_in_memory(coarse_scenario().config, {}, replicate=replicate)
        own = run.summary()
        for measure in CORRECTED:
            assert own[measure] > 0.0
            assert table.loc[(SELDOM, replicate), measure] == pytest.approx(own[measure], rel=1e-12)


def test_the_first_coarse_replicates_have_the_same_random_numbers(comparison):
    """Infants of the same number are as hungry: the sessions of a replicate are the same ones."""
    runs = [simulated_in_memory(coarse_scenario().config, {}, replicate=number) for number in range(3)]
    one, other = comparison.runs[SELDOM]["sessions"], pd.concat([run["sessions"] for run in runs], ignore_index=True)
    assert other["planned_min"].tolist() == one["planned_min"].tolist()
    assert other["intake_ml"].corr(one["intake_ml"]) > 0.9


def test_damage_to_coarse_replicates_is_found(comparison, tmp_path):
    """A part that is not what was written, and a sweep that is gone while the comparison is called complete."""
    copy = Path(shutil.copytree(comparison.path, tmp_path / "copy"))
    (part, *_) = (copy / "coarse").glob("*/rows/*.parquet")
    part.write_bytes(part.read_bytes()[:-9] + b"otherwise")
    found = verify(copy)
    assert [problem.startswith("coarse/") for problem in found.problems] == [True]
    part.unlink()
    found = verify(copy)
    assert any("is called complete" in problem or "missing" in problem for problem in found.problems)
    shutil.rmtree(copy / "coarse")
    assert verify(copy).problems == ["coarse/ is missing: the coarse replicates of the comparison"]


def failing(monkeypatch):
    """The last two coarse replicates of each scenario fail."""

    def simulated(config, logs, mother=0, replicate=0, **how):
        if replicate >= 4:
            raise ConfigError("it cannot be")
        return simulated_in_memory(config, logs, mother, replicate, **how)

    monkeypatch.setattr(sweep_work, "simulated_in_memory", simulated)


def test_coarse_replicates_that_fail(comparison, tmp_path, crew_of_one, monkeypatch):
    """All others are simulated and compared, each failure is a line, and resuming simulates them again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(comparing_module, "Crew", crew_of_one)
    with monkeypatch.context() as patch:
        failing(patch)
        with pytest.raises(SomeUnitsFailedError) as caught:
            lactflow.compare([OFTEN, SELDOM], days=0.25, replicates=3, coarse=6, out=tmp_path)
    lines = str(caught.value).splitlines()
    (folder,) = tmp_path.iterdir()
    assert lines[0] == f"4 of 12 coarse runs are missing (`lactflow compare --resume {folder}` simulates them)"
    assert len(lines) == 5
    assert f"coarse: unit 11, scenario={SELDOM}, mother 0, replicate 5: ConfigError: it cannot be" in lines
    left = lactflow.open_comparison(folder)
    assert left.status == "failed"
    assert set(rows(left)["removed_ml_per_day"]) >= {"coarse_replicates"}
    assert rows(left)["removed_ml_per_day"]["coarse_replicates"] == 4
    whole = resume_comparison(folder)
    assert whole.status == "complete"
    pd.testing.assert_frame_equal(whole.differences, comparison.differences)
    pd.testing.assert_frame_equal(whole.coarse_subjects, comparison.coarse_subjects)


def test_a_cache_keeps_coarse_replicates(comparison, tmp_path, crew_of_one, monkeypatch):
    """A second comparison simulates nothing, and says so; the results are the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(comparing_module, "Crew", crew_of_one)
    how = {"days": 0.25, "replicates": 3, "coarse": 6, "cache": "cache", "out": tmp_path / "outputs"}
    first = lactflow.compare([OFTEN, SELDOM], **how)
    monkeypatch.setattr(sweep_work, "simulated_in_memory", None)
    second = lactflow.compare([OFTEN, SELDOM], **how)
    assert (first.manifest["cached"], second.manifest["cached"]) == (0, 12 + 6)
    for each in (first, second):
        pd.testing.assert_frame_equal(each.differences, comparison.differences)


def test_scenarios_of_one_past_share_it_at_the_coarse_level_too(tmp_path, monkeypatch):
    """Their schedules part on the third day of four: real workers, and fewer days than both have."""
    monkeypatch.chdir(tmp_path)
    configs = [
        {
            "name": name,
            "days": 4,
            "schedule": [{"kind": "every", "hours": 3}, {"kind": "every", "hours": hours, "from_day": 33}],
        }
        for name, hours in (("stays", 3), ("slows", 6))
    ]
    found = lactflow.compare([{**each, "start_day": 30} for each in configs], replicates=3, coarse=6, out=tmp_path)
    assert found.coarse_sweep.counts.branched == 12
    alone = simulated_in_memory(
        coarse_of({"slows": load_scenario(configs[1] | {"start_day": 30}, replicates=3)}, 6, alone=True)[
            "slows"
        ].config,
        {},
        replicate=5,
    )
    table = found.coarse_subjects.set_index(["scenario", "subject"])
    measure = "removed_ml_per_day"
    assert table.loc[("slows", 5), measure] == pytest.approx(alone.summary()[measure], rel=1e-12)


def test_the_page_and_the_summary_say_it(comparison):
    """What rests on coarse replicates, how they follow, and by how much they were corrected."""
    page = render(comparison_page(comparison, comparison.path)).decode()
    words = "estimated from 6 coarse pairs, coarsest (1 lobe a breast, packets of 1 mL), corrected by the 3 pairs"
    assert words in page
    assert "coarse replicates" in page
    assert "complete, measures of 12 of 12 runs" in page
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
        ([OFTEN, SELDOM], ("record.warm_up_days=2", "days=2"), {}, "record.warm_up_days leaves nothing of 2 days"),
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


def test_a_worker_that_died_at_coarse_replicates_is_reported(tmp_path, crew_of_one, monkeypatch):
    """In the manifest of the comparison, in words that its command prints."""

    class OneDied(crew_of_one):
        def __init__(self, *how):
            super().__init__(*how)
            work = Chunk({"units": [[0, 2]]})
            self.retried = [Retried(work, "its worker died (killed by signal 9)")]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(comparing_module, "Crew", OneDied)
    found = lactflow.compare([OFTEN, SELDOM], days=0.1, replicates=3, coarse=5, out=tmp_path)
    (line,) = retried_in_words(found.manifest)
    assert line == (
        "1 run was simulated again, from its beginning: "
        "coarse replicates, units 0 to 2, its worker died (killed by signal 9)"
    )


def test_logs_of_one_name(tmp_path, crew_of_one, monkeypatch):
    """Two mothers whose logs are both called log.csv and differ: each coarse scenario has its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(comparing_module, "Crew", crew_of_one)
    configs = []
    for name, hours in (("often", 2), ("seldom", 4)):
        (tmp_path / name).mkdir()
        rows = "".join(f"2024-03-02 {hour:02d}:00:00,breast,9,9,\n" for hour in range(0, 24, hours))
        (tmp_path / name / "log.csv").write_text("start,kind,left_min,right_min,volume_ml\n" + rows, encoding="utf-8")
        config = tmp_path / name / f"{name}.yaml"
        schedule = "[{kind: log, file: log.csv}]"
        config.write_text(
            f"format: 1\nname: {name}\nbirth_date: 2024-02-01\nstart_day: 31\ndays: 1\nschedule: {schedule}\n",
            encoding="utf-8",
        )
        configs.append(str(config))
    found = lactflow.compare(configs, replicates=3, coarse=5, out=tmp_path / "outputs")
    assert sorted(each.name for each in found.coarse_sweep.path.glob("*.csv")) == ["2-log.csv", "log.csv"]
    sessions = found.coarse_subjects.groupby("scenario")["sessions_per_day"].mean()
    assert sessions["often"] == pytest.approx(2.0 * sessions["seldom"], rel=0.1)
    assert verify(found.path) == ("complete", [])


def test_a_comparison_with_runs_of_coarse_replicates_is_not_resumed(comparison, tmp_path):
    """It was begun by a version that kept them: one line, and nothing changes."""
    copy = Path(shutil.copytree(comparison.path, tmp_path / "copy"))
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["coarse"]["runs"] = {OFTEN: "runs/a", SELDOM: "runs/b"}
    manifest["status"] = "interrupted"
    (problem,) = changes_in_comparison(copy, manifest)
    assert "was begun by a version that kept runs of coarse replicates" in str(problem)
