"""Calibrations on the targets of `lactflow validate`: what may be fitted to, and what is simulated for it."""

from __future__ import annotations

import json

import pytest

from lactflow.analysis.run import MemoryRun
from lactflow.calibration.plan import plan_calibration
from lactflow.calibration.published import OfPublished, not_used, runs_of
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.experiments.in_memory import simulated_side_by_side
from lactflow.validation.judge import judge
from lactflow.validation.observables import OBSERVABLES
from lactflow.validation.runs import RUNS
from lactflow.validation.simulated import Simulated, simulated
from lactflow.validation.spreads import MEASURES, spread_of, women
from lactflow.validation.targets import load_targets

LEAK = "gland.tight_junctions.healthy_leak"


@pytest.fixture(scope="module")
def on_demand():
    """The reference mother."""
    return load_scenario("on-demand")


def refused(scenario, keys, ids=(), held_out=()):
    """What is said of targets that may not be taken."""
    with pytest.raises(ConfigError) as raised:
        OfPublished(scenario, keys, ids, held_out)
    return str(raised.value)


def test_every_target_is_read_from_known_runs():
    """One kind of run each, all of that kind."""
    for name in OBSERVABLES:
        assert runs_of(name)
        assert set(runs_of(name)) <= set(RUNS)
    assert runs_of("T01-001") == tuple(f"mother {seed}" for seed in range(1, 6))
    assert runs_of("T10-002") == ("mastitis",)
    assert runs_of("T10-033") == ("preterm",)
    assert runs_of("T06-012") == ("pump left", "pump right")
    assert runs_of("T02-075") == ("pump after feeds",)


def test_no_observable_reads_a_run_of_another_kind():
    """Each finds what it asks for among its own runs, which are cut to two days: nothing else is missing to it."""
    tiny = {"days": 2.0, "gland": {"lobes_per_breast": 1}, "resolution": {"packet_ml": 1.0}}
    one = simulated({"schedule": [{"kind": "on_demand"}], "start_day": 1, **tiny})

    class Few(dict):
        def __missing__(self, name):
            raise AssertionError(name)

    for name, observable in OBSERVABLES.items():
        try:
            observable(Few(dict.fromkeys(runs_of(name), one)))
        except (ArithmeticError, IndexError, KeyError, TypeError, ValueError, RuntimeWarning, AttributeError):
            continue  # the two days have nothing of what it measures


def test_targets_of_a_config(on_demand):
    """Only those of the calibration set are fitted to; check targets that come for nothing are reported."""
    found = OfPublished(on_demand, [LEAK], ["T10-002"])
    assert [(each.id, each.fitted) for each in found.targets] == [("T10-002", True)]
    assert (found.targets[0].value, found.targets[0].sd) == (1.7, 1.2)
    use = {target.id: target.use for target in load_targets()}
    every = OfPublished(on_demand, [LEAK])
    assert {use[each.id] for each in every.targets if each.fitted} == {"calibration"}
    assert {use[each.id.removesuffix("-spread")] for each in every.targets if not each.fitted} == {"check"}
    assert not [each.id for each in every.targets if each.fitted and each.id.endswith("-spread")]


def test_a_target_that_is_asked_for_twice_counts_once(on_demand):
    """Also one that is held out."""
    found = OfPublished(on_demand, [LEAK], ["T10-002", "T10-002"], ["T10-034", "T10-034"])
    assert [(each.id, each.fitted) for each in found.targets] == [("T10-002", True), ("T10-034", False)]


def test_what_the_runs_of_validate_do_not_take_is_said(on_demand):
    """The schedule, the infants and the clock are those of the targets, quantities are set; the rest is dropped."""
    assert not_used(on_demand.config) == []
    assert not_used(load_scenario("every-three-hours", ["gland.lumen.capacity_ml=150", "replicates=2"]).config) == []
    scenario = load_scenario("on-demand", ["resolution.packet_ml=0.05", "mother.cohort=5", "infants.0.appetite=1.2"])
    assert not_used(scenario.config) == ["mother.cohort", "resolution.packet_ml"]
    planned = plan_calibration("on-demand", [LEAK], "validate", target=["T10-002"], settings=["mother.cohort=5"])
    (warning,) = planned.warnings
    assert warning == "not used, because targets are read from the runs of validate: mother.cohort"
    with pytest.raises(ConfigError, match="--days: the runs of validate last as long as their targets need"):
        plan_calibration("on-demand", [LEAK], "validate", target=["T10-002"], days=3)


def test_what_may_not_be_fitted_to_is_refused_by_name(on_demand):
    """Check targets, targets that are not judged, unknown ones, runs that set the quantity themselves."""
    check = next(each.id for each in load_targets() if each.use == "check" and each.id in OBSERVABLES)
    assert f"--target: {check} is a check target, in sight of which no quantity may be chosen" in refused(
        on_demand, [LEAK], [check]
    )
    assert f"--held-out {check}" in refused(on_demand, [LEAK], [check])
    assert "T01-099 is not judged by validate: pH is not modelled" in refused(on_demand, [LEAK], ["T01-099"])
    assert "there is no target 'T10-02' (nearest: T10-0" in refused(on_demand, [LEAK], ["T10-02"])
    sets = refused(on_demand, ["gland.noise.sd"], ["T10-033"])
    assert "is read from the run 'preterm', which sets gland.noise.sd itself" in sets
    assert "which has no infants.0.appetite" in refused(on_demand, ["infants.0.appetite"], ["T10-033"])


def test_check_targets_are_held_out_when_asked_for(on_demand):
    """With the runs that they need."""
    found = OfPublished(on_demand, [LEAK], ["T10-002"], ["T10-034"])
    assert [(each.id, each.fitted) for each in found.targets if each.id in ("T10-002", "T10-034")] == [
        ("T10-002", True),
        ("T10-034", False),
    ]
    assert len(found.units({LEAK: 0.004}, "trial 0")) == 2


def test_units_have_the_quantities_and_what_the_config_differs_in():
    """Moved ones, and other quantities of the config; nothing of its schedule."""
    scenario = load_scenario("every-three-hours", ["gland.lumen.capacity_ml=150", "replicates=2"])
    first, second = OfPublished(scenario, [LEAK], ["T10-002"]).units({LEAK: 0.01}, "trial 3")
    config = json.loads(json.loads(first.shared)["config"])
    assert config["gland"]["tight_junctions"]["healthy_leak"] == 0.01
    assert config["gland"]["lumen"]["capacity_ml"] == 150.0
    assert config["schedule"][0]["kind"] == "on_demand"
    assert config["days"] == 4
    assert (first.replicate, second.replicate) == (0, 1)
    assert first.named == "trial 3, mastitis, replicate 0"


def test_women_are_drawn_around_the_quantities(on_demand):
    """Forty runs, each with a capacity of her own that follows the one that is moved."""
    use = {target.id: target.use for target in load_targets()}
    spread = next(f"{name}-spread" for name in MEASURES if use[name] == "calibration")
    found = OfPublished(on_demand, ["gland.lumen.capacity_ml"], [spread])
    units = found.units({"gland.lumen.capacity_ml": 100.0}, "trial 0")
    assert len(units) == 40
    capacities = [json.loads(json.loads(unit.shared)["config"])["gland"]["lumen"]["capacity_ml"] for unit in units]
    assert len(set(capacities)) == 40
    assert 85.0 < sum(capacities) / 40 < 120.0


@pytest.mark.slow
@pytest.mark.fast_build
def test_spreads_are_read_from_the_women(on_demand, monkeypatch):
    """Of their first six days: the SD that `validate` would find, and another one for other women."""
    monkeypatch.setattr("lactflow.validation.spreads._DAYS", 6.0)
    women.cache_clear()
    name, key = "T01-028", "mother.variation.infant_appetite"
    found = OfPublished(on_demand, [key], ["T10-002"], [f"{name}-spread"])
    (place,) = (number for number, each in enumerate(found.targets) if each.id == f"{name}-spread")
    sds = []
    for value in (0.25, 0.15):
        units = found.units({key: value}, "trial 0")
        outcome = simulated_side_by_side(units, (), 2)
        tables = [outcome.tables[unit] for unit in units]
        sds.append(found.readings(tables)[place].value)
    # The last ones are those of the reference mother; the first run is that with mastitis.
    runs = dict(zip(women(count=40), (Simulated(MemoryRun([each], lambda: "")) for each in tables[1:]), strict=True))
    (target,) = (each for each in load_targets() if each.id == name)
    assert spread_of(target, runs).sd == sds[1]
    women.cache_clear()
    assert 0.0 < sds[0] != sds[1] > 0.0


@pytest.mark.slow
@pytest.mark.fast_build
def test_what_is_read_is_what_validate_finds(on_demand):
    """The value of the reference mother."""
    found = OfPublished(on_demand, [LEAK], ["T10-002"])
    units = found.units({LEAK: 0.004}, "trial 0")
    outcome = simulated_side_by_side(units, (), 1)
    (reading,) = found.readings([outcome.tables[unit] for unit in units])
    (result,) = judge(["T10-002"])
    assert reading.value == result.value
