"""Sizes of the gland and of each breast in a config: what follows, what is refused, what is warned of."""

from __future__ import annotations

import pytest

from lactflow.config.model import RunConfig
from lactflow.config.resolution import named_lobe
from lactflow.config.scenario import load_scenario
from lactflow.config.tissue import tissue_of
from lactflow.errors import ConfigError
from lactflow.gland.tissue import USUAL


def config(**keys):
    """A config with these keys."""
    return RunConfig.model_validate({"format": 1, **keys})


def test_breasts_are_as_usual_by_default():
    """Both."""
    assert [tissue_of(config(), side) for side in ("left", "right")] == [USUAL, USUAL]


def test_sizes_multiply():
    """That of the mother and that of the breast; storage goes with each unless it is given."""
    some = config(mother={"gland_size": 0.5}, breasts={"left": {"gland_size": 0.4}, "right": {"storage_ml": 102.5}})
    left, right = (tissue_of(some, side) for side in ("left", "right"))
    assert (left.size, left.storage_size) == pytest.approx((0.2, 0.2))
    assert (right.size, right.storage_size) == pytest.approx((0.5, 0.5))
    given = config(mother={"gland_size": 0.5, "storage_size": 0.8}, breasts={"left": {"gland_size": 0.4}})
    assert tissue_of(given, "left").storage_size == pytest.approx(0.32)


def test_severed_lobes_are_numbers_or_a_number():
    """Three is the three smallest; what is written down is the list."""
    counted, listed = (config(breasts={"left": {"severed_lobes": each}}) for each in (3, (0, 1, 2)))
    assert counted == listed
    assert tissue_of(counted, "left").cut == (0, 1, 2)
    assert counted.model_dump()["breasts"]["left"]["severed_lobes"] == (0, 1, 2)
    assert named_lobe(counted) == "breasts.left.severed_lobes"
    assert named_lobe(config(breasts={"left": {"severed_lobes": 0}})) is None


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("mother.gland_siz=0.5", "unknown key (nearest: mother.gland_size)"),
        ("mother.gland_size=0", "0 is outside 0.05 to 4"),
        ("breasts.middle.gland_size=1", "unknown key (nearest: infants.0"),
        ("breasts.left.severed_lobe=2", "unknown key (nearest: breasts.left.severed_lobes)"),
        ("breasts.left.severed_lobes=9,9", "found"),
        ("breasts.left.severed_lobes=10", "there is no lobe 9 (allowed: 0 to 8)"),
        ("breasts.left.severed_lobes=[1,2,1]", "lobe 1 comes twice"),
        ("breasts.left.severed_lobes=1.5", "found 1.5 (allowed: "),
        ("breasts.left.storage_ml=0", "0 mL is outside 5 to 5000 mL"),
        ("breasts.left.let_down_share=0", "0 is outside 0.05 to 1"),
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
