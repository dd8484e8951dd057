"""Screenings and other sweeps, ranked: `lactflow sensitivity`."""

from __future__ import annotations

import pandas as pd
import pytest

from lactflow.analysis.sensitivity.chance import chance_shares
from lactflow.errors import ConfigError, ScenarioWarning
from lactflow.experiments.ranking import in_words
from lactflow.experiments.sensitivity import chained, screen, screening_points, sensitivity_of
from lactflow.experiments.sweep.sweep import sweep

CAPACITY, RESIDUAL = "gland.lumen.capacity_ml", "gland.lumen.residual_fraction"
SMALL = """format: 1
start_day: 30
days: 0.5
gland: {lobes_per_breast: 1}
resolution: {packet_ml: 1.0}
schedule: [{kind: every, hours: 3}]
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A small scenario, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def screened(config):
    """Two quantities, moved three times."""
    return screen(
        config, quantities=[CAPACITY, RESIDUAL], measures=["stored_ml"], trajectories=3, replicates=2, workers=1
    )


def test_points_of_a_screening_move_one_quantity_at_a_time(config):
    """Within its plausible range; the same for the same seed."""
    points, notes = screening_points(config, ["gland.lumen.capacity_ml", RESIDUAL], 3)
    assert list(points) == [CAPACITY, RESIDUAL]
    assert len(points) == 9
    assert notes == []
    chains = chained(points.assign(point=range(9)), [CAPACITY, RESIDUAL])
    assert chains["trajectory"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert chains["step"].tolist() == [0, 1, 2] * 3
    again, _ = screening_points(config, ["gland.lumen.capacity_ml", RESIDUAL], 3)
    assert again.equals(points)


def test_trajectories_are_found_in_points():
    """A point that differs in two keys or in none, or in one that was moved already, begins another one."""
    a, b = [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    found = chained(pd.DataFrame({"point": [0, 1, 3, 4, 5, 6, 7], "a": a, "b": b}), ["a", "b"])
    assert found["trajectory"].tolist() == [0, 0, 0, 1, 2, 2, 3]
    assert found["step"].tolist() == [0, 1, 2, 0, 0, 1, 0]


def test_screening_ranks_quantities(screened):
    """Capacity decides how much milk is stored; the ranking lies in the folder."""
    assert screened.method == "morris"
    first = screened.ranking.iloc[0]
    assert (first["key"], first["rank"], first["effects"]) == (CAPACITY, 1, 3)
    assert first["mu"] == first["mu_star"] > 100.0
    assert first["unit"] == "mL"
    assert pd.read_parquet(screened.sweep.path / "sensitivity.parquet").equals(screened.ranking)
    assert screened.chance is not None
    assert in_words(screened.ranking, "stored_ml", 1)[0][:2] == ("1", CAPACITY)


def test_ranking_again_gives_the_same(screened):
    """From the folder alone."""
    again = sensitivity_of(screened.sweep.path, ["stored_ml"])
    assert again.method == "morris"
    assert again.ranking.equals(screened.ranking)


def test_points_that_are_no_scenario_are_left_out_and_reported():
    """A pool that holds fewer than two coarse packets is none."""
    keys = ["gland.protein_line.vesicle_pool_ml", CAPACITY]
    points, notes = screening_points("on-demand", keys, 8, ["resolution=coarse"])
    assert 0 < len(points) < 24
    (note,) = notes
    assert note.startswith(f"{24 - len(points)} of 24 points are no scenario")


def test_another_sweep_is_ranked_by_an_index(config):
    """Fifty points of a hypercube; a key that is no quantity has the range that the sweep has."""
    swept = sweep(config, sample={CAPACITY: (100.0, 300.0), "schedule.0.hours": (2.0, 4.0)}, n=60, workers=1)
    found = sensitivity_of(swept, ["sessions_per_day"], "rbd_fast")
    assert found.method == "rbd_fast"
    assert found.ranking.iloc[0]["key"] == "schedule.0.hours"
    assert found.chance is None


def test_what_cannot_be_ranked_is_an_error_by_name(config):
    """Measures, quantities, sweeps without numbers."""
    with pytest.raises(ConfigError, match=r"no measure 'stored' \(nearest: stored_ml\)"):
        screen(config, measures=["stored"])
    with pytest.raises(ConfigError, match=r"'gland.lumen.capcity_ml' is the key of no quantity \(nearest: "):
        screen(config, quantities="gland.lumen.capcity_ml")
    words = sweep(config, vary={"schedule.0.side": ["both", "left"]}, workers=1)
    with pytest.raises(ConfigError, match="varies no number"):
        sensitivity_of(words)


def test_a_screening_by_measures_of_days(config):
    """They are in the results, are ranked when nothing else is asked for, and cannot be added afterwards."""
    found = screen(
        config,
        quantities=[CAPACITY, RESIDUAL],
        measures=["stored_ml@30", "fullness"],
        trajectories=2,
        replicates=2,
        workers=1,
    )
    assert list(dict.fromkeys(found.ranking["measure"])) == ["stored_ml@30", "fullness"]
    whole = found.sweep.results
    # The run is a part of day 30, so the measure of the day is that of the whole run.
    assert whole["stored_ml@30"].to_numpy() == pytest.approx(whole["stored_ml"].to_numpy(), rel=1e-12)
    again = sensitivity_of(found.sweep.path)
    assert list(dict.fromkeys(again.ranking["measure"])) == ["stored_ml@30"]
    with pytest.raises(ConfigError, match=r"has stored_ml@30; another sweep with --measure fullness@30 has this"):
        sensitivity_of(found.sweep.path, ["fullness@30"])
    with pytest.raises(ConfigError, match="the scenario has days 30 to 30"):
        screen(config, quantities=[CAPACITY], measures=["stored_ml@31"], trajectories=2)


def test_what_is_left_out_stands_in_the_manifest(config):
    """For pages, and for whoever ranks again."""
    keys = ["gland.protein_line.vesicle_pool_ml", CAPACITY]
    with pytest.warns(ScenarioWarning, match="are no scenario"):
        found = screen(
            "on-demand", quantities=keys, settings=["resolution=coarse"], trajectories=4, days=0.05, workers=1
        )
    assert found.notes[0] == found.sweep.manifest["warnings"][0]
    assert "are no scenario" in found.notes[0]


def test_mothers_are_no_chance(config):
    """Of a cohort, the share of chance is that of replicates of one mother."""
    swept = sweep(config, sample={CAPACITY: (100.0, 300.0)}, n=13, cohort=2, replicates=2, workers=1)
    found = sensitivity_of(swept, ["stored_ml"], "rbd_fast").chance
    assert found is not None
    expected = chance_shares(swept.results, ["point", "mother"], ["stored_ml"])
    assert found.equals(expected)
    assert found["points"].tolist() == [26]


def test_measures_that_no_unit_has_are_not_ranked(config):
    """A run that begins on day 30 has no onset; alone, it is an error."""
    swept = sweep(config, sample={CAPACITY: (100.0, 300.0)}, n=50, workers=1)
    found = sensitivity_of(swept, ["onset_h", "stored_ml"], "rbd_fast")
    assert set(found.ranking["measure"]) == {"stored_ml"}
    assert found.notes == ("onset_h is known of no unit, and is not ranked",)
    with pytest.raises(ConfigError, match="onset_h: known of no unit, so there is nothing to rank"):
        sensitivity_of(swept, ["onset_h"])
