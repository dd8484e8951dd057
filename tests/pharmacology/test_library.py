"""Every drug of the library: valid, with something that each number rests on, and as fast as is printed."""

from __future__ import annotations

from math import log

import pytest

from lactflow.config.drugs.files import drug_of, shipped_drugs
from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.derived import Body, disposition_of, following, half_life_h
from lactflow.pharmacology.rests_on import numbers_of, without_source

PRINTED_H = {
    "aciclovir": 2.5,  # Lombardo 2018; 2.3 in women after birth, Sheffield 2002
    "amoxicillin": 1.02,  # FDA label: 61.3 min
    "atenolol": 6.4,  # abstract of 1976, Clin Pharmacol Ther 20:524
    "caffeine": 4.9,  # Lombardo 2018
    "cabergoline": 66.0,  # label of Dostinex: 63 to 69
    "cefadroxil": 1.6,  # 1 g: Antimicrob Agents Chemother 1982 21:320
    "cephalexin": 0.85,  # product text (Ritemed): 0.5 to 1.2
    "cetirizine": 8.3,  # product text (Smayan): 146 volunteers
    "citalopram": 35.0,  # label text
    "diclofenac": 1.4,  # Lombardo 2018
    "domperidone": 7.5,  # Heykants 1981
    "escitalopram": 30.0,  # Sogaard 2005: 27 and 33
    "fluoxetine": 120.0,  # label: 4 to 6 days
    "ibuprofen": 2.0,  # Swiss product text 66852: 1.5 to 2
    "infliximab": 14.0 * 24.0,  # Fasanmade 2009
    "lamotrigine": 25.4,  # FDA label
    "metoclopramide": 5.2,  # Ross-Lee 1981, by mouth
    "metoprolol": 3.0,  # Regardh 1974
    "nitrofurantoin": 0.97,  # Hoener and Patterson 1981: 58.1 min
    "oxycodone": 3.7,  # FDA label, 15 mg
    "paracetamol": 2.28,  # in milk, Berlin 1980; 2.7 in Bitzen 1981
    "paroxetine": 21.0,  # label
    "sertraline": 26.0,  # product text (Tolrest)
}
"""Half-lives [h] that papers and labels print, of the drugs that have one."""
NORFLUOXETINE_H = 264.0
"""Altamura 1994: 7 to 15 days."""
NAMES = sorted(shipped_drugs())
LINEAR = [
    name
    for name in NAMES
    if drug_of(name).kinetics.has_concentration and drug_of(name).kinetics.elimination_g_per_l_h is None
]
"""Those that leave by first order: they have a half-life, and a printed one must be above for each of them."""


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_valid_and_bears_its_name(name):
    """So that a config finds it."""
    drug = drug_of(name)

    assert drug.drug == name == shipped_drugs()[name].stem
    assert drug.title


@pytest.mark.parametrize("name", NAMES)
def test_each_number_rests_on_something(name):
    """On a source or, where it has none, on a word that says so."""
    assert without_source(drug_of(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_has_read_says_so(name):
    """A source that was not looked up is not called seen; one that was read says where in it."""
    for reference in drug_of(name).sources.values():
        assert not (reference.seen and "not looked up" in reference.cite)
        assert not reference.seen or reference.locator


@pytest.mark.parametrize("name", LINEAR)
def test_each_leaves_as_fast_as_is_printed(name):
    """Within twice and half of a half-life that somebody else printed."""
    found = half_life_h(disposition_of(drug_of(name).kinetics, Body(), Pharmacology()))

    assert PRINTED_H[name] / 2.0 < found < PRINTED_H[name] * 2.0


def test_the_metabolite_of_fluoxetine_stays_longer_than_it():
    """Norfluoxetine: 7 to 15 days."""
    (metabolite,) = drug_of("fluoxetine").metabolites

    found = log(2.0) * metabolite.volume_l / metabolite.clearance_l_per_h

    assert NORFLUOXETINE_H / 1.5 < found < NORFLUOXETINE_H * 1.5


def test_metabolite_and_drug_stand_as_printed():
    """The label: 91 to 302 ug/L of fluoxetine and 72 to 258 of norfluoxetine on 40 mg a day."""
    drug = drug_of("fluoxetine")
    (metabolite,) = drug.metabolites

    level = 40.0 / 24.0 / drug.kinetics.clearance_l_per_h
    made = level * drug.kinetics.clearance_l_per_h * metabolite.formed_share * metabolite.molar_ratio
    of_metabolite = made / metabolite.clearance_l_per_h

    assert 0.091 < level < 0.302
    assert 0.072 < of_metabolite < 0.258


def test_valaciclovir_gives_the_printed_area():
    """1 g of it: 19 h mg/L of aciclovir (Weller 1993)."""
    kinetics = drug_of("aciclovir").kinetics

    assert 1000.0 * kinetics.bioavailability / kinetics.clearance_l_per_h == pytest.approx(19.0, rel=0.05)


def test_beta_lactams_pass_slowest_and_alcohol_at_once():
    """By class, since nobody has measured it in women."""
    exchange = {name: passage.exchange_ml_per_h for name in NAMES if (passage := drug_of(name).passage) is not None}

    slowest = {"amoxicillin", "cephalexin", "cefadroxil"}
    known = {name: each for name, each in exchange.items() if each is not None}
    assert max(known[name] for name in slowest) < min(each for name, each in known.items() if name not in slowest)
    assert max(known, key=known.__getitem__) == "ethanol"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("paracetamol", 0.76),  # Bitzen 1981
        ("caffeine", 0.81),  # Stavchansky 1988
        ("nitrofurantoin", 6.21 / 22.0),  # Gerk 2001, without the transporter that is fitted on it
        ("lamotrigine", 0.413),  # Newport 2008
        ("metoprolol", 2.5),  # Kulas 1984: 2.0 to 3.1
        ("escitalopram", 2.2),  # Rampono 2006
    ],
)
def test_partition_is_of_the_size_that_is_printed(name, printed):
    """Within two-fold, with nothing fitted; milk of 3.8 g fat in 100 mL."""
    found = following(drug_of(name).passage, Pharmacology(), 7.1)

    whole = found.ratio * (1.0 + (found.fat_partition - 1.0) * 0.038 / 0.93)
    assert printed / 2.0 < whole < printed * 2.0


def test_most_numbers_were_read():
    """Of those that are no assumption and no fit, all but a few."""
    every = [each for name in NAMES for each in numbers_of(drug_of(name)) if not each.use]
    unread = [each.key for each in every if each.source is None or not each.source.seen]

    assert len(unread) < 0.1 * len(every), unread
