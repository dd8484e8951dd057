"""The study that decides about coarse resolutions: its verdicts by hand, and that it goes on where it was stopped."""

from __future__ import annotations

import json
import sys
from math import inf, nan
from pathlib import Path

import pytest

from lactflow.analysis.daily import MEASURES
from lactflow.analysis.two_level import CORRECTED
from lactflow.experiments.coarse import LEVEL
from lactflow.validation.observables import OBSERVABLES
from lactflow.validation.targets import load_targets

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

import coarse_runs  # noqa: E402
import coarse_study as study  # noqa: E402
from coarse_criteria import LEAST_CORRELATION, TOLERANCES  # noqa: E402
from coarse_pairs import follows  # noqa: E402


@pytest.mark.parametrize(
    ("gaps", "verdict"),
    [
        ([0.1, -0.1, 0.0], "within"),
        ([5.0, 5.1, 4.9], "beyond"),
        ([0.0, 3.0, -2.0], "open"),
        ([0.1], "open"),
        ([nan, nan], "not found"),
    ],
)
def test_a_difference_against_a_tolerance_of_one(gaps, verdict):
    """By where its interval lies; a pair without a value is none."""
    found = study.compared([10.0 + gap for gap in gaps], [10.0] * len(gaps), 1.0)
    assert found["verdict"] == verdict


def test_a_verdict_that_moves_is_beyond():
    """However small the difference, and only for targets with a band."""
    target = next(each for each in load_targets() if each.id in OBSERVABLES and each.high is not None)
    edge = target.high
    found = [[{target.id: edge + 1e-9}, {target.id: edge + 1e-9}], [{target.id: edge - 1e-9}, {target.id: edge - 1e-9}]]
    row = study.target_rows(found)[target.id]
    assert (row["verdict"], row["verdict_moves"], row["met"]) == ("beyond", True, {"coarse": False, "default": True})
    same = study.target_rows([[{target.id: edge}] * 2] * 2)
    assert same[target.id]["verdict"] == "within"
    others = {row["verdict"] for id_, row in same.items() if id_ != target.id}
    assert others == {"not found"}
    assert len(same) > 80


def test_claims_are_counted():
    """One that is met in fewer replicates at the coarse level is beyond."""
    rows = study.claim_rows([[{"C01": 1.0, "C02": 0.0}, {"C01": 1.0, "C02": 1.0}], [{"C01": 0.0, "C02": 1.0}] * 2])
    assert {id_: row["verdict"] for id_, row in rows.items()} == {"C01": "within", "C02": "beyond"}


def test_every_measure_has_a_tolerance():
    """Those of runs, and the two times of involution."""
    assert set(TOLERANCES) == {*MEASURES, "half_of_cells_lost_h", "stat3_half_h"}
    assert TOLERANCES["made_ml_per_day"].of(800.0) == 8.0
    assert TOLERANCES["onset_h"].of(60.0) == 1.0


def test_a_configuration_keeps_its_own_resolution_and_gets_another_seed():
    """The level is what it has beside that; replicates share the seed across levels."""
    assert study.at({"days": 2, "seed": 3}, "default", 2) == {
        "days": 2, "seed": 2003, "gland": {"lobes_per_breast": 9}, "resolution": {"packet_ml": 0.1},
    }  # fmt: skip
    own = study.at({"resolution": {"packet_ml": 0.05}}, "coarse", 0)
    assert (own["resolution"], own["gland"], own["seed"]) == ({"packet_ml": 0.05}, {"lobes_per_breast": 3}, 1)


def test_measures_go_on_where_they_were_stopped(tmp_path, monkeypatch):
    """A torn line is done again, all others are not."""
    cache, asked = tmp_path / "kept.jsonl", []

    def simulated(wanted):
        asked.append(wanted)
        return {"made_ml_per_day": 800.0 + 3.0 * (wanted.level == "coarse") + wanted.replicate, "onset_h": nan}

    monkeypatch.setattr(coarse_runs, "simulated", simulated)

    def rows():
        return study.measure_rows(cache, 2, "coarse", workers=1, scenarios=["every-three-hours"])

    first = rows()
    assert [(each.level, each.replicate) for each in asked] == [
        (level, n) for n in (0, 1) for level in ("coarse", "default")
    ]
    cache.write_text(cache.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert rows() == first
    assert len(asked) == 5
    made = first["every-three-hours"]["made_ml_per_day"]
    assert (made["pairs"], made["difference"], made["default"], made["verdict"]) == (2, 3.0, 800.5, "within")
    assert "onset_h" not in first["every-three-hours"]


def test_targets_and_claims_go_on_where_they_were_stopped(tmp_path):
    """Found once for each level and replicate, whatever the number of calls."""
    asked = []

    def find(level, replicate):
        asked.append((level, replicate))
        return {"x": float(replicate) if level == "coarse" else inf}

    cache = tmp_path / "kept.jsonl"
    assert study.kept(cache, 1, "coarse", find) == [[{"x": 0.0}], [{"x": inf}]]
    found = study.kept(cache, 2, "coarse", find)
    assert [row["x"] for row in found[0]] == [0.0, 1.0]
    assert asked == [("coarse", 0), ("default", 0), ("coarse", 1), ("default", 1)]


@pytest.mark.slow
def test_targets_and_claims_of_few_runs():
    """One short run, so that few targets find anything; one claim; the measures of two days of involution."""
    found = study.targets_of(1, ["emptied once"])("coarsest", 0)
    assert set(found) == set(OBSERVABLES)
    assert study.claims_of(1, ["C05"])("coarse", 0) == {"C05": 1.0}
    found = coarse_runs.simulated(coarse_runs.Wanted("one-breast-sealed", (), 4.0, "coarsest", 1))
    assert set(found) == {*MEASURES, "observed_days", "half_of_cells_lost_h", "stat3_half_h", "cpu_s"}
    assert 5.0 < found["stat3_half_h"] < 72.0


def test_what_a_part_alone_decides():
    """Verdicts of all parts together; what was not found in any replicate decides nothing."""
    parts = {
        "targets": {"a": {"verdict": "within"}, "b": {"verdict": "not found"}},
        "measures": {"s": {"m": {"verdict": "open"}}},
    }
    assert study.verdicts(parts) == ["within", "open"]


def test_the_declared_measures_follow():
    """What `compare --coarse` estimates from coarse replicates is what the result file shows to follow."""
    found = json.loads((BENCHMARKS / "results" / "coarse-pairs.json").read_text(encoding="utf-8"))["levels"][LEVEL]
    for measure in CORRECTED:
        assert found[measure]["follows"]
        assert follows([*found[measure]["pairs"].values()])
        assert min(pair["correlation"] for pair in found[measure]["pairs"].values()) >= LEAST_CORRELATION
    for measure in ("upr_exposure_h_per_day", "hours_above_80_percent_full_per_day", "onset_h"):
        assert measure not in CORRECTED
