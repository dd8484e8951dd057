"""Several runs together: labels, frames over all of them, differences; and what notebooks show."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

import lactflow
from lactflow.analysis.daily import MEASURES
from lactflow.analysis.notebook import MOST_ROWS, as_html
from lactflow.errors import ArchiveError, ConfigError

SMALL = {"days": 0.2, "resolution": "coarse", "record": {"visits": False}, "schedule": [{"kind": "every", "hours": 2}]}
PAYLOAD = "<img src=x onerror=alert(1)>&amp;{{7*7}}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the runs of this module are."""
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def usual(folder):
    """Two replicates of the reference mother."""
    return lactflow.run(SMALL | {"name": "usual"}, replicates=2, out=folder, workers=1)


@pytest.fixture(scope="module")
def small(folder):
    """The same with a small gland."""
    return lactflow.run(
        SMALL | {"name": "small"}, settings={"mother.gland_size": 0.5}, replicates=2, out=folder, workers=1
    )


def test_runs_have_labels(usual, small):
    """Names of their configs, numbered where they are taken; or those that are given."""
    assert list(lactflow.open_many([usual.path, small.path, str(usual.path)])) == ["usual", "small", "usual-2"]
    runs = lactflow.open_many({"a": usual.path, "b": small.path})
    assert list(runs) == ["a", "b"]
    assert len(runs) == 2
    assert runs["b"].path == small.path
    assert repr(runs) == "Runs(['a', 'b'])"
    with pytest.raises(KeyError, match="there is no run 'usul'"):
        lactflow.open_many(usual.path)["usul"]


def test_tables_are_concatenated(usual, small):
    """With the label first; their units stay, and no row is lost."""
    runs = lactflow.open_many({"a": usual.path, "b": small.path})
    together = runs.table("removals")
    assert list(together.columns) == ["run", *usual["removals"].columns]
    assert together.attrs["units"] == usual["removals"].attrs["units"]
    for label, run in (("a", usual), ("b", small)):
        mine = together[together["run"] == label].drop(columns="run").reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, run["removals"], check_dtype=False)
    assert runs.daily().groupby("run").size().to_dict() == {"a": 2, "b": 2}
    summary = runs.summary()
    assert list(summary.columns) == [*MEASURES]
    assert summary.loc["b", "made_ml_per_day"] == small.summary()["made_ml_per_day"]


def test_finished_runs_are_compared(usual, small, folder):
    """As `compare` compares them; the baseline is the first, or the one that is named."""
    runs = lactflow.open_many([usual.path, small.path])
    compared = lactflow.compare(
        [SMALL | {"name": "usual"}, SMALL | {"name": "small", "mother": {"gland_size": 0.5}}],
        replicates=2, out=folder, workers=1,
    )  # fmt: skip
    pd.testing.assert_frame_equal(runs.differences(), compared.differences)
    back = runs.differences(baseline="small").set_index("measure")["difference"]
    there = runs.differences().set_index("measure")["difference"]
    assert back["made_ml_per_day"] == pytest.approx(-there["made_ml_per_day"])


def test_runs_that_are_no_pairs_are_not_compared(usual, folder):
    """Each reason in a line; one run alone has nothing to be compared with."""
    other = lactflow.run(SMALL | {"name": "other"}, seed=2, days=0.1, replicates=2, out=folder, workers=1)
    with pytest.raises(ConfigError) as error:
        lactflow.open_many([usual.path, other.path]).differences()
    assert str(error.value).splitlines() == [
        "other: seed is 2, and 1 in usual (allowed: the same)",
        "other: days is 0.1, and 0.2 in usual (allowed: the same)",
    ]
    with pytest.raises(ConfigError, match="one run has nothing to be compared with"):
        lactflow.open_many(usual.path).differences()
    with pytest.raises(ConfigError, match="no run directory"):
        lactflow.open_many([])
    with pytest.raises(ArchiveError):
        lactflow.open_many([usual.path, folder])


def test_notebooks_show_runs_and_results(usual, small, folder):
    """A heading, facts and a table; a number has three digits and its unit."""
    shown = usual._repr_html_()
    assert usual.path.name in shown
    assert "status: complete" in shown
    assert "milk removed" in shown
    assert "mL/day" in shown
    assert "2 runs" in lactflow.open_many([usual.path, small.path])._repr_html_()
    swept = lactflow.sweep(SMALL, vary="gland.lumen.capacity_ml=150,250", out=folder, executor="local:1")
    assert "units: 2 of 2" in swept._repr_html_()
    compared = lactflow.compare([SMALL | {"name": "a"}, SMALL | {"name": "b"}], replicates=2, out=folder, workers=1)
    assert "scenarios: a, b" in compared._repr_html_()
    assert "95 % interval" in compared._repr_html_()


def test_what_notebooks_show_is_text(usual, folder):
    """Names of folders, facts, and everything in a table; long tables are cut, which is stated."""
    odd = folder / PAYLOAD.replace("/", "")
    shutil.copytree(usual.path, odd)
    frame = pd.DataFrame({PAYLOAD: [PAYLOAD] * (MOST_ROWS + 3)})
    for shown in (lactflow.open_run(odd)._repr_html_(), as_html(PAYLOAD, {PAYLOAD: PAYLOAD}, frame, PAYLOAD)):
        assert "<img" not in shown
        assert "&lt;img" in shown
    assert "3 more rows" in as_html("x", {}, frame)
    assert as_html("x", {}) == "<div><p><strong>x</strong><br></p></div>"
