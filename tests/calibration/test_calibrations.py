"""Calibrations of real runs: a known mother is found, a pair that cannot be is not, any death costs no trial."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from math import isnan, nan
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from pandas.testing import assert_frame_equal

import lactflow
from lactflow.analysis.tally import TALLIED
from lactflow.calibration.calibrate import resume_calibration
from lactflow.calibration.own import OfConfig, _reading
from lactflow.calibration.plan import plan_calibration
from lactflow.calibration.search import carry_on
from lactflow.calibration.targets import read_targets
from lactflow.calibration.trying import estimate, trying
from lactflow.cli import main
from lactflow.config.scenario import load_scenario
from lactflow.errors import ArchiveError, ConfigError, DamagedRunError, InterruptedRunError, SomeUnitsFailedError
from lactflow.experiments.in_memory import Outcome, run_in_memory
from lactflow.experiments.work import DIED, Failure
from lactflow.recording.trials import LEDGER, Ledger
from lactflow.recording.verify import verify

ENERGY = "dyad.growth.own_milk_kcal_per_ml"
APPETITE, WEIGHT, FAT = "infants.0.appetite", "infants.0.birth_weight_kg", "gland.composition.fat_g_per_l"
CAPACITY = "gland.lumen.capacity_ml"
TINY = """format: 1
start_day: 30
days: 0.5
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 1.0}
schedule: [{kind: every, hours: 3}]
"""
DAYS = (
    TINY.replace("start_day: 30", "start_day: 5")
    .replace("days: 0.5", "days: 4")
    .replace("{kind: every, hours: 3}", "{kind: on_demand}")
)
STORED = "id,observable,value,sd\nstored,stored_ml,150,5\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder with two configs and a table of one target."""
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(TINY)
    Path("days.yaml").write_text(DAYS)
    Path("stored.csv").write_text(STORED)
    return tmp_path


def test_statistics_over_mothers():
    """By hand: mothers of 2 and 6 by the means of their replicates, and one who has no value."""
    assert _reading([[1.0, 3.0], [6.0, 6.0]], "mean") == (4.0, 2.0)
    assert _reading([[1.0, 3.0]], "mean") == (2.0, 1.0)
    assert _reading([[1.0, 3.0], [6.0, 6.0]], "sd") == pytest.approx((8.0**0.5, 2.0))
    cv = 8.0**0.5 / 4.0
    assert _reading([[1.0, 3.0], [6.0, 6.0]], "cv") == pytest.approx((cv, cv * (0.5 * (1.0 + 2.0 * cv**2)) ** 0.5))
    assert isnan(_reading([[1.0], [nan]], "mean").value)
    assert isnan(_reading([[5.0]], "mean").error)


def tiny(**more):
    """A calibration of a few seconds."""
    return lactflow.calibrate(
        "tiny.yaml", [f"{CAPACITY}=100:300"], "stored.csv", **{"trials": 12, "workers": 1, **more}
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One that nothing has stopped, of two replicates, by this process."""
    place = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        Path("tiny.yaml").write_text(TINY)
        Path("stored.csv").write_text(STORED)
        return lactflow.open_calibration(place / tiny(replicates=2).path)


def test_folder_has_everything(folder):
    """Tables, a config that runs, a sound manifest."""
    found = tiny(held_out=())
    assert found.status == "complete"
    assert verify(found.path).problems == []
    row = found.quantities.iloc[0]
    assert (row["key"], row["verdict"], row["unit"]) == (CAPACITY, "decided", "mL")
    assert row["low"] < row["value"] < row["high"]
    assert found.targets["z"].abs().max() < 1.0
    assert len(found.trials) == 12
    assert found.manifest["failed"] == 0
    assert found.manifest["loss"] == found.trials["loss"].min()
    text = found.config.read_text()
    assert f"# {CAPACITY} = {row['value']:.5g} mL: {row['low']:.4g} to {row['high']:.4g} (95 %)" in text
    assert len(text.splitlines()) < 30
    config = load_scenario(found.config).config
    assert config.gland.lumen.capacity_ml == row["value"]
    assert config.replicates == 1
    assert config.days == 0.5
    assert lactflow.open_calibration(found.path).quantities.equals(found.quantities)
    with pytest.raises(ArchiveError, match="is not a calibration"):
        lactflow.open_calibration(folder)


def test_values_of_the_config_are_the_first_trial(folder):
    """And read as a run of it would be."""
    found = tiny(settings=[f"{CAPACITY}=170"], replicates=2)
    first = found.trials.iloc[0]
    assert first[CAPACITY] == pytest.approx(170.0, rel=1e-12)
    run = lactflow.run("tiny.yaml", settings=[f"{CAPACITY}={float(first[CAPACITY])!r}"], replicates=2, workers=1)
    measured = lactflow.analysis.by_replicate(run)["stored_ml"]
    assert first["stored"] == pytest.approx(measured.mean(), rel=1e-12)
    error = found.targets["model_error"].iloc[0]
    assert 0.0 < error < 50.0


def test_two_workers_try_the_same(folder, whole):
    """To the bit."""
    assert_frame_equal(tiny(replicates=2, workers=2).trials, whole.trials, check_exact=True)


@pytest.mark.parametrize("stop", [0.05, 0.4, 0.9])
def test_an_interrupted_calibration_goes_on(folder, whole, stop):
    """With the same trials, and the same result."""

    def progress(share, _):
        if share > stop:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError, match="what was recorded until then is in"):
        tiny(replicates=2, progress=progress, out="stopped")
    (path,) = Path("stopped").iterdir()
    assert lactflow.open_calibration(path).status == "interrupted"
    found = resume_calibration(path, 1)
    assert found.status == "complete"
    assert_frame_equal(found.trials, whole.trials, check_exact=True)
    assert_frame_equal(found.quantities, whole.quantities)
    assert (path / LEDGER).read_bytes() == (whole.path / LEDGER).read_bytes()
    assert len(found.manifest["resumed"]) == 1
    assert resume_calibration(path).quantities.equals(found.quantities)


@pytest.mark.slow
@pytest.mark.parametrize("after", [2, 7])
def test_a_killed_calibration_goes_on(folder, after):
    """By a signal that nobody can handle, after some trials."""
    whole = tiny(replicates=2, trials=16)
    code = (
        "import lactflow\nif __name__ == '__main__':\n"
        f"    lactflow.calibrate('tiny.yaml', ['{CAPACITY}=100:300'], 'stored.csv',"
        " trials=16, replicates=2, workers=2, out='killed')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(lactflow.__file__).parents[1])}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        ledgers = list(Path("killed").glob(f"*/{LEDGER}")) if Path("killed").is_dir() else []
        if ledgers and ledgers[0].read_bytes().count(b'"trial"') >= after:
            process.kill()
        time.sleep(0.005)
    process.wait()
    (path,) = [each for each in Path("killed").iterdir() if not each.name.startswith(".")]
    assert lactflow.open_calibration(path).status in ("crashed", "complete")
    found = resume_calibration(path, 1)
    assert_frame_equal(found.trials, whole.trials, check_exact=True)


def test_what_has_changed_is_refused_by_name(folder, monkeypatch):
    """Versions of libraries, and files of the folder."""

    def progress(share, _):
        if share > 0.3:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        tiny(progress=progress, out="stopped")
    (path,) = Path("stopped").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr("lactflow.calibration.calibrate.libraries", lambda: {"optuna": "99.0", "scikit-learn": "1"})
        with pytest.raises(ConfigError, match=r"optuna: was .* when it was begun, and is 99\.0 now"):
            resume_calibration(path, 1)
    (path / "targets.csv").write_text(STORED.replace("150", "170"))
    with pytest.raises(ConfigError, match=r"targets\.csv is damaged"):
        resume_calibration(path, 1)


def test_nothing_of_a_damaged_calibration_is_changed(folder, monkeypatch):
    """Where the ledger is damaged, or a library is missing."""

    def progress(share, _):
        if share > 0.5:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        tiny(progress=progress, out="stopped")
    (path,) = Path("stopped").iterdir()
    before = (path / "manifest.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("lactflow.calibration.plan.find_spec", lambda name: None)
        patch.setattr("lactflow.calibration.calibrate.libraries", None)
        with pytest.raises(ConfigError, match=r"pip install 'lactflow\[calibrate\]'"):
            resume_calibration(path, 1)
    lines = (path / LEDGER).read_bytes().splitlines(keepends=True)
    (path / LEDGER).write_bytes(b"".join([lines[0], lines[1].replace(b"0", b"1", 1), *lines[2:]]))
    with pytest.raises(DamagedRunError, match="line 2 is not what was written"):
        resume_calibration(path, 1)
    assert (path / "manifest.json").read_bytes() == before


def test_a_trial_whose_workers_die_is_no_failed_trial(folder, whole):
    """The points that follow shall not depend on it: the calibration stops, and the trial is tried again."""
    units = []

    class Dying:
        def simulate(self, wanted, progress, on_result):
            units.extend(wanted)
            return [Failure(wanted[1], f"{DIED} (signal 9)", 1)]

    planned = plan_calibration("tiny.yaml", [f"{CAPACITY}=100:300"], "stored.csv", trials=12)
    ledger = Ledger()
    with pytest.raises(SomeUnitsFailedError, match="trial 1, mother 0, replicate 0: its worker died three times"):
        carry_on(planned.plan, ledger, trying(planned.plan, planned.objective, Dying(), ledger, None))
    assert len(units) == 4
    assert ledger.trials == {}


def test_an_estimate_of_what_cannot_be_simulated_is_an_error(folder, monkeypatch):
    """And no time of nothing."""
    planned = plan_calibration("tiny.yaml", [f"{CAPACITY}=100:300"], "stored.csv", trials=12)
    monkeypatch.setattr(
        "lactflow.calibration.trying.simulated_side_by_side",
        lambda units, *_: Outcome({}, [Failure(units[0], "the clock stands still", 1)]),
    )
    with pytest.raises(SomeUnitsFailedError, match="with the values of the config: the clock stands still"):
        estimate(planned, 2)


@pytest.mark.parametrize(
    ("quantities", "more", "words"),
    [
        ({CAPACITY: 5}, {}, "'5' is no range"),
        ({CAPACITY: (150,)}, {}, "'150' is no range"),
        ({5: None}, {}, "'5' is the key of no quantity"),
        ([CAPACITY], {"trials": 12.5}, "trials: 12.5 is no number of trials"),
        ([CAPACITY], {"batch": 0}, "batch: 0 is no number of trials"),
        ([CAPACITY], {"replicates": 0}, "replicates: 0 is outside 1 to 10000"),
        ([CAPACITY], {"mothers": -1}, "mother.cohort: -1 is outside 1 to 10000"),
        ([CAPACITY], {"targets": ""}, "targets: is a folder"),
    ],
)
def test_what_a_caller_from_python_gives_is_checked(folder, quantities, more, words):
    """As what is typed."""
    with pytest.raises(ConfigError) as raised:
        lactflow.calibrate("tiny.yaml", quantities, **{"targets": "stored.csv", **more})
    assert words in str(raised.value)
    assert len(raised.value.problems) == 1
    assert not Path("outputs").exists()


def test_a_worker_that_dies_costs_no_trial(folder, whole, dying):
    """Its unit is simulated again; the manifest states so."""
    deaths = dying("0-1")
    found = tiny(replicates=2, workers=2)
    assert deaths() == 1
    assert_frame_equal(found.trials, whole.trials, check_exact=True)
    (entry,) = found.manifest["retried"]
    assert entry["run"].endswith("mother 0, replicate 1")


@pytest.mark.slow
def test_spread_between_mothers_is_a_target(folder):
    """The spread of storage capacity between women follows from that of their stored milk."""
    Path("spread.csv").write_text(
        "id,observable,value,sd,statistic\nmean,stored_ml,180,10,mean\nspread,stored_ml,0.3,0.03,cv\n"
    )
    key = "mother.variation.storage_capacity"
    found = lactflow.calibrate("tiny.yaml", [key], "spread.csv", mothers=6, trials=12, workers=1, target=["spread"])
    rows = found.trials.sort_values(key)
    assert rows["spread"].is_monotonic_increasing
    assert found.targets["observable"].iloc[0] == "CV between mothers of stored_ml"
    cv = found.targets["model"].iloc[0]
    assert found.targets["model_error"].iloc[0] == pytest.approx(cv * ((1.0 + 2.0 * cv**2) / 10.0) ** 0.5)
    assert load_scenario(found.config).config.mother.cohort is None


def test_points_that_are_no_scenario_are_failed_trials(folder):
    """Where quantities contradict one another, the search goes on without them."""
    keys = ["gland.protein_line.vesicle_pool_ml=1:10", f"{CAPACITY}=100:300"]
    found = lactflow.calibrate(
        "tiny.yaml", keys, "stored.csv", trials=16, workers=1, settings=["resolution.packet_ml=2"]
    )
    failed = found.trials[found.trials["status"] == "failed"]
    assert 0 < len(failed) == found.manifest["failed"] < 16
    assert failed["reason"].str.startswith("no scenario: ").all()
    assert any(note.startswith(f"{len(failed)} of 16 trials failed") for note in found.manifest["notes"])


def known_mother(rows, settings, seed=99, replicates=6):
    """A table of what a mother with these settings gives, with other random numbers."""
    scenario = load_scenario("days.yaml", settings, seed=seed, replicates=replicates)
    blank = "id,observable,value,sd\n" + "".join(f"{name},{measure},1,{sd}\n" for name, measure, sd in rows)
    objective = OfConfig(scenario, read_targets(blank.encode(), "t.csv", scenario.config))
    plain = load_scenario("days.yaml", [*settings, "record.visits=false"], seed=seed, replicates=replicates)
    run = run_in_memory(plain, tuple(TALLIED), 1)
    readings = objective.readings(run.units)
    pairs = zip(rows, readings, strict=True)
    lines = [f"{name},{measure},{reading.value!r},{sd}" for (name, measure, sd), reading in pairs]
    return "id,observable,value,sd\n" + "\n".join(lines) + "\n"


@pytest.mark.slow
@pytest.mark.fast_build
def test_a_known_mother_is_found(folder):
    """Appetite, weight and fat of one whose milk, whose child's weight and whose fat were measured."""
    truth = {APPETITE: 1.2, WEIGHT: 3.9, FAT: 38.0}
    rows = [("intake", "intake_ml_per_day", 15), ("weight", "infant_weight_kg", 0.05), ("fat", "fat_g_per_l", 0.5)]
    Path("known.csv").write_text(known_mother(rows, [f"{key}={value}" for key, value in truth.items()]))
    found = lactflow.calibrate("days.yaml", list(truth), "known.csv", trials=48, replicates=3)
    table = found.quantities.set_index("key")
    for key, value in truth.items():
        assert table.loc[key, "low"] <= value <= table.loc[key, "high"], table
        assert table.loc[key, "verdict"] == "decided", table
        narrow = (table.loc[key, "high"] - table.loc[key, "low"]) / (
            table.loc[key, "range_high"] - table.loc[key, "range_low"]
        )
        assert narrow < 0.4, table
    assert found.manifest["loss"] < 3.0
    assert found.pairs.empty
    assert not [note for note in found.manifest["notes"] if "not met" in note]


@pytest.mark.slow
def test_a_pair_that_milk_alone_does_not_distinguish_is_not_found(folder):
    """Who needs much energy and takes milk for rich drinks what one does who needs less and takes it for thin."""
    rows = [("intake", "intake_ml_per_day", 15)]
    Path("known.csv").write_text(known_mother(rows, [f"{APPETITE}=1.05", f"{ENERGY}=0.65"]))
    ranges = {APPETITE: (0.9, 1.2), ENERGY: (0.56, 0.74)}
    found = lactflow.calibrate("days.yaml", ranges, "known.csv", trials=40, replicates=3)
    table = found.quantities.set_index("key")
    width = (table["high"] - table["low"]) / (table["range_high"] - table["range_low"])
    assert (width > 0.6).all(), table
    assert "decided" not in set(table["verdict"])
    (pair,) = found.pairs.to_dict("records")
    assert pair["relation"] == "ratio"
    assert pair["holds"] == f"{APPETITE} / {ENERGY}"
    (line,) = [line for line in found.manifest["words"] if "together" in line]
    assert line == f"{APPETITE} and {ENERGY} together: the targets hold {APPETITE} / {ENERGY}, not each"
    assert f"# {line}" in found.config.read_text()
    ratio = found.trials[found.trials["loss"] < 1.0].eval(f"`{APPETITE}` / `{ENERGY}`")
    assert isinstance(ratio, pd.Series)
    assert ratio.std() / ratio.mean() < 0.05


@pytest.mark.slow
@pytest.mark.fast_build
def test_the_page_says_what_its_commands_find(folder):
    """With the weight of the child both quantities are decided, with milk alone they are known together."""
    page = (Path(lactflow.__file__).parents[1] / "docs" / "guides" / "calibrate.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^```csv\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
    Path("targets.csv").write_text(table)
    both, milk_alone = re.findall(r"^lactflow (calibrate .*)$", page, flags=re.MULTILINE)
    found = CliRunner().invoke(main, shlex.split(both))
    assert found.exit_code == 0, found.output
    assert len(re.findall(r"  decided$", found.stdout, flags=re.MULTILINE)) == 2, found.stdout
    found = CliRunner().invoke(main, shlex.split(milk_alone))
    assert found.exit_code == 0, found.output
    (line,) = re.findall(r"reports `(.*? not each)`", page.replace("\n", " "))
    assert line in found.stdout
    assert "  decided" not in found.stdout
