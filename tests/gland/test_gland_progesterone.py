"""What progesterone of a later pregnancy, or given, does to a cell: receptors, brake, junctions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import FED, step

from lactflow.gland.cell.genes import Genes
from lactflow.gland.cell.junctions import TightJunctions
from lactflow.gland.cell.progesterone import ProgesteroneReceptors, receptors_induced
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland
from lactflow.units import DAY_MIN

GLAND = Gland()
SECOND_MONTH = FED._replace(first_progesterone=0.2, later_progesterone=20.0, estradiol=1100.0)
PROGESTIN = FED._replace(first_progesterone=0.2, later_progesterone=20.0, estradiol=7.0)
GIVEN = FED._replace(first_progesterone=0.2, later_progesterone=25.0, estradiol=300.0, prolactin=0.3)


def receptors(*knock_outs):
    """Receptors of a cell."""
    return ProgesteroneReceptors(GLAND, Mechanisms(knock_outs))


def settled(message, days=60, *knock_outs):
    """Genes that have lived in what the blood says."""
    genes = Genes(GLAND, Mechanisms(knock_outs), FED)
    for _ in range(days * 24):
        step(genes, 60.0, message)
    return genes


def test_estrogen_brings_receptors_back_and_sooner_to_a_gland_at_rest():
    """By hand: half of them at the half effect, of a cell at rest and of one in full secretion."""
    assert receptors_induced(50.0, 0.0, 50.0, 2000.0) == 0.5
    assert receptors_induced(2000.0, 1.0, 50.0, 2000.0) == 0.5
    assert receptors_induced(1025.0, 0.5, 50.0, 2000.0) == 0.5
    assert receptors_induced(0.0, 0.0, 50.0, 2000.0) == 0.0


@given(st.floats(0.0, 1e5), st.floats(0.0, 1e5), st.floats(0.0, 1.0))
def test_more_estrogen_never_means_fewer(one, other, mrna):
    """And they are a share."""
    few, many = (receptors_induced(each, mrna, 50.0, 2000.0) for each in sorted((one, other)))
    assert 0.0 <= few <= many <= 1.0


def test_without_later_progesterone_the_brake_is_that_of_the_first_pregnancy():
    """The very same number."""
    message = FED._replace(progesterone_brake=0.1234567, estradiol=500.0)
    assert receptors().brake(message, 0.7) == 0.1234567


def test_progesterone_alone_does_little_to_a_gland_that_secretes():
    """With the estrogen of lactation hardly a receptor is there; the estrogen of a pregnancy brings milk down."""
    assert settled(PROGESTIN).mrna > 0.95 * settled(FED).mrna
    assert settled(SECOND_MONTH).mrna < 0.7 * settled(FED).mrna


def test_steroids_hold_back_a_gland_at_rest_and_let_go():
    """On hormones there is little mRNA; days after them the genes are on, with the prolactin of pumping."""
    on = settled(GIVEN)
    assert on.mrna < 0.03
    for _ in range(3 * 24):
        step(on, 60.0, FED)
    assert on.mrna > 0.9


def test_a_cell_without_receptors_feels_nothing():
    """Neither genes nor junctions."""
    without = receptors("progesterone_receptor")
    assert without.brake(SECOND_MONTH, 0.5) == without.junctions_open(SECOND_MONTH, 0.5) == 0.0


def test_junctions_open_as_far_as_progesterone_is_felt():
    """In a later pregnancy, and not under progesterone alone."""
    leaks = {}
    for name, message in {"pregnancy": SECOND_MONTH, "progestin": PROGESTIN, "none": FED}.items():
        junctions = TightJunctions(GLAND, Mechanisms(), FED)
        for _ in range(10 * 24):
            step(junctions, 60.0, message, mrna=0.6)
        leaks[name] = junctions.leak
    assert leaks["pregnancy"] > 2.0 * leaks["none"]
    assert leaks["progestin"] == pytest.approx(leaks["none"], abs=1e-3)


@given(st.floats(0.0, 200.0), st.floats(0.0, 3e4), st.floats(0.0, 1.0))
def test_the_brake_grows_with_what_comes_later(progesterone, estradiol, mrna):
    """Never below that of the first pregnancy alone."""
    first = 1.3
    alone = receptors().brake(FED._replace(first_progesterone=first, later_progesterone=1e-300), mrna)
    message = FED._replace(
        first_progesterone=first, later_progesterone=progesterone, estradiol=estradiol, progesterone_brake=alone
    )
    assert receptors().brake(message, mrna) >= alone * (1.0 - 1e-12)


def test_copies_answer_alike():
    """Copies of a cell have receptors of their own that answer alike."""
    genes = settled(SECOND_MONTH, days=3)
    other = genes.__copy__()
    step(genes, DAY_MIN, SECOND_MONTH)
    step(other, DAY_MIN, SECOND_MONTH)
    assert genes.mrna == other.mrna
