"""A virtual cohort: who is drawn, how far women differ, and what stays the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lactflow.config.cohort import FOLLOWS, TRAITS, drawn, mothers
from lactflow.config.model import RunConfig, contradictions
from lactflow.parameters.cohort import Variation
from lactflow.parameters.declaration import declared_quantities

WOMEN = 1500


def config(**keys):
    """A config with these keys."""
    return RunConfig.model_validate({"format": 1, **keys})


def cohort(size=WOMEN, *, variation=None, **keys):
    """A config of a cohort."""
    return config(mother={"cohort": size, "variation": variation or {}}, **keys)


@pytest.fixture(scope="module")
def factors():
    """Drawn factors of many mothers, by trait."""
    women = cohort()
    rows = [{trait.trait: trait.factor for trait in drawn(women, mother)[1]} for mother in mothers(women)]
    return {trait: np.array([row[trait] for row in rows]) for trait in TRAITS}


def test_without_a_cohort_there_is_the_mother_of_the_config():
    """Nothing is drawn."""
    one = config(gland={"lumen": {"capacity_ml": 150.0}})
    assert list(mothers(one)) == [0]
    assert drawn(one, 0) == (one, [])


def test_every_spread_is_a_trait():
    """What is declared is drawn, and only that."""
    follow = {key for _, key in FOLLOWS.values()}
    assert set(TRAITS) | follow == set(Variation.model_fields)


def test_a_mother_is_the_same_in_every_cohort_and_schedule():
    """Her traits depend on the seed and her number: not on how many others there are, nor on what she does."""
    few, many = cohort(3), cohort(50, schedule=({"kind": "on_demand"},), replicates=4)
    assert drawn(few, 2)[1] == drawn(many, 2)[1]
    assert drawn(few, 2)[1] != drawn(few, 1)[1]
    assert drawn(few, 2)[1] != drawn(cohort(3, seed=2), 2)[1]


def test_only_what_is_named_differs():
    """Every quantity that is not in the table is that of the config, and those in it have the values that it lists."""
    women = cohort(2)
    mother, rows_drawn = drawn(women, 1)
    values = {trait.key: trait.value for trait in rows_drawn}
    for before, after in zip(declared_quantities(women), declared_quantities(mother), strict=True):
        assert after.value == values.get(before.key, before.value)
        if before.key in values:
            assert after.value != before.value


def test_one_trait_is_one_factor():
    """A larger gland is larger in every station."""
    _, rows_drawn = drawn(cohort(1), 0)
    assert len({trait.factor for trait in rows_drawn if trait.trait == "gland_size"}) == 1
    assert len([trait for trait in rows_drawn if trait.trait == "gland_size"]) == len(TRAITS["gland_size"])


@pytest.mark.slow
def test_spreads_are_those_declared(factors):
    """Logarithms have mean 0 and the declared SD, within four standard errors."""
    declared = Variation().model_dump()
    for trait, values in factors.items():
        logs = np.log(values)
        assert abs(logs.mean()) < 4.0 * declared[trait] / math.sqrt(WOMEN), trait
        assert logs.std() == pytest.approx(declared[trait], rel=4.0 / math.sqrt(2.0 * WOMEN)), trait


@pytest.mark.slow
def test_traits_go_together_as_declared_and_no_others_do(factors):
    """The declared correlations, their product between two traits that follow the same, and none between others."""
    names, declared = list(factors), Variation()
    found = np.corrcoef([np.log(factors[name]) for name in names])
    expected = np.eye(len(names))
    pairs = {
        ("storage_capacity", "infant_appetite"): declared.capacity_follows_appetite,
        ("junction_closing", "gland_size"): declared.activation_follows_size,
        ("maturation", "gland_size"): declared.activation_follows_size,
        ("junction_closing", "maturation"): declared.activation_follows_size**2,
    }
    for pair, correlation in pairs.items():
        at = tuple(names.index(name) for name in pair)
        expected[at] = expected[at[::-1]] = correlation
    assert np.abs(found - expected).max() < 4.0 / math.sqrt(WOMEN)


def test_twins_differ():
    """Each infant has draws of its own."""
    mother, _ = drawn(cohort(1, infants=({}, {})), 0)
    assert mother.infants[0].appetite != mother.infants[1].appetite


def test_without_spread_all_are_alike():
    """A cohort of one woman many times over."""
    women = cohort(3, variation=dict.fromkeys(TRAITS, 0.0))
    assert drawn(women, 2)[0] == women


def test_values_stay_within_hard_bounds():
    """Whoever is drawn can be simulated: a value beyond the bounds is held at them."""
    women = cohort(200, variation=dict.fromkeys(TRAITS, 1.0), gland={"lumen": {"capacity_ml": 1400.0}})
    drawn_women = [drawn(women, mother)[0] for mother in mothers(women)]
    assert max(woman.gland.lumen.capacity_ml for woman in drawn_women) == 1500.0
    assert not any(problem for woman in drawn_women for problem in contradictions(woman))


def test_a_small_gland_gets_finer_packets():
    """So that a cohort can be simulated at the resolution of its config; who gets them is reported."""
    women = cohort(40, variation={**dict.fromkeys(TRAITS, 0.0), "gland_size": 1.0})
    small = 0
    for mother in mothers(women):
        woman, rows_drawn = drawn(women, mother)
        assert not any(contradictions(woman))
        rows = [each for each in rows_drawn if each.trait == "resolution"]
        assert woman.resolution.packet_ml == (rows[0].value if rows else women.resolution.packet_ml)
        small += len(rows)
    assert 5 < small < 35
