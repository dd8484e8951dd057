"""What a run adds to milk: each route worked by hand, phases, the ledger, and declarations that cannot work."""

from __future__ import annotations

from math import exp, inf

import pytest
from lobes import go_on, lobe

from lactflow.config.additions import Additions
from lactflow.config.model import RunConfig
from lactflow.endocrine.signal import LevelWindow, Steps
from lactflow.errors import ConfigError
from lactflow.gland.analytes import ALWAYS_THERE, FAT, LACTOSE, PROTEIN, WATER, Analyte, Milk
from lactflow.gland.contents import Contents
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
from lactflow.records import Balance, LobeSample, MemoryRecorder, Removal, RemovalContent, Session
from lactflow.simulation import simulate

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


def lumen(extras=(), *, signals=None, amount=0.0, **gland):
    """A lumen of 200 mL with 93 mL of water, 6.51 g (7 mL) of fat and some of the first analyte that the run adds."""
    declared = Gland.model_validate(gland)
    contents = Contents(declared, extras, signals)
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
        exchange.bring_up(now, 0.8)
        by_hand = settled_mg + (1.0 - settled_mg) * exp(-4.0 / whole_ml * now)
        assert some.amounts()[EXTRA] == pytest.approx(by_hand, rel=1e-12)
    came_mg = 300.0 * 0.5 * 0.8 * 0.8 * 5.0 / 1000.0
    assert some.entered[EXTRA] == pytest.approx(came_mg, rel=1e-12)
    assert some.left[EXTRA] == pytest.approx(1.0 + came_mg - by_hand, rel=1e-12)
    assert some.volume_ml == 100.0


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
            exchange.bring_up(now, 1.0)
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
    some.eject(60.0, Globules(0.64, 1.6, 0.93), ducts)
    assert ducts.amounts[FAT] == pytest.approx(6.51 * 0.6 * globule_speed(0.35, 0.64, 1.6), rel=1e-12)


@pytest.mark.parametrize("partition", [0.0, 1.0, 100.0])
def test_what_is_ejected_goes_with_its_phases(partition):
    """Amount (dV_skim + K dV_fat) / (V_skim + K V_fat); the concentration in the skim that stays does not change."""
    some, contents = lumen((Analyte("drug", "mg", (CrossesJunctions(0.0),), fat_partition=partition),), amount=2.0)
    ducts = contents.no_milk()
    some.eject(40.0, Globules(0.64, 1.6, 0.93), ducts)
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
    per_packet = 0.003 * (some._gland.lipid_line.packet_multiple if stage == "droplet_growth" else 1.0)
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


# -- a whole run -------------------------------------------------------------------------------------------

EXTRAS = (
    CAFFEINE,
    Analyte("siga", "g", (CarriedThroughCells(0.3),)),
    Analyte("marker", "u", (RidesPackets("golgi", synthesised=False, per_l_eq=1.0),)),
    Analyte("lipophilic", "mg", (ExchangedWithPlasma("prolactin", 20.0, 20.0),), fat_partition=100.0),
    Analyte("vitamin", "ug", (RidesPackets("droplet_growth", per_l_eq=500.0),), fat_partition=1e6),
    Analyte("albumin", "g", (CrossesJunctions(40.0, both_ways=False),), resorption=0.5),
)


def simulated(*extras, **keys):
    """Facts of two days of feeds every three hours, in a gland of two lobes."""
    config = RunConfig.model_validate({
        "format": 1, "days": 2.0, "schedule": ({"kind": "every", "hours": 3},), "resolution": {"packet_ml": 0.5},
        "gland": {"lobes_per_breast": 2}, **keys,
    })  # fmt: skip
    recorder = MemoryRecorder(visits=False)
    simulate(config, recorder, additions=Additions(analytes=tuple(extras)))
    return recorder.facts


def of(facts, kind):
    """Facts of one kind."""
    return [fact for fact in facts if type(fact) is kind]


@pytest.fixture(scope="module")
def without():
    """A run that adds nothing."""
    return simulated()


@pytest.fixture(scope="module")
def with_extras():
    """The same run with all that can be added."""
    return simulated(*EXTRAS)


def test_what_is_added_changes_no_bit_of_anything_else(without, with_extras):
    """Inert or exchanged: every other fact is the same; a run that adds nothing has no rows of contents."""
    names = {analyte.name for analyte in EXTRAS}
    others = [
        fact
        for fact in with_extras
        if type(fact) is not RemovalContent and not (type(fact) is Balance and fact.quantity in names)
    ]
    assert others == without
    assert not of(without, RemovalContent)


def test_the_balance_of_what_is_added_closes(with_extras):
    """To 1e-9, with what came and what left beside each other."""
    rows = {row.quantity: row for row in of(with_extras, Balance)}
    for analyte in EXTRAS:
        row = rows[analyte.name]
        assert abs(row.residual) <= 1e-9
        assert row.unit == analyte.unit
        assert row.removed > 0.0
    assert list(rows)[-7:] == [*(analyte.name for analyte in EXTRAS), "membrane"]
    assert rows["caffeine"].lost > rows["caffeine"].removed
    assert rows["siga"].made == rows["marker"].made == 0.0
    assert rows["marker"].gained > 0.0
    assert rows["vitamin"].made > 0.0


def test_removal_contents_has_a_row_for_each_removal_and_extra(with_extras):
    """In the order of removals; amounts over volumes are the means."""
    removals, contents = of(with_extras, Removal), of(with_extras, RemovalContent)
    assert len(contents) == len(EXTRAS) * len(removals)
    for number, row in enumerate(contents):
        removal, analyte = removals[number // len(EXTRAS)], EXTRAS[number % len(EXTRAS)]
        assert (row.session, row.breast) == (removal.session, removal.breast)
        assert (row.analyte, row.unit) == (analyte.name, analyte.unit)
        if removal.removed_ml > 0.0:
            assert row.mean_per_l == pytest.approx(row.amount / removal.removed_ml * 1000.0, rel=1e-12)
        else:
            assert (row.amount, row.mean_per_l, row.first_per_l, row.last_per_l) == (0.0, None, None, None)
    removed = sum(row.amount for row in contents if row.analyte == "siga")
    assert removed == pytest.approx({row.quantity: row for row in of(with_extras, Balance)}["siga"].removed, rel=1e-9)


def test_milk_over_plasma_is_that_of_two_clearances_and_the_flow(with_extras):
    """R X / (X + Q): fresh milk dilutes what is exchanged."""
    volume_ml = sum(row.removed_ml for row in of(with_extras, Removal))
    amount_mg = sum(row.amount for row in of(with_extras, RemovalContent) if row.analyte == "caffeine")
    cells = [row.active_cells + row.quiescent_cells for row in of(with_extras, LobeSample)]
    out_ml_per_h = 2.0 * 300.0 * sum(cells) / len(cells)
    by_hand = 0.5 * out_ml_per_h / (out_ml_per_h + volume_ml / 48.0)
    assert amount_mg / volume_ml * 1000.0 / 4.0 == pytest.approx(by_hand, rel=0.03)


def test_pregnancy_begins_with_what_it_settles_to():
    """Two days of pregnancy: what is there of each extra changes by less than 15 %, as the milk does."""
    rows = {row.quantity: row for row in of(simulated(*EXTRAS, start_day=-20.0, schedule=({"kind": "none"},)), Balance)}
    for analyte in EXTRAS:
        row = rows[analyte.name]
        assert row.initial > 0.0
        assert row.stored + row.in_transit == pytest.approx(row.initial, rel=0.15), analyte.name


def test_fat_soluble_is_richer_in_hind_milk_and_water_soluble_is_not(with_extras):
    """What is in fat rises as fat does; what is in skim does not rise. Albumin is not there yet in the first feeds."""
    rows = of(with_extras, RemovalContent)
    fat = [row.fat_end_g_per_l / row.fat_start_g_per_l for row in of(with_extras, Removal) if row.removed_ml > 20.0]
    ratios = {}
    for analyte in EXTRAS[:-1]:
        ratios[analyte.name] = [
            row.last_per_l / row.first_per_l
            for row, removal in zip(
                (row for row in rows if row.analyte == analyte.name), of(with_extras, Removal), strict=True
            )
            if removal.removed_ml > 20.0
        ]
    mean = {name: sum(values) / len(values) for name, values in ratios.items()}
    assert sum(fat) / len(fat) > 1.5
    assert mean["vitamin"] == pytest.approx(sum(fat) / len(fat), rel=0.02)
    assert 1.3 < mean["lipophilic"] < mean["vitamin"]
    assert mean["caffeine"] == pytest.approx(1.0, abs=0.03)
    assert 0.9 < mean["siga"] < 1.0
    assert 0.9 < mean["marker"] < 1.0


def test_the_infant_swallows_what_was_taken(monkeypatch):
    """What it keeps is what removals held; expressed milk is what pumps took, and none of what it drank."""
    kept = {}
    from lactflow import simulation

    class Kept(simulation.Sessions):
        def __init__(self, *args, **told):
            super().__init__(*args, **told)
            kept.update(sessions=self, infants=told["infants"])

    monkeypatch.setattr(simulation, "Sessions", Kept)
    pumping = {"kind": "pump", "times": ("01:30",), "minutes": 15}
    facts = simulated(*EXTRAS[:2], days=0.5, schedule=({"kind": "every", "hours": 3}, pumping))
    kinds = {row.session: row.kind for row in of(facts, Session)}
    contents = [row for row in of(facts, RemovalContent) if kinds[row.session] == "feed"]
    swallowed, sessions = kept["infants"][0].body.swallowed, kept["sessions"]
    for index, analyte in enumerate(EXTRAS[:2], start=ALWAYS_THERE):
        amount = sum(row.amount for row in contents if row.analyte == analyte.name)
        assert amount > 0.0
        assert swallowed.amounts[index] == pytest.approx(amount, rel=1e-9)
    pumped = [row for row in of(facts, Removal) if row.kind == "pump"]
    expressed_ml = sum(row.removed_ml for row in pumped)
    assert expressed_ml > 10.0
    assert sessions.bottles.expressed.volume_ml == pytest.approx(expressed_ml, rel=1e-9)
    assert [(bottle.time_min, bottle.breast) for bottle in sessions.bottles.stored] == [
        (row.end_min, row.breast) for row in pumped
    ]
    fed_ml = sum(row.removed_ml for row in of(facts, Removal) if row.kind == "feed")
    assert swallowed.volume_ml == pytest.approx(fed_ml, rel=1e-9)


# -- declarations that cannot work -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("analyte", "message"),
    [
        (Analyte("x", "g"), "analyte 'x': it declares no route"),
        (Analyte("x", "g", ("plasma",)), "'plasma' is no route (routes are RidesPackets, CrossesJunctions"),
        (Analyte("x", "g", (RidesPackets("plasma", per_l_eq=1.0),)), "packets take nothing up at 'plasma'; nearest is"),
        (Analyte("x", "g", (RidesPackets("golgi"),)), "RidesPackets: per_l_eq is missing"),
        (Analyte("x", "g", (RidesPackets("rer", per_l_eq=1.0, immature_per_l_eq=2.0),)), "rer do not follow maturity"),
        (Analyte("x", "g", (CrossesJunctions("cafeine"),)), "no signal 'cafeine'; nearest is 'caffeine'"),
        (Analyte("x", "g", (ExchangedWithPlasma("a", 1.0, 1.0),)), "ExchangedWithPlasma: there is no signal 'a'"),
        (Analyte("x", "g", (CarriedThroughCells(1.0, level="a"),)), "CarriedThroughCells: there is no signal 'a'"),
        (Analyte("x", "g", (ExchangedWithPlasma(1.0, -1.0, 1.0),)), "into_ml_per_h is -1.0 (0 or more, finite)"),
        (Analyte("x", "g", (CrossesJunctions(1.0), CrossesJunctions(2.0))), "2 routes are CrossesJunctions (at most"),
        (Analyte("x", "g", (CrossesJunctions(1.0),), fat_partition=inf), "fat_partition is inf"),
        (Analyte("x", "g", (CrossesJunctions(1.0),), resorption=-1.0), "resorption is -1.0"),
        (Analyte("fat", "g", (CrossesJunctions(1.0),)), "analyte 'fat': this name is taken"),
        (Analyte("two words", "g", (CrossesJunctions(1.0),)), "analyte 'two words': its name is not made of letters"),
        (Analyte("membrane", "m2", (CrossesJunctions(1.0),)), "analyte 'membrane': this name is taken"),
    ],
)
def test_a_declaration_that_cannot_work_is_an_error_by_name(analyte, message):
    """When the contents are built, and so before a run begins; never a `KeyError`."""
    with pytest.raises(ConfigError) as caught:
        Contents(Gland(), (analyte,), {"caffeine": Steps(1.0)})
    assert message in str(caught.value)


def test_all_problems_are_reported_when_a_run_is_built():
    """Of every declaration, and nothing has been simulated."""
    recorder = MemoryRecorder()
    config = RunConfig.model_validate({"format": 1, "days": 1.0})
    wrong = (Analyte("a", "g"), Analyte("b", "g", (CrossesJunctions("nothing"),)), CAFFEINE, CAFFEINE)
    with pytest.raises(ConfigError) as caught:
        simulate(config, recorder, additions=Additions(analytes=tuple(wrong)))
    assert [str(problem).split(":")[0] for problem in caught.value.problems] == [
        "analyte 'a'", "analyte 'b'", "analyte 'caffeine'"
    ]  # fmt: skip
    assert not recorder.facts


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"routes": CrossesJunctions(40.0)}, "routes are CrossesJunctions(level=40.0, factor=1.0, both_ways=True) (a"),
        ({"routes": (CarriedThroughCells("0.3"),)}, "CarriedThroughCells: per_day is '0.3' (0 or more, finite)"),
        ({"routes": (CarriedThroughCells(None),)}, "CarriedThroughCells: per_day is None (0 or more, finite)"),
        ({"routes": (CrossesJunctions(None),)}, "level is None (0 or more, finite, or the name of a signal)"),
        ({"routes": (CrossesJunctions(4.0, both_ways="no"),)}, "both_ways is 'no' (true or false)"),
        ({"routes": (RidesPackets(5, per_l_eq=1.0),)}, "RidesPackets: stage is 5 (one of rer, golgi"),
        ({"routes": (RidesPackets("rer", per_l_eq="1"),)}, "RidesPackets: per_l_eq is '1' (0 or more, finite)"),
        ({"unit": 5}, "unit is 5 (a text, such as 'mg')"),
        ({"resorption": "1"}, "resorption is '1' (0 or more, finite)"),
        ({"fat_partition": None}, "fat_partition is None (0 or more, finite)"),
    ],
)  # fmt: skip
def test_a_field_of_the_wrong_type_is_an_error_by_name(changed, message):
    """Nothing is left for the run to stumble over."""
    with pytest.raises(ConfigError) as caught:
        Contents(Gland(), (CAFFEINE._replace(**changed),))
    (problem,) = caught.value.problems
    assert str(problem).startswith("analyte 'caffeine': ")
    assert message in str(problem)


def test_a_name_is_a_text():
    """Also one that could be no key."""
    with pytest.raises(ConfigError, match=r"analyte \[\]: its name is not made of letters"):
        Contents(Gland(), (CAFFEINE._replace(name=[]),))
