"""Sizes of the gland and of each breast in a config: what follows, what is refused, what is warned of."""

from __future__ import annotations

import pytest

from lactflow.config.model import RunConfig
from lactflow.config.scenario import load_scenario
from lactflow.config.tissue import tissue_in_words, tissue_of
from lactflow.errors import ConfigError
from lactflow.gland.tissue import USUAL


def config(**keys):
    """A config with these keys."""
    return RunConfig.model_validate({"format": 1, **keys})


def test_breasts_are_as_usual_by_default():
    """Both, without a line."""
    assert [tissue_of(config(), side) for side in ("left", "right")] == [USUAL, USUAL]
    assert list(tissue_in_words(config())) == []


def test_sizes_multiply():
    """That of the mother and that of the breast; storage goes with each unless it is given."""
    some = config(mother={"gland_size": 0.5}, breasts={"left": {"size": 0.4}, "right": {"storage_size": 0.9}})
    left, right = (tissue_of(some, side) for side in ("left", "right"))
    assert (left.size, left.storage_size) == pytest.approx((0.2, 0.2))
    assert (right.size, right.storage_size) == pytest.approx((0.5, 0.45))
    given = config(mother={"gland_size": 0.5, "storage_size": 0.8}, breasts={"left": {"size": 0.4}})
    assert tissue_of(given, "left").storage_size == pytest.approx(0.32)


def test_what_becomes_of_a_share_is_said():
    """Whole lobes: of three, half a breast is two smaller ones."""
    some = config(gland={"lobes_per_breast": 3}, breasts={"left": {"ducts_cut": 0.5}}, resolution={"packet_ml": 0.3})
    (line,) = tissue_in_words(some)
    assert line.startswith("breasts.left.ducts_cut = 0.5: 2 of 3 lobes are cut off, 0.")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("mother.gland_siz=0.5", "unknown key (nearest: mother.gland_size)"),
        ("mother.gland_size=0", "0 is outside 0.05 to 4"),
        ("breasts.middle.size=1", "unknown key (nearest: infants.0"),
        ("breasts.left.duct_cut=0.5", "unknown key (nearest: breasts.left.ducts_cut)"),
        ("breasts.left.ducts_cut=1.5", "1.5 is outside 0 to 1"),
        ("breasts.left.nerve_share=0", "0 is outside 0.05 to 1"),
        ("breasts=0.5", "found 0.5 (allowed: a mapping of left, right)"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(setting, message):
    """One line each."""
    with pytest.raises(ConfigError) as error:
        load_scenario("on-demand", [setting])
    (problem,) = error.value.problems
    assert problem.message.startswith(message) or setting.startswith("breasts.middle")
    assert "\n" not in problem.message


def test_a_size_that_is_seldom_seen_draws_a_warning():
    """Beyond its plausible range, as any quantity."""
    warnings = load_scenario("on-demand", ["mother.gland_size=3"]).warnings
    assert any(line.startswith("mother.gland_size = 3 is outside its plausible range") for line in warnings)
