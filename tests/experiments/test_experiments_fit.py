"""A mother's log: what it shows about her gland, what it does not, and what is refused."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from kept_logs import HEADER, call, times, written
from pandas.testing import assert_frame_equal

import lactflow
from lactflow.analysis.recorded import agreement
from lactflow.cli import main
from lactflow.cli.failures import retried_in_words
from lactflow.cli.fit import _lines, _lines_of_all
from lactflow.config.cohort import seen_in_women
from lactflow.config.model import RunConfig
from lactflow.config.scenario import as_yaml, load_scenario
from lactflow.errors import ArchiveError, InterruptedRunError, ScenarioWarning, SomeUnitsFailedError
from lactflow.experiments import fit as fit_module
from lactflow.experiments.fit_days import Beginning
from lactflow.experiments.fit_learning import as_quantities, learn
from lactflow.experiments.fit_log import read_logs
from lactflow.experiments.run import run_scenario

HER = {"gland.lumen.capacity_ml": 205.0 * 1.5, "gland.protein_line.translation_ml_per_h": 38.0}
"""A mother with half as much room again; her gland is usual."""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def log_of(path, days, settings):
    """The log that a mother with these values would have kept: simulated, and written down to the millilitre."""
    bare = written(path.with_name("bare.csv"), days)
    config = path.with_name("known.yaml")
    config.write_text(
        f"format: 1\nstart_day: 40\ndays: {days}\ninfants: []\nseed: 77\nrecord: {{visits: false}}\n"
        f"schedule: [{{kind: log, file: {bare.name}}}]\n",
        encoding="utf-8",
    )
    removals = lactflow.run(config, settings=settings, out=path.parent)["removals"]
    by_session = removals.pivot_table(index="session", columns="breast", values="removed_ml")
    return written(path, days, by_session[["left", "right"]].to_numpy().tolist())


@pytest.mark.slow
@pytest.mark.fast_build
def test_a_known_mother_is_found_in_her_log(here):
    """What is identifiable lies in its interval, the rest is said not to be; her config simulates her."""
    settings = [f"{key}={value}" for key, value in HER.items()]
    log = log_of(here / "hers.csv", 6, settings)
    found = lactflow.fit(log, start_day=40.0, mothers=100)
    assert found.status == "complete"
    traits = found.traits.set_index("key")
    for key, truth in HER.items():
        assert traits.loc[key, "identified"], key
        assert traits.loc[key, "low"] < truth < traits.loc[key, "high"], key
    unknown = ["endocrine.progesterone.slow_half_life_h", "gland.genes.mrna_h", "gland.composition.fat_g_per_l"]
    assert not traits.loc[unknown, "identified"].any()
    assert traits.loc["gland.lumen.capacity_ml", "value"] > 205.0
    assert found.manifest["volumes"] == 2 * len(times(6))
    assert abs(found.manifest["bias_ml"]) < 0.1 * found.manifest["recorded_ml"]
    again = lactflow.open_fit(found.path)
    assert again.traits.equals(found.traits)
    hers = lactflow.run(found.config, settings=["record.visits=false"])
    assert hers["removals"]["recorded_ml"].notna().all()


@pytest.mark.slow
@pytest.mark.fast_build
def test_what_a_log_shows_only_together_is_in_the_config_together(here):
    """Weighed feeds of a hungry infant: not its appetite, not its size, but how much the two of them take."""
    known = here / "known.yaml"
    known.write_text(
        "format: 1\nstart_day: 40\ndays: 6\nseed: 9\ninfants: [{appetite: 1.3}]\n"
        "record: {visits: false}\nschedule: [{kind: on_demand}]\n",
        encoding="utf-8",
    )
    run = lactflow.run(known)
    minutes = run["removals"].assign(minutes=lambda rows: rows["end_min"] - rows["start_min"])
    at = minutes.pivot_table(index="session", columns="breast", values="minutes").reindex(run["sessions"]["session"])
    rows = [
        f"{pd.Timestamp('2001-05-05') + pd.Timedelta(minutes=time_min - 39 * 1440.0):%Y-%m-%d %H:%M},breast,"
        f"{left:.1f},{right:.1f},{intake_ml:.0f},,\n".replace("nan", "0")
        for time_min, intake_ml, left, right in zip(
            run["sessions"]["start_min"], run["sessions"]["intake_ml"], at["left"], at["right"], strict=True
        )
    ]
    (here / "weighed.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    with pytest.warns(ScenarioWarning, match=r"weighed.csv: both breasts in turn"):
        found = lactflow.fit("weighed.csv", start_day=40.0, mothers=80)
    of_infant = found.traits.set_index("key")["value"][["infants.0.appetite", "infants.0.birth_weight_kg"]]
    assert 1.1 < of_infant.prod() / 3.4 < 1.4
    assert found.manifest["fed"]
    # Six days of one infant's random numbers move her mean feed by 7 % (SD), so several of them are averaged.
    recorded_ml = found.manifest["recorded_ml"]
    settings = [[f"seed={seed}", "record.visits=false"] for seed in range(11, 17)]
    with pytest.warns(ScenarioWarning, match=r"log.csv: both breasts in turn"):
        others = [lactflow.run(found.config, settings=each) for each in settings]
    simulated_ml = [run["sessions"]["intake_ml"].mean() for run in others]
    assert abs(sum(simulated_ml) / len(simulated_ml) - recorded_ml) < 0.05 * recorded_ml


COARSER = ("gland.lobes_per_breast=1", "resolution.packet_ml=1", *fit_module._COARSE[2:])


@pytest.fixture
def coarser(monkeypatch):
    """Virtual mothers with one lobe a breast and packets of a millilitre, as in `small`."""
    monkeypatch.setattr(fit_module, "_COARSE", COARSER)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A fit of 42 volumes by few mothers, and its log, which has a repeated row."""
    folder = tmp_path_factory.mktemp("small")
    log = log_of(folder / "hers.csv", 3, COARSER[:2])
    log.write_text(log.read_text(encoding="utf-8") + log.read_text(encoding="utf-8").splitlines()[-1], encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit_module, "_COARSE", COARSER)
        with pytest.warns(ScenarioWarning, match="repeated rows are dropped"):
            return log, lactflow.fit(log, start_day=40.0, mothers=40, workers=1, out=folder)


def test_what_was_found_is_printed(small):
    """A table, what is not identifiable, no advice, and commands to go on."""
    log, found = small
    printed = "\n".join(_lines(found))
    assert printed.startswith(str(found.path))
    assert "Not identifiable from this log: " in printed
    assert "not identifiable: posterior spread exceeds three quarters of the spread between women" in printed
    assert "This is what a model says; it is no medical advice." in printed
    assert "from 42 volumes of " in printed
    assert found.manifest["warnings"] == [f"{log}: repeated rows are dropped: 1 row (line 23)"]
    assert f"run {found.config}" in printed
    assert found.manifest["left_out"] == []
    assert found.manifest["cut"] == 0
    assert found.manifest["hold_out"] is None
    with pytest.raises(ArchiveError, match="nothing was held out"):
        _ = found.forecast
    assert found.config.read_text(encoding="utf-8").startswith("# Made by lactflow fit")
    dry = CliRunner().invoke(main, ["run", str(found.config), "--dry-run"])
    assert dry.exit_code == 0, dry.output


@pytest.mark.slow
def test_json_is_one_object_and_workers_do_not_matter(small, here, coarser):
    """Two workers find the same as one."""
    log, found = small
    answer = json.loads(call(log, "--start-day", 40, "--mothers", 40, "--workers", 2, "--json").stdout)
    assert answer["status"] == "complete"
    assert answer["traits"] == found.traits.to_dict("records")


@pytest.mark.slow
def test_virtual_mothers_in_memory_teach_what_a_run_directory_teaches(small, here, coarser, dying):
    """To the bit; only the fitted mother has a folder. A worker that is killed meanwhile costs nothing."""
    log, _ = small
    deaths = dying("7-0")
    with pytest.warns(ScenarioWarning, match="repeated rows are dropped"):
        found = lactflow.fit(log, start_day=40.0, mothers=40, workers=2, hold_out="1d")
    assert deaths() == 1
    assert [path.name.partition("-")[0] for path in (found.path / "runs").iterdir()] == ["mother"]
    (again,) = found.manifest["retried"]
    assert (again["mother"], again["reason"]) == (7, "its worker died (killed by signal 9)")
    (her,) = read_logs([log])
    task = fit_module._task(her, (), Beginning(40.0), mothers=40, hold_out="1d", in_ml=False)
    stored = run_scenario(task.virtual, here / "stored", [], workers=2)
    learned = learn(stored, task.virtual.config, her, task.hold_out_min)
    assert_frame_equal(found.traits, as_quantities(learned.estimate, task.virtual.config)[0], check_exact=True)
    volumes = learned.volumes.drop(columns="number")
    assert_frame_equal(found.volumes.drop(columns="fitted_ml"), volumes, check_exact=True)
    assert_frame_equal(found.forecast, learned.forecast, check_exact=True)
    assert (found.manifest["scatter"], found.manifest["distance"]) == (learned.scatter, learned.distance)
    assert f"mother {again['mother']}, replicate 0, its worker died" in "".join(retried_in_words(found.manifest))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fit_that_is_stopped_says_so(small, here, coarser, workers):
    """Its folder has the reason; of virtual mothers nothing is kept, and nothing is promised."""
    log, _ = small

    def stop(share, _time_min):
        if share > 0.0:
            raise InterruptedRunError(15)

    with (
        pytest.warns(ScenarioWarning, match="repeated rows are dropped"),
        pytest.raises(InterruptedRunError, match=r"^stopped by signal 15$"),
    ):
        lactflow.fit(log, start_day=40.0, mothers=40, workers=workers, progress=stop)
    (path,) = here.glob("outputs/fit-*")
    assert lactflow.open_fit(path).status == "interrupted"
    assert sorted(each.name for each in path.iterdir()) == [".lock", "manifest.json"]


def test_there_is_one_check_and_a_run_agrees_with_it(small, here):
    """The fitted mother has other random numbers than the virtual ones; `lactflow run` on her says the same."""
    _, found = small
    with pytest.warns(ScenarioWarning, match="repeated rows are dropped") as warned:
        run = lactflow.run(found.config, settings=["record.visits=false"])
    assert len(warned) == 1
    again = agreement(run.recorded())
    assert again.bias_ml == pytest.approx(found.manifest["bias_ml"], rel=1e-12)
    assert again.sd_ml == pytest.approx(found.manifest["sd_ml"], rel=1e-12)
    assert found.manifest["all_bias_ml"] == found.manifest["bias_ml"]
    assert run.manifest["seed"] != found.manifest["seed"]
    volumes = found.volumes
    assert (volumes["fitted_ml"] - volumes["recorded_ml"]).mean() == pytest.approx(again.bias_ml, rel=1e-9)
    assert load_scenario(found.config).config.days == 3.0


@pytest.mark.slow
def test_one_added_zero_among_forty_volumes_moves_nothing(small, here, coarser):
    """It is left out and listed with its line; gland size and capacity stay within 5 %; the config is quiet."""
    log, usual = small
    rows = log.read_text(encoding="utf-8").splitlines()[:-1]
    cells = rows[10].split(",")
    rows[10] = ",".join([*cells[:5], cells[5] + "0", cells[6]])
    (here / "slip.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.warns(ScenarioWarning, match=r"one digit too many\?\): 1 row \(line 11\)"):
        found = lactflow.fit("slip.csv", start_day=40.0, mothers=40, workers=2)
    (slip,) = found.manifest["left_out"]
    assert (slip["line"], slip["breast"], slip["recorded_ml"]) == (11, "left", 10.0 * float(cells[5]))
    assert slip["expected_ml"] == pytest.approx(float(cells[5]), rel=0.6)
    assert f"left out: line 11, {cells[0]}, left: {slip['recorded_ml']:g} mL, where her" in "\n".join(_lines(found))
    before, after = (each.traits.set_index("trait")["value"] for each in (usual, found))
    for trait in ("gland_size", "storage_capacity"):
        assert after[trait] == pytest.approx(before[trait], rel=0.05), trait
    assert found.volumes["use"].value_counts().to_dict() == {"used": 41, "left out": 1}
    assert found.manifest["volumes"] == 41
    assert found.manifest["all_sd_ml"] > 2.0 * found.manifest["sd_ml"]
    (of_the_file,) = load_scenario(found.config).warnings
    assert "one digit too many" in of_the_file


@pytest.mark.slow
def test_days_that_are_held_out_are_forecast_and_what_the_end_cuts_is_left_out(here):
    """Forecasts stand beside what was recorded; the last pumping begins five minutes before midnight."""
    log = log_of(here / "hers.csv", 2, [])
    log.write_text(log.read_text(encoding="utf-8") + "2001-05-06 23:55,pump,15,15,,40,40\n", encoding="utf-8")
    found = lactflow.fit(log, start_day=40.0, mothers=40, workers=2, hold_out="24h")
    table, held = found.forecast, found.manifest["hold_out"]
    assert table["start"].min() == "2001-05-06 00:18"
    assert table["line"].tolist() == sorted([*range(9, 16)] * 2)
    assert (table["low_ml"] <= table["forecast_ml"]).all()
    assert (table["forecast_ml"] <= table["high_ml"]).all()
    assert table[["yesterday_ml", "rate_ml"]].notna().all(axis=None)
    assert (held["span"], held["volumes"]) == ("24h", 14)
    assert held["mae_ml"]["forecast"] == pytest.approx((table["forecast_ml"] - table["recorded_ml"]).abs().mean())
    assert held["inside"] >= 0.8
    assert found.volumes["use"].value_counts().to_dict() == {"used": 14, "held out": 14, "cut": 2}
    assert (found.manifest["volumes"], found.manifest["cut"]) == (14, 2)
    assert "# The last 24h of the log (14 volumes) were held out" in found.config.read_text(encoding="utf-8")
    assert load_scenario(found.config).config.days == 2.0
    printed = "\n".join(_lines(found))
    for words in (
        "The last 24h (14 volumes) were not used",
        "same as on the last day used",
        "constant rate x interval",
        "left out: 2 volumes of sessions that the end of the run cuts",
    ):
        assert words in printed
    run = lactflow.run(found.config, settings=["record.visits=false"])
    assert agreement(run.recorded()).bias_ml == pytest.approx(found.manifest["all_bias_ml"], rel=1e-12)


@pytest.mark.slow
@pytest.mark.fast_build
def test_several_logs_give_one_table_and_a_fit_each(here):
    """One row for each log and trait; a log whose volumes do not go together leaves the others whole."""
    for name, settings in (("one", []), ("two", ["gland.protein_line.translation_ml_per_h=30"])):
        log_of(here / f"{name}.csv", 2, settings)
    found = lactflow.fit(["one.csv", "two.csv"], start_day=[40.0, 41.0], mothers=40, hold_out="1d")
    assert len(found.logs) == 2
    traits = found.traits
    assert traits.columns[0] == "log"
    assert traits["log"].unique().tolist() == ["one.csv", "two.csv"]
    assert set(found.forecast["log"]) == {"one.csv", "two.csv"}
    rows = (here / "two.csv").read_text(encoding="utf-8").splitlines()
    later = [",".join([*row.split(",")[:5], "90", "90"]) if row.startswith("2001-05-06") else row for row in rows]
    (here / "later.csv").write_text("\n".join(later) + "\n", encoding="utf-8")
    blind = lactflow.fit("later.csv", start_day=41.0, mothers=40, hold_out="1d")
    assert blind.traits.equals(found.of(1).traits)
    assert blind.forecast["forecast_ml"].tolist() == found.of(1).forecast["forecast_ml"].tolist()
    for log in ("one.csv", "two.csv"):
        one = found.of(log)
        assert one.status == "complete"
        assert traits[traits["log"] == log].drop(columns="log").reset_index(drop=True).equals(one.traits)
    assert load_scenario(found.of(1).config).config.start_day == 41.0
    with pytest.raises(ArchiveError, match=r"has no fit of 'three.csv'"):
        found.of("three.csv")
    with pytest.raises(ArchiveError, match="is a fit of several logs"):
        _ = found.config
    printed = "\n".join(_lines_of_all(found))
    assert printed.count("gland_size") == 2
    assert "no medical advice" in printed
    rows = (here / "one.csv").read_text(encoding="utf-8").splitlines()
    wild = [
        row if not n else ",".join([*row.split(",")[:5], str(1 + 490 * (n % 2)), "490"]) for n, row in enumerate(rows)
    ]
    (here / "wild.csv").write_text("\n".join(wild) + "\n", encoding="utf-8")
    with (
        pytest.warns(ScenarioWarning, match="wild.csv: more than 500 mL in one session"),
        pytest.raises(SomeUnitsFailedError, match=r"(?s)1 of 2 fits failed; .*wild.csv: .*nothing is learned"),
    ):
        lactflow.fit(["wild.csv", "one.csv"], start_day=40.0, mothers=40, name="some")
    (path,) = here.glob("outputs/some-*")
    assert lactflow.open_fit(path).traits["log"].unique().tolist() == ["one.csv"]


@pytest.mark.parametrize("log_factor", [-5.0, -0.7, 0.0, 0.7, 5.0])
def test_values_that_are_written_draw_no_warning(here, log_factor):
    """However far they are predicted to lie, they are held within what nearly all women have, and marked."""
    config = RunConfig.model_validate({"format": 1})
    keys = [
        "gland.protein_line.translation_ml_per_h",
        "gland.lumen.capacity_ml",
        "endocrine.prolactin.term_ng_per_ml",
        "endocrine.oxytocin.pulse_interval_min",
        "gland.plasticity.active_at_term",
        "infants.0.birth_weight_kg",
    ]
    learned = pd.DataFrame(
        {"mean": log_factor, "low": log_factor - 0.3, "high": log_factor + 0.3, "left": 0.5, "identified": True},
        index=keys,
    )
    table, values = as_quantities(learned, config)
    assert (table["at_edge"] == (abs(log_factor) == 5.0)).all() or abs(log_factor) == 0.7
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()
    women = seen_in_women(config)
    assert all(women[key][0] <= value <= women[key][1] for key, value in values.items())
    path = here / "hers.yaml"
    path.write_text(
        as_yaml({"format": 1, "mother": {"fitted": True}, "schedule": ({"kind": "on_demand"},)}), encoding="utf-8"
    )
    packet = ["resolution.packet_ml=0.02"] if log_factor < 0 else []
    settings = [f"{key}={value!r}" for key, value in values.items()] + packet
    assert [each for each in load_scenario(path, settings).warnings if "plausible" in each] == []
    if log_factor == 5.0:
        loud = load_scenario(path, [*settings, "mother.fitted=false"]).warnings
        assert any("outside its plausible range" in each for each in loud)
