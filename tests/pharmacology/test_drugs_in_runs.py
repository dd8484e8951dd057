"""Drugs in runs: from one file to milk, with books that balance, and tables of doses and levels."""

from __future__ import annotations

from math import isclose

import pytest

from lactflow.config.drugs.files import drug_of, shipped_drugs
from lactflow.config.scenario import load_scenario
from lactflow.records import Balance, LetDown, MemoryRecorder, RemovalContent
from lactflow.records.drugs import DoseTaken, DrugLevelSample, InfantDose, InfantLevel
from lactflow.simulation import simulate

CITED = {"kinetics": {"cite": "Somebody 1990"}}
MADE = {"drug": "made", "formed_share": 0.4, "clearance_l_per_h": 4.0, "volume_l": 30.0}
NEUTRAL = {"class": "neutral", "unbound_plasma": 0.8, "unbound_skim": 1.0}
LINEAR = {"clearance_l_per_h": 12.0, "volume_l": 40.0, "absorption_per_h": 2.0}


def run_of(**keys):
    """Facts of a day and a half, with feeds every three hours."""
    base = {"start_day": 30, "days": 1.5, "schedule": [{"kind": "every", "hours": 3}], "record": {"visits": False}}
    coarse = {"resolution": "coarse"}
    config = load_scenario({**base, **coarse, **keys}).config
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder)
    return recorder.facts


def of(facts, kind):
    """Facts of one table."""
    return [fact for fact in facts if isinstance(fact, kind)]


def doses(name, **keys):
    """A drug twice a day."""
    return [{"drug": name, "dose_mg": 100, "times": ["08:00", "20:00"], **keys}]


def library(**keys):
    """A drug of one's own."""
    return {"mine": {"kinetics": LINEAR, "passage": NEUTRAL, "sources": CITED, **keys}}


@pytest.mark.parametrize("name", shipped_drugs())
def test_books_of_every_shipped_drug_balance(name):
    """Some of it is in milk where it passes, and none is made there or lost out of nothing."""
    facts = run_of(drugs=doses(name, dose_mg=20_000 if name == "ethanol" else 100))
    rows = [row for row in of(facts, Balance) if row.unit == "mg"]
    assert all(abs(row.residual) <= 1e-9 and row.made == 0.0 for row in rows)
    assert all(row.gained > 0.0 and row.removed > 0.0 for row in rows)
    signals = {row.signal for row in facts if hasattr(row, "signal")}
    assert (f"{name}_in_plasma" in signals) is not drug_of(name).kinetics.no_level


def test_a_drug_and_what_is_made_of_it_are_in_milk():
    """Each by its own name, in what is taken of each breast; the metabolite that has no passage in plasma alone."""
    facts = run_of(
        drugs=doses("mine"),
        drug_library=library(metabolites=[{**MADE, "passage": NEUTRAL}, {**MADE, "drug": "other"}]),
    )
    assert {row.analyte for row in of(facts, RemovalContent)} == {"mine", "made"}
    levels = of(facts, DrugLevelSample)
    places = {(row.drug, row.where) for row in levels}
    milk = {(name, f"milk {side}") for name in ("mine", "made") for side in ("left", "right")}
    assert places == milk | {(name, "plasma") for name in ("mine", "made", "other")}
    assert all(row.mg_per_l > 0.0 for row in levels)


def test_samples_of_milk_are_what_the_breast_holds():
    """Between feeds milk comes to the partition of a fast drug; nothing is in it before the first dose."""
    passage = {**NEUTRAL, "exchange_ml_per_h": 5000.0, "carried": 1.0, "fat_partition": 1.0}
    infusion = {"drip": {"route": "infusion", "release_h": 24}}
    entry = [{"drug": "mine", "dose_mg": 288, "times": ["00:00"]}]
    facts = run_of(drugs=entry, drug_library=library(passage=passage, forms=infusion))
    for row in of(facts, DrugLevelSample):
        expected = 1.0 if row.where == "plasma" else 0.8
        assert isclose(row.mg_per_l, expected, rel_tol=1e-3), row


def test_doses_are_rows_when_they_are_due():
    """Of the run, with those that are missed."""
    facts = run_of(drugs=doses("mine", miss=[{"days": [30], "from": "12:00"}]), drug_library=library())
    rows = [(row.time_min / 60.0 - 29 * 24, row.taken) for row in of(facts, DoseTaken)]
    assert rows == [(8.0, True), (20.0, False), (32.0, True)]
    assert {(row.drug, row.form, row.dose_mg) for row in of(facts, DoseTaken)} == {("mine", "immediate", 100.0)}


def test_a_missed_dose_is_not_in_milk():
    """The feeds after it have less."""
    taken, missed = (
        [row.amount for row in of(run_of(drugs=doses("mine", miss=miss), drug_library=library()), RemovalContent)]
        for miss in ([], [{"days": [31]}])
    )
    assert taken[:4] == missed[:4]
    assert sum(missed[-4:]) < 0.5 * sum(taken[-4:])


def test_taking_it_for_ever_is_taking_it_for_long():
    """The first milk of the run is that of a woman who began weeks before."""
    one, other = (
        of(run_of(drugs=doses("mine", **when), drug_library=library()), RemovalContent)
        for when in ({}, {"from_day": 10})
    )
    for row, same in zip(one, other, strict=True):
        assert isclose(row.amount, same.amount, rel_tol=1e-6)


def test_drinks_weaken_the_let_down():
    """The first one while they are in blood by the factor of the level then; the one before as without them."""
    drinks = {"drug": "ethanol", "drinks": 8, "times": ["11:00"], "from_day": 30, "to_day": 30}
    sober, drunk = (run_of(drugs=each) for each in ([], [drinks]))
    (noon,) = [
        row.mg_per_l for row in of(drunk, DrugLevelSample) if row.time_min == 29.5 * 1440 and row.where == "plasma"
    ]
    factor = 1.0 / (1.0 + (noon / 1600.0) ** 3)
    assert 0.2 < factor < 0.8

    def first(facts, from_day):
        return next(row.ejected_ml for row in of(facts, LetDown) if row.session and row.time_min >= from_day * 1440)

    assert first(drunk, 29.25) == first(sober, 29.25)
    assert first(drunk, 29.5) == pytest.approx(factor * first(sober, 29.5), rel=0.05)


def test_an_infant_has_little_of_what_its_mother_drank_and_not_for_long():
    """Far below what half fills its enzymes; nothing before the drinks, next to nothing six hours after the milk."""
    drinks = {"drug": "ethanol", "drinks": 2, "times": ["11:00"], "from_day": 30, "to_day": 30}
    facts = run_of(drugs=[drinks])
    levels = {row.time_min: row.mg_per_l for row in of(facts, InfantLevel)}
    taken_min = 29.0 * 1440.0 + 11.0 * 60.0
    assert all(level == 0.0 for time_min, level in levels.items() if time_min <= taken_min)
    swallowed = {row.session: row.amount_per_kg for row in of(facts, InfantDose)}
    most = max(swallowed.values())
    assert 0.2 * most / 0.9 < max(levels.values()) < most / 0.9 < 50.0
    assert 0.0 < levels[30.0 * 1440.0] < 0.01 * max(levels.values())
    assert max(levels.values()) < 0.02 * max(row.mg_per_l for row in of(facts, DrugLevelSample))


def test_a_drug_on_the_lactotroph_acts_as_its_law_says():
    """Prolactin falls by the factor of the level; a daily dose acts from day to day."""
    effects = [{"on": "lactotroph", "law": "inhibition", "half_effect": 10.0}]
    drug = {"mine": {"kinetics": "daily_steps", "effects": effects, "sources": CITED}}
    entry = [{"drug": "mine", "dose_mg": 5, "times": ["08:00", "20:00"], "from_day": 31}]
    facts = run_of(drugs=entry, drug_library=drug)
    usual = run_of()
    prolactin = {
        name: [row.prolactin_ng_per_ml for row in some if type(row).__name__ == "HormoneSample"]
        for name, some in (("drug", facts), ("usual", usual))
    }
    assert prolactin["drug"][:20] == prolactin["usual"][:20]
    assert prolactin["drug"][-1] < 0.75 * prolactin["usual"][-1]
    assert of(facts, DrugLevelSample) == []
    levels = {row.level for row in facts if getattr(row, "signal", None) == "mine_in_plasma"}
    assert levels == {0.0, 10.0}


def test_an_antibody_is_carried_through_the_cells():
    """As much as its clearance says; little of it is in milk."""
    drug = {
        "kinetics": {"clearance_l_per_h": 0.01, "volume_l": 6.0},
        "passage": {"class": "antibody", "transcytosis_ml_per_day": 2.0},
        "forms": {"vein": {"route": "bolus"}},
        "sources": CITED,
    }
    entry = [{"drug": "mine", "dose_mg": 400, "times": ["00:00"], "from_day": 20, "to_day": 20}]
    facts = run_of(drugs=entry, drug_library={"mine": drug})
    (row,) = [row for row in of(facts, Balance) if row.quantity == "mine"]
    plasma = [row.mg_per_l for row in of(facts, DrugLevelSample) if row.where == "plasma"]
    milk = [row.mg_per_l for row in of(facts, DrugLevelSample) if row.where == "milk left"]
    assert max(milk) < 0.02 * min(plasma)
    assert row.gained > 0.8 * 1.5 * 2 * 2.0 / 1000.0 * min(plasma)


def test_a_run_without_drugs_has_no_rows_about_any():
    """And a library that nobody takes from changes nothing."""
    without, unused = run_of(), run_of(drug_library=library())
    assert without == unused
    assert not of(without, (DoseTaken, DrugLevelSample, RemovalContent))


GIVEN = {
    "cabergoline": (
        {"kind": "cabergoline", "start_day": 30.5, "dose_mg": 0.5},
        {"drug": "cabergoline", "dose_mg": 0.5, "from_day": 30.5},
    ),
    "domperidone": (
        {"kind": "domperidone", "start_day": 31.0, "dose_mg": 30.0},
        {"drug": "domperidone", "dose_mg": 10.0, "times": ["06:00", "14:00", "22:00"], "from_day": 31},
    ),
    "combined_pill": (
        {"kind": "combined_pill", "start_day": 30.0, "dose_ug": 30.0},
        {"drug": "combined_pill", "dose_mg": 0.03, "times": ["20:00"], "from_day": 30},
    ),
    "nasal_oxytocin": (
        {"kind": "oxytocin", "start_day": 30.0, "times": ["01:10", "16:20"], "dose_iu": 4.0},
        {"drug": "nasal_oxytocin", "dose_iu": 4.0, "times": ["01:10", "16:20"], "from_day": 30},
    ),
}
"""An intervention, and the same doses as a drug."""


@pytest.mark.parametrize("name", GIVEN)
def test_an_intervention_is_a_shorthand_for_a_drug(name):
    """Both do the same to hormones, milk and let-downs, and both do something; only the drug has levels and doses."""
    intervention, entry = GIVEN[name]
    usual, short, drug = run_of(), run_of(interventions=[intervention]), run_of(drugs=[entry])
    same = ("HormoneSample", "LobeSample", "LetDown", "Removal")

    def acted(facts):
        return [fact for fact in facts if type(fact).__name__ in same]

    assert acted(short) == acted(drug) != acted(usual)
    tables = {type(fact).__name__ for fact in drug} - {type(fact).__name__ for fact in usual}
    has_level = not drug_of(name).kinetics.no_level
    assert {"DoseTaken"} | ({"LevelSample"} if has_level else set()) <= tables
    assert {type(fact).__name__ for fact in short} - {type(fact).__name__ for fact in usual} == {"InterventionChange"}


def test_a_file_of_a_stranger_acts_as_domperidone_does():
    """One declaration with numbers of its own, by daily steps, gives every fact that the quantities of the model do."""
    effect = {"on": "lactotroph", "law": "rise", "half_effect": 15.0, "largest": 1.6}
    mine = {"mine": {"kinetics": "daily_steps", "effects": [effect], "sources": CITED}}
    entry = {"dose_mg": 10.0, "times": ["06:00", "14:00", "22:00"], "from_day": 31}
    theirs = run_of(drugs=[{"drug": "mine", **entry}], drug_library=mine)
    ours = run_of(interventions=[GIVEN["domperidone"][0]])
    prolactin = [[fact for fact in facts if type(fact).__name__ == "HormoneSample"] for facts in (theirs, ours)]
    assert prolactin[0] == prolactin[1]


def test_quantities_of_the_model_are_numbers_of_the_drug():
    """What a config says of the quantity is what the drug does: prolactin rises threefold at twice the largest rise."""
    endocrine = {"drugs": {"domperidone": {"largest_rise": 3.0, "half_effect_mg_per_day": 15.0}}}
    usual, drug = run_of(), run_of(drugs=[GIVEN["domperidone"][1]], endocrine=endocrine)
    last = [next(f for f in reversed(facts) if type(f).__name__ == "HormoneSample") for facts in (usual, drug)]
    assert last[1].prolactin_ng_per_ml == pytest.approx(3.0 * last[0].prolactin_ng_per_ml, rel=1e-9)


def test_cabergoline_that_was_taken_for_ever_acts_from_the_start():
    """As that of a woman who began half a year before; the level in plasma is in its steady state too."""
    entry = {"drug": "cabergoline", "dose_mg": 0.25, "times": ["08:00"], "every_days": 3}
    ever, long = (run_of(drugs=[{**entry, **when}]) for when in ({}, {"from_day": -180}))
    for kind in ("HormoneSample", "DrugLevelSample"):
        rows = [[fact for fact in facts if type(fact).__name__ == kind] for facts in (ever, long)]
        assert rows[0]
        for one, other in zip(*rows, strict=True):
            assert one[1:-1] == pytest.approx(other[1:-1], rel=1e-6) if kind == "HormoneSample" else True
            assert one[-1] == pytest.approx(other[-1], rel=1e-6)


def test_a_missed_dose_of_a_spray_lets_no_milk_down():
    """The other ones do, each at its time."""
    entry = {**GIVEN["nasal_oxytocin"][1], "miss": [{"days": [30], "from": "12:00"}]}
    times = {row.time_min for row in of(run_of(drugs=[entry]), LetDown) if row.trigger == "dose"}
    assert times == {29 * 1440 + 70.0, 30 * 1440 + 70.0}


def test_an_intervention_gives_what_its_drug_is_in_the_library():
    """Cabergoline whose effect follows the level in plasma acts by that of the doses, as it does in drugs."""
    effect = {"on": "lactotroph", "law": "inhibition", "half_effect": 1e-5}
    own = {"cabergoline": {"effects": [effect]}}
    short, drug = (
        run_of(drug_library=own, **{key: [each]})
        for key, each in zip(("interventions", "drugs"), GIVEN["cabergoline"], strict=True)
    )
    prolactin = [
        [fact.prolactin_ng_per_ml for fact in facts if type(fact).__name__ == "HormoneSample"]
        for facts in (short, drug, run_of())
    ]
    assert prolactin[0] == prolactin[1]
    assert prolactin[0][-1] < 0.5 * prolactin[2][-1]


def test_infants_of_one_mother_have_what_each_drank():
    """Twins of the same weight begin with the same level."""
    entry = {"drug": "lamotrigine", "dose_mg": 100, "times": ["08:00"]}
    facts = run_of(drugs=[entry], infants=[{}, {}], days=0.1, schedule=[])
    levels = [row.mg_per_l for row in of(facts, InfantLevel) if row.time_min == 29 * 1440]
    assert len(levels) == 2
    assert levels[0] == levels[1] > 0.1
