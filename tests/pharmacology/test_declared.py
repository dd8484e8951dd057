"""The declaration of a drug: what it takes, what it refuses in one line, and what its numbers rest on."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from lactflow.endocrine.influences import TARGETS
from lactflow.pharmacology.declared import Drug, Form, Kinetics, Passage, is_drug_name
from lactflow.pharmacology.effects import Effect, Target
from lactflow.pharmacology.rests_on import OWN, covers, numbers_of, without_source

LINEAR = {"clearance_l_per_h": 18.0, "volume_l": 58.0}
BRAKE = {"on": "genes", "law": "brake", "half_effect": 1.0}
NEUTRAL = {"class": "neutral", "unbound_plasma": 0.8}
CITED = {"kinetics": {"cite": "Somebody 1990 J 1:2", "locator": "table 1", "seen": True}}
MADE = {"drug": "made", "formed_share": 0.5, "clearance_l_per_h": 3.0, "volume_l": 20.0}


def drug(**keys):
    """A drug with these keys."""
    return Drug.model_validate({"format": 1, "drug": "some", "kinetics": LINEAR, "sources": CITED, **keys})


def test_a_declaration_comes_back_as_it_is_written():
    """As plain data, and as JSON."""
    whole = drug(
        passage={**NEUTRAL, "log_d": 2.0},
        forms={"immediate": {}, "slow": {"release_h": 8.0}, "vein": {"route": "bolus"}},
        metabolites=({**MADE, "passage": NEUTRAL},),
        effects=({"on": "let_down", "law": "inhibition", "half_effect": 3.0},),
        uses={"unbound_plasma": "assumed"},
    )
    assert Drug.model_validate(whole.model_dump(by_alias=True)) == whole
    assert Drug.model_validate_json(whole.model_dump_json(by_alias=True)) == whole
    steps = drug(kinetics="daily_steps", sources={"kinetics": {"cite": "abc"}})
    assert steps.kinetics.daily_steps
    assert Drug.model_validate_json(steps.model_dump_json(by_alias=True)) == steps


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"sources": {}}, "at least 1"),
        ({"kinetics": {}}, "how the drug leaves is missing"),
        ({"kinetics": {"clearance_l_per_h": 3.0}}, "volume_l is missing"),
        ({"kinetics": {"volume_l": 3.0, "elimination_g_per_l_h": 0.15}}, "volume_l does not go with elimination"),
        ({"kinetics": {**LINEAR, "elimination_g_per_l_h": 0.15}}, "exclude each other"),
        ({"kinetics": {"compartments": ({"volume_l": 3.0},)}}, r"compartments.0: clearance_l_per_h is missing"),
        (
            {"kinetics": {"compartments": ({"volume_l": 3.0, "clearance_l_per_h": 1.0}, {"volume_l": 9.0})}},
            r"compartments.1: exchange_l_per_h is missing",
        ),
        ({"kinetics": {**LINEAR, "clearance_l_per_h": -1.0}}, "greater than or equal"),
        ({"kinetics": {**LINEAR, "volume_l": float("nan")}}, "finite"),
        ({"passage": {"class": "base", "unbound_plasma": 0.5}}, "pka is missing"),
        ({"passage": {"class": "acid", "pka": 4.0}}, "unbound_plasma is missing"),
        ({"passage": {**NEUTRAL, "fat_partition": 1.0, "log_d": 2.0}}, "exclude each other"),
        ({"passage": {**NEUTRAL, "transcytosis_ml_per_day": 2.0}}, "is of class antibody"),
        ({"passage": {"class": "antibody", "transcytosis_ml_per_day": 2.0, "pka": 3.0}}, "pka is not of an antibody"),
        ({"passage": {"class": "antibody"}}, "transcytosis_ml_per_day is missing"),
        ({"forms": {}}, "at least 1"),
        ({"forms": {"drip": {"route": "infusion"}}}, "release_h is missing"),
        ({"forms": {"vein": {"route": "bolus", "release_h": 2.0}}}, "does not go with route: bolus"),
        ({"forms": {"slow": {"release_h": 2.0, "absorption_per_h": 1.0}}}, "released at once"),
        ({"metabolites": (MADE, MADE)}, "'made' is named twice"),
        (
            {"metabolites": ({**MADE, "formed_share": 0.8}, {**MADE, "drug": "too"})},
            "their formed_share adds up to 1.3 .allowed: up to 1 together",
        ),
        ({"kinetics": "daily_steps", "passage": NEUTRAL}, "no concentration in plasma"),
        ({"kinetics": {"elimination_g_per_l_h": 0.15}, "metabolites": (MADE,)}, "metabolites need"),
        ({"kinetics": {"elimination_g_per_l_h": 0.15}, "forms": {"slow": {"release_h": 2.0}}}, "need linear kinetics"),
        ({"infant": {"elimination_per_h": 2.0, "clearance": "renal"}}, "clearance does not go with elimination_per_h"),
        ({"infant": {"elimination_per_h": 2.0, "hill": 3.0}}, "hill does not go with elimination_per_h"),
        (
            {"kinetics": {"elimination_g_per_l_h": 0.15}, "infant": {"elimination_per_h": 2.0}},
            "a level needs both elimination_per_h and volume_l_per_kg",
        ),
        ({"effects": ({"on": "let_down", "law": "rise", "half_effect": 1.0},)}, "largest is missing"),
        ({"effects": ({"on": "junctions", "law": "brake", "half_effect": 1.0},)}, "allowed on it: opening"),
        ({"effects": ({"on": "genes", "law": "opening", "half_effect": 1.0},)}, "does not act on genes"),
        ({"effects": ({"on": "genes", "law": "inhibition", "half_effect": 1.0, "largest": 2.0},)}, "largest is 2"),
        ({"effects": ({**BRAKE, "steepness": 2.0},)}, "steepness does not go with law brake"),
        ({"effects": ({"on": "genes", "law": "brake"},)}, "half_effect is missing"),
        ({"effects": ({**BRAKE, "by": "site"},)}, "half_life_days is missing .needed of by: site"),
        ({"effects": ({**BRAKE, "half_life_days": 2.0},)}, "half_life_days is of by: site"),
        ({"effects": ({**BRAKE, "quantities": {"half_effect": "gland.x"}},)}, "half_effect is a number here and a"),
        ({"effects": ({**BRAKE, "quantities": {"largest": "gland.x"}},)}, "largest does not go with law brake"),
        ({"effects": ({**BRAKE, "on": "oxytocin"},)}, "law brake does not act on oxytocin .allowed on it: pulse"),
        ({"effects": ({"on": "genes", "law": "adds", "per_ug": 1.0},)}, "law adds does not act on genes"),
        ({"effects": ({"on": "oxytocin", "law": "pulse", "per_iu": 1.0},)}, "law pulse needs iu_per_mg"),
        ({"effects": ({"on": "oxytocin", "law": "pulse", "per_iu": 1.0, "by": "site"},)}, "each dose acts by itself"),
        ({"kinetics": "no_level", "effects": (BRAKE,)}, "there is no level with kinetics: no_level"),
        ({"kinetics": "no_level", "passage": NEUTRAL}, "no concentration in plasma"),
        ({"sources": {"clearence_l_per_h": {"cite": "abc"}}}, "nearest: clearance_l_per_h"),
        ({"uses": {"volume_l": "guessed"}}, "one of measured"),
        ({"surprise": 1}, "Extra inputs"),
        ({"drug": "5x"}, "letters, digits"),
    ],
)
def test_what_cannot_be_is_refused(keys, message):
    """Each contradiction, with what is needed."""
    with pytest.raises(ValidationError, match=message):
        drug(**keys)


def test_all_that_is_eliminated_may_form_metabolites():
    """Shares of tenths, whose sum is not 1 to the last bit."""
    made = tuple({**MADE, "drug": f"made{number}", "formed_share": 0.1} for number in range(10))
    assert len(drug(metabolites=made).metabolites) == 10


def test_effects_act_on_what_the_engine_knows():
    """The names are written out here, for pharmacology stands below the endocrine system."""
    assert set(get_args(Target)) == {*TARGETS, "oxytocin"}
    own = {"junctions": ("opening", "half_effect"), "estradiol": ("adds", "per_ug"), "oxytocin": ("pulse", "per_iu")}
    for target in get_args(Target):
        law, number = own.get(target, ("inhibition", "half_effect"))
        assert Effect.model_validate({"on": target, "law": law, number: 1.0})


def test_names_of_drugs_can_be_names_of_analytes():
    """Letters first; the engine demands it too."""
    assert all(map(is_drug_name, ("caffeine", "st_johns_wort", "alpha-x", "_x")))
    assert not any(map(is_drug_name, ("5x", "-x", "a b", "ä", "a.b", "x" * 65)))


def test_a_key_of_sources_is_about_a_path_its_end_or_its_section():
    """Nothing in between: `volume_l` is no end of `outer_volume_l`."""
    assert covers("volume_l", "kinetics.volume_l")
    assert covers("kinetics", "kinetics.volume_l")
    assert covers("kinetics.volume_l", "kinetics.volume_l")
    assert not covers("volume_l", "kinetics.outer_volume_l")
    assert not covers("kin", "kinetics.volume_l")
    assert not covers("infant.volume_l", "kinetics.volume_l")


def test_each_number_has_the_source_that_says_most_about_it():
    """A dotted key goes before a bare one; what was left out needs none."""
    some = drug(
        kinetics={**LINEAR, "bioavailability": 0.5},
        infant={"bioavailability": 0.2, "clearance": "renal"},
        passage=NEUTRAL,
        sources={"bioavailability": {"cite": "both"}, "infant.bioavailability": {"cite": "infants"}},
        uses={"volume_l": "fitted: row 7"},
    )
    found = {each.key: each for each in numbers_of(some)}
    assert found["kinetics.bioavailability"].source.cite == "both"
    assert found["infant.bioavailability"].source.cite == "infants"
    assert found["kinetics.volume_l"].use == "fitted: row 7"
    assert "passage.exchange_ml_per_h" not in found
    assert without_source(some) == ["kinetics.clearance_l_per_h", "passage.unbound_plasma"]


def test_metabolites_have_sources_by_their_names():
    """Their numbers are told apart from those of the drug."""
    some = drug(metabolites=(MADE,), sources={"kinetics": {"cite": "abc"}, "made.clearance_l_per_h": {"cite": "abc"}})
    assert without_source(some) == ["metabolites.made.formed_share", "metabolites.made.volume_l"]


def test_a_number_of_ones_own_does_not_rest_on_the_source_of_another():
    """As when a config changes one number of a shipped drug."""
    some = drug(uses={"kinetics.volume_l": OWN})
    found = {each.key: each for each in numbers_of(some)}
    assert found["kinetics.clearance_l_per_h"].source is not None
    assert found["kinetics.volume_l"].source is None


def test_a_resolved_declaration_needs_no_more_sources_than_the_file():
    """Defaults that are written out are not numbers of the file."""
    some = drug(passage=NEUTRAL, sources={"kinetics": {"cite": "abc"}, "passage": {"cite": "abc"}})
    written = Drug.model_validate(some.model_dump(by_alias=True))
    assert without_source(written) == without_source(some) == []


def test_kinetics_of_an_infant_of_its_own_come_back_as_they_are_written():
    """Its usual way, written out, is not held against them."""
    own = {"elimination_per_h": 2.5, "volume_l_per_kg": 0.9}
    some = drug(kinetics={"elimination_g_per_l_h": 0.15}, infant=own)
    assert some.infant.has_own_kinetics
    assert Drug.model_validate_json(some.model_dump_json(by_alias=True)) == some
    assert not drug().infant.has_own_kinetics


def test_parts_have_the_defaults_that_they_say():
    """All at once, without a lag, one form."""
    assert Kinetics.model_validate(LINEAR).bioavailability == 1.0
    assert Form().route == "oral"
    assert drug().forms == {"immediate": Form()}
    assert Passage.model_validate(NEUTRAL).active_ratio == 1.0
