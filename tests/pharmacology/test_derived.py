"""What follows from a drug's file: worked by hand."""

from __future__ import annotations

from math import isclose, log, log10

import pytest

from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import Drug, Form, Kinetics, Passage
from lactflow.pharmacology.derived import (
    Body,
    body_water_l,
    carried_share,
    disposition_of,
    fat_over_skim,
    following,
    half_life_h,
    inputs_of,
    scaled_clearance,
    unbound_in_skim,
)
from lactflow.pharmacology.effects import Effect, factor_of
from lactflow.pharmacology.summary import follows, rests_on

MODEL = Pharmacology()
WOMAN = Body()


def passage(**keys):
    """How some drug passes."""
    return Passage.model_validate({"class": "neutral", "unbound_plasma": 0.5, **keys})


def test_partition_of_a_base_by_hand():
    """A pKa of 9.5: ion trapping doubles at pH 7.1; 0.2 unbound in plasma, 0.4 in skim."""
    found = following(passage(**{"class": "base"}, pka=9.5, unbound_plasma=0.2, unbound_skim=0.4), MODEL, 7.1)
    assert isclose(found.ion, (1 + 10**2.4) / (1 + 10**2.1))
    assert isclose(found.ratio, found.ion * 0.5)
    assert found.active_ratio == 1.0


@pytest.mark.parametrize(("kind", "rises"), [("base", True), ("acid", False)])
def test_milk_that_is_more_acid_holds_bases_and_lets_acids_go(kind, rises):
    """And of what is neutral as much."""
    acid, less = (following(passage(**{"class": kind}, pka=7.2), MODEL, ph).ratio for ph in (6.9, 7.2))
    assert (acid > less) is rises
    assert following(passage(), MODEL, 6.9).ratio == following(passage(), MODEL, 7.2).ratio


def test_proteins_of_milk_bind_as_those_of_plasma_but_less():
    """Of a drug that is a fifth unbound, a quarter as much bound over unbound leaves half; nothing bound, all."""
    assert isclose(unbound_in_skim(0.2, 0.25), 0.5)
    assert unbound_in_skim(1.0, 0.25) == 1.0
    assert isclose(unbound_in_skim(0.3, 1.0), 0.3)
    share = MODEL.milk_binding
    assert isclose(following(passage(unbound_plasma=0.01), MODEL, 7.1).unbound_skim, 1.0 / (1.0 + 99.0 * share))


def test_fat_follows_from_octanol():
    """A log D of 2: ten to the power of 1.7, times what is unbound."""
    assert isclose(log10(fat_over_skim(2.0, 1.0, 1.29, -0.88)), 1.7)
    assert isclose(fat_over_skim(2.0, 0.5, 1.29, -0.88), 0.5 * 10**1.7)
    assert isclose(following(passage(log_d=2.0, unbound_skim=0.5), MODEL, 7.1).fat_partition, 0.5 * 10**1.7)
    assert following(passage(fat_partition=7.0), MODEL, 7.1).fat_partition == 7.0
    assert fat_over_skim(10.0, 1.0, 1.29, -0.88) == 1e5


def test_what_a_file_leaves_out_is_that_of_its_class_and_said_so():
    """The exchange by class, what fresh milk brings by the exchange."""
    found = following(passage(**{"class": "acid"}, pka=4.0), MODEL, 7.1)
    assert found.exchange_ml_per_h == MODEL.acid_exchange_ml_per_h
    assert isclose(found.carried, 50.0 / 150.0)
    assert set(found.of_the_model) == {"unbound_skim", "exchange_ml_per_h", "carried", "fat_partition"}
    whole = passage(unbound_skim=0.4, exchange_ml_per_h=20.0, carried=0.3, fat_partition=1.0)
    assert following(whole, MODEL, 7.1).of_the_model == ()
    assert following(whole, MODEL, 7.1).carried == 0.3
    assert carried_share(0.0, 0.0) == 1.0
    assert following(Passage.model_validate({"class": "antibody", "transcytosis_ml_per_day": 3.0}), MODEL, 7.1) is None


def test_kinetics_go_with_weight():
    """Clearance with its power of three quarters, volumes with weight: half-lives are longer in a large woman."""
    kinetics = Kinetics(clearance_l_per_h=10.0, volume_l=70.0)
    usual, large = (disposition_of(kinetics, Body(weight_kg=kg), MODEL) for kg in (70.0, 140.0))
    assert isclose(half_life_h(usual), log(2) * 7.0)
    assert isclose(large.volume_l, 140.0)
    assert isclose(large.clearance_l_per_min * 60.0, 10.0 * 2**0.75)
    assert scaled_clearance(10.0, 70.0, 0.75) == 10.0


def test_two_compartments_scale_as_one():
    """The time constants of both are in the same ratio."""
    kinetics = Kinetics.model_validate(
        {"compartments": ({"clearance_l_per_h": 10.0, "volume_l": 20.0}, {"exchange_l_per_h": 5.0, "volume_l": 60.0})}
    )
    usual, large = (disposition_of(kinetics, Body(weight_kg=kg), MODEL) for kg in (70.0, 140.0))
    for one, other in zip(usual.rates_per_min, large.rates_per_min, strict=True):
        assert isclose(other / one, 2**-0.25)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, ("first_order", 15.0, 50.0, 2.0 / 60.0, 0.0)),
        ({"lag_h": 1.0, "absorption_per_h": 4.0}, ("first_order", 60.0, 50.0, 4.0 / 60.0, 0.0)),
        ({"bioavailability": 0.3}, ("first_order", 15.0, 30.0, 2.0 / 60.0, 0.0)),
        ({"release_h": 8.0}, ("zero_order", 15.0, 50.0, 0.0, 480.0)),
        ({"route": "bolus"}, ("bolus", 0.0, 100.0, 0.0, 0.0)),
        ({"route": "infusion", "release_h": 2.0}, ("zero_order", 0.0, 100.0, 0.0, 120.0)),
    ],
)
def test_a_form_decides_how_a_dose_comes_in(form, expected):
    """When, how much, by which route and how fast; what it leaves out is that of the drug, by mouth."""
    kinetics = Kinetics(clearance_l_per_h=1.0, volume_l=1.0, bioavailability=0.5, absorption_per_h=2.0, lag_h=0.25)
    (found,) = inputs_of(kinetics, Form.model_validate(form), [(0.0, 100.0)])
    assert (found.route, found.time_min, found.amount_mg, found.rate_per_min, found.length_min) == expected


def test_water_of_the_body_by_hand():
    """Watson: 70 kg and 165 cm."""
    assert isclose(body_water_l(WOMAN, MODEL), -2.097 + 0.1069 * 165 + 0.2466 * 70)


@pytest.mark.parametrize(
    ("keys", "at_none", "at_half"),
    [
        ({"on": "let_down", "law": "inhibition"}, 1.0, 0.5),
        ({"on": "let_down", "law": "inhibition", "largest": 0.4}, 1.0, 0.8),
        ({"on": "lactotroph", "law": "rise", "largest": 3.0}, 1.0, 2.5),
        ({"on": "lactotroph", "law": "rise", "largest": 3.0, "steepness": 2.0}, 1.0, 2.5),
        ({"on": "genes", "law": "brake"}, 1.0, 0.5),
        ({"on": "junctions", "law": "opening", "largest": 0.6}, 0.0, 0.3),
    ],
)
def test_effects_are_none_without_the_drug_and_half_at_their_half_effect(keys, at_none, at_half):
    """Each law."""
    effect = Effect.model_validate({"half_effect": 7.0, **keys})
    assert factor_of(effect, 0.0) == at_none
    assert isclose(factor_of(effect, 7.0), at_half)


def test_alcohol_inhibits_the_let_down_as_in_the_sheet():
    """Half effect 1.6 g/L, cubed: a tenth at 0.77 g/L, four fifths at 2.5."""
    effect = Effect.model_validate({"on": "let_down", "law": "inhibition", "half_effect": 1600.0, "steepness": 3.0})
    assert isclose(1.0 - factor_of(effect, 800.0), 1.0 / 9.0)
    assert isclose(1.0 - factor_of(effect, 3200.0), 8.0 / 9.0)


def test_the_summary_says_what_the_functions_give():
    """Of drug and metabolite; and by which source each number stands."""
    some = Drug.model_validate(
        {
            "format": 1,
            "drug": "some",
            "kinetics": {"clearance_l_per_h": 10.0, "volume_l": 70.0},
            "passage": {"class": "neutral", "unbound_plasma": 0.5, "active_ratio": 4.0},
            "metabolites": ({"drug": "made", "formed_share": 0.5, "clearance_l_per_h": 7.0, "volume_l": 70.0},),
            "sources": {"kinetics": {"cite": "Somebody 1990", "locator": "table 2"}},
            "uses": {"unbound_plasma": "assumed"},
        }
    )
    rows = {row.name: row for row in follows(some, WOMAN, MODEL)}
    assert isclose(rows["half-life"].value, log(2) * 7.0)
    assert isclose(rows["made: half-life"].value, log(2) * 10.0)
    found = following(some.passage, MODEL, 7.1)
    assert isclose(rows["R"].value, 4.0 * found.ratio)
    assert rows["X"].note.startswith("of the model")
    notes = {row.name: row.note for row in rests_on(some)}
    assert notes["kinetics.volume_l"] == "Somebody 1990 table 2 (not seen)"
    assert notes["passage.unbound_plasma"] == "assumed"
    assert notes["metabolites.made.volume_l"] == "no source"
