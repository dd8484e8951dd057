"""Every declared quantity at either end of its hard bounds: what the equations are said to stand, they stand."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from sound_facts import played

from lactflow.config.model import RunConfig, contradictions
from lactflow.gland.history import active_cells_at
from lactflow.gland.lines import largest_packet
from lactflow.gland.resolution import lobe_shares
from lactflow.parameters.declaration import declared_quantities

QUANTITIES = {item.key: item.declaration.within for item in declared_quantities(RunConfig(format=1))}
CHUNKS = 8
STAGES = {
    "pregnant": {"start_day": -10.0, "days": 1.5},
    "born": {"start_day": 0.0, "days": 2.5},
    "fed": {"start_day": 3.0, "days": 1.0},
    "late": {"start_day": 100.0, "days": 1.5},
    "full": {"start_day": 30.0, "days": 1.5, "schedule": ({"kind": "none"},)},
}


def nested(key, value):
    """The config that sets one key."""
    parts = key.split(".")
    if parts[0] == "infants":
        return {"infants": ({parts[2]: value},)}
    for part in reversed(parts):
        value = {part: value}
    return value


def laid_over(base, other):
    """One config over the other."""
    both = {
        key: laid_over(base[key], value) if isinstance(base.get(key), dict) else value for key, value in other.items()
    }
    return {**base, **both}


REFUSED = {
    ("gland.composition.osmolality_mosm_per_kg", 200.0),
    ("gland.tight_junctions.plasma_sodium_mmol_per_l", 200.0),
}
"""Ends that contradict the other numbers of the reference mother: ions of plasma beyond its osmolality."""


def coarse(keys):
    """The config with packets as large as it allows, half a millilitre at most."""
    config = RunConfig.model_validate({"format": 1, **keys})
    gland = config.gland
    smallest = lobe_shares(gland.lobes_per_breast, gland.lobe_spread)[0]
    largest = largest_packet(gland, smallest, active_cells_at(config.start_day, gland.plasticity)).packet_ml
    keys = {**keys, "resolution": {"packet_ml": min(0.5, 0.95 * largest)}}
    return RunConfig.model_validate({"format": 1, **keys})


def scenario(stage, key, value):
    """A small scenario of one stage with one quantity set."""
    base = {"gland": {"lobes_per_breast": 2}, "schedule": ({"kind": "on_demand"},), **STAGES[stage]}
    return coarse(laid_over(base, nested(key, value)))


def broken(stage, keys):
    """What goes wrong at an end of one of these, one line each; any exception counts."""
    lines = []
    for key in keys:
        for end in QUANTITIES[key]:
            config = scenario(stage, key, end)
            refused = list(contradictions(config)) != []
            if refused != ((key, end) in REFUSED):
                lines.append(f"{stage}: {key}={end:g}: {'' if refused else 'not '}refused")
            if refused:
                continue
            try:
                played(config)
            except Exception as error:  # noqa: BLE001 - all are told at once
                lines.append(f"{stage}: {key}={end:g}: {type(error).__name__}: {str(error).splitlines()[:1]}")
    return lines


def test_bounds_are_those_of_the_config():
    """An end of the bounds is accepted, what lies beyond is not; every quantity is tried below."""
    assert len(QUANTITIES) > 200
    assert sum(len(list(QUANTITIES)[chunk::CHUNKS]) for chunk in range(CHUNKS)) == len(QUANTITIES)
    key, (low, high) = "gland.lumen.capacity_ml", QUANTITIES["gland.lumen.capacity_ml"]
    for value in (low, high):
        assert scenario("fed", key, value).gland.lumen.capacity_ml == value
    with pytest.raises(ValidationError, match="less than or equal"):
        scenario("fed", key, high * 1.001)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("stage", STAGES)
def test_every_quantity_may_be_at_an_end_of_its_bounds(stage, chunk):
    """No exception, amounts finite and not negative, milk iso-osmotic, all balanced, the clock at the end."""
    assert broken(stage, list(QUANTITIES)[chunk::CHUNKS]) == []


@pytest.mark.parametrize("stage", STAGES)
def test_the_reference_mother_is_sound_at_every_stage(stage):
    """The same scenarios with no quantity changed."""
    assert broken(stage, ["gland.noise.sd"]) == []
    played(scenario(stage, "seed", 3))


@pytest.mark.parametrize(
    "keys",
    [
        {"composition": {"osmolality_mosm_per_kg": 200.0, "sodium_mmol_per_l": 100.0, "chloride_mmol_per_l": 100.0}},
        {"composition": dict.fromkeys(("sodium_mmol_per_l", "potassium_mmol_per_l", "chloride_mmol_per_l"), 100.0)},
        {"tight_junctions": {"plasma_sodium_mmol_per_l": 190.0, "plasma_chloride_mmol_per_l": 140.0}},
    ],
)
def test_solutes_that_leave_no_water_are_refused(keys):
    """More ions than the osmolality has room for make vesicles of negative volume, or plasma with negative solutes."""
    try:
        config = RunConfig.model_validate({"format": 1, "gland": keys})
    except ValidationError:
        return
    assert list(contradictions(config)) != []


@pytest.mark.slow
@pytest.mark.parametrize(
    "keys",
    [
        {"start_day": -60.0, "days": 60.0, "knock_outs": ("vesicle_fusion",)},
        {
            "start_day": -10.0,
            "days": 3.0,
            "gland": {"involution": {"lif_steepness": 12.0, "distension_steepness": 50.0}},
        },
        {"days": 300.0, "schedule": ({"kind": "none"},), "gland": {"plasticity": {"turnover_per_day": 0.5}}},
        {"days": 365.0, "start_day": 1.0, "schedule": ({"kind": "none"},)},
        {"days": 365.0, "start_day": 1.0},
        {"days": 200.0, "start_day": 600.0},
    ],
    ids=["nothing enters", "steep", "dying", "never fed", "a year", "two years"],
)
def test_long_and_extreme_runs_end(keys):
    """Amounts, cells and signals may become very small; nothing overflows, and all is sound to the end."""
    base = {"gland": {"lobes_per_breast": 2}, "schedule": ({"kind": "on_demand"},), "record": {"sample_min": 1440.0}}
    played(coarse(laid_over(base, keys)))
