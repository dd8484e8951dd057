"""What a run says of drugs: doses a day, ratios, relative doses, each against the tables that it is made of."""

from __future__ import annotations

from math import isnan

import pytest

import lactflow
from lactflow.analysis.drugs import COLUMNS

CONFIG = {
    "start_day": 30,
    "days": 2,
    "resolution": "coarse",
    "record": {"visits": False},
    "mother": {"weight_kg": 60},
    "schedule": [{"kind": "clock", "times": ["02:00", "08:00", "14:00", "20:00"]}],
    "drugs": [
        {
            "drug": "paracetamol",
            "dose_mg": 1000,
            "times": ["08:00", "16:00"],
            "miss": [{"days": [31], "from": "15:00"}],
        },
        {"drug": "fluoxetine", "dose_mg": 20, "times": ["08:00"]},
    ],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two days with three of four doses of a painkiller, and a drug with a metabolite."""
    return lactflow.run(CONFIG, out=tmp_path_factory.mktemp("drugs"), workers=1)


@pytest.fixture
def found(run):
    """By drug."""
    return run.drugs().set_index("drug")


def test_doses_are_those_that_were_taken(found):
    """Three of 1,000 mg in two days; the metabolite has the dose of its drug."""
    made = dict.fromkeys(("fluoxetine", "norfluoxetine", "fluoxetine+metabolites"), 20.0)
    assert found["dose_mg_per_day"].to_dict() == {"paracetamol": 1500.0, **made}
    assert (found["infant"] == 0).all()


def test_ratios_are_means_over_all_milk_and_all_samples(run, found):
    """Amount over volume, over the mean of the samples of plasma; that of the end holds for no time."""
    rows = run["removal_contents"].query("analyte == 'paracetamol'")
    milk = 1000.0 * rows["amount"].sum() / run["removals"]["removed_ml"].sum()
    plasma = run["drug_levels"].query("drug == 'paracetamol' and where == 'plasma'")["mg_per_l"].iloc[:-1].mean()
    row = found.loc["paracetamol"]
    assert row["milk_mg_per_l"] == pytest.approx(milk, rel=1e-12)
    assert row["milk_plasma_ratio"] == pytest.approx(milk / plasma, rel=1e-12)


def test_relative_doses_are_of_both_kinds(run, found):
    """What was swallowed over its weight, or 150 mL/kg/day of the mean milk; over 1,500 mg in 60 kg."""
    row = found.loc["paracetamol"]
    per_kg = run["infant_doses"].query("analyte == 'paracetamol'")["amount_per_kg"].sum() / 2.0
    assert row["infant_mg_per_kg_day"] == pytest.approx(per_kg, rel=1e-12)
    assert row["rid_percent"] == pytest.approx(100.0 * per_kg / 25.0, rel=1e-12)
    assert row["rid_conventional_percent"] == pytest.approx(100.0 * 0.15 * row["milk_mg_per_l"] / 25.0, rel=1e-12)
    assert row["mark"] == ""


def test_the_worst_feed_is_the_largest_of_its_day(run, found):
    """The mean over two days; of a level that hardly changes about a quarter of four feeds, of a fast drug more."""
    assert 0.25 < found.loc["fluoxetine", "worst_feed_share"] < 0.5
    assert found.loc["paracetamol", "worst_feed_share"] > found.loc["fluoxetine", "worst_feed_share"]


def test_high_doses_are_marked_by_convention(tmp_path):
    """Lamotrigine of a newborn is above 5 %, and a mark says what that is."""
    newborn = {"start_day": 8, "drugs": [{"drug": "lamotrigine", "dose_mg": 100, "times": ["08:00", "20:00"]}]}
    (row,) = lactflow.run({**CONFIG, **newborn}, out=tmp_path, workers=1).drugs().to_dict("records")
    assert row["rid_conventional_percent"] > 5.0
    assert row["mark"].endswith("a convention, not a threshold of harm")


def test_without_infants_or_drugs_there_is_nothing_to_say(tmp_path):
    """Missing values of what nobody swallows; no rows without drugs; the same columns."""
    alone = {"infants": [], "schedule": [{"kind": "pump", "times": ["08:00", "20:00"]}]}
    found = lactflow.run({**CONFIG, **alone}, out=tmp_path, workers=1).drugs()
    assert found["infant"].isna().all()
    assert found["rid_percent"].isna().all()
    assert not found["rid_conventional_percent"].isna().any()
    none = lactflow.run({**CONFIG, "drugs": []}, out=tmp_path, workers=1).drugs()
    assert none.empty
    assert list(none) == list(found)
    assert none.attrs["units"]["rid_percent"] == "%"
    assert set(COLUMNS) <= set(none)


def test_a_drug_whose_way_into_milk_is_not_modelled_says_so(tmp_path):
    """Its level in plasma stands, and what is in milk is missing, not nothing."""
    cabergoline = {"days": 1, "drugs": [{"drug": "cabergoline", "dose_mg": 1, "from_day": 30}]}
    played = lactflow.run({**CONFIG, **cabergoline}, out=tmp_path, workers=1)
    (row,) = played.drugs().to_dict("records")
    assert row["plasma_mg_per_l"] > 0.0
    for name in ("milk_mg_per_l", "milk_plasma_ratio", "rid_percent", "rid_conventional_percent", "infant_mg_per_l"):
        assert isnan(row[name])
    assert row["mark"] == ""
