"""What infants have of drugs before a run: by hand, and against runs from birth."""

from __future__ import annotations

import pytest

import lactflow
from lactflow.dyad.infant_drugs import DrugsInInfant
from lactflow.errors import ScenarioWarning
from lactflow.parameters.infant_drugs import InfantClearance
from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Passage
from lactflow.pharmacology.derived import following, milk_over_plasma
from lactflow.pharmacology.infant import InfantDrug
from lactflow.pharmacology.passage import settled_ratio
from lactflow.units import DAY_MIN

DRUG = InfantDrug("some", 7.0, 70.0, "mature", bioavailability=0.5)
"""An infant of any weight has a volume of 1 L/kg; without the power of weight it clears a tenth of that an hour."""
FLOW_ML_PER_H = 16.0


def begun(age_days, per_min=lambda *_: 2.0):
    """Level [mg/L] with which an infant of 5 kg and this age begins."""
    start_min = 100.0 * DAY_MIN
    drugs = DrugsInInfant(
        [(0, DRUG)],
        InfantClearance(),
        1.0,
        gestation_weeks=40.0,
        born_min=start_min - age_days * DAY_MIN,
        time_min=start_min,
    )
    drugs.has_had(5.0, per_min)
    ((_, level),) = drugs.levels(5.0)
    return level


def test_long_intake_comes_to_a_steady_level():
    """By hand: what is absorbed over what is cleared, 60 mg/h over 0.5 L/h; younger ones have had less of it."""
    assert begun(40.0) == pytest.approx(60.0 / 0.5, rel=1e-6)
    assert begun(10.0 / 24.0) == pytest.approx(60.0 / 0.5 * (1.0 - 2.718281828 ** (-1.0)), rel=1e-6)
    assert begun(0.0) == begun(-3.0) == 0.0


def test_what_it_swallowed_last_counts_most():
    """Nothing is left of weeks ago, and a day without leaves little."""
    start_min = 100.0 * DAY_MIN
    assert begun(40.0, lambda _, begin, end: 2.0 if end < start_min - 20.0 * DAY_MIN else 0.0) < 1e-15
    stopped = begun(40.0, lambda _, begin, end: 0.0 if begin >= start_min - DAY_MIN else 2.0)
    assert stopped == pytest.approx(120.0 * 2.718281828**-2.4, rel=1e-6)


def test_milk_over_plasma_is_the_closed_form():
    """Of skim, of fat, and of what cells carry through; a drug that goes back half as fast is in milk in more."""
    model = Pharmacology()
    neutral = Passage.model_validate({"class": "neutral", "unbound_plasma": 0.5, "fat_partition": 1.0})
    follows = following(neutral, model, 7.1)
    skim = settled_ratio(follows.ratio, follows.exchange_ml_per_h, follows.carried, FLOW_ML_PER_H)
    assert milk_over_plasma(neutral, model, 7.1, FLOW_ML_PER_H, 40.0) == pytest.approx(skim, rel=1e-12)
    fat = neutral.model_copy(update={"fat_partition": 20.0})
    assert milk_over_plasma(fat, model, 7.1, FLOW_ML_PER_H, 0.0) == pytest.approx(skim, rel=1e-12)
    assert milk_over_plasma(fat, model, 7.1, FLOW_ML_PER_H, 40.0) > 1.5 * skim
    kept = neutral.model_copy(update={"return_share": 0.5})
    assert milk_over_plasma(kept, model, 7.1, FLOW_ML_PER_H, 40.0) > 1.5 * skim
    carried = Passage.model_validate({"class": "antibody", "transcytosis_ml_per_day": 3.84})
    assert milk_over_plasma(carried, model, 7.1, FLOW_ML_PER_H, 40.0) == pytest.approx(0.01, rel=1e-12)


@pytest.mark.parametrize(("drug", "dose_mg", "within"), [("caffeine", 100, 0.15), ("lamotrigine", 100, 0.1)])
def test_a_run_that_begins_later_goes_on_as_one_from_birth(tmp_path, drug, dose_mg, within):
    """A drug that stays for days in a newborn: from the first sample on; one that nobody took is not there."""
    base = {"resolution": "coarse", "record": {"visits": False}, "schedule": [{"kind": "every", "hours": 3}]}
    taken = {"drug": drug, "dose_mg": dose_mg, "times": ["08:00"]}

    def levels(start_day, **more):
        config = {**base, "start_day": start_day, "days": 9 - start_day, "drugs": [{**taken, **more}]}
        run = lactflow.run(config, out=tmp_path, workers=1)
        found = run["infant_levels"].set_index("time_min")["mg_per_l"]
        return found[found.index >= 7.0 * DAY_MIN]

    born, later = levels(1), levels(8)
    assert later.to_numpy() == pytest.approx(born.to_numpy(), rel=within)
    with pytest.warns(ScenarioWarning, match="no dose counts in the run"):
        assert (levels(8, from_day=8.5).iloc[:12] == 0.0).all()
