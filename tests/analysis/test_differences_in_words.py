"""Sentences of differences: what leaves out 0 and matters is stated with its interval."""

from __future__ import annotations

from math import nan

import pandas as pd
import pytest

from lactflow.analysis.differences_in_words import sentences
from lactflow.analysis.in_words import MEASURES


def table(*rows, scenario="b"):
    """Differences of a scenario: measure, mean of the baseline, difference, low, high."""
    columns = ["measure", "baseline_mean", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns).assign(baseline="a", scenario=scenario)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("removed_ml_per_day", 800.0, -21.6, -27.2, -16.4), "22 mL/day less milk removed (16 to 27 less)."),
        (("sessions_per_day", 12.0, -6.0, -6.0, -6.0), "6 fewer sessions a day."),
        (
            ("hours_above_80_percent_full_per_day", 1.0, 0.9, 0.52, 1.3),
            "0.90 h a day longer more than 80 % full (0.52 to 1.3 longer).",
        ),
        (("infant_weight_kg", 4.0, -0.05, -0.06, -0.041), "infant 50 g lighter (41 to 60 lighter)."),
        (("fat_g_per_l", 40.0, 13.9, 9.97, 17.83), "fat 14 g/L higher (10 to 18 higher)."),
        (("onset_h", 60.0, 4.04, 2.0, 6.0), "copious milk 4.0 h later (2 to 6 later)."),
        (("fullness", 0.5, 0.135, 0.109, 0.162), "fullness 14 percentage points higher (11 to 16 higher)."),
        (("fat_g_per_l", 40.0, 0.1, 0.05, 0.15), "less than 1 % different: fat."),
        (
            ("removed_ml_per_day", 800.0, -2.0, -8.0, 5.0),
            "not distinguishable: milk removed (8 mL/day less to 5 more).",
        ),
        (
            ("removed_ml_per_day", 800.0, -22.0, nan, nan),
            "22 mL/day less milk removed in the only pair; an interval takes two.",
        ),
        (("let_downs_per_feed", 0.0, 2.0, 1.0, 3.0), "2 more let-downs a feed (1 to 3 more)."),
        (("removed_ml_per_day", 800.0, 0.0, 0.0, 0.0), "no difference in any pair."),
        (("fullness", 0.5, 0.0, 0.0, 0.0), "no difference in any pair."),
        (
            ("rid_percent", 2.0, -0.7, -0.9, -0.5),
            "relative infant dose 0.70 percentage points lower (0.50 to 0.90 lower).",
        ),
        (
            ("rid_percent[caffeine]", 5.0, 1.1, 0.92, 1.3),
            "relative infant dose of caffeine 1.1 percentage points higher (0.92 to 1.3 higher).",
        ),
    ],
)
def test_a_difference_in_words(row, words):
    """By hand."""
    assert sentences(table(row)) == {"b": words}


def test_the_sentence_has_the_first_measures_and_names_the_rest():
    """Intake that is all that was removed is not stated twice; sides and totals beside it are left to the tables."""
    sure = [
        ("made_ml_per_day", 800.0, -22.0, -27.0, -16.0),
        ("removed_ml_per_day", 800.0, -22.0, -27.0, -16.0),
        ("removed_ml_per_day_left", 400.0, -22.0, -27.0, -16.0),
        ("intake_ml_per_day", 800.0, -22.0, -27.0, -16.0),
        ("sessions_per_day", 12.0, -6.0, -6.0, -6.0),
        ("fullness", 0.5, 0.1, 0.05, 0.15),
        ("fat_g_per_l", 40.0, 2.0, 1.0, 3.0),
        ("infant_weight_kg", 4.0, -0.5, -0.6, -0.4),
        ("emptied_fraction", 0.5, 0.1, 0.05, 0.15),
        ("sodium_mmol_per_l", 8.0, 0.1, -0.1, 0.3),
        ("let_downs_per_feed", 3.0, 0.0, 0.0, 0.0),
    ]
    (sentence,) = sentences(table(*sure)).values()
    assert sentence.startswith("22 mL/day less milk removed (16 to 27 less); 6 fewer sessions a day; fullness 10 ")
    assert "taken by the infant" not in sentence
    assert sentence.endswith("also different: emptied in a session; not distinguishable: sodium.")


def test_drugs_come_last_each_with_its_name():
    """By the name of the drug; shares and ratios of drugs are left to the tables."""
    rows = [
        ("rid_percent[sertraline]", 1.0, -0.1, -0.2, 0.1),
        ("rid_percent[caffeine]", 5.0, 1.1, 0.92, 1.3),
        ("worst_feed_share[caffeine]", 0.4, 0.1, 0.05, 0.15),
        ("fat_g_per_l", 40.0, 0.1, -0.05, 0.15),
    ]
    (sentence,) = sentences(table(*rows)).values()
    assert sentence == (
        "relative infant dose of caffeine 1.1 percentage points higher (0.92 to 1.3 higher); not distinguishable: fat, "
        "relative infant dose as swallowed (sertraline)."
    )


@pytest.mark.parametrize("plain", ["rid_percent", "rid_percent[venlafaxine]"])
def test_a_drug_with_metabolites_is_said_with_them(plain):
    """A dose of the drug alone leaves out what may be most of it; other drugs are said as ever."""
    rows = [
        (plain, 3.0, -0.49, -0.6, -0.4),
        ("rid_percent[venlafaxine+metabolites]", 7.0, -0.4, -0.5, -0.3),
    ]
    if plain != "rid_percent":
        rows.append(("rid_percent[caffeine]", 5.0, 1.1, 0.92, 1.3))
    (sentence,) = sentences(table(*rows)).values()
    others = "" if plain == "rid_percent" else "relative infant dose of caffeine 1.1 percentage points higher"
    assert sentence.startswith(others)
    assert "dose of venlafaxine with metabolites 0.40 percentage points lower (0.30 to 0.50 lower)" in sentence
    assert "0.49" not in sentence


def test_scenarios_without_pairs_have_no_sentence():
    """Of several, each has its own."""
    row = ("removed_ml_per_day", 800.0, -22.0, -27.0, -16.0)
    known = table(row, scenario="c")
    unknown = table(("removed_ml_per_day", nan, nan, nan, nan))
    assert list(sentences(pd.concat([unknown, known]))) == ["c"]
    assert sentences(known.iloc[:0]) == {}


def test_measures_of_sentences_are_measures():
    """Of this version."""
    from lactflow.analysis.differences_in_words import _PHRASES

    assert set(_PHRASES) <= set(MEASURES)
