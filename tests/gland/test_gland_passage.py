"""Drugs between plasma and milk over whole runs: against closed forms, and with a mechanism removed."""

from __future__ import annotations

from math import exp

import pytest
from drugs import amounts, carried_share, doses, drug, of, regular, run
from lobes import lobe, pour
from scipy.stats import spearmanr

from lactflow.gland.analytes import ALWAYS_THERE, FAT, WATER, Analyte
from lactflow.gland.lumen import Globules
from lactflow.gland.routes import CarriedThroughCells
from lactflow.pharmacology.passage import settled_ratio
from lactflow.records import Balance, LobeSample, Removal, RemovalContent, Session
from lactflow.units import DAY_MIN

START_MIN = 29.0 * DAY_MIN
LEVEL = 4.0
PARACETAMOL = {"clearance": 18.0, "volume": 58.0, "absorption": 3.0}
AMOXICILLIN = {"clearance": 16.0, "volume": 22.0, "absorption": 1.0}
CAFFEINE = {"clearance": 5.6, "volume": 42.0, "absorption": 4.5}


# -- a level that stays ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def constant():
    """Drugs of four clearances at a level that stays, partition 0.8; two go one way only."""
    drugs = [drug(f"x{x:.0f}", LEVEL, ratio=0.8, exchange=x) for x in (3.0, 20.0, 200.0, 1e6)]
    return run(*drugs, drug("x200-one-way", LEVEL, ratio=0.8, exchange=200.0, back=0.0))


def ratio_of(facts, analyte):
    """Concentration in all milk removed over the level in plasma."""
    return sum(amounts(facts, analyte)) / sum(row.removed_ml for row in of(facts, Removal)) * 1000.0 / LEVEL


def closed_form(facts, exchange):
    """R (X + chi Q) / (X + Q), X of both breasts by their living cells, Q by the milk of both."""
    cells = [row.active_cells + row.quiescent_cells for row in of(facts, LobeSample)]
    flow = sum(row.removed_ml for row in of(facts, Removal)) / 48.0
    carried = carried_share(exchange)
    return settled_ratio(0.8, 2.0 * exchange * sum(cells) / len(cells), carried, flow)


@pytest.mark.parametrize(("exchange", "within"), [(3.0, 0.03), (20.0, 0.03), (200.0, 0.03), (1e6, 1e-6)])
def test_milk_over_plasma_is_the_closed_form(constant, exchange, within):
    """Two clearances and the flow of milk; what crosses at once is at the partition, to a millionth."""
    expected = closed_form(constant, exchange)
    assert ratio_of(constant, f"x{exchange:.0f}") == pytest.approx(expected, rel=within)
    if exchange == 1e6:
        assert expected == pytest.approx(0.8, rel=1e-6)


def test_without_a_way_back_milk_is_far_from_it(constant):
    """By more than 20 %, at 200 mL/h: it fills up."""
    assert ratio_of(constant, "x200-one-way") > 1.2 * ratio_of(constant, "x200")


def test_a_run_begins_with_what_milk_settles_to(constant):
    """Fast or slow: the first removals are within 15 % of the last ones."""
    for exchange in (3, 20, 200, 1000000):
        rows = [row.mean_per_l for row in of(constant, RemovalContent, analyte=f"x{exchange}") if row.mean_per_l]
        assert rows[0] == pytest.approx(rows[-1], rel=0.15)


# -- fat, and fresh milk -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fatty():
    """Two drugs at a level that stays, one in fat."""
    drugs = [drug(f"k{k:g}", LEVEL, ratio=0.8, exchange=200.0, partition=k) for k in (1.0, 100.0)]
    return run(*drugs)


def test_fat_carries_what_dissolves_in_it(fatty):
    """Hindmilk over foremilk of feeds that take 60 to 85 % of the milk; and it ranks as fat does."""
    removals = of(fatty, Removal)
    rows = {name: of(fatty, RemovalContent, analyte=name) for name in ("k1", "k100")}
    taken = [place for place, row in enumerate(removals) if 0.6 <= row.removed_ml / row.available_ml <= 0.85]
    assert len(taken) >= 5
    ratios = {
        name: [each[place].last_per_l / each[place].first_per_l for place in taken] for name, each in rows.items()
    }
    assert 1.4 < sum(ratios["k100"]) / len(taken) < 2.4
    assert ratios["k1"] == pytest.approx([1.0] * len(taken), abs=0.03)
    fat = [value for row in removals for value in (row.fat_start_g_per_l, row.fat_end_g_per_l) if value]
    in_milk = [value for row in rows["k100"] for value in (row.first_per_l, row.last_per_l) if value]
    assert spearmanr(fat, in_milk).statistic > 0.95


def pumped(*drugs, **keys):
    """Pumped every three hours: litres, and milk over plasma of each drug."""
    facts = run(*drugs, schedule=({"kind": "pump", "per_day": 8, "minutes": 20},), infants=(), **keys)
    litres = sum(row.removed_ml for row in of(facts, Removal)) / 1000.0
    return litres, {each.name: ratio_of(facts, each.name) for each in drugs}


AT_A_LEVEL = (
    drug("slow", LEVEL, ratio=0.5, exchange=3.0),
    drug("fast", LEVEL, ratio=0.8, exchange=250.0),
    drug("slow-adversary", LEVEL, ratio=0.5, exchange=200.0, carried=1.0),
)


def test_fresh_milk_dilutes_what_crosses_slowly():
    """Cells that make half: more of a slow drug in each litre, not of a fast one; the adversary comes with the milk."""
    much, rich = pumped(*AT_A_LEVEL, gland={"protein_line": {"translation_ml_per_h": 60.0}})
    little, poor = pumped(*AT_A_LEVEL, gland={"protein_line": {"translation_ml_per_h": 20.0}})
    assert much > 1.8 * little
    assert 1.2 < poor["slow"] / rich["slow"] < 1.8
    assert poor["fast"] / rich["fast"] == pytest.approx(1.0, abs=0.08)
    assert poor["slow-adversary"] / rich["slow-adversary"] < 1.1


def test_a_small_gland_has_less_to_cross():
    """Half the cells make half the milk, and half of it crosses them: milk over plasma is the same, fast or slow."""
    much, rich = pumped(*AT_A_LEVEL, mother={"gland_size": 1.3})
    little, poor = pumped(*AT_A_LEVEL, mother={"gland_size": 0.65})
    assert much == pytest.approx(2.0 * little, rel=0.02)
    assert poor == pytest.approx(rich, rel=0.01)


# -- doses -------------------------------------------------------------------------------------------------

DOSE_MIN = START_MIN + 480.0


def singles(mg=1000.0, *, back=1.0):
    """A dose of three drugs at 08:00 of the first day, their levels and their milk."""
    signals = {
        "p": doses([DOSE_MIN], mg=mg, **PARACETAMOL),
        "c": doses([DOSE_MIN], mg=mg, **CAFFEINE),
        "a": doses([DOSE_MIN], mg=mg, **AMOXICILLIN),
    }
    drugs = (
        drug("paracetamol", "p", ratio=0.95, exchange=250.0, back=back, partition=0.5, unbound=0.85),
        drug("caffeine", "c", ratio=0.7, exchange=300.0, back=back, unbound=0.65),
        drug("amoxicillin", "a", ratio=0.45, exchange=3.0, back=back, partition=0.1, unbound=0.82),
    )
    return drugs, signals


def mg_in(facts, analyte, breast):
    """All of an analyte that was removed from a breast."""
    return sum(row.amount for row in of(facts, RemovalContent, analyte=analyte, breast=breast))


@pytest.mark.parametrize("back", [1.0, 0.0])
def test_the_breast_that_is_emptied_often_gives_more(back):
    """Paracetamol at 08:00, left hourly from 09:00 to 16:30, right once at 16:50: more than three times as much."""
    drugs, signals = singles(back=back)
    hourly = tuple(f"{hour:02d}:00" for hour in range(9, 17))
    facts = run(*drugs[:1], signals=signals, days=0.75, infants=(), schedule=(
        {"kind": "pump", "times": (*hourly, "16:30"), "minutes": 15, "side": "left"},
        {"kind": "pump", "times": ("16:50",), "minutes": 15, "side": "right", "from_day": 30.0 + 16.7 / 24.0},
    ))  # fmt: skip
    ratio = mg_in(facts, "paracetamol", "left") / mg_in(facts, "paracetamol", "right")
    assert (ratio > 3.0) == (back > 0.0), ratio


def test_pumping_and_discarding_takes_milk_away_and_hardly_concentration():
    """Pumped at 09:30: at 11:00 less than 20 % away in concentration, and more than 30 % less of each drug."""
    drugs, signals = singles()
    found = []
    for pumping in ((), ("09:30",)):
        times = ("02:00", "05:00", "08:00", *pumping, "11:00")
        facts = run(
            *drugs, signals=signals, days=0.5, infants=(), schedule=({"kind": "pump", "times": times, "minutes": 20},)
        )
        last = of(facts, Session)[-1].session
        ml = sum(row.removed_ml for row in of(facts, Removal, session=last))
        rows = {each.name: of(facts, RemovalContent, session=last, analyte=each.name) for each in drugs}
        found.append({name: (sum(row.amount for row in each), ml) for name, each in rows.items()})
    for each in drugs:
        (mg, ml), (left_mg, left_ml) = (one[each.name] for one in found)
        assert left_mg / left_ml == pytest.approx(mg / ml, rel=0.2)
        assert left_mg < 0.7 * mg


def test_milk_hardly_depends_on_how_often_it_is_brought_up():
    """Checkpoints of an hour against those of five minutes, which move the milk itself: means within 2 %."""
    drugs, signals = singles()
    means = {}
    for minutes in (60.0, 5.0):
        facts = run(*drugs, signals=signals, days=1.0, gland={"checkpoint_min": minutes})
        litres = sum(row.removed_ml for row in of(facts, Removal)) / 1000.0
        means[minutes] = [sum(amounts(facts, each.name)) / litres for each in drugs]
    assert means[60.0] == pytest.approx(means[5.0], rel=0.02)


def test_a_lobe_may_be_brought_up_at_any_time_between():
    """Hourly, and every five minutes besides: the same milk, and in what is taken every three hours within 1.1 %."""
    drugs, signals = singles()
    taken = {}
    for minutes in (60.0, 5.0):
        some, surroundings = lobe(drugs, signals=signals, day=30.25)
        taken[minutes] = []
        for hour in range(1, 16):
            for _ in range(round(60.0 / minutes) - 1):
                some.env.run(until=some.env.now + minutes)
                some.cross(some._contents.levels.at(some.env.now))
            some.env.run(until=START_MIN + 60.0 * (6 + hour))
            some.bring_up(some.env.now, surroundings)
            if hour % 3 == 0:
                ducts = some._contents.no_milk()
                pour(some.lumen, 0.7 * some.lumen.volume_ml, Globules(0.64, 1.6, 0.93), ducts)
                some.unblock(some.env.now)
                taken[minutes].append((ducts.volume_ml, ducts.amounts[ALWAYS_THERE:]))
    peaks = [max(amounts[number] for _, amounts in taken[5.0]) for number in range(3)]
    for (volume_ml, hourly), (same_ml, often) in zip(taken[60.0], taken[5.0], strict=True):
        assert volume_ml == same_ml
        for peak, one, other in zip(peaks, hourly, often, strict=True):
            assert one == pytest.approx(other, abs=0.011 * peak)
    assert min(peaks) > 0.01


def test_a_drug_without_effect_changes_no_bit_of_anything_else():
    """Its doses wake nobody: milk, cells and infants of a run with it are those of a run without, to the last bit."""
    drugs, signals = singles()
    names = {each.name for each in drugs}

    def others(facts):
        return [
            fact
            for fact in facts
            if getattr(fact, "analyte", None) is None
            and getattr(fact, "quantity", None) not in names
            and getattr(fact, "signal", None) not in signals
        ]

    with_drugs = run(*drugs, signals=signals, days=1.0)
    assert len(others(with_drugs)) < len(with_drugs)
    assert others(with_drugs) == run(days=1.0)


# -- books -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys",
    [
        {"start_day": -10},
        {"start_day": 1, "days": 3.0},
        {"interventions": ({"kind": "seal", "side": "left", "start_day": 30.5},)},
        {"breasts": {"left": {"severed_lobes": (1,)}}},
        {"interventions": ({"kind": "mastitis", "side": "left", "start_day": 30, "end_day": 31.5, "severity": 1.0},)},
    ],
)
def test_the_balance_of_a_drug_closes(keys):
    """Before birth, at onset, in a sealed breast, a cut lobe, an inflamed one: to 1e-9, and both gross flows booked."""
    start_min = (keys.get("start_day", 30) - 1) * DAY_MIN
    signals = {
        "p": regular(start_min, 4.0, mg=1000.0, **PARACETAMOL),
        "a": doses([start_min + 100.0, start_min + 700.0], mg=500.0, **AMOXICILLIN),
    }
    drugs = (
        drug("paracetamol", "p", ratio=0.95, exchange=250.0, partition=0.5, unbound=0.85),
        drug("lipophilic", "p", ratio=0.3, exchange=40.0, partition=100.0, unbound=0.05),
        drug("amoxicillin", "a", ratio=0.45, exchange=3.0, partition=0.0, unbound=0.82, active=3.0),
        Analyte("antibody", "mg", (CarriedThroughCells(8.0, 1.0, "p"),)),
    )
    facts = run(*drugs, signals=signals, **keys)
    for each in drugs:
        (row,) = of(facts, Balance, quantity=each.name)
        assert abs(row.residual) <= 1e-9
        assert row.gained > 0.0
        assert row.initial + row.gained >= row.lost + row.removed
        assert row.made == 0.0
    (fast,) = of(facts, Balance, quantity="paracetamol")
    assert fast.lost > 0.5 * fast.gained
    assert of(facts, Balance, quantity="amoxicillin")[0].initial == 0.0
    assert fast.initial > 0.0


def test_open_junctions_let_a_drug_through():
    """Inflamed: what hardly crosses cells comes between them, on that side alone."""
    level = {"p": regular(START_MIN, 4.0, mg=1000.0, **PARACETAMOL)}
    inflamed = {"kind": "mastitis", "side": "left", "start_day": 30, "end_day": 33, "severity": 1.0}
    facts = run(drug("x", "p", ratio=0.5, exchange=0.1, unbound=0.9), signals=level, interventions=(inflamed,))
    side = {
        breast: mg_in(facts, "x", breast) / sum(row.removed_ml for row in of(facts, Removal, breast=breast))
        for breast in ("left", "right")
    }
    assert side["left"] > 2.0 * side["right"]


# -- the start of a run, and transporters ------------------------------------------------------------------


def at_the_start(each, signals, **keys):
    """A lobe that begins, its drug [mg/L of skim], and the flow of skim and fat that milk then has [mL/h]."""
    some, _ = lobe((each,), signals=signals, **keys)
    amounts = some.lumen.amounts()
    whole_ml = amounts[WATER] + each.fat_partition * amounts[FAT] / 0.93
    flow_ml = some._vesicle_flow * 60.0 * some.cells.secreting * some.cells.genes.mrna
    return some, amounts[ALWAYS_THERE] / whole_ml * 1000.0, whole_ml, flow_ml


@pytest.mark.parametrize(("exchange", "kinetics"), [(250.0, PARACETAMOL), (3.0, AMOXICILLIN)])
def test_a_run_begins_with_what_doses_before_it_have_left(exchange, kinetics):
    """As if milk had come and gone for two days at the flow of the start, in steps of a minute."""
    level = regular(START_MIN, 1.0, mg=1000.0, **kinetics)
    each = drug("x", "x", ratio=0.8, exchange=exchange)
    some, begun, whole_ml, flow = at_the_start(each, {"x": level})
    out, carried = exchange * some.cells.plasticity.cells, carried_share(exchange)
    flow *= whole_ml / some.lumen.volume_ml  # packets of 1 mL-eq draw about 1 mL
    felt = level.level(START_MIN - 2.0 * DAY_MIN)
    for minute in range(-2880, 0):
        back = (out + flow) / whole_ml / 60.0
        felt += (level.level(START_MIN + minute + 0.5) - felt) * (1.0 - exp(-back))
    assert begun == pytest.approx(settled_ratio(0.8, out, exchange * carried / out, flow) * felt, rel=0.05)
    assert begun > 0.05


def test_what_was_never_taken_is_not_in_milk():
    """Doses that begin with the run, or later, leave nothing before."""
    for dose_min in (START_MIN, START_MIN + 60.0):
        signals = {"x": doses([dose_min], mg=1000.0, **PARACETAMOL)}
        assert at_the_start(drug("x", "x", ratio=0.8, exchange=250.0), signals)[1] == 0.0


def test_nothing_dilutes_what_begins_in_a_breast_that_is_shut():
    """Slow as it is: at the partition, where no milk comes."""
    each = drug("x", LEVEL, ratio=0.5, exchange=3.0)
    closed = {"knock_outs": ("vesicle_fusion", "droplet_budding")}
    assert at_the_start(each, {}, **closed)[1] == pytest.approx(0.5 * LEVEL, rel=1e-9)
    assert at_the_start(each, {})[1] < 0.25 * 0.5 * LEVEL


def test_a_transporter_follows_lactation():
    """A of 22: nearly 22 times in full lactation, and less where the milk genes are down; none of it with A 1."""
    found = {}
    for day in (30, 2):
        drugs = [drug(f"a{active:g}", LEVEL, ratio=0.28, exchange=60.0, active=active) for active in (1.0, 22.0)]
        facts = run(*drugs, start_day=day, days=1.0)
        found[day] = sum(amounts(facts, "a22")) / sum(amounts(facts, "a1"))
    assert 19.0 < found[30] <= 22.0
    assert 2.0 < found[2] < 0.9 * found[30]
