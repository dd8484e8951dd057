"""Every formula of the model: numbers worked by hand, and the equation that its docstring gives."""

from __future__ import annotations

import inspect
from math import cos, exp, inf, log, pi, sqrt

import pytest
from docstrings import entries, sections_of
from equations_page import KEY, OURS, SOURCES, WRITTEN_OUT, formulas, name_of, unit_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lactflow.gland.by_clock import Cortisol, Melatonin, Tryptophan
from lactflow.gland.cell.cells import CELL_MECHANISMS
from lactflow.gland.immune import Lysozyme, SecretoryIgA
from lactflow.gland.sugars import Oligosaccharides
from lactflow.parameters.declaration import declared_quantities
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.infant import InfantPhysiology
from lactflow.parameters.infant_drugs import InfantClearance
from lactflow.parameters.pharmacology import Pharmacology

FORMULAS = {name_of(function): function for functions in formulas().values() for function in functions}
OF_NUMBERS = [name for name in FORMULAS if name not in WRITTEN_OUT]

BY_HAND = {
    "fasted_supply": [((20.0, 20.0, 40.0, 0.4), 1.0), ((20.0 + 40.0 * log(2.0), 20.0, 40.0, 0.4), 0.7)],
    "growth_share": [((0.5, 2.0), 0.25), ((0.25, 0.5), 0.5), ((3.0, 1.0), 1.0)],
    # General
    "relaxed": [((3.0, 1.0, 5.0 * log(2.0), 5.0), 2.0), ((0.0, 4.0, 0.0, 5.0), 0.0)],
    "decayed": [((8.0, 6.0, 2.0), 1.0)],
    "dose_in_body": [((16.0, 3.0, 3.0, 1.0), 7.0)],
    "inhibition": [((0.0, 1.0, 3.0), 1.0), ((2.0, 1.0, 3.0), 1.0 / 9.0)],
    "saturation": [((0.0, 1.0, 3.0), 0.0), ((2.0, 1.0, 3.0), 8.0 / 9.0), ((1e-300, 1.0, 12.0), 0.0)],
    "osmotic_water_ml": [((500.0, 300.0, 50.0), 2.0), ((0.0, 300.0, 50.0), 0.0)],
    "globule_speed": [((0.5, 0.8, 2.0), 0.4), ((1.2, 0.8, 2.0), 0.2), ((0.0, 0.8, 2.0), 1.0)],
    # The body of an infant: above the least, at it; behind its channel, on it, far ahead, far behind; before it eats
    "energy_spent": [((5.0, 90.0, 150.0, 40.0), 300.0), ((2.0, 90.0, 150.0, 40.0), 80.0)],
    "wanted_gain": [
        ((4.5, 5.0, 0.2, 2.5), 1.5),
        ((5.0, 5.0, 0.2, 2.5), 1.0),
        ((7.0, 5.0, 0.2, 2.5), 0.0),
        ((1.0, 5.0, 0.2, 2.5), 2.5),
    ],
    "learned_threshold": [((0.5, 2.0, 8.0, 0.5), 0.25), ((0.5, 2.0, 8.0, 0.0), 0.5)],
    "rhythm_maturity": [((15.0, 20.0, 30.0), 0.0), ((20.0 + 30.0 * log(4.0), 20.0, 30.0), 0.75)],
    "hunger_by_day": [((0.5, 8.0), 1.25), ((1.0, 9.0), 1.0), ((0.3, 0.0), 1.0)],
    "share_of_solids": [
        ((-10.0, 80.0, 0.8, 200.0, 20.0), 0.0),
        ((200.0 * log(2.0), 20.0 * log(4.0), 0.8, 200.0, 20.0), 0.3),
    ],
    # Drugs and hormones
    "estrogen_factor": [((0.0, 0.01), 1.0), ((300.0, 0.01), 0.25)],
    "substrate_factor": [((1.0, 0.5), 1.0), ((0.49, 0.5), 0.7)],
    "inflamed_fluxes": [((0.0, 2.0), 1.0), ((0.5, 3.0), 2.0)],
    "lysozyme_course": [((0.0, 14.0, 90.0), 1.0), ((90.0, 14.0, 90.0), 8.0)],
    "oligosaccharides": [((0.0, 5.0, 7.5, 70.0), 12.5), ((70.0 * log(2.0), 5.0, 8.0, 70.0), 9.0)],
    "inflammation_factor": [((0.0, 0.4), 1.0), ((0.5, 0.4), 0.8)],
    "pulse_interval_min": [((-5.0, 3.7, 1.7, 100.0), 1.7), ((100.0 * log(4.0), 3.7, 1.7, 100.0), 3.2)],
    "pulses_under_stress": [((0.0, 0.4), 1.0), ((0.5, 0.4), 0.7)],
    "share_left": [((-1.0, 0.8, 5.0, 10.0), 1.0), ((10.0, 0.8, 5.0, 10.0), 0.3)],
    "surge_peak": [((2.0, 1.0), 0.25)],
    "surge": [((log(2.0), 2.0, 1.0, 0.25), 1.0), ((log(4.0), 2.0, 1.0, 0.25), 0.75), ((0.0, 2.0, 1.0, 0.25), 0.0)],
    "refilled": [((7.0 * log(4.0), 7.0), 0.75), ((inf, 7.0), 1.0)],
    "baseline_ng_per_ml": [((5.0, 3.0, 4.0), 10.0)],
    "released": [((10.0, 8.0, 0.5), 7.0), ((10.0, 8.0, 2.0), 36.0)],
    "declined": [((-1.0, 2.0), 1.0), ((2880.0 * log(2.0), 2.0), 0.5)],
    # Later pregnancies, and steroids that are given
    "gestation_share": [((-1.0, 2.0), 0.0), ((140.0, 2.0), 0.25), ((300.0, 1.3), 1.0)],
    "left_since": [((-1.0, 2.0), 1.0), ((2880.0 * log(2.0), 2.0), 0.5)],
    "given_level": [((8.0, 20.0, 10.0, 10.0), 2.0), ((8.0, 20.0, -1.0, 10.0), 6.0), ((8.0, -1.0, -1.0, 10.0), 0.0)],
    "growth_by_steroids": [((0.08, 100.0, 10.0, 100.0, 30.0), 0.01), ((0.08, 0.0, 10.0, 100.0, 30.0), 0.0)],
    "receptors_induced": [((1025.0, 0.5, 50.0, 2000.0), 0.5), ((150.0, 0.0, 50.0, 2000.0), 0.75)],
    "lactalbumin_left": [((0.2, 0.8), 0.25), ((0.0, 0.0), 1.0)],
    "growing_by_steroids_per_day": [((0.05, 0.2), 0.04), ((0.05, 1.2), 0.0)],
    # Rhythms of the blood: at the peak, half the width before it, over midnight
    "night_peak": [((3.0, 10.0, 280.0, 3.0, 8.0), 280.0), ((23.0, 10.0, 280.0, 3.0, 8.0), 145.0)],
    "morning_peak": [((7.0, 7.0, 2.0, 0.5), 1.0), ((9.0, 7.0, 2.0, 0.5), 0.25), ((5.0, 7.0, 2.0, 0.5), 0.25)],
    "daily_wave": [((3.0, 50.0, 0.2, 3.0), 60.0), ((15.0, 50.0, 0.2, 3.0), 40.0)],
    # What cells feel of the lumen
    "fusion_factor": [((-1e-17, 0.75, 0.5), 1.0), ((1.5, 0.75, 2.0), 0.2)],
    "inhibitor_ahead": [((0.8, 0.4), 0.2), ((0.4, 0.8), 0.0)],
    # Mechanisms of the cell
    "transcription": [
        ((0.5, 1.0, 0.5, 0.25, 0.2), 0.175),
        ((1.0, 0.0, 1.0, 0.1, 0.02), 1.0),
        ((0.0, 1.0, 1.0, 0.1, 0.02), 0.0),
    ],
    "lif_kept": [((0.8, 0.6, 0.6, 0.5), 0.4), ((0.8, 0.5, 0.6, 0.5), 0.0), ((0.8, 0.6, 0.5, 0.5), 0.0)],
    "lif_target": [((2.0, 0.3, 1.0, 2.0), 0.8), ((1.0, 0.7, 1.0, 2.0), 0.7)],
    "stat5_allowed": [((0.5, 0.8), 0.6)],
    "commitment_target": [
        ((0.6, 0.0, 0.7, 0.6), 1.0),
        ((0.6, 0.6, 0.0, 0.6), 1.0),
        ((0.6, 0.5, 0.6, 0.6), 0.0),
        ((0.5, 1.0, 1.0, 0.6), 0.0),
    ],
    "dying_of_involution": [((0.5, 0.8, 0.2), 0.04)],
    "leak_of_stasis": [((0.85, 0.7, 0.2), 0.1), ((0.4, 0.7, 0.2), -0.2)],
    "leak_of_rest": [((0.5, 0.3), 0.075), ((1.0, 0.3), 0.0), ((0.0, 0.3), 0.3)],
    "leak_target": [
        ((0.5, 0.4, 0.3, 0.2, 0.1), 0.5),
        ((0.1, 0.5, 0.3, 0.2, 0.1), 0.5),
        ((0.1, 0.4, 0.5, 0.2, 0.1), 0.5),
        ((0.1, 0.4, 0.3, 0.5, 0.1), 0.5),
        ((0.1, -0.4, 0.3, 0.2, 0.5), 0.5),
    ],
    "regrowing_per_day": [((0.5, 0.1, 0.5, 0.5, 1.0), 0.0125), ((0.5, 0.1, 0.5, 2.0, 1.0), 0.0)],
    "recruited": [((0.5, 0.3, 0.5), 0.925), ((1.0, 0.3, 0.0), 1.0)],
    "quiescence": [((4.0, 0.5, 0.7, 3.0), 2.0), ((0.01, 1.0, 0.7, 3.0), 0.7), ((9.0, 1.0, 0.7, 3.0), 3.0)],
    "settled_active": [((1.0,), 0.5), ((3.0,), 0.1)],
    "turning_per_day": [((0.5, 0.04, 0.5), 0.05)],
    "growing_per_day": [((0.5, 0.1, 0.8, 1.0, 2.0), 0.02), ((0.5, 0.1, 0.8, 3.0, 2.0), 0.0)],
    "turnover_per_day": [((1.5, 0.01), 0.005), ((5.0, 0.01), 0.01)],
    "unfolded_protein": [((0.5, 0.8), 0.0), ((0.9, 0.8), 0.5), ((2.0, 0.8), 1.0)],
    "attenuation": [((0.7, 0.2, 2.0), 0.5), ((0.2, 0.7, 2.0), 1.0)],
    "dying_of_stress": [((0.5, 0.6, 0.04), 0.0), ((0.8, 0.6, 0.04), 0.02)],
    # Drugs: from plasma into milk, and what infants do with them
    "unbound_in_skim": [((0.1, 1.0), 0.1), ((0.1, 0.5), 2.0 / 11.0), ((1.0, 0.2), 1.0)],
    "fat_over_skim": [((2.0, 0.5, 1.5, -1.0), 50.0), ((9.0, 1.0, 1.0, 0.0), 1e5)],
    "carried_share": [((300.0, 100.0), 0.75), ((0.0, 100.0), 0.0), ((0.0, 0.0), 1.0)],
    "scaled_clearance": [((8.0, 140.0, 2.0), 32.0), ((8.0, 70.0, 0.75), 8.0)],
    "partition": [((2.0, 0.3, 0.6), 1.0), ((2.0, 0.3, 0.6, 5.0), 5.0)],
    "effective_ml": [((100.0, 9.3, 11.0), 200.0), ((100.0, 9.3, 1.0), 100.0)],
    "settled_ratio": [((2.0, 30.0, 0.5, 10.0), 1.75), ((2.0, 0.0, 0.5, 10.0), 1.0)],
    "gone_after": [((log(4.0),), 0.75), ((0.0,), 0.0)],
    "postmenstrual_weeks": [((38.0, 14.0), 40.0)],
    "matured": [((40.0, 40.0, 3.0), 0.5), ((80.0, 40.0, 2.0), 0.8)],
    "relative_dose_percent": [((0.2, 10.0), 2.0)],
    "conventional_dose_percent": [((2.0, 2000.0 / 70.0), 1.05)],
    # Exchange with plasma
    # What vesicles are loaded with
    "lactose_share": [((1.0, 1.0, 0.4, 0.25), 1.0), ((0.5, 0.25, 0.4, 0.25), 0.4375)],
    "ion_loaded": [((10.0, 30.0, 0.75), 15.0)],
}
"""Arguments and values, worked by hand, of every formula."""

RANGES = {
    "threshold": (0.0, 0.9),
    "most_emptied": (0.1, 1.0),
    "most_full": (1.0, 3.0),
    "maturity": (0.0, 1.0),
    "fullness": (0.0, 1.5),
    "inhibitor": (-0.1, 2.0),
    "time_min": (-1.0, 3000.0),
    "since_out_min": (-1.0, 10.0),
    "ions_mmol_per_l": (0.0, 3.0),
    "osmolality": (4.0, 9.0),
}
"""Of arguments that are not any number from 0.01 to 3."""


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_formulas_by_hand(name):
    """Each with numbers that can be checked on paper, each of its branches."""
    for arguments, value in BY_HAND[name]:
        assert FORMULAS[name](*arguments) == pytest.approx(value, rel=1e-12, abs=1e-15)


def evaluated(equation, arguments):
    """The last line of an equation, worked out with the lines before it."""
    known = {"exp": exp, "log": log, "sqrt": sqrt, "cos": cos, "pi": pi, "min": min, "max": max, **arguments}
    for line in equation.splitlines():
        name, expression = line.split(" = ", 1)
        known[name] = eval(expression, {"__builtins__": {}}, known)  # our own docstring
    return known[name]


@pytest.mark.parametrize("name", OF_NUMBERS)
@settings(max_examples=30, derandomize=True)
@given(data=st.data())
def test_equations_are_those_of_the_code(name, data):
    """What the docstring gives is what the function does; the last line has its name."""
    function = FORMULAS[name]
    equation = sections_of(function)[2]["Equation"]
    assert equation.splitlines()[-1].startswith(f"{name} = ")
    arguments = {
        each: data.draw(st.floats(*RANGES.get(each, (0.01, 3.0))), label=each)
        for each in inspect.signature(function).parameters
    }
    if name == "surge_peak":
        assume(abs(arguments["rise_per_min"] - arguments["fall_per_min"]) > 1e-3)
    assert function(**arguments) == pytest.approx(evaluated(equation, arguments), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_say_what_they_are(name):
    """Every argument is explained; a rate, a time or a volume has its unit; the source exists, or the form is ours."""
    function = FORMULAS[name]
    _, _, sections = sections_of(function)
    explained = "\n".join(entries(sections["Parameters"]))
    assert all(f"`{each}`" in explained for each in inspect.signature(function).parameters if each != "self")
    units = {"_per_day": "1/d", "_per_min": "1/min", "_min": "min", "_ng_per_ml": "ng/mL", "_ml": "mL"}
    for suffix, unit in units.items():
        if name.endswith(suffix):
            assert unit_of(function) == unit
            break
    references = sections["References"]
    keys = KEY.findall(references)
    assert keys or any(words in references for words in OURS)
    assert set(keys) <= SOURCES.keys()


def test_formulas_cite_what_parameters_cite():
    """No source stands beside a formula that no declared number rests on, but for an account and a convention."""
    shipped = (Melatonin(), Cortisol(), Tryptophan(), SecretoryIgA(), Lysozyme(), Oligosaccharides())
    groups = (Gland(), Endocrine(), *shipped, InfantGrowth(), InfantPhysiology(), Pharmacology(), InfantClearance())
    declared = {each.declaration.source.key for group in groups for each in declared_quantities(group)}
    cited = {key for function in FORMULAS.values() for key in KEY.findall(sections_of(function)[2]["References"])}
    assert cited - declared <= {"LinzellPeaker1971", "Begg2002"}


@pytest.mark.parametrize("kind", CELL_MECHANISMS.values(), ids=CELL_MECHANISMS)
def test_mechanisms_keep_their_formulas_apart(kind):
    """Every function in the file of a mechanism has an equation, so that none is left out of the page."""
    module = inspect.getmodule(kind)
    own = {each.__name__ for each in vars(module).values() if getattr(each, "__module__", None) == kind.__module__}
    assert own > {kind.__name__}
    assert own - {kind.__name__} <= FORMULAS.keys()


def test_names_of_formulas_are_no_two_things():
    """One name, one formula: the page links by name."""
    assert len(FORMULAS) == sum(map(len, formulas().values())) == len(BY_HAND) + len(WRITTEN_OUT)


@pytest.mark.parametrize("name", WRITTEN_OUT)
def test_formulas_that_are_written_out_cannot_be_evaluated(name):
    """They are of a class, take something that is no number, or give more than one: else they would be tested above."""
    signature = inspect.signature(FORMULAS[name])
    kinds = {each.annotation for each in signature.parameters.values()} | {signature.return_annotation}
    assert kinds - {"float", float}
