"""The state at the start of a run, and the lines that are built from it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_facts import played, valid

from lactflow.chance import Streams
from lactflow.config.model import RunConfig, contradictions
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course
from lactflow.gland.analytes import OSMOLES, WATER
from lactflow.gland.contents import Contents
from lactflow.gland.history import active_cells_at, state_at
from lactflow.gland.lines import Line, aqueous_line, largest_packet, lipid_line
from lactflow.gland.mechanism import Mechanisms
from lactflow.gland.resolution import lobe_shares
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.pipeline import Environment
from lactflow.records import BreastSample, LobeSample
from lactflow.units import DAY_MIN

SMALL = {"gland": {"lobes_per_breast": 2, "noise": {"sd": 0.0}}, "resolution": {"packet_ml": 0.5}}


def state(start_day, *, knock_outs=(), **gland):
    """State of a breast at the start of a run."""
    time_min = (start_day - 1.0) * DAY_MIN
    declared = Gland.model_validate(gland)
    blood = Blood(Endocrine(), declared, Course(), Streams(1), time_min)
    return state_at(time_min, declared, blood, Mechanisms(knock_outs))


# -- the state --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start_day", [-40.0, -3.0])
def test_pregnancy_is_a_fixed_point(start_day):
    """Three days without a session change the volume, and what is in it, by less than 15 %."""
    facts = played(valid({**SMALL, "start_day": start_day, "days": 3.0, "schedule": ({"kind": "none"},)}))
    volumes = [row.volume_ml for row in facts[BreastSample] if row.breast == "left"]
    assert volumes[0] > 1.0
    assert max(volumes) < 1.15 * volumes[0]
    assert min(volumes) > 0.85 * volumes[0]
    first, last = facts[LobeSample][0], facts[LobeSample][-1]
    assert last.inhibitor == pytest.approx(first.inhibitor, rel=0.15)
    for name in ("stat5", "mrna", "junction_leak"):
        assert getattr(last, name) == pytest.approx(getattr(first, name), rel=1e-3)
    for name in ("active_cells", "quiescent_cells", "lost_cells"):
        assert getattr(last, name) == pytest.approx(getattr(first, name), abs=2e-3)


def test_all_of_pregnancy_is_one_state():
    """A run of any day before birth begins alike, and one that begins at birth too."""
    one, other = state(-40.0), state(1.0)
    assert one.milk.volume_ml == pytest.approx(other.milk.volume_ml, rel=1e-9)
    assert one.milk.amounts == pytest.approx(other.milk.amounts, rel=1e-9)
    assert one.cells.genes.mrna == pytest.approx(other.cells.genes.mrna, rel=1e-9)


def test_milk_of_pregnancy_is_like_plasma_with_protein():
    """Open junctions: much sodium, little lactose, thick; a few millilitres of it."""
    milk = state(0.0).milk
    names = [analyte.name for analyte in Contents(Gland()).analytes]
    per_l = {name: milk.per_litre(index) for index, name in enumerate(names)}
    assert 2.0 < milk.volume_ml < 60.0
    assert per_l["sodium"] > 40.0
    assert per_l["lactose"] < 150.0
    assert per_l["protein"] > 20.0


@pytest.mark.parametrize("knock_outs", [(), ("progesterone_receptor",), ("lactose_synthase",), ("tight_junction",)])
@pytest.mark.parametrize("start_day", [-20.0, 1.0, 4.0, 30.0, 300.0])
def test_the_first_milk_is_iso_osmotic_and_has_room(start_day, knock_outs):
    """At any start, whatever is knocked out: 300 mOsm/kg, and no more than the lumen holds."""
    milk = state(start_day, knock_outs=knock_outs).milk
    assert sum(milk.amounts[index] for index in OSMOLES) / milk.amounts[WATER] * 1000.0 == pytest.approx(
        300.0, rel=1e-9
    )
    assert min(milk.amounts) >= 0.0
    assert milk.volume_ml <= 1.4 * 205.0 + 1e-9


def test_milk_of_lactation_fills_as_declared():
    """At the declared fullness of the capacity that the cells have, as such cells make it."""
    begun = state(60.0, established={"fullness": 0.3})
    assert begun.milk.volume_ml == pytest.approx(0.3 * 205.0 * begun.cells.plasticity.capacity, rel=1e-9)
    assert begun.milk.per_litre(1) * 0.3423 == pytest.approx(68.0, abs=3.0)
    assert state(60.0, established={"fullness": 0.0}).milk.volume_ml == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("day", [3, 8, 31])
def test_a_later_start_is_like_a_run_from_birth(day):
    """Genes and junctions are those of a mother who has fed since birth; cells within a third, as feeds decide."""
    facts = played(valid({**SMALL, "start_day": 1.0, "days": day - 1.0, "schedule": ({"kind": "on_demand"},)}))
    lived, begun = facts[LobeSample][-1], state(float(day)).cells
    assert begun.genes.mrna == pytest.approx(lived.mrna, abs=0.05)
    assert begun.genes.stat5 == pytest.approx(lived.stat5, abs=0.05)
    assert begun.junctions.leak == pytest.approx(lived.junction_leak, abs=0.05)
    assert begun.plasticity.active == pytest.approx(lived.active_cells, rel=0.34)


@pytest.mark.parametrize("start_day", [-20.0, 1.0, 2.0, 10.0, 31.0, 90.0, 400.0])
def test_active_cells_are_told_about_right_before_the_run(start_day):
    """What the resolution is checked against is what the run begins with, to a few percent."""
    assert active_cells_at(start_day, Gland().plasticity) == pytest.approx(
        state(start_day).cells.plasticity.active, rel=0.05
    )


def test_each_lobe_has_cells_of_its_own():
    """A copy lives on by itself."""
    cells = state(30.0).cells
    copy = cells.like()
    copy.genes.mrna = copy.plasticity.cells = copy.stress.terminal = copy.involution.lif = copy.junctions.leak = 0.123
    assert 0.123 not in (
        cells.genes.mrna, cells.plasticity.cells, cells.stress.terminal, cells.involution.lif, cells.junctions.leak,
    )  # fmt: skip


# -- lines ------------------------------------------------------------------------------------------------


def largest(lobes, spread, start_day):
    """The largest packet of a gland of so many lobes."""
    gland = Gland(lobes_per_breast=lobes, lobe_spread=spread)
    return largest_packet(gland, lobe_shares(lobes, spread)[0], active_cells_at(start_day, gland.plasticity)).packet_ml


@settings(max_examples=30)
@given(lobes=st.integers(1, 40), spread=st.floats(0.0, 1.2), start_day=st.sampled_from([-20.0, 1.0, 30.0, 300.0]))
def test_the_largest_packet_is_accepted_and_a_larger_one_is_not(lobes, spread, start_day):
    """By the config, with the limit in its message."""
    limit = min(10.0, largest(lobes, spread, start_day))
    keys = {"format": 1, "start_day": start_day, "gland": {"lobes_per_breast": lobes, "lobe_spread": spread}}
    for factor, fits in ((1.0 - 1e-9, True), (1.0 + 1e-3, False)):
        if not 1e-4 <= limit * factor <= 10.0:
            continue
        config = RunConfig.model_validate({**keys, "resolution": {"packet_ml": limit * factor}})
        found = list(contradictions(config))
        assert (found == []) == fits
        if not fits:
            ((key, message),) = found
            assert key == ("resolution", "packet_ml")
            allowed = float(re.search(r"largest allowed: ([-0-9.e]+)", message)[1])
            assert limit * (1.0 - 1e-3) < allowed <= limit


def test_the_largest_packet_leaves_every_queue_a_queue():
    """At the limit the places of the smallest lobe are the least that they must be, and the default is below it."""
    limit, share = largest(9, 0.4, 30.0), lobe_shares(9, 0.4)[0]
    cells = share * active_cells_at(30.0, Gland().plasticity)
    assert limit > 0.1
    tightest = []
    for design, packet_ml in ((aqueous_line(Gland()), limit), (lipid_line(Gland()), limit * 2.0)):
        for station in design.stations:
            tightest.append(station.places_ml * cells / packet_ml - station.least_places)
            if station.least_waiting:
                tightest.append(station.waiting_ml * cells / packet_ml - station.least_waiting)
    assert min(tightest) == pytest.approx(0.0, abs=1e-9)


def test_more_lobes_and_fewer_cells_need_finer_packets():
    """In proportion to the smallest lobe and to its active cells."""
    assert largest(18, 0.4, 30.0) < largest(9, 0.4, 30.0) < largest(4, 0.4, 30.0)
    assert largest(9, 0.8, 30.0) < largest(9, 0.4, 30.0)
    ratio = active_cells_at(30.0, Gland().plasticity) / active_cells_at(1.0, Gland().plasticity)
    assert largest(9, 0.4, 30.0) / largest(9, 0.4, 1.0) == pytest.approx(ratio, rel=1e-9)


class Bin:
    """A sink that takes everything."""

    def accept(self, packet, now):
        return True


@settings(max_examples=25)
@given(cells=st.floats(0.02, 0.2), later=st.floats(0.005, 0.4), packet_ml=st.floats(0.05, 0.3))
def test_places_follow_the_cells_and_capacity_does_not_depend_on_the_packet(cells, later, packet_ml):
    """Places times rate is the declared capacity of so many cells, before and after their number changes."""
    line = Line(
        Environment(0.0), aqueous_line(Gland()), packet_ml, cells, visits=None, first_number=0, label="left lobe 0"
    )
    line.start(0.1, 0.5, 0.0, Bin())
    for now_cells in (cells, later):
        line.resize(now_cells)
        for station, design, correction in zip(
            line.stations, aqueous_line(Gland()).stations, line.corrections, strict=True
        ):
            packets = design.places_ml * now_cells / packet_ml
            assert station.places == max(1, round(packets))
            assert station.places * correction == pytest.approx(packets, rel=1e-12)
            if station is not line.last:
                assert station.rate == pytest.approx(correction, rel=1e-12)
        assert line.last.room == max(1, round(Gland().protein_line.vesicle_pool_ml * now_cells / packet_ml))


def begun(design, cells=0.1, flow=0.1):
    """A line with packets of 0.1 mL-eq, under way at a flow."""
    line = Line(Environment(0.0), design, 0.1, cells, visits=None, first_number=0, label="left lobe 0")
    line.start(flow, 0.5, 0.0, Bin())
    return line


def test_only_vesicles_wait_in_a_room_of_their_own():
    """A tenth of 12 mL-eq in packets of 0.1; all other stations have places of service and nothing else."""
    rooms = [[station.room for station in begun(design(Gland())).stations] for design in (aqueous_line, lipid_line)]
    assert rooms == [[0, 0, 12], [0, 0]]


def test_room_follows_the_cells_where_places_stay():
    """Of 5 mL-eq of docking sites 5.0 and 5.45 packets are 5 places; of 12 mL-eq of vesicles 12.0 and 13.08 are not."""
    line = begun(aqueous_line(Gland()))
    assert (line.last.places, line.last.room) == (5, 12)
    line.resize(0.109)
    assert (line.last.places, line.last.room) == (5, 13)


def test_a_source_takes_note_of_a_change_above_a_thousandth():
    """In both directions, from the flow that it has."""
    line = begun(aqueous_line(Gland()))
    for flow, rate in ((0.10005, 0.1), (0.15, 0.15), (0.1501, 0.15), (0.05, 0.05), (0.04998, 0.05)):
        line.run_at(flow)
        assert line.source.rate == rate


def test_a_line_that_shrinks_loses_no_packet():
    """What is on a place that goes away finishes there; each packet reaches the sink once, in order."""
    taken = []

    class Keep:
        def accept(self, packet, now):
            taken.append(packet.number)
            return True

    env = Environment(0.0)
    line = Line(env, aqueous_line(Gland()), 0.1, 0.1, visits=None, first_number=0, label="left lobe 0")
    line.start(0.3, 0.5, 0.0, Keep())
    for cells in (0.02, 0.15, 0.005, 0.1):
        env.run(until=env.now + 97.0)
        line.resize(cells)
    env.run(until=env.now + 300.0)
    for station in line.stations:
        station.bring_up()
    held = sorted(packet.number for station in line.stations for packet in station.packets())
    assert taken == list(range(len(taken)))
    assert held == list(range(len(taken), line.source.made))
    assert len(taken) > 100


def test_lobe_shares_are_those_of_a_breast():
    """They add up to one whatever the spread."""
    for lobes, spread in ((1, 0.4), (9, 0.0), (60, 1.5)):
        assert sum(lobe_shares(lobes, spread)) == pytest.approx(1.0, rel=1e-12)
