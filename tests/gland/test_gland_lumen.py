"""The lumen: exchange with plasma and resorption, what vesicles are loaded with, ejection, the apical membrane."""

from __future__ import annotations

from math import exp, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lobes import pour

from lactflow.gland.analytes import (
    ALWAYS_THERE,
    CITRATE,
    FAT,
    INHIBITOR,
    LACTOSE,
    OSMOLES,
    OTHER,
    PROTEIN,
    SODIUM,
    WATER,
    Cargo,
    Milk,
)
from lactflow.gland.contents import Contents
from lactflow.gland.loading import VesicleLoading, droplet_cargo
from lactflow.gland.lumen import Globules, Lumen
from lactflow.gland.mechanism import Mechanisms
from lactflow.gland.membrane import ApicalMembrane
from lactflow.parameters.composition import Composition
from lactflow.parameters.gland import Gland
from lactflow.parameters.membrane import Membrane
from lactflow.parameters.tight_junctions import JunctionParameters
from lactflow.pipeline import Environment, Packet, Station
from lactflow.pipeline.line import Outside

ALL = Mechanisms()
SHARES = st.lists(st.tuples(st.floats(0.0, 0.5), st.floats(0.0, 0.5)), min_size=1, max_size=30)
CELLS = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))


def milk(volume_ml, *, maturity=1.0, mrna=1.0, substrate=1.0, composition=None):
    """Milk as such a cell makes it."""
    composition = composition or Composition()
    amounts = list(VesicleLoading(composition, Membrane(), ALL, volume_ml).cargo(maturity, mrna, substrate).amounts)
    amounts[FAT] = droplet_cargo(composition, Membrane(), volume_ml).amounts[FAT]
    return Milk(amounts[WATER] + amounts[FAT] / composition.fat_density_g_per_ml, amounts)


def lumen(content, gland=None):
    """A lumen of 200 mL that holds some milk."""
    gland = gland or Gland()
    some = Lumen(gland, 200.0, ApicalMembrane(gland.membrane, 1.0, 0.0))
    some.fill(content)
    return some


def plasma(gland=None):
    """Plasma as declared."""
    return Contents(gland or Gland()).plasma(0.0)


def osmolality(some):
    """Of the skim phase [mOsm/L]."""
    return sum(some.amounts()[index] for index in OSMOLES) / some.amounts()[WATER] * 1000.0


def volume_of(some):
    """What its water and fat take up."""
    return some.amounts()[WATER] + some.amounts()[FAT] / 0.93


# -- loading ----------------------------------------------------------------------------------------------


@given(CELLS, st.floats(0.01, 2.0))
def test_every_vesicle_is_iso_osmotic(cell, packet_ml):
    """Whatever the cell loads, water follows until it has the osmolality of plasma."""
    cargo = VesicleLoading(Composition(), Membrane(), ALL, packet_ml).cargo(*cell)
    osmoles = sum(cargo.amounts[index] for index in OSMOLES)
    assert osmoles / cargo.amounts[WATER] * 1000.0 == pytest.approx(300.0, rel=1e-12)
    assert min(cargo.amounts) >= 0.0
    assert cargo.volume_ml == cargo.amounts[WATER]


def test_a_mature_packet_makes_its_volume():
    """1 mL-eq of both lines of a mature cell is 1 mL of milk, with the lactose of mature milk."""
    made = milk(100.0)
    assert made.volume_ml == pytest.approx(100.0, rel=0.005)
    assert made.per_litre(LACTOSE) == pytest.approx(200.0, rel=0.01)
    assert made.osmolality() == pytest.approx(300.0, rel=1e-12)


def test_lactose_sets_the_volume():
    """An immature cell, one without substrate, one without either enzyme: less lactose, less water in proportion."""
    composition = Composition()
    whole = VesicleLoading(composition, Membrane(), ALL, 1.0)
    assert whole.lactose_fraction(1.0, 1.0) == pytest.approx(1.0, rel=1e-12)
    assert whole.lactose_fraction(0.0, 1.0) == pytest.approx(composition.immature_lactose_fraction, rel=1e-12)
    half = composition.alpha_lactalbumin_half_effect
    assert whole.lactose_fraction(1.0, half) == pytest.approx(0.5 * (1.0 + half), rel=1e-12)
    volumes = [whole.cargo(maturity, 1.0, 1.0).volume_ml for maturity in (0.0, 0.5, 1.0)]
    assert volumes == sorted(volumes)
    for name in ("lactose_synthase", "alpha_lactalbumin"):
        without = VesicleLoading(composition, Membrane(), Mechanisms((name,)), 1.0).cargo(1.0, 1.0, 1.0)
        assert without.amounts[LACTOSE] == 0.0
        assert without.volume_ml < 0.3 * volumes[-1]
        assert without.amounts[PROTEIN] == whole.cargo(1.0, 1.0, 1.0).amounts[PROTEIN]


def test_citrate_comes_with_the_genes():
    """Half of the concentration at the declared mRNA, none without."""
    composition = Composition()
    loading = VesicleLoading(composition, Membrane(), ALL, 1.0)
    citrate = {}
    for mrna in (0.0, composition.citrate_half_mrna, 1.0):
        cargo = loading.cargo(1.0, mrna, 1.0)
        citrate[mrna] = cargo.amounts[CITRATE] / cargo.amounts[WATER] * 1000.0 / composition.citrate_mmol_per_l
    assert citrate[0.0] == 0.0
    assert citrate[composition.citrate_half_mrna] == pytest.approx(0.5, rel=1e-9)
    assert citrate[1.0] > 0.9


# -- exchange and resorption ------------------------------------------------------------------------------


@given(SHARES, CELLS)
def test_milk_stays_iso_osmotic_through_exchange_and_resorption(shares, cell):
    """300 mOsm/kg to the ninth digit, however much is exchanged or resorbed, of milk of any cell."""
    some = lumen(milk(100.0, maturity=cell[0], mrna=cell[1], substrate=cell[2]))
    assert osmolality(some) == pytest.approx(300.0, rel=1e-9)
    for exchanged, resorbed in shares:
        some.leak(plasma(), exchanged, resorbed)
        assert osmolality(some) == pytest.approx(300.0, rel=1e-9)


@given(SHARES)
def test_the_ledger_closes(shares):
    """What is there is what was there, and what came, less what went: for every analyte; volume is water and fat."""
    some = lumen(milk(100.0))
    before = list(some.amounts())
    for exchanged, resorbed in shares:
        some.leak(plasma(), exchanged, resorbed)
    for index, analyte in enumerate(Contents(Gland()).analytes):
        accounted = before[index] + some.entered[index] - some.left[index]
        assert some.amounts()[index] == pytest.approx(accounted, rel=1e-9, abs=1e-12), analyte.name
        assert min(some.amounts()[index], some.entered[index], some.left[index]) >= 0.0
    assert some.volume_ml == pytest.approx(volume_of(some), rel=1e-9)


def test_exchange_ends_in_plasma():
    """At constant volume, small solutes reach what plasma has of them, by their share each time; the rest stays."""
    some = lumen(milk(100.0))
    start, volume_ml = list(some.amounts()), some.volume_ml
    fluid = plasma()
    for _ in range(100):
        some.leak(fluid, 0.02, 0.0)
    water_ml = some.amounts()[WATER]
    for index, per_ml in fluid.crossing:
        in_plasma = per_ml * water_ml
        by_hand = in_plasma + (start[index] - in_plasma) * 0.98**100
        assert some.amounts()[index] == pytest.approx(by_hand, rel=1e-9, abs=1e-12)
    for _ in range(2000):
        some.leak(fluid, 0.02, 0.0)
    declared = JunctionParameters()
    assert some.amounts()[SODIUM] / water_ml * 1000.0 == pytest.approx(declared.plasma_sodium_mmol_per_l, rel=1e-9)
    assert some.amounts()[LACTOSE] == pytest.approx(0.0, abs=1e-9)
    assert (some.volume_ml, water_ml) == (volume_ml, start[WATER])
    for index in (FAT, INHIBITOR):
        assert some.amounts()[index] == start[index]
    assert some.amounts()[PROTEIN] > start[PROTEIN]  # some of plasma's comes along, and stays


def test_resorption_takes_the_skim_and_what_is_in_it():
    """In proportion, so that concentrations of small solutes stay; protein and fat go at their own speeds."""
    gland = Gland.model_validate({"tight_junctions": {"protein_resorption": 0.5, "fat_resorption": 0.2}})
    some = lumen(milk(100.0), gland)
    start, volume_ml = list(some.amounts()), some.volume_ml
    some.leak(plasma(gland), 0.0, 0.1)
    left = {PROTEIN: 0.95, FAT: 0.98}
    for index in range(ALWAYS_THERE):
        assert some.amounts()[index] == pytest.approx(left.get(index, 0.9) * start[index], rel=1e-12)
    assert volume_ml - some.volume_ml == pytest.approx(0.1 * start[WATER] + 0.02 * start[FAT] / 0.93, rel=1e-12)


def test_plasma_is_iso_osmotic():
    """Its ions and other solutes add up to the declared osmolality, whatever lies within the plausible ranges."""
    bounds = {
        name: JunctionParameters.model_fields[name].json_schema_extra["quantity"].plausible
        for name in ("plasma_sodium_mmol_per_l", "plasma_potassium_mmol_per_l", "plasma_chloride_mmol_per_l")
    }
    for end in (0, 1):
        fluid = plasma(Gland(tight_junctions=JunctionParameters(**{name: ends[end] for name, ends in bounds.items()})))
        assert sum(per_ml for _, per_ml in fluid.crossing) == pytest.approx(0.3, rel=1e-12)
        assert dict(fluid.crossing)[OTHER] > 0.0


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize(
    "key",
    [
        "tight_junctions.plasma_sodium_mmol_per_l", "tight_junctions.plasma_potassium_mmol_per_l",
        "tight_junctions.plasma_chloride_mmol_per_l", "composition.osmolality_mosm_per_kg",
    ],
)  # fmt: skip
def test_no_solute_of_plasma_is_negative(key, end):
    """At either end of what the equations are said to stand, each by itself."""
    group, name = key.split(".")
    quantity = type(getattr(Gland(), group)).model_fields[name].json_schema_extra["quantity"]
    gland = Gland.model_validate({group: {name: quantity.within[end]}})
    assert min(per_ml for _, per_ml in plasma(gland).crossing) >= 0.0


def test_what_cells_carry_through_has_no_volume():
    """Antibodies are counted as protein that came from plasma."""
    some = lumen(milk(100.0))
    start, volume_ml = some.amounts()[PROTEIN], some.volume_ml
    some.receive(PROTEIN, 0.25)
    assert some.amounts()[PROTEIN] == pytest.approx(start + 0.25, rel=1e-12)
    assert some.entered[PROTEIN] == 0.25
    assert some.volume_ml == volume_ml


# -- ejection ---------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0.01, 30.0), min_size=1, max_size=12))
def test_ejection_loses_nothing(volumes):
    """What leaves the lumen is in the ducts, as milk of the same osmolality; fat lags while it is full."""
    some, ducts = lumen(milk(200.0)), Milk()
    start = list(some.amounts())
    for volume_ml in volumes:
        pour(some, min(volume_ml, some.volume_ml), Globules(0.64, 1.6, 0.93), ducts)
        for index in range(ALWAYS_THERE):
            together = some.amounts()[index] + ducts.amounts[index]
            assert together == pytest.approx(start[index], rel=1e-9)
            assert min(some.amounts()[index], ducts.amounts[index]) >= 0.0
        assert ducts.osmolality() == pytest.approx(300.0, rel=1e-9)
        assert some.volume_ml == pytest.approx(volume_of(some), rel=1e-9, abs=1e-9)
        assert ducts.per_litre(FAT) <= start[FAT] / 200.0 * 1000.0 * 1.01


def test_milk_gets_richer_as_the_breast_empties():
    """Each portion is fatter than the one before."""
    some = lumen(milk(200.0))
    fat = []
    for _ in range(8):
        ducts = Milk()
        pour(some, 20.0, Globules(0.64, 1.6, 0.93), ducts)
        fat.append(ducts.per_litre(FAT))
    assert fat == sorted(fat)
    assert fat[0] < 0.5 * 41.0 < 41.0 < fat[-1]


def test_energy_of_milk_by_hand():
    """Atwater: 9 for fat, 4 for protein, 4 for lactose."""
    some = milk(1000.0)
    by_hand = 9.0 * some.amounts[FAT] + 4.0 * some.amounts[PROTEIN] + 4.0 * 0.3423 * some.amounts[LACTOSE]
    assert some.energy_kcal() == pytest.approx(by_hand, rel=1e-12)
    assert 600.0 < some.energy_kcal() < 750.0
    assert Milk().osmolality() is None


# -- membrane ---------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.floats(0.0, 60.0), st.sampled_from(["supply", "spend", "resize", "wait"]), st.floats(0.01, 1.5)),
    max_size=30,
)


@given(STEPS)
def test_the_membrane_balances_through_growth_and_shrinking(steps):
    """What was there, was brought and has grown is there, or was spent or retrieved; never less than the least."""
    some = ApicalMembrane(Membrane(smallest_fraction=0.35, apical_area_m2=0.9), 1.0, 0.0)
    now = 0.0
    for elapsed_min, what, share in steps:
        now += elapsed_min
        if what == "supply":
            some.supply(0.3 * share, now)
        elif what == "spend":
            some.bring_up(now)
            had_m2, went = some.area_m2, some.spend(0.5 * share, now)
            assert some.area_m2 == pytest.approx(had_m2 - 0.5 * share * went, rel=1e-12)
            assert went == (some.wanted_m2 == inf)
        elif what == "resize":
            some.resize(0.9 * share, now)
        some.bring_up(now)
        came = some.initial_m2 + some.supplied_m2 + some.grown_m2
        assert came == pytest.approx(some.area_m2 + some.spent_m2 + some.retrieved_m2, rel=1e-12)
        assert some.fraction >= 0.35 - 1e-12
        assert min(some.grown_m2, some.spent_m2, some.retrieved_m2) >= 0.0


def test_cells_that_grow_bring_membrane_and_those_that_are_lost_leave_it():
    """Growth adds at once; what is too much after a loss is retrieved by endocytosis, with its time constant."""
    some = ApicalMembrane(Membrane(apical_area_m2=1.0, endocytosis_min=10.0), 1.0, 0.0)
    some.resize(1.5, 0.0)
    assert (some.area_m2, some.grown_m2, some.fraction) == (1.5, 0.5, 1.0)
    some.resize(1.0, 0.0)
    assert (some.area_m2, some.fraction) == (1.5, 1.5)
    some.bring_up(10.0)
    assert some.area_m2 == pytest.approx(1.0 + 0.5 * exp(-1.0), rel=1e-12)
    assert some.retrieved_m2 == pytest.approx(0.5 * (1.0 - exp(-1.0)), rel=1e-12)


def test_a_lumen_that_shrinks_keeps_its_milk():
    """Capacity, limit and what no contraction moves follow the cells; fullness goes up."""
    some = lumen(milk(150.0))
    volume_ml = some.volume_ml
    some.resize(100.0)
    assert some.volume_ml == volume_ml
    assert some.fullness == pytest.approx(volume_ml / 100.0, rel=1e-12)
    declared = Gland().lumen
    assert (some.limit_ml, some.residual_ml) == (
        pytest.approx(declared.largest_fullness * 100.0), pytest.approx(declared.residual_fraction * 100.0)
    )  # fmt: skip


def test_the_least_membrane_grows_with_the_cells():
    """Half of 1 m2 must stay; once it has grown to 2 m2, 1 m2 must, and half again when cells are lost."""
    some = ApicalMembrane(Membrane(smallest_fraction=0.5, apical_area_m2=1.0), 1.0, 0.0)
    some.resize(2.0, 0.0)
    assert some.spend(0.9, 0.0)
    assert not some.spend(0.2, 0.0)
    assert some.wanted_m2 == pytest.approx(1.2, rel=1e-12)
    some.resize(1.0, 0.0)
    assert some.spend(0.2, 0.0)


class Full:
    """A sink without room that notes when it is offered something."""

    def __init__(self):
        self.offered_min = []

    def accept(self, _, now):
        """Note the time."""
        self.offered_min.append(now)
        return False


def test_a_fusing_vesicle_wakes_the_droplet_that_waits_for_membrane():
    """A droplet that takes 0.6 of 1 m2 must leave 0.5: the vesicle that brings the area to 1.1 m2 wakes it."""
    gland = Gland.model_validate({"membrane": {"smallest_fraction": 0.5, "apical_area_m2": 1.0}})
    some = Lumen(gland, 200.0, ApicalMembrane(gland.membrane, 1.0, 0.0))
    some.vesicles.budding, behind = Station(Environment(), 0, 1.0), Full()
    some.vesicles.budding.downstream = Outside(behind)
    held = Packet(1)
    held.entered = held.started = held.finished = 0.0
    held.queue_length = 0
    some.vesicles.budding.done.append(held)
    droplet = Packet(0, Cargo([0.0] * ALWAYS_THERE, 0.1, 0.6))
    assert not some.droplets.accept(droplet, 1.0)
    for now, area_m2, woken_min in ((2.0, 0.05, []), (2.0, 0.04, []), (2.0, 0.02, [2.0])):
        assert some.vesicles.accept(Packet(0, Cargo([0.0] * ALWAYS_THERE, 0.1, area_m2)), now)
        assert behind.offered_min == woken_min
    assert some.droplets.accept(droplet, 2.0)
    assert some.vesicles.accept(Packet(0, Cargo([0.0] * ALWAYS_THERE, 0.1, 0.9)), 2.0)
    assert behind.offered_min == [2.0]
