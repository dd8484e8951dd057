"""From values to configs: the short way is the long way, and every problem is reported before anything is written."""

from __future__ import annotations

import json
import random

import pytest
from small_sweeps import BASE, CAPACITY

from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.experiments.sweep.design import make_design
from lactflow.experiments.sweep.points import resolve
from lactflow.parameters.declaration import declared_quantities, quantity_at


@pytest.fixture
def config(tmp_path):
    """The scenario as a file."""
    path = tmp_path / "base.yaml"
    path.write_text(BASE, encoding="utf-8")
    return path


def problems_of(source, vary=(), settings=(), **more):
    """Problems of a sweep, one line each."""
    with pytest.raises(ConfigError) as caught:
        resolve(source, settings, {}, make_design(vary, **more))
    return [str(each) for each in caught.value.problems]


def by_loading(source, design):
    """Each point as `--set` would load it."""
    for point in design.points:
        texts = [f"{key}={json.dumps(value)}" for key, value in zip(design.keys, point, strict=True)]
        yield load_scenario(source, texts).config


@pytest.mark.parametrize("seed", range(3))
def test_putting_values_in_is_loading_them(seed):
    """Any quantities of a shipped scenario, at random values within their bounds: equal configs."""
    rng = random.Random(seed)
    source = rng.choice(["every-three-hours", "twins", "mastitis", "pumping", "feeding-log"])
    quantities = list(declared_quantities(load_scenario(source).config))
    chosen = [each for each in rng.sample(quantities, 12) if isinstance(each.value, float)]
    ranges = {}
    for each in chosen:
        low, high = each.declaration.plausible
        ranges[each.key] = (low + 0.4 * (high - low), low + 0.6 * (high - low))
    design = make_design(
        (), {key: bounds for key, bounds in ranges.items() if bounds[0] < bounds[1]}, n=4, design="random"
    )
    try:
        resolved = resolve(source, [], {}, design)
    except ConfigError:
        with pytest.raises(ConfigError):
            list(by_loading(source, design))
        return
    assert [config.model_dump_json() for config in resolved.configs(design)] == [
        config.model_dump_json() for config in by_loading(source, design)
    ]


def test_keys_that_decide_how_a_config_is_read_are_loaded():
    """Resolution, schedules by name, lobes: each combination of theirs is a base; quantities are put in."""
    design = make_design(["resolution=coarse,default", f"{CAPACITY}=150,160", "schedule.0.kind=on_demand,none"])
    resolved = resolve("every-two-hours", ["schedule=[{kind: on_demand}]"], {}, design)
    assert len(resolved.bases) == 4
    assert [design.keys[number] for number in resolved.quick] == [CAPACITY]
    found = list(resolved.configs(design))
    assert [config.model_dump_json() for config in found] == [
        load_scenario("every-two-hours", ["schedule=[{kind: on_demand}]", *texts]).config.model_dump_json()
        for texts in (
            [f"resolution={level}", f"{CAPACITY}={capacity}", f"schedule.0.kind={kind}"]
            for level in ("coarse", "default")
            for capacity in (150, 160)
            for kind in ("on_demand", "none")
        )
    ]


def test_a_value_out_of_bounds_has_the_message_of_set(config):
    """With the option, and the number of points that have it."""
    with pytest.raises(ConfigError) as caught:
        load_scenario(config, [f"{CAPACITY}=2000"])
    (plain,) = caught.value.problems
    assert problems_of(config, [f"{CAPACITY}=100,2000,3000", "days=0.25,0.5"]) == [
        f"--vary: {CAPACITY}: {plain.message} (in 4 of 6 points)"
    ]


def test_an_unknown_key_names_the_nearest(config):
    """As `--set` does."""
    assert problems_of(config, ["gland.lumen.capacity=100,200"]) == [
        "--vary: gland.lumen.capacity: unknown key (nearest: gland.lumen.capacity_ml) (in 2 of 2 points)"
    ]


def test_contradictions_between_keys_are_found_at_each_point(config):
    """A packet that only some glands hold: by loading and by putting in, the same points."""
    problems = problems_of(config, ["gland.vesicle_pool_unknown=1,2"])
    assert problems[0].startswith("--vary: gland.vesicle_pool_unknown: unknown key")
    ions = ["gland.composition.sodium_mmol_per_l=5,60", "gland.composition.chloride_mmol_per_l=10,120"]
    assert problems_of(config, ions) != []


def test_all_problems_are_reported_at_once(config):
    """A level that does not exist hides no value that is out of bounds."""
    problems = problems_of(
        config, ["resolution=coarsse", f"{CAPACITY}=100,2000"], settings=["gland.lobes_per_breast=3"]
    )
    assert len(problems) == 2
    assert "coarse" in problems[0]
    assert problems[1].startswith(f"--vary: {CAPACITY}: 2000")
    assert problems[1].endswith("(in 1 of 2 points)")


def test_problems_of_the_scenario_itself_keep_their_place(config):
    """File and line."""
    config.write_text(f"{BASE}mother: {{parityy: 2}}\n", encoding="utf-8")
    (problem,) = problems_of(config, [f"{CAPACITY}=100,200"])
    assert problem.startswith(f"{config}:7:")


def test_warnings_are_those_of_the_ends(config):
    """A value outside its plausible range, by the point with it."""
    key = "endocrine.prolactin.term_ng_per_ml"
    quantity = quantity_at(load_scenario(config).config, key).declaration
    high = 0.5 * (quantity.plausible[1] + quantity.within[1])
    design = make_design({key: [quantity.plausible[0], high]})
    assert [each.partition(" =")[0] for each in resolve(config, [], {}, design).warnings] == [key]


def test_whole_numbers_and_entries_of_lists(config):
    """A cohort, an infant's trait, the hours of a phase."""
    design = make_design(["mother.cohort=2,3", "infants.0.appetite=0.9,1.1", "schedule.0.hours=2,3"])
    resolved = resolve(config, [], {}, design)
    assert len(resolved.bases) == 1
    assert [(c.mother.cohort, c.infants[0].appetite, c.schedule[0].hours) for c in resolved.configs(design)] == [
        (cohort, appetite, hours) for cohort in (2, 3) for appetite in (0.9, 1.1) for hours in (2, 3)
    ]
    assert problems_of(config, ["infants.1.appetite=0.9,1.1"]) == [
        "--vary: infants.1.appetite: infants has no entry 1 (it has 1 entry; numbers count from 0) (in 2 of 2 points)"
    ]
