"""Claims A20 and A21, the part of A14 that is of immune proteins, and what was printed of them."""

from __future__ import annotations

from math import isnan

import pandas as pd
import pytest

from lactflow.gland import added
from lactflow.gland.books import BalanceError
from lactflow.validation.claims_immune import PARTS, contents_of, least_rest, per_day, per_litre
from lactflow.validation.judge import judge
from lactflow.validation.runs import PRETERM, shipped
from lactflow.validation.simulated import simulated

ALL = {name: {} for name in (*PARTS, "hmo", "glucose")}


class Rows:
    """A run as far as the readings look at it: two removals on day 1, one on day 2, one without milk."""

    removals = pd.DataFrame(
        [
            (0, "left", 60.0, 100.0, 10.0),
            (1, "left", 120.0, 300.0, 20.0),
            (2, "right", 1500.0, 50.0, 10.0),
            (3, "left", 1600.0, 0.0, None),
        ],
        columns=["session", "breast", "start_min", "removed_ml", "protein_g_per_l"],
    )
    contents = pd.DataFrame(
        [
            (0, "left", "siga", 0.2, 2.0),
            (1, "left", "siga", 0.2, 0.67),
            (2, "right", "siga", 0.1, 2.0),
            (3, "left", "siga", 0.0, None),
            (0, "left", "other_protein", 0.8, 8.0),
            (1, "left", "other_protein", 5.8, 19.3),
            (2, "right", "other_protein", 0.4, 8.0),
            (3, "left", "other_protein", 0.0, None),
        ],
        columns=["session", "breast", "analyte", "amount", "mean_per_l"],
    )

    def __getitem__(self, table):
        """Its contents."""
        return {"removal_contents": self.contents}[table]


def test_readings_by_hand():
    """By volume, of days and breasts; a day's rest is a share of its protein."""
    run = Rows()
    assert per_litre(run, "siga", 1.0, 2.0) == pytest.approx(1.0)
    assert per_litre(run, "siga", 1.0, 3.0) == pytest.approx(0.5 / 0.45)
    assert per_litre(run, "siga", 1.0, 3.0, "right") == pytest.approx(2.0)
    assert isnan(per_litre(run, "siga", 5.0, 6.0))
    assert per_day(run, "siga", 1.0, 3.0) == pytest.approx(0.25)
    assert len(contents_of(run, "siga", 1.0, 3.0)) == 3
    assert least_rest(run, 1.0, 3.0) == pytest.approx(0.8)
    assert least_rest(run, 1.0, 3.0, least_ml=60.0) == pytest.approx(6.6 / 7.0)


@pytest.mark.slow
@pytest.mark.parametrize("claim", ["A20", "A21"])
def test_claims_of_immune_proteins_hold(claim):
    """And fail where secretory IgA comes in proportion to the volume."""
    (result,) = judge([claim])
    assert result.verdict == "met", result.found
    assert not result.known_gap


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "from_day", "to_day"),
    [
        (shipped("mastitis"), 60.0, 72.0),
        (shipped("gradual-weaning"), 180.0, 240.0),
        (shipped("abrupt-weaning"), 1.0, 1000.0),
        (PRETERM, 1.0, 42.0),
        ({"start_day": 180, "days": 90, "schedule": [{"kind": "wean", "days": 90.0}]}, 180.0, 270.0),
    ],
    ids=["mastitis", "gradual", "abrupt", "preterm", "slow"],
)
def test_parts_stay_within_the_total(config, from_day, to_day):
    """On each day on which 10 mL are taken: an inflamed breast, weaning, pumping for a preterm infant."""
    run = simulated({**{key: value for key, value in config.items() if key != "analytes"}, "analytes": ALL})
    assert least_rest(run, from_day, to_day, least_ml=10.0) > 0.0


FOUR_DAYS = {
    "start_day": 30,
    "days": 4,
    "analytes": ALL,
    "interventions": [
        {"kind": "seal", "side": "left", "start_day": 31.0, "end_day": 32.5},
        {"kind": "mastitis", "side": "right", "start_day": 32.0, "end_day": 33.0},
    ],
    "schedule": [
        {"kind": "every", "hours": 3},
        {"kind": "pump", "times": ["11:00"], "into": "night"},
        {"kind": "bottle", "times": ["14:00"], "from": "night"},
    ],
}


@pytest.mark.slow
def test_nothing_is_lost_of_them():
    """A14: feeds, pumpings, bottles, a sealed breast and mastitis; to 1e-9, with both gross flows booked."""
    run = simulated(FOUR_DAYS)
    rows = run["balance"].set_index("quantity")
    for name in ALL:
        assert abs(rows.loc[name, "residual"]) <= 1e-9
        assert rows.loc[name, "gained"] + rows.loc[name, "made"] > 0.0
        assert rows.loc[name, "lost"] > 0.0
        removed = run["removal_contents"].query("analyte == @name")["amount"].sum()
        assert removed == pytest.approx(rows.loc[name, "removed"], rel=1e-9)
        pumped = run["bottle_balance"].query("quantity == @name")
        assert pumped["residual"].abs().max() <= 1e-9


@pytest.mark.slow
def test_a_leak_that_is_not_booked_is_found(monkeypatch):
    """The adversary of A14: what cells carry through comes from nowhere."""
    book = added.Added.receive

    def forgetful(self, entered):
        before = self.entered
        book(self, entered)
        self.entered = before

    monkeypatch.setattr(added.Added, "receive", forgetful)
    with pytest.raises(BalanceError, match="siga"):
        simulated(FOUR_DAYS)


@pytest.fixture(scope="module")
def half_a_year():
    """A mother from birth to day 190, fed on demand."""
    return simulated({"start_day": 1, "days": 190, "schedule": [{"kind": "on_demand"}], "analytes": ALL})


def mg_per_g(run, name, from_day, to_day):
    """A protein of all protein."""
    rows = contents_of(run, name, from_day, to_day)
    return 1e6 * rows["amount"].sum() / (rows["protein_g_per_l"] * rows["removed_ml"]).sum()


def fold_fall(name):
    """From days 3 and 4 to days 15 to 180."""
    return lambda run: per_litre(run, name, 3.0, 5.0) / per_litre(run, name, 15.0, 181.0)


def litre(name, from_day, to_day, scale=1.0):
    """A concentration in the milk of some days."""
    return lambda run: scale * per_litre(run, name, from_day, to_day)


def not_secretor():
    """The milk of a mother who is no secretor, against that of one who is: what it lacks of oligosaccharides [%]."""
    runs = [
        simulated(
            {
                "start_day": 30,
                "days": 3,
                "schedule": [{"kind": "on_demand"}],
                "mother": {"secretor": secretor},
                "analytes": {"hmo": {}},
            }
        )
        for secretor in (True, False)
    ]
    return 100.0 * (1.0 - per_litre(runs[1], "hmo", 30, 33) / per_litre(runs[0], "hmo", 30, 33))


PRINTED = {
    "T07-024 lactoferrin, < 28 days [g/L]": (litre("lactoferrin", 1, 28), 0.34, 17.94),
    "T07-025 lactoferrin, mature [g/L]": (litre("lactoferrin", 28, 181), 0.44, 4.4),
    "T07-026 lactoferrin, days 1 to 5 [g/L]": (litre("lactoferrin", 1, 6), 5.0, 100.0),
    "T07-027 lactoferrin, mature [g/L]": (litre("lactoferrin", 28, 181), 2.0, 3.0),
    "T07-028 and 029 IgA1 and IgA2, days 1 to 5 [g/L]": (litre("siga", 1, 6), 22.08, 30.52),
    "T07-030 and 031 the same, days 6 to 14 [g/L]": (litre("siga", 6, 15), 3.25, 7.21),
    "T07-032 and 033 the same, days 15 to 75 [g/L]": (litre("siga", 15, 76), 0.5, 0.76),
    "T07-034 sIgA, week 4 of day 3 [%]": (
        lambda run: 100.0 * per_litre(run, "siga", 26, 31) / per_litre(run, "siga", 3, 4),
        40.0,
        60.0,
    ),
    "T07-035 IgA of protein, days 3 and 4 [mg/g]": (lambda run: mg_per_g(run, "siga", 3, 5), 22.0, 35.0),
    "T07-036 fall of IgA [fold]": (fold_fall("siga"), 3.0, 4.0),
    "T07-037 IgG of protein, days 3 to 180 [mg/g]": (lambda run: mg_per_g(run, "igg", 3, 181), 1.4, 4.9),
    "T07-101 total IgA, weeks 4 to 26 [g/L]": (litre("siga", 28, 183), 0.422, 1.105),
    "T07-102 the same, left [g/L]": (lambda run: per_litre(run, "siga", 28, 183, "left"), 0.458, 1.247),
    "T07-103 the same, right [g/L]": (lambda run: per_litre(run, "siga", 28, 183, "right"), 0.388, 1.011),
    "T07-115 lysozyme, 2 to 4 weeks [mg/L]": (litre("lysozyme", 15, 29, 1000.0), 20.0, 30.0),
    "T07-116 lysozyme, 6 months [mg/L]": (litre("lysozyme", 170, 190, 1000.0), 200.0, 300.0),
    "T07-119 oligosaccharides, colostrum [g/L]": (litre("hmo", 1, 6), 9.0, 22.0),
    "T07-120 oligosaccharides, transitional [g/L]": (litre("hmo", 6, 15), 8.0, 19.0),
    "T07-121 oligosaccharides, first month [g/L]": (litre("hmo", 15, 31), 6.0, 15.0),
    "T07-122 oligosaccharides, after 6 months [g/L]": (litre("hmo", 183, 191), 4.0, 6.0),
    "T07-123 oligosaccharides that a mother who is no secretor lacks [%]": (lambda _: not_secretor(), 35.0, 45.0),
}
"""Rows of the evidence that the model can tell apart, each with its band: quartiles where there is nothing wider."""
MISSED = {
    "T07-026 lactoferrin, days 1 to 5 [g/L]",
    "T07-028 and 029 IgA1 and IgA2, days 1 to 5 [g/L]",
    "T07-030 and 031 the same, days 6 to 14 [g/L]",
    "T07-032 and 033 the same, days 15 to 75 [g/L]",
    "T07-035 IgA of protein, days 3 and 4 [mg/g]",
    "T07-036 fall of IgA [fold]",
}
"""
Missed. Two thirds of the IgA of colostrum are more than the total of protein has room for at the end of weaning; the
two of 1978 ask for less IgA on days 3 and 4 than T07-034 and T07-101 leave.
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", PRINTED)
def test_what_was_printed(half_a_year, name):
    """In its band, or a miss that is known."""
    measure, low, high = PRINTED[name]
    value = measure(half_a_year)
    assert (low <= value <= high) == (name not in MISSED), f"{name}: {value:.4g} ({low:g} to {high:g})"


def test_most_of_what_was_printed_is_met():
    """At least 70 %."""
    assert len(MISSED) <= 0.3 * len(PRINTED)
