"""A run, a comparison, a validation, sweeps and calibrations that pages are made of; and a browser to see them."""

from __future__ import annotations

import json
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from altered import PAYLOAD
from fitted_folders import written
from judged_results import RESULTS
from sealing import reseal
from small_sweeps import BASE, CAPACITY, Here

import lactflow
from lactflow.cli.validate import _as_parquet, _observed_as_parquet
from lactflow.errors import InterruptedRunError
from lactflow.recording.folder import ResultFolder
from lactflow.validation.judge import Observed

COARSE = "resolution.packet_ml=0.14"


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory):
    """Two days of feeds, with visits and an intervention."""
    out = tmp_path_factory.mktemp("run")
    settings = [COARSE, "interventions=[{kind: seal, side: left, start_day: 30.5, end_day: 31}]"]
    return lactflow.run("every-three-hours", settings=settings, days=2.0, out=out, workers=1).path


@pytest.fixture(scope="session")
def finished_comparison(tmp_path_factory):
    """Two scenarios, two replicates each, without visits."""
    out = tmp_path_factory.mktemp("comparison")
    scenarios = ["every-two-hours", "every-four-hours"]
    settings = [COARSE, "record.visits=false"]
    return lactflow.compare(scenarios, settings=settings, days=1.0, replicates=2, out=out, workers=1).path


@pytest.fixture(scope="session")
def finished_sweep(tmp_path_factory):
    """Three capacities, two sides, two replicates."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return lactflow.sweep(
        folder / "base.yaml",
        vary={CAPACITY: [120, 180, 240], "schedule.0.side": ["left", "both"]},
        replicates=2,
        measures=["fullness@30"],
        executor=Here(),
        out=folder / "out",
    ).path


@pytest.fixture(scope="session")
def screened(tmp_path_factory):
    """Three quantities, moved three times, in two replicates, and ranked."""
    folder = tmp_path_factory.mktemp("screened")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    keys = [CAPACITY, "gland.lumen.residual_fraction", "gland.inhibitor.half_effect"]
    how = {"trajectories": 3, "replicates": 2, "executor": Here(), "out": folder / "out"}
    measures = ["stored_ml", "removed_ml_per_day@30"]
    return lactflow.screen(folder / "base.yaml", quantities=keys, measures=measures, **how).sweep.path


TINY = """format: 1
name: tiny
start_day: 30
days: 0.5
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 1.0}
schedule: [{kind: every, hours: 3}]
"""
TARGETS = "id,observable,value,sd,use,source\nstored,stored_ml,150,5,,Ward 2031\nfat,fat_g_per_l,45,4,check,\n"
HALF = "gland.inhibitor.half_effect"


def _calibrate(folder, **more):
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    how = {"trials": 14, "replicates": 2, "workers": 1, "out": folder / "out", **more}
    return lactflow.calibrate(folder / "tiny.yaml", [f"{CAPACITY}=100:300", HALF], folder / "targets.csv", **how)


@pytest.fixture(scope="session")
def finished_calibration(tmp_path_factory):
    """Two quantities that one target cannot distinguish, and a target that is not fitted to."""
    return _calibrate(tmp_path_factory.mktemp("calibration")).path


@pytest.fixture(scope="session")
def stopped_calibration(tmp_path_factory):
    """The same, stopped after some trials."""
    folder = tmp_path_factory.mktemp("stopped")

    def stop(share, _):
        if share > 0.3:
            raise InterruptedRunError(signal.SIGINT)

    with pytest.raises(InterruptedRunError):
        _calibrate(folder, progress=stop)
    (path,) = (folder / "out").iterdir()
    return path


@pytest.fixture
def write_validation(tmp_path):
    """Write a folder as `lactflow validate` does."""

    def write(results=RESULTS, items=None, **more):
        folder = ResultFolder.create(
            tmp_path, "validation", "validation", {"command": ["lactflow", "validate"], **more}
        )
        (folder.path / "results.parquet").write_bytes(_as_parquet(results))
        folder.write("observed.parquet", _observed_as_parquet(results))
        folder.finish("complete", **({"items": 161} if items is None else items))
        return folder.path

    return write


@pytest.fixture
def copied(tmp_path):
    """A copy of a folder that a test may change."""
    return lambda source, name="copy": Path(shutil.copytree(source, tmp_path / name))


@pytest.fixture
def hostile(request, copied, write_validation, tmp_path):
    """A folder of each kind with a payload in every text that may come from somebody else."""
    import pandas as pd

    names = ("finished_run", "finished_comparison", "finished_sweep", "finished_calibration")
    finished_run, finished_comparison, finished_sweep, finished_calibration = map(request.getfixturevalue, names)

    run = copied(finished_run, PAYLOAD.replace("/", ""))
    lines = (run / "config.yaml").read_text(encoding="utf-8").splitlines()
    lines = [f"title: {json.dumps(PAYLOAD)}" if line.startswith("title:") else line for line in lines]
    (run / "config.yaml").write_text("\n".join([*lines, f"# {PAYLOAD[:-8]}"]), encoding="utf-8")
    more = {
        "command": ["lactflow", PAYLOAD],
        "error": PAYLOAD,
        "warnings": [PAYLOAD],
        "platform": PAYLOAD,
        "versions": {PAYLOAD: PAYLOAD},
        "seed": PAYLOAD,
        "created_utc": PAYLOAD,
    }
    reseal(run, status="failed", **more)

    comparison = copied(finished_comparison, "comparison")
    for name in ("differences.parquet", "subjects.parquet"):
        frame = pd.read_parquet(comparison / name)
        for column in {"baseline", "scenario"} & set(frame):
            frame[column] += PAYLOAD
        frame.to_parquet(comparison / name)
    places = json.loads((comparison / "manifest.json").read_text(encoding="utf-8"))["scenarios"]
    reseal(comparison, status="failed", scenarios={f"{name}{PAYLOAD}": where for name, where in places.items()}, **more)

    words = ("id", "title", "required", "found", "reason", "known_gap", "source", "tests")
    observed = (Observed(None, PAYLOAD, 2.0, 1.0, None), Observed(f"${PAYLOAD}$", PAYLOAD, 0.5, 1.0, None))
    validation = write_validation(
        [
            replace(each, observed=observed, **{word: f"{getattr(each, word) or ''}{PAYLOAD}" for word in words})
            for each in RESULTS
        ],
        **more,
    )
    return {
        "run": run,
        "comparison": comparison,
        "fit": _hostile_fit(tmp_path, more),
        "validation": validation,
        "sweep": _hostile_sweep(copied(finished_sweep, "sweep"), more),
        "calibration": _hostile_calibration(copied(finished_calibration, "calibration"), more),
    }


def _hostile_fit(folder, more):
    """A fit with a payload in names of traits, keys, units, times of the log, and its file; formulas too."""
    fit = written(folder, config=f"# {PAYLOAD[:-8]}\n", twist=lambda text: f"_{text}$\\frac{PAYLOAD}$")
    reseal(fit, status="failed", **more)
    return fit


def _hostile_calibration(calibration, more):
    """A calibration with a payload in ids, sources and observables of targets, in reasons, pairs, words and notes."""
    import pandas as pd

    for name, columns in {
        "targets": ("id", "observable", "source"),
        "trials": ("reason",),
        "quantities": ("key", "unit", "verdict"),
        "profiles": ("key",),
        "pairs": ("first", "second", "holds"),
        "directions": ("key",),
    }.items():
        file = calibration / f"{name}.parquet"
        frame = pd.read_parquet(file)
        for column in columns:
            frame[column] = frame[column].fillna("").astype(str) + PAYLOAD
        frame.to_parquet(file)
    about = json.loads((calibration / "manifest.json").read_text(encoding="utf-8"))["calibration"]
    about["targets"] += PAYLOAD
    for name in ("config.yaml", "calibrated.yaml"):
        text = (calibration / name).read_text(encoding="utf-8")
        (calibration / name).write_text(f"{text}# {PAYLOAD[:-8]}\n", encoding="utf-8")
    reseal(calibration, status="failed", words=[PAYLOAD], notes=[PAYLOAD], calibration=about, **more)
    return calibration


def _hostile_sweep(sweep, more):
    """A sweep with a payload in its command, in values of a key, in its config, and in why a unit failed."""
    import pyarrow.parquet as pq

    from lactflow.experiments.sweep.store import LedgerFile, Line

    plan = pq.read_table(sweep / "plan.parquet").to_pandas()
    plan["schedule.0.side"] += PAYLOAD
    plan.loc[0, "key"] = "lost"
    plan.to_parquet(sweep / "plan.parquet")
    lines = (sweep / "config.yaml").read_text(encoding="utf-8")
    (sweep / "config.yaml").write_text(f"{lines}# {PAYLOAD[:-8]}\n", encoding="utf-8")
    failed = [{"key": "lost", "unit": 0, "message": PAYLOAD, "exit_code": 1}]
    LedgerFile(sweep, "payload").append(Line({}, {}, [], failed, 0.0, {}))
    reseal(sweep, status="failed", **more)
    return sweep
