"""What a run adds to milk: each route worked by hand, phases, the ledger."""

from __future__ import annotations

from math import exp, inf

import pytest
from lobes import go_on, lobe, pour

from lactflow.endocrine.signal import LevelWindow, Steps
from lactflow.gland.analytes import ALWAYS_THERE, FAT, LACTOSE, PROTEIN, WATER, Analyte, Milk
from lactflow.gland.contents import Contents
from lactflow.gland.declared import answering
from lactflow.gland.exchange import Exchange
from lactflow.gland.lumen import Globules, Lumen
from lactflow.gland.membrane import ApicalMembrane
from lactflow.gland.routes import (
    CarriedThroughCells,
    CrossesJunctions,
    ExchangedWithPlasma,
    LoadedWithFreshMilk,
    RidesPackets,
)
from lactflow.kinetics import globule_speed
from lactflow.parameters.gland import Gland

EXTRA = ALWAYS_THERE
"""Index of the first analyte that a run adds."""

CAFFEINE = Analyte("caffeine", "mg", (ExchangedWithPlasma(4.0, 150.0, 300.0),), fat_partition=1.0)
"""Equilibrium: half of the 4 mg/L in plasma, in fat as in skim."""


class Ramp:
    """A level that rises by 1 every 10 minutes and never leaves its closed form."""

    def level(self, time_min):
        """Level at a time."""
        return time_min / 10.0

    def next_change(self, _):
        """Never."""
        return inf


def lumen(extras=(), *, signals=None, acting=None, amount=0.0, **gland):
    """A lumen of 200 mL with 93 mL of water, 6.51 g (7 mL) of fat and some of the first analyte that the run adds."""
    declared = Gland.model_validate(gland)
    contents = Contents(declared, extras, signals, acting)
    some = Lumen(declared, 200.0, ApicalMembrane(declared.membrane, 1.0, 0.0), contents)
    amounts = contents.zeros()
    amounts[WATER], amounts[FAT], amounts[PROTEIN], amounts[LACTOSE] = 93.0, 6.51, 1.0, 18.0
    if extras:
        amounts[EXTRA] = amount
    some.fill(Milk(100.0, amounts))
    return some, contents


# -- exchange by clearance ---------------------------------------------------------------------------------


@pytest.mark.parametrize("partition", [0.0, 0.5, 1.0, 100.0])
def test_a_lumen_relaxes_to_its_share_of_plasma(partition):
    """Out 600 mL/h of a breast, half of it here, with 0.8 of the cells: 4 mL/min of the volume it is dissolved in."""
    drug = Analyte("drug", "mg", (ExchangedWithPlasma(5.0, 300.0, 600.0, factor=0.8),), fat_partition=partition)
    some, contents = lumen((drug,), amount=1.0)
    exchange = Exchange(contents, some, 0.5, 0.0)
    whole_ml = 93.0 + partition * 7.0
    settled_mg = 0.4 * 5.0 / 1000.0 * whole_ml
    for now in (10.0, 25.0, 25.0, 60.0):  # cut anywhere, it is the same exponential
        exchange.bring_up(contents.levels.at(now), 0.8)
        by_hand = settled_mg + (1.0 - settled_mg) * exp(-4.0 / whole_ml * now)
        assert some.amounts()[EXTRA] == pytest.approx(by_hand, rel=1e-12)
    came_mg = 300.0 * 0.5 * 0.8 * 0.8 * 5.0 / 1000.0
    assert some.entered[EXTRA] == pytest.approx(came_mg, rel=1e-12)
    assert some.left[EXTRA] == pytest.approx(1.0 + came_mg - by_hand, rel=1e-12)
    assert some.volume_ml == 100.0


@pytest.mark.parametrize(
    ("level", "answers", "factor"), [(0.5, 0.4, 0.8), (0.0, 1.0, 0.0), (0.0, 2.0, 0.0), (3.0, 1.0, 3.0)]
)
def test_what_comes_in_answers_to_what_acts_on_uptake(level, answers, factor):
    """1 + answers * (level - 1) of it, never less than nothing; what leaves does not. Before the change it is all."""
    drug = Analyte("drug", "mg", (ExchangedWithPlasma(5.0, 300.0, 600.0, answers=answers),))
    acting = Steps(1.0, (LevelWindow(30.0, 1e9, level),))
    some, contents = lumen((drug,), acting={"uptake": {"left": acting, "right": Steps(1.0)}}, amount=1.0)
    assert contents.changing("left") == [acting]
    assert contents.acting_on("uptake", "right") is None
    exchange = Exchange(contents, some, 1.0, 0.0, contents.acting_on("uptake", "left"))
    amount, settled_mg = 1.0, 0.5 * 5.0 / 1000.0 * 93.0
    for minutes, share in ((30.0, 1.0), (20.0, factor)):
        exchange.bring_up(contents.levels.at(exchange._since.time_min + minutes), 1.0)
        amount = share * settled_mg + (amount - share * settled_mg) * exp(-10.0 / 93.0 * minutes)
        assert some.amounts()[EXTRA] == pytest.approx(amount, rel=1e-12)


@pytest.mark.parametrize(
    ("routes", "targets"),
    [
        ((CarriedThroughCells(1.0),), []),
        ((ExchangedWithPlasma(1.0, 1.0, 1.0),), []),
        ((CarriedThroughCells(1.0, answers=1.0),), ["fluxes"]),
        ((ExchangedWithPlasma(1.0, 1.0, 1.0, answers=0.5), CarriedThroughCells(1.0)), ["uptake"]),
        (
            (ExchangedWithPlasma(1.0, 1.0, 1.0, answers=0.5), CarriedThroughCells(1.0, answers=1.0)),
            ["fluxes", "uptake"],
        ),
    ],
)
def test_only_targets_that_something_answers_to_are_read(routes, targets):
    """A run without such a route has nothing of them."""
    assert answering((Analyte("x", "mg", routes),)) == targets


def test_a_dose_is_felt_from_its_time_on():
    """A level that jumps when an interval ends was the old one until then; one that rises is held in the middle."""
    drug = Analyte("drug", "mg", (ExchangedWithPlasma("dose", 60.0, 0.0),))
    for signal, amounts in (
        (Steps(0.0, (LevelWindow(60.0, 120.0, 10.0),)), (0.0, 0.6, 0.6)),
        (Ramp(), (0.18, 0.72, 1.62)),
    ):
        some, contents = lumen((drug,), signals={"dose": signal})
        exchange = Exchange(contents, some, 1.0, 0.0)
        for now, amount in zip((60.0, 120.0, 180.0), amounts, strict=True):
            exchange.bring_up(contents.levels.at(now), 1.0)
            assert some.amounts()[EXTRA] == pytest.approx(amount, rel=1e-12)


def test_fresh_milk_brings_it_by_its_own_volume():
    """5 g/L of fresh skim: what vesicles have brought times that; made or gained as declared."""
    for synthesised in (True, False):
        sugar = Analyte("sugar", "g", (LoadedWithFreshMilk(5.0, synthesised=synthesised),))
        some, surroundings = lobe((sugar,))
        before, ml = some.lumen.amounts()[EXTRA], some.lumen.vesicles.total_ml()
        assert before == pytest.approx(0.005 * some.lumen.amounts()[WATER], rel=1e-12)
        go_on(some, surroundings, 60.0)
        brought = 0.005 * (some.lumen.vesicles.total_ml() - ml)
        assert brought > 0.0
        booked = some.lumen.made if synthesised else some.lumen.entered
        assert booked[EXTRA] == pytest.approx(brought, rel=1e-12)
        assert some.lumen.made[EXTRA] + some.lumen.entered[EXTRA] == booked[EXTRA]


def test_what_fresh_milk_brings_comes_from_plasma_unless_the_cell_makes_it():
    """Nothing is made where nothing is said."""
    some, surroundings = lobe((Analyte("sugar", "g", (LoadedWithFreshMilk(5.0),)),))
    go_on(some, surroundings, 60.0)
    assert some.lumen.made[EXTRA] == 0.0
    assert some.lumen.entered[EXTRA] > 0.0


def test_an_exchanged_analyte_begins_in_equilibrium_and_stays_there_in_a_lobe_that_rests():
    """Nothing enters the lumen: 0.5 times 4 mg/L at the start, and as much hours later."""
    some, surroundings = lobe((CAFFEINE,), knock_outs=("vesicle_fusion", "droplet_budding"))
    for _ in range(3):
        assert some.lumen.amounts()[EXTRA] == pytest.approx(0.002 * some.lumen.volume_ml, rel=1e-9)
        go_on(some, surroundings, 60.0)
    assert some.lumen.volume_ml > 10.0


def test_exchange_does_not_depend_on_how_often_it_is_brought_up():
    """Checkpoints of an hour and of ten minutes end within 1 % of each other, while the lobe fills."""
    ends = []
    for minutes in (60.0, 10.0):
        some, surroundings = lobe((Analyte("drug", "mg", (ExchangedWithPlasma("dose", 40.0, 60.0),)),), signals={
            "dose": Steps(0.0, (LevelWindow(29.0 * 1440.0 + 30.0, inf, 5.0),)),
        })  # fmt: skip
        go_on(some, surroundings, 30.0)
        for _ in range(round(180.0 / minutes)):
            go_on(some, surroundings, minutes)
        ends.append(some.lumen.amounts()[EXTRA])
    assert ends[0] == pytest.approx(ends[1], rel=0.01)
    assert ends[0] > 0.1


# -- open junctions and resorption -------------------------------------------------------------------------


def test_resorption_takes_of_what_exchange_has_left():
    """A tenth is exchanged first; a fifth of what is there then is resorbed."""
    some, _ = lumen()
    some.leak(Contents(Gland()).plasma(0.0), 0.1, 0.2)
    assert some.amounts()[LACTOSE] == pytest.approx(18.0 * 0.9 * 0.8, rel=1e-12)
    assert some.left[LACTOSE] == pytest.approx(18.0 * (1.0 - 0.9 * 0.8), rel=1e-12)


@pytest.mark.parametrize("both_ways", [True, False])
def test_open_junctions_by_hand(both_ways):
    """Albumin at 40 g/L, of which half can pass; resorbed at half the speed of the skim."""
    route = CrossesJunctions(40.0, factor=0.5, both_ways=both_ways)
    some, contents = lumen((Analyte("albumin", "g", (route,), resorption=0.5),), amount=1.0)
    some.leak(contents.plasma(0.0), 0.1, 0.2)
    came = 0.1 * 93.0 * 0.02
    by_hand = (0.9 + came) * 0.9 if both_ways else 1.0 * 0.9 + came
    assert some.amounts()[EXTRA] == pytest.approx(by_hand, rel=1e-12)
    assert some.entered[EXTRA] == pytest.approx(came, rel=1e-12)
    assert some.left[EXTRA] == pytest.approx(1.0 + came - by_hand, rel=1e-12)


@pytest.mark.parametrize("both_ways", [True, False])
def test_open_junctions_with_a_share_in_fat(both_ways):
    """K 10: 93 of 163 parts are in the skim, which is what plasma meets; both phases are resorbed, fat at 0.9."""
    route = CrossesJunctions("level", both_ways=both_ways)
    signals = {"level": Steps(0.0, (LevelWindow(60.0, inf, 10.0),))}
    some, contents = lumen((Analyte("drug", "mg", (route,), fat_partition=10.0),), signals=signals, amount=1.0)
    some.leak(contents.plasma(0.0), 0.0, 0.0)
    assert some.amounts()[EXTRA] == 1.0
    some.leak(contents.plasma(60.0), 0.1, 0.2)
    exchanged_mg = 1.0 + 0.1 * 93.0 * 0.01 - (0.1 * 93.0 / 163.0 if both_ways else 0.0)
    kept = 1.0 - (0.2 * 93.0 + 10.0 * 0.9 * 0.2 * 7.0) / 163.0
    assert some.amounts()[EXTRA] == pytest.approx(exchanged_mg * kept, rel=1e-12)
    assert some.volume_ml == pytest.approx(100.0 - 0.2 * 93.0 - 0.18 * 7.0, rel=1e-12)


# -- ejection by phase -------------------------------------------------------------------------------------


def test_globules_go_at_their_speed_in_the_middle_of_a_portion():
    """60 of 100 mL out of a capacity of 200: the lag is that at 70 mL."""
    some, _ = lumen()
    ducts = Milk()
    pour(some, 60.0, Globules(0.64, 1.6, 0.93), ducts)
    assert ducts.amounts[FAT] == pytest.approx(6.51 * 0.6 * globule_speed(0.35, 0.64, 1.6), rel=1e-12)


@pytest.mark.parametrize("partition", [0.0, 1.0, 100.0])
def test_what_is_ejected_goes_with_its_phases(partition):
    """Amount (dV_skim + K dV_fat) / (V_skim + K V_fat); the concentration in the skim that stays does not change."""
    some, contents = lumen((Analyte("drug", "mg", (CrossesJunctions(0.0),), fat_partition=partition),), amount=2.0)
    ducts = contents.no_milk()
    pour(some, 40.0, Globules(0.64, 1.6, 0.93), ducts)
    skim_ml, fat_ml = ducts.amounts[WATER], ducts.amounts[FAT] / 0.93
    assert skim_ml + fat_ml == pytest.approx(40.0, rel=1e-12)
    whole_ml = 93.0 + partition * 7.0
    assert ducts.amounts[EXTRA] == pytest.approx(2.0 * (skim_ml + partition * fat_ml) / whole_ml, rel=1e-12)
    left_ml = some.amounts()[WATER] + partition * some.amounts()[FAT] / 0.93
    assert some.amounts()[EXTRA] / left_ml == pytest.approx(2.0 / whole_ml, rel=1e-12)


# -- packets and fluxes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["rer", "golgi", "vesicle_fusion", "droplet_growth"])
def test_an_extra_rides_packets_from_any_stage(stage):
    """3 units in each L-eq; lumen, packets, and what was taken up balance for a lobe that runs for six hours."""
    some, surroundings = lobe((Analyte("marker", "u", (RidesPackets(stage, per_l_eq=3.0),)),))
    site = some.lumen.droplets if stage == "droplet_growth" else some.lumen.vesicles
    for _ in range(6):
        go_on(some, surroundings, 60.0)
    per_packet = 0.003 * (Gland().lipid_line.packet_multiple if stage == "droplet_growth" else 1.0)
    some.lumen.amounts()
    assert site.entered[EXTRA] == pytest.approx(per_packet * round(site.entered[EXTRA] / per_packet), rel=1e-9)
    assert site.entered[EXTRA] > 5.0 * per_packet
    ledger = some.ledger
    for index in range(ALWAYS_THERE + 1):
        taken_up = ledger.taken_up()
        came = ledger.initial[index] + taken_up.made[index] + taken_up.gained[index] + some.lumen.entered[index]
        assert came == pytest.approx(ledger.stored_and_in_transit()[index] + some.lumen.left[index], rel=1e-9)
    assert (ledger.in_transit()[EXTRA] > 0.0) == (stage != "vesicle_fusion")


def test_an_immature_cell_loads_what_it_is_declared_to():
    """Halfway between both amounts at half the maturity."""
    route = RidesPackets("golgi", per_l_eq=2.0, immature_per_l_eq=6.0)
    some, _ = lobe((Analyte("marker", "u", (route,)),))
    for maturity, per_l_eq in ((1.0, 2.0), (0.5, 4.0), (0.0, 6.0)):
        assert some._loading.cargo(maturity, 1.0, 1.0).amounts[EXTRA] == pytest.approx(per_l_eq / 1000.0, rel=1e-12)


@pytest.mark.parametrize(("resting", "level"), [(1.0, 1.0), (0.25, 1.0), (0.25, 3.0)])
def test_a_flux_is_per_cell_and_not_per_volume(resting, level):
    """0.3 g a day of the cells of term, a share of it at rest and the rest with mRNA; times what it follows."""
    siga = Analyte("siga", "g", (CarriedThroughCells(0.3, resting, level),))
    some, surroundings = lobe((siga,))
    carried, cells = 0.0, some.cells
    for _ in range(4):
        go_on(some, surroundings, 60.0)
        carried += 0.3 * level / 24.0 * (resting + (1.0 - resting) * cells.genes.mrna) * cells.plasticity.cells
    assert some.lumen.entered[EXTRA] == pytest.approx(carried, rel=1e-9)


@pytest.mark.parametrize("day", [-20.0, 3.0])
def test_a_flux_has_been_the_same_before_the_run(day):
    """A quarter of it at rest and the rest with mRNA, which is below its height here; all of it at rest by default."""
    begun = {}
    for resting in (None, 1.0, 0.25):
        route = CarriedThroughCells(0.3) if resting is None else CarriedThroughCells(0.3, resting)
        some, _ = lobe((Analyte("siga", "g", (route,)),), day=day)
        begun[resting] = some.lumen.amounts()[EXTRA]
    mrna = some.cells.genes.mrna
    assert 0.0 < mrna < 0.95
    assert begun[0.25] == pytest.approx((0.25 + 0.75 * mrna) * begun[1.0], rel=1e-12)
    assert begun[None] == begun[1.0] > 0.0


def test_a_flux_keeps_its_level_until_that_jumps():
    """Nothing before the jump, whenever the lobe is looked at; then an hour of 0.24 g a day is 0.01 g."""
    begins = 29.0 * 1440.0 + 60.0
    level = Steps(0.0, [LevelWindow(begins, inf, 1.0)])
    siga = Analyte("siga", "g", (CarriedThroughCells(0.24, 1.0, "level"),))
    some, surroundings = lobe([siga], signals={"level": level})
    go_on(some, surroundings, 60.0)
    assert some.lumen.entered[ALWAYS_THERE] == 0.0
    go_on(some, surroundings, 60.0)
    assert some.lumen.entered[ALWAYS_THERE] == pytest.approx(0.01 * some.cells.plasticity.cells, rel=0.01)


def test_a_change_of_substrate_loads_vesicles_anew():
    """Half the glucose: 0.5 * 1.25 / 0.75 of the lactose, from the next packet of the Golgi on."""
    some, surroundings = lobe()
    before = some.golgi.cargo
    go_on(some, surroundings._replace(message=surroundings.message._replace(substrate=0.5)), 0.01)
    assert some.golgi.cargo.amounts[LACTOSE] == pytest.approx(before.amounts[LACTOSE] * 0.5 * 1.25 / 0.75, rel=1e-3)


def test_a_change_of_maturity_loads_vesicles_anew():
    """Above a thousandth; the cargo stays the same until then."""
    some, surroundings = lobe()
    before = some.golgi.cargo
    some.cells.genes.maturity -= 0.0009
    some._load(surroundings.message)
    assert some.golgi.cargo is before
    some.cells.genes.maturity -= 0.0002
    some._load(surroundings.message)
    assert some.golgi.cargo.amounts[LACTOSE] < before.amounts[LACTOSE]


@pytest.mark.parametrize(("factor", "felt"), [(1.004, 1.0), (0.996, 1.0), (1.006, 1.006), (0.994, 0.994)])
@pytest.mark.parametrize("number", ["active_fraction", "capacity"])
def test_a_lobe_follows_its_cells_from_half_a_percent_on(number, factor, felt):
    """The RER with the active ones, the lumen with the capacity; each by itself is enough."""
    some, _ = lobe()
    plasticity, line, lumen = some.cells.plasticity, some.aqueous, some.lumen

    def followed():
        return line.entrance.places * line.corrections[0] if number == "active_fraction" else lumen.capacity_ml

    before = followed()
    setattr(plasticity, number, factor * getattr(plasticity, number))
    some._follow_cells(some.env.now)
    assert followed() == pytest.approx(felt * before, rel=1e-12)


@pytest.mark.parametrize(("factor", "felt"), [(1.0019, 1.0019), (0.9981, 0.9981), (1.0021, 1.0), (0.9979, 1.0)])
def test_fusion_and_budding_follow_their_brake_from_a_fifth_of_a_percent_on(factor, felt):
    """They run a little too fast or too slow, and are corrected when that is more."""
    some, _ = lobe()
    rates = [station.rate for station in (some.fusion, some.budding)]
    some._felt *= factor
    some._pace_last_stations()
    some.feel_fullness(some.env.now)
    now = [station.rate for station in (some.fusion, some.budding)]
    assert now == pytest.approx([felt * rate for rate in rates], rel=1e-9)


def test_a_leak_that_makes_room_lets_waiting_packets_go_on():
    """A full lumen holds packets back; resorption takes 2 % of it, and they fuse at that instant."""
    some, surroundings = lobe(filled=3.0, knock_outs=("feedback_inhibitor",), packet_ml=0.5)
    while not some.fusion.done:
        some.env.run(until=some.env.now + 60.0)
    before_ml, now = some.lumen.vesicles.total_ml(), some.env.now
    some._checked_min, some.cells.junctions.leak = now - 60.0, 1.0
    some.bring_up(now, surroundings)
    assert some.lumen.vesicles.total_ml() > before_ml
    assert not some.fusion.done or some.lumen.volume_ml > some.lumen.limit_ml - 0.5


def test_milk_that_leaves_lets_droplets_go_on():
    """A full lumen holds them back too; with 20 mL less in it they bud at that instant."""
    some, _ = lobe(filled=3.0, knock_outs=("feedback_inhibitor",), packet_ml=0.5)
    while not some.budding.done:
        some.env.run(until=some.env.now + 60.0)
    before_ml = some.lumen.droplets.total_ml()
    pour(some.lumen, 20.0, Globules(0.64, 1.6, 0.93), some._contents.no_milk())
    some.unblock(some.env.now)
    assert some.lumen.droplets.total_ml() > before_ml
