"""Claim A15: an inflamed breast, and the other one."""

from __future__ import annotations

from math import isnan

import pandas as pd
import pytest

from lactflow.validation import claims_clinic
from lactflow.validation.claims_clinic import CLAIMS, of_breast
from lactflow.validation.judge import judge
from lactflow.validation.runs import MOTHERS

(CLAIM,) = CLAIMS


class Rows:
    """A run as far as the readings look at it: two removals of the left breast on day 60, one after it, one right."""

    removals = pd.DataFrame(
        [
            (0, "left", 59.1 * 1440.0, 100.0, 10.0, 60.0, 10.0),
            (1, "left", 59.2 * 1440.0, 300.0, 20.0, 70.0, 10.0),
            (2, "right", 59.3 * 1440.0, 50.0, 7.0, 71.0, 10.0),
            (3, "left", 59.4 * 1440.0, 0.0, None, None, None),
            (4, "left", 64.0 * 1440.0, 50.0, 99.0, 99.0, 10.0),
        ],
        columns=[
            "session",
            "breast",
            "start_min",
            "removed_ml",
            "sodium_mmol_per_l",
            "lactose_g_per_l",
            "protein_g_per_l",
        ],
    )

    def __getitem__(self, table):
        """Its contents."""
        assert table == "removal_contents"
        rows = [(0, "left", "glucose", 0.1, 1.0), (1, "left", "glucose", 0.1, 0.33), (2, "right", "glucose", 0.1, 2.0)]
        return pd.DataFrame(rows, columns=["session", "breast", "analyte", "amount", "mean_per_l"])


def test_readings_by_hand():
    """By volume, of one breast, to the end of the last day."""
    run = Rows()
    assert of_breast(run, "sodium", "left", 60.0, 65.0) == pytest.approx(17.5)
    assert of_breast(run, "lactose", "left", 60.0, 65.0) == pytest.approx(67.5)
    assert of_breast(run, "sodium", "right", 60.0, 65.0) == pytest.approx(7.0)
    assert of_breast(run, "glucose", "left", 60.0, 65.0) == pytest.approx(0.5)
    assert isnan(of_breast(run, "sodium", "left", 70.0, 71.0))


def judged(monkeypatch, left, right):
    """What is found where each mother's markers change by these shares."""
    healthy = {"sodium": 8.0, "albumin": 0.3, "lactose": 70.0, "glucose": 1.5}

    def level(run, what, breast, *_):
        state = run.rpartition(" ")[0]
        changes = {"well": {}, "ill": {"left": left, "right": right}}[state]
        return healthy[what] * (1.0 + changes.get(breast, {}).get(what, 0.0))

    monkeypatch.setattr(claims_clinic, "of_breast", level)
    return CLAIM.judge({name: name for name in CLAIM.runs})


@pytest.mark.parametrize(
    ("left", "right", "parts"),
    [
        ({}, {}, (True, True, True)),
        ({"albumin": 0.19}, {}, (False, True, True)),
        ({"glucose": -0.02}, {}, (True, False, True)),
        ({"lactose": 0.1}, {}, (True, False, True)),
        ({}, {"albumin": -0.06}, (True, True, False)),
        ({}, {"glucose": 0.06}, (True, True, False)),
    ],
)
def test_the_criterion_is_that_of_the_page(monkeypatch, left, right, parts):
    """20 % up, 3 % down, less than 5 % either way in the other breast; each part by itself."""
    usual = {"sodium": 0.21, "albumin": 0.21, "lactose": -0.031, "glucose": -0.031}
    found = judged(monkeypatch, {**usual, **left}, {"sodium": 0.049, "lactose": -0.049, **right})
    assert found.parts == parts
    assert found.holds is all(parts)
    assert len(found.seen) == 8


def test_every_mother_is_held_against_herself():
    """Three runs each, which differ in the inflamed breasts only."""
    assert len(CLAIM.runs) == 3 * len(MOTHERS)
    for seed in MOTHERS:
        runs = [CLAIM.runs[f"{state} {seed}"] for state in ("well", "ill", "ill on both sides")]
        assert [[each["side"] for each in run["interventions"]] for run in runs] == [[], ["left"], ["left", "right"]]
        assert {run["seed"] for run in runs} == {seed}
        assert all({**run, "interventions": []} == runs[0] for run in runs)


@pytest.mark.slow
def test_the_claim_holds():
    """And fails where both breasts are inflamed."""
    (result,) = judge(["A15"])
    assert result.verdict == "met", result.found
    assert not result.known_gap
