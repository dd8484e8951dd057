"""`lactflow.resume`: whatever was stopped goes on, by the kind of its folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small_sweeps import BASE, CAPACITY, Here

import lactflow
from lactflow.errors import ConfigError, InterruptedRunError
from lactflow.recording.folder import ResultFolder


@pytest.fixture
def base(tmp_path, monkeypatch):
    """A scenario in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("base.yaml").write_text(BASE, encoding="utf-8")
    return "base.yaml"


def stop(_share, _time_min):
    """A signal, as soon as anything is simulated."""
    raise InterruptedRunError(2)


def only(folder):
    """What is in it."""
    (found,) = Path(folder).iterdir()
    return found


def test_a_run_goes_on(base):
    """Its tables are those of a run that nothing has stopped."""
    with pytest.raises(InterruptedRunError):
        lactflow.run(base, out="cut", workers=1, progress=stop)
    whole, gone_on = lactflow.run(base, out="whole", workers=1), lactflow.resume(only("cut"), workers=1)
    assert gone_on.status == "complete"
    pd.testing.assert_frame_equal(gone_on["removals"], whole["removals"])


def test_a_comparison_goes_on(base):
    """Its differences are those of one that nothing has stopped."""
    how = {"vary": f"{CAPACITY}=120,180", "workers": 1}
    with pytest.raises(InterruptedRunError):
        lactflow.compare([base], out="cut", progress=stop, **how)
    whole, gone_on = lactflow.compare([base], out="whole", **how), lactflow.resume(only("cut"), workers=1)
    pd.testing.assert_frame_equal(gone_on.differences, whole.differences)


def test_a_sweep_goes_on(base):
    """By any executor."""
    planned = lactflow.sweep(base, vary={CAPACITY: [120, 180]}, executor="none", out="out")
    assert planned.counts.complete == 0
    assert lactflow.resume(planned.path, executor=Here()).counts.complete == 2


def test_what_does_not_go_on_is_said(base, tmp_path):
    """Folders of other kinds, options of another kind, folders of others."""
    folder = ResultFolder.create(tmp_path, "mine", "fit", {})
    folder.finish("failed")
    with pytest.raises(ConfigError, match=r"is a fit \(allowed: a run, a comparison, a sweep or a"):
        lactflow.resume(folder.path)
    run = lactflow.run(base, out="out", workers=1)
    with pytest.raises(ConfigError, match="is a run: executor and cache are for sweeps"):
        lactflow.resume(run.path, executor="local")
    with pytest.raises(OSError, match="is not a run directory"):
        lactflow.resume(tmp_path)
