"""Sensitivity statistics, on functions whose indices are known."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lactflow.analysis.sensitivity import ranges as ranges_module
from lactflow.analysis.sensitivity.chance import chance_shares
from lactflow.analysis.sensitivity.given_data import _delta_of, given_data_indices
from lactflow.analysis.sensitivity.morris import elementary_effects, morris_design
from lactflow.analysis.sensitivity.ranges import Range, plausible_ranges, scaled
from lactflow.config.model import RunConfig
from lactflow.errors import ConfigError

RANGES = [Range("a", 0.0, 1.0), Range("b", -10.0, 10.0), Range("c", 100.0, 200.0), Range("d", 0.0, 1.0)]
KEYS = [each.key for each in RANGES]


def linear(sample):
    """3 for a move of a over its range, -8 for b, 1 for c, nothing for d."""
    return 3.0 * sample["a"] - 0.4 * sample["b"] + 0.01 * sample["c"]


def ishigami(rows=2000, seed=5):
    """A random sample of the function of Ishigami and Homma: first-order indices 0.3139, 0.4424, 0."""
    x = np.random.default_rng(seed).uniform(-np.pi, np.pi, (rows, 3))
    sample = pd.DataFrame(x, columns=["x1", "x2", "x3"])
    return sample.assign(y=np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


# -- ranges -----------------------------------------------------------------------------------------------


def test_declared_quantities_have_their_plausible_ranges():
    """In the order of the config, those that a pattern names; a single value is no range."""
    config = RunConfig(format=1)
    everything, single = plausible_ranges(config)
    assert len(everything) > 200
    assert single == []
    assert all(each.low < each.high for each in everything)
    some, _ = plausible_ranges(config, ["gland.lumen.*", "gland.inhibitor.pressure_share"])
    assert {each.key.rsplit(".", 1)[0] for each in some} == {"gland.lumen", "gland.inhibitor"}
    capacity = next(each for each in some if each.key == "gland.lumen.capacity_ml")
    assert (capacity.unit, capacity.value) == ("mL", config.gland.lumen.capacity_ml)
    with pytest.raises(ConfigError, match=r"'gland.lumen.capacty_ml' is the key of no quantity .*capacity_ml"):
        plausible_ranges(config, ["gland.lumen.capacty_ml"])


def test_shares_of_ranges():
    """0 at the low end, 1 at the high end."""
    sample = pd.DataFrame({"a": [0.0, 1.0], "b": [-10.0, 5.0], "c": [150.0, 250.0], "d": [0.5, 0.5]})
    assert scaled(sample, RANGES).to_numpy().tolist() == [[0.0, 0.0, 0.5, 0.5], [1.0, 0.75, 1.5, 0.5]]


def test_without_salib(monkeypatch):
    """One line, with what installs it."""
    monkeypatch.setattr(ranges_module, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'lactflow\[analysis\]'"):
        morris_design(RANGES, 4)


# -- screening --------------------------------------------------------------------------------------------


def test_a_design_moves_one_quantity_at_a_time():
    """By two thirds of its range, each once in a trajectory; ends of ranges are the ends."""
    design = morris_design(RANGES, 6, seed=2)
    assert list(design.columns) == ["trajectory", "step", *KEYS]
    assert len(design) == 6 * 5
    for _, rows in design.groupby("trajectory"):
        moved = np.abs(np.diff(scaled(rows, RANGES).to_numpy(), axis=0))
        assert (np.sort(moved, axis=1)[:, :3] < 1e-12).all()
        assert moved.max(axis=0) == pytest.approx(2.0 / 3.0)
    assert {design["c"].min(), design["c"].max()} == {100.0, 200.0}
    assert design.equals(morris_design(RANGES, 6, seed=2))
    assert not design.equals(morris_design(RANGES, 6, seed=3))


@pytest.mark.parametrize(("ranges", "trajectories", "levels"), [([], 4, 4), (RANGES, 1, 4), (RANGES, 4, 3)])
def test_designs_that_cannot_be(ranges, trajectories, levels):
    """Nothing to vary, one trajectory, an odd number of levels."""
    with pytest.raises(ConfigError):
        morris_design(ranges, trajectories, levels=levels)


def test_effects_of_a_linear_function():
    """Its slopes over the ranges, the same everywhere; the largest first."""
    design = morris_design(RANGES, 5)
    found = elementary_effects(design.assign(y=linear(design)), RANGES, ["y"], resamples=50)
    assert list(found["key"]) == ["b", "a", "c", "d"]
    assert found["mu_star"].to_numpy() == pytest.approx([8.0, 3.0, 1.0, 0.0], abs=1e-9)
    assert found["mu"].to_numpy() == pytest.approx([-8.0, 3.0, 1.0, 0.0], abs=1e-9)
    assert found["sigma"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-9)
    for end in ("low", "high"):
        assert found[end].to_numpy() == pytest.approx(found["mu_star"].to_numpy(), abs=1e-9)
    assert found[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[n] * 3 for n in (1.0, 2.0, 3.0, 4.0)]
    assert found["effects"].tolist() == [5] * 4
    assert found["dropped"].tolist() == [0] * 4
    assert found["chance_share"].isna().all()


def test_effects_are_those_of_salib():
    """mu, mu_star and sigma of a function that is not linear, as SALib has them."""
    from SALib.analyze import morris

    design = morris_design(RANGES, 8, seed=4)
    shares = scaled(design, RANGES)
    y = shares["a"] * shares["b"] + shares["c"] ** 2
    found = elementary_effects(design.assign(y=y), RANGES, ["y"], resamples=20).set_index("key").loc[KEYS]
    problem = {"num_vars": 4, "names": KEYS, "bounds": [[0.0, 1.0]] * 4}
    theirs = morris.analyze(problem, shares.to_numpy(), y.to_numpy(), num_levels=4)
    for name in ("mu", "mu_star", "sigma"):
        assert found[name].to_numpy() == pytest.approx(np.asarray(theirs[name], dtype=float), abs=1e-9)


def test_a_failed_unit_costs_the_steps_beside_it():
    """Two effects of one trajectory; they are counted, and the others stay what they are."""
    design = morris_design(RANGES, 5)
    sample = design.assign(y=linear(design))
    sample.loc[7, "y"] = np.nan
    found = elementary_effects(sample, RANGES, ["y"], resamples=50)
    assert found["dropped"].sum() == 2
    assert (found["effects"] + found["dropped"] == 5).all()
    assert list(found["key"]) == ["b", "a", "c", "d"]
    assert elementary_effects(sample.drop(index=7), RANGES, ["y"], resamples=50).equals(found)


def test_the_order_of_rows_does_not_matter():
    """Units come back as they end."""
    design = morris_design(RANGES, 5)
    sample = pd.concat([design.assign(y=linear(design) + r, replicate=r) for r in range(2)], ignore_index=True)
    mixed = sample.sample(frac=1.0, random_state=1)
    kinds = {"resamples": 20}
    pd.testing.assert_frame_equal(
        elementary_effects(mixed, RANGES, ["y"], **kinds), elementary_effects(sample, RANGES, ["y"], **kinds)
    )


def test_chance_of_effects_is_seen_in_replicates():
    """Noise that is common to all points leaves no trace; noise of a unit is nearly all of an effect that is none."""
    design = morris_design(RANGES, 20)
    random = np.random.default_rng(3)
    common, own = random.normal(size=8), random.normal(0.0, 0.5, (8, len(design)))
    parts = [design.assign(replicate=r, y=linear(design) + common[r], z=linear(design) + own[r]) for r in range(8)]
    found = elementary_effects(pd.concat(parts, ignore_index=True), RANGES, ["y", "z"], resamples=50)
    of_y, of_z = (found[found["measure"] == name].set_index("key") for name in "yz")
    assert (of_y.loc[["a", "b", "c"], "chance_share"] < 1e-12).all()
    # The effect of d is noise alone; that of b is 8, beside a variance of 2 x 0.25 / (2/3)^2 / 8 = 0.14.
    assert of_z.loc["d", "chance_share"] > 0.5
    assert of_z.loc["b", "chance_share"] == pytest.approx(0.14 / 64.0, rel=0.3)
    assert of_z.loc["b", "rank_high"] == 1.0


def test_a_sample_without_steps():
    """A random sample is no screening."""
    sample = pd.DataFrame(np.random.default_rng(1).uniform(size=(6, 4)), columns=KEYS).assign(
        y=1.0, trajectory=0, step=0
    )
    with pytest.raises(ConfigError, match="nothing to rank"):
        elementary_effects(sample, RANGES, ["y"])
    with pytest.raises(ConfigError, match="no measure 'z'"):
        elementary_effects(sample, RANGES, ["z"])


# -- given data -------------------------------------------------------------------------------------------


def test_rbd_fast_of_ishigami():
    """First-order indices within 0.05 of 0.3139, 0.4424 and 0, and within their intervals."""
    found = given_data_indices(ishigami(), ["x1", "x2", "x3"], ["y"], "rbd_fast", resamples=30)
    assert list(found["key"]) == ["x2", "x1", "x3"]
    truth = np.array([0.4424, 0.3139, 0.0])
    assert found["index"].to_numpy() == pytest.approx(truth, abs=0.05)
    assert ((found["low"] < truth) & (truth < found["high"])).all()
    assert (found["high"] - found["low"]).max() < 0.25


def test_delta_of_a_linear_function_of_normals():
    """
    Two normal variables of equal weight: each has a delta of 0.306, found by numerical integration.

    That is the mean distance of a normal density of variance 1/2 and mean x / sqrt(2) from the standard one. Densities
    of a finite sample are smoothed: 2,000 rows give 0.28, and 0.03 for a variable that has no part.
    """
    from scipy.stats import norm

    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    grid = np.linspace(-8.0, 8.0, 4001)
    distances = [
        0.5 * np.trapezoid(np.abs(norm.pdf(grid) - norm.pdf(grid, x / np.sqrt(2.0), np.sqrt(0.5))), grid) for x in nodes
    ]
    truth = float(np.dot(weights, distances) / weights.sum())
    random = np.random.default_rng(2)
    sample = pd.DataFrame(random.normal(size=(2000, 3)), columns=["u", "v", "inert"])
    sample["y"] = (sample["u"] + sample["v"]) / np.sqrt(2.0)
    found = given_data_indices(sample, ["u", "v", "inert"], ["y"], resamples=10).set_index("key")
    assert found.loc[["u", "v"], "index"].to_numpy() == pytest.approx([truth, truth], abs=0.05)
    assert abs(found.loc["inert", "index"]) < 0.06
    assert found.loc["inert", "rank"] == 3


def test_delta_is_that_of_salib():
    """The same estimate, of a measure with ties too."""
    from SALib.analyze.delta import calc_delta

    random = np.random.default_rng(4)
    for rows, digits in ((333, 9), (700, 1)):
        x, y = random.normal(size=rows), random.normal(size=rows).round(digits)
        y += x
        classes = int(np.ceil(rows ** (2.0 / (7.0 + np.tanh((1500.0 - rows) / 500.0)))))
        theirs = calc_delta(y, np.linspace(y.min(), y.max(), 100), x, np.linspace(0.0, rows, classes + 1))
        assert _delta_of(y)(x) == pytest.approx(theirs, rel=1e-9)


def test_pawn_of_a_quantity_that_decides_and_one_that_does_not():
    """Where y is x, tenths of the range have distances of 0.9 at the ends to 0.5 in the middle: a median of 0.7."""
    random = np.random.default_rng(2)
    sample = pd.DataFrame(random.uniform(size=(1000, 2)), columns=["x", "inert"]).assign(y=lambda rows: rows["x"])
    found = given_data_indices(sample, ["inert", "x"], ["y"], "pawn", resamples=10)
    assert list(found["key"]) == ["x", "inert"]
    assert found["index"].iloc[0] == pytest.approx(0.7, abs=0.03)
    assert found["index"].iloc[1] < 0.2


@pytest.mark.parametrize("method", ["delta", "pawn", "rbd_fast"])
def test_missing_rows_are_left_out_and_counted(method):
    """As if they had not been simulated; what does not vary has no index."""
    sample = ishigami(400).assign(fixed=1.0, same=2.0)
    holed = sample.copy()
    holed.loc[[3, 77], "y"] = np.nan
    holed.loc[200, "x3"] = np.inf
    keys = ["x1", "x2", "x3", "fixed"]
    found = given_data_indices(holed, keys, ["y"], method, resamples=3)
    assert (found["dropped"].tolist(), found["rows"].tolist()) == ([3] * 4, [397] * 4)
    assert found["key"].iloc[-1] == "fixed"
    assert np.isnan(found["index"].iloc[-1])
    expected = given_data_indices(sample.drop(index=[3, 77, 200]), keys, ["y"], method, resamples=3)
    pd.testing.assert_frame_equal(found.drop(columns="dropped"), expected.drop(columns="dropped"))
    assert given_data_indices(sample, keys, ["same"], method, resamples=3)["index"].isna().all()


def test_samples_that_say_nothing():
    """Too few rows, no such index."""
    with pytest.raises(ConfigError, match=r"y: 40 whole rows of 40 are too few \(needed: 50\)"):
        given_data_indices(ishigami(40), ["x1"], ["y"])
    with pytest.raises(ConfigError, match="there is no index 'sobol'"):
        given_data_indices(ishigami(60), ["x1"], ["y"], "sobol")


# -- chance -----------------------------------------------------------------------------------------------


def test_the_share_of_chance():
    """Variances of 9 between points, 1 of each unit, 2 that all points have in common: a quarter, two thirds of it."""
    random = np.random.default_rng(7)
    points, replicates = 400, 60
    common = random.normal(0.0, 1.0, replicates)
    common *= np.sqrt(2.0) / common.std(ddof=1)
    between = random.normal(size=points)
    between *= 3.0 / between.std(ddof=1)
    y = between[:, None] + common + random.normal(size=(points, replicates))
    sample = pd.DataFrame(
        {
            "x": np.repeat(np.arange(points), replicates),
            "replicate": np.tile(np.arange(replicates), points),
            "y": y.ravel(),
        }
    )
    found = chance_shares(sample, ["x"], ["y"], resamples=50).iloc[0]
    assert found["share"] == pytest.approx(0.25, abs=0.005)
    assert found["common_share"] == pytest.approx(2.0 / 3.0, abs=0.01)
    assert found["low"] < 0.25 < found["high"]
    assert (found["points"], found["dropped"]) == (400, 0)


def test_chance_by_hand():
    """Two points of two replicates: 1 and 3, 11 and 13; variance 2 within, 50 - 1 between."""
    sample = pd.DataFrame({"x": [0, 0, 1, 1, 2], "replicate": [0, 1, 0, 1, 0], "y": [1.0, 3.0, 11.0, 13.0, np.nan]})
    found = chance_shares(sample, ["x"], ["y"], resamples=20).iloc[0]
    assert found["share"] == pytest.approx(2.0 / 51.0)
    assert found["common_share"] == 1.0
    assert (found["points"], found["dropped"]) == (2, 1)
    with pytest.raises(ConfigError, match="no point has two replicates"):
        chance_shares(sample[sample["replicate"] == 0], ["x"], ["y"])


@pytest.mark.slow
def test_the_example_of_the_page(tmp_path, monkeypatch):
    """It runs as it stands: each quantity has two effects on milk made and on let-downs."""
    text = (Path(__file__).parents[2] / "docs" / "guides" / "sensitivity.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(code, "sensitivity.md", "exec"), names)  # our own example
    assert len(names["ranked"]) == 6
    assert (names["ranked"]["effects"] == 2).all()
    assert (names["ranked"]["mu_star"] > 0.0).any()
    assert list(Path().iterdir()) == [Path("outputs")]
