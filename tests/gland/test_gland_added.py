"""What a run adds to milk, kept in objects, against the same laws on lists with a place for every analyte."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lobes import pour

from lactflow.gland.added import Added
from lactflow.gland.analytes import ALWAYS_THERE, FAT, WATER, Analyte, Cargo, Milk
from lactflow.gland.contents import Contents
from lactflow.gland.lumen import Globules, Lumen
from lactflow.gland.membrane import ApicalMembrane
from lactflow.gland.routes import CarriedThroughCells, CrossesJunctions, ExchangedWithPlasma, RidesPackets
from lactflow.kinetics import globule_speed
from lactflow.parameters.gland import Gland
from lactflow.pipeline import Packet

EXTRAS = (
    Analyte("protein_of_hers", "g", (CarriedThroughCells(1.0),), resorption=0.5),
    Analyte("ion", "mmol", (CrossesJunctions(3.0), CarriedThroughCells(0.2))),
    Analyte("drug", "mg", (ExchangedWithPlasma(2.0, 30.0, 20.0), CrossesJunctions(2.0)), fat_partition=5.0),
    Analyte("one_way", "mg", (CrossesJunctions(4.0, both_ways=False),), fat_partition=0.3, resorption=0.7),
    Analyte("sugar", "g", (RidesPackets("golgi", per_l_eq=7.0),)),
    Analyte("oil", "g", (RidesPackets("droplet_growth", per_l_eq=2.0),), fat_partition=90.0),
)
GLAND = Gland()
CONTENTS = Contents(GLAND, EXTRAS)
ALL = range(len(CONTENTS.analytes))
FAT_DENSITY = GLAND.composition.fat_density_g_per_ml
GLOBULES = Globules(0.6, 2.0, FAT_DENSITY)
VESICLE = Cargo([1.0, 0.2, 0.012, 0.007, 0.014, 0.012, 0.003, 0.08, 1.0, 0.0, *[0.0] * 4, 0.007, 0.0], 1.0, 0.01)
DROPLET = Cargo([0.0] * 9 + [0.04, *[0.0] * 5, 0.002], 0.04 / FAT_DENSITY, 0.0)


class Lists:
    """The same laws on lists, as they are written in words: a place for every analyte."""

    def __init__(self, milk):
        self.volume_ml = milk.volume_ml
        self.amounts = list(milk.amounts)
        self.made, self.entered, self.left = ([0.0] * len(ALL) for _ in range(3))
        self.came = {VESICLE: 0, DROPLET: 0}
        self.partitions = dict(CONTENTS.partitions)

    def settle(self):
        for cargo, count in self.came.items():
            for index in ALL:
                self.amounts[index] += cargo.amounts[index] * count
            self.came[cargo] = 0

    def book(self, index, came, went):
        self.amounts[index] += came - went
        self.entered[index] += came
        self.left[index] += went

    def leak(self, exchanged, resorbed):
        self.settle()
        water_ml, fat_g = self.amounts[WATER], self.amounts[FAT]
        fat_ml = fat_g / FAT_DENSITY
        resorbed_g = CONTENTS.resorption[FAT] * resorbed * fat_g
        for index in ALL:
            route = next((r for r in CONTENTS.analytes[index].routes if isinstance(r, CrossesJunctions)), None)
            amount, partition = self.amounts[index], self.partitions.get(index, 0.0)
            whole_ml = water_ml + partition * fat_ml
            if index in (WATER, FAT) or whole_ml <= 0.0:
                continue
            came = exchanged * water_ml * (route.factor * route.level / 1000.0 if route else 0.0)
            went = exchanged * water_ml / whole_ml * amount if route and route.both_ways else 0.0
            share = (resorbed * water_ml + partition * resorbed_g / FAT_DENSITY) / whole_ml
            # What only enters is resorbed as it was there before; what is in fat too, with what has come.
            there = amount + came - went if partition or (route and route.both_ways) else amount
            self.book(index, came, went + CONTENTS.resorption[index] * share * there)
        self.book(FAT, 0.0, resorbed_g)
        self.book(WATER, 0.0, resorbed * water_ml)
        self.volume_ml -= resorbed * water_ml + resorbed_g / FAT_DENSITY

    def eject(self, volume_ml, capacity_ml, ducts):
        self.settle()
        water_ml, all_fat_ml = self.amounts[WATER], self.amounts[FAT] / FAT_DENSITY
        speed = globule_speed((self.volume_ml - 0.5 * volume_ml) / capacity_ml, GLOBULES.lag, GLOBULES.steepness)
        fat_ml = all_fat_ml * min(1.0, volume_ml / self.volume_ml) * speed
        skim_ml = min(water_ml, volume_ml - fat_ml)
        self.volume_ml -= skim_ml + fat_ml
        ducts.volume_ml += skim_ml + fat_ml
        for index in ALL:
            partition = inf if index == FAT else self.partitions.get(index, 0.0)
            whole_ml = water_ml + partition * all_fat_ml
            share = fat_ml / all_fat_ml if index == FAT and all_fat_ml else 0.0
            if index != FAT and whole_ml > 0.0:
                share = (skim_ml + partition * fat_ml) / whole_ml
            part = self.amounts[index] * min(1.0, share)
            self.amounts[index] -= part
            ducts.amounts[index] += part


def milk_of(volume_ml):
    """Milk with a number of its own in every place."""
    return Milk(volume_ml, [0.96 * volume_ml, *(0.01 * (3 + index) * volume_ml for index in ALL if index)])


def bring_packets(some, ref, vesicles, droplets):
    """Packets come, as long as there is room."""
    for site, cargo, count in ((some.vesicles, VESICLE, vesicles), (some.droplets, DROPLET, droplets)):
        for number in range(count):
            packet = Packet(number, 0.0)
            packet.cargo = cargo
            if site.accept(packet, 0.0):
                ref.came[cargo] += 1
                ref.volume_ml += cargo.volume_ml


def leak(some, ref, exchanged, resorbed):
    """Junctions are open."""
    some.leak(CONTENTS.plasma(0.0), exchanged, resorbed)
    ref.leak(exchanged, resorbed)


def eject(some, ref, share, back):
    """Some of the milk is pressed into ducts, and some of that flows back."""
    ducts, other = milk_of(3.0), milk_of(3.0)
    volume_ml = share * some.volume_ml
    if volume_ml > 1e-3:
        pour(some, volume_ml, GLOBULES, ducts)
        ref.eject(volume_ml, some.capacity_ml, other)
    assert ducts.volume_ml == pytest.approx(other.volume_ml, rel=1e-12)
    assert ducts.amounts == pytest.approx(other.amounts, rel=1e-11, abs=1e-12)
    flows_back = ducts.scaled(back)
    some.fill(flows_back)
    ref.settle()
    ref.volume_ml += flows_back.volume_ml
    ref.amounts = [mine + come for mine, come in zip(ref.amounts, flows_back.amounts, strict=True)]


def receive(some, ref, analyte, amount):
    """Cells carry something through."""
    if analyte < ALWAYS_THERE:
        some.receive(analyte, amount)
    else:
        some.added[analyte - ALWAYS_THERE].receive(amount)
    ref.book(analyte, amount, 0.0)


def turn_over(some, ref, gone, came):
    """The drug is exchanged; half of what came stays."""
    place = ALWAYS_THERE + 2
    some.added[2].turn_over(gone, 0.5 * came, came)
    ref.book(place, came, max(0.0, came - 0.5 * came + gone * ref.amounts[place]))


SHARE = st.floats(0.0, 0.6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just(bring_packets), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just(leak), SHARE, SHARE),
        st.tuples(st.just(eject), st.floats(0.05, 0.9), SHARE),
        st.tuples(st.just(receive), st.sampled_from([2, ALWAYS_THERE, ALWAYS_THERE + 1]), SHARE),
        st.tuples(st.just(turn_over), SHARE, SHARE),
    ),
    max_size=12,
)


@given(STEPS)
def test_objects_hold_what_lists_would(steps):
    """Any order of packets, ejections, leaks, fluxes and exchange: the same amounts and the same ledger."""
    some = Lumen(GLAND, 400.0, ApicalMembrane(GLAND.membrane, 1.0, 0.0), CONTENTS)
    some.fill(milk_of(80.0))
    ref = Lists(milk_of(80.0))
    for step, *how in steps:
        step(some, ref, *how)
    ref.settle()
    assert some.volume_ml == pytest.approx(ref.volume_ml, rel=1e-12)
    for found, wanted in (
        (some.amounts(), ref.amounts),
        (some.made, ref.made),
        (some.entered, ref.entered),
        (some.left, ref.left),
    ):
        assert len(found) == len(ALL)
        assert found == pytest.approx(wanted, rel=1e-11, abs=1e-12)


def test_an_amount_is_found_without_settling():
    """Of what packets bring, of what they do not, and of what every run has."""
    some = Lumen(GLAND, 400.0, ApicalMembrane(GLAND.membrane, 1.0, 0.0), CONTENTS)
    some.fill(milk_of(10.0))
    before = some.amounts()
    bring_packets(some, Lists(milk_of(10.0)), 3, 2)
    assert some.amount_of(ALWAYS_THERE + 4) == before[ALWAYS_THERE + 4] + 3 * 0.007
    assert some.amount_of(ALWAYS_THERE + 2) == before[ALWAYS_THERE + 2]
    assert some.amount_of(FAT) == some.fat_ml() * FAT_DENSITY == pytest.approx(before[FAT] + 2 * 0.04, rel=1e-12)
    assert some.amounts() == pytest.approx([some.amount_of(index) for index in ALL], rel=1e-12)


def test_what_is_booked_is_what_is_there():
    """By hand: 10 there; 4 made, 3 of plasma and 5 back; 2 carried through; a fifth gone while 4 came, 3 stayed."""
    added = Added(0.0, 1.0)
    added.amount = 10.0
    added.pass_over(4.0, 3.0, 5.0)
    added.receive(2.0)
    assert (added.amount, added.made, added.entered, added.left) == (14.0, 4.0, 5.0, 5.0)
    added.turn_over(0.25, 3.0, 4.0)
    assert (added.amount, added.entered, added.left) == (13.5, 9.0, 9.5)
    added.synthesise_over(0.0, 1.5, 2.0, 1.0)
    assert (added.amount, added.made, added.entered, added.left) == (15.0, 5.0, 10.0, 10.0)


def test_milk_of_another_run_is_not_poured_in():
    """Amounts without a place would be lost without a word."""
    with pytest.raises(ValueError, match="milk with 10 analytes cannot be poured into milk with 16"):
        CONTENTS.no_milk().add(Milk(1.0))
