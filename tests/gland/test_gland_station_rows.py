"""Stations are rows: what a row says is so in a run, and a wrong row is named when the run is built."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sorting_station import SORTING

from lactflow import sources
from lactflow.config.additions import Additions
from lactflow.config.cohort import TRAITS, drawn
from lactflow.config.model import RunConfig, coarsest
from lactflow.errors import DeclarationError
from lactflow.gland.lines import lines_of
from lactflow.gland.stations import StationRowError
from lactflow.parameters import stations
from lactflow.parameters.gland import Gland
from lactflow.parameters.stations import ROWS, STATIONS, OwnQuantity, StationRow, own_quantity
from lactflow.pipeline import unpack
from lactflow.records import Balance, LobeSample, MemoryRecorder, QueueSample
from lactflow.simulation import simulate

CONFIG = RunConfig.model_validate(
    {
        "format": 1, "days": 1.0, "resolution": {"packet_ml": 0.5}, "gland": {"lobes_per_breast": 2},
        "schedule": ({"kind": "every", "hours": 3},), "record": {"sample_min": 30.0},
    }
)  # fmt: skip


def simulated(config: RunConfig = CONFIG, *extra: StationRow) -> MemoryRecorder:
    """A run in memory with more stations."""
    recorder = MemoryRecorder()
    simulate(config, recorder, additions=Additions(stations=tuple(extra)))
    return recorder


@pytest.fixture(scope="module")
def recorder():
    """A day with a sorting station behind the Golgi."""
    return simulated(CONFIG, SORTING)


def facts(recorder: MemoryRecorder, kind) -> pd.DataFrame:
    return pd.DataFrame([fact for fact in recorder.facts if type(fact) is kind], columns=kind._fields)


def visits(recorder: MemoryRecorder) -> pd.DataFrame:
    frame = pd.DataFrame(unpack(recorder.visits or b""))
    for field in ("breast", "lobe", "station"):
        frame[f"{field}_name"] = [getattr(recorder.keys[number], field) for number in frame["station"]]
    return frame


def test_a_row_becomes_a_station_of_every_lobe(recorder):
    """It stands where its row says, and numbers of stations go on without a gap from lobe to lobe."""
    keys = [(key.breast, key.lobe, key.line, key.station) for key in recorder.keys]
    of_lobe = [
        *(("aqueous", name) for name in ("rer", "golgi", "trans_golgi", "vesicle_fusion")),
        *(("lipid", name) for name in ("droplet_growth", "droplet_budding")),
    ]
    assert keys == [(breast, lobe, *where) for breast in ("left", "right") for lobe in (0, 1) for where in of_lobe]
    assert lines_of(Gland(), [SORTING]).stations == 6


def test_stations_from_outside_may_be_named_in_any_order():
    """One stands after another of them, whichever comes first; two that stand after one another are refused."""
    second = replace(SORTING, name="second", after="trans_golgi")
    for extra in ((SORTING, second), (second, SORTING)):
        names = [station.name for station in lines_of(Gland(), extra).aqueous.stations]
        assert names == ["rer", "golgi", "trans_golgi", "second", "vesicle_fusion"]
    with pytest.raises(StationRowError, match="after 'second' is no station"):
        lines_of(Gland(), [replace(SORTING, after="second"), second])


def test_packets_pass_it_between_its_neighbours(recorder):
    """They are served for four minutes, up to the rounding of places, and enter each station as they leave another."""
    everything = visits(recorder)
    served = everything[everything.station_name == "trans_golgi"]
    assert (served.finished - served.started).mean() == pytest.approx(4.0, rel=0.25)
    one = everything.query("breast_name == 'left' and lobe_name == 1")
    for before, after in pairwise(("rer", "golgi", "trans_golgi", "vesicle_fusion")):
        left = one[one.station_name == before].set_index("packet").left.dropna()
        entered = one[one.station_name == after].set_index("packet").entered
        both = left.index.intersection(entered.index)
        assert len(both) > 100
        assert (left[both] == entered[both]).all()


def test_its_queue_is_sampled_with_the_others(recorder):
    """A row for each station at each sample; its places are 7 mL-eq of the reference gland."""
    queues, lobes = facts(recorder, QueueSample), facts(recorder, LobeSample)
    assert len(queues) == 6 * len(lobes)
    first = queues[queues.time_min == queues.time_min.min()].set_index("station")
    cells = lobes.active_cells.iloc[0]
    for side in ("left", "right"):
        places = first[first.breast == side].loc["trans_golgi", "places"].sum()
        assert places == pytest.approx(7.0 * cells / 0.5, abs=1.0)
    assert (queues[queues.station == "trans_golgi"].in_service > 0).any()


def test_the_balance_closes_with_it(recorder):
    """What is in its packets is in transit: nothing is lost, though cargo is loaded at the station before it."""
    balance = facts(recorder, Balance).set_index("quantity")
    assert balance.residual.abs().max() < 1e-9
    still = visits(recorder).query("left != left")
    loaded = still.station_name.isin(["golgi", "trans_golgi", "vesicle_fusion"]).sum()
    plain = simulated()
    loaded_before = visits(plain).query("left != left").station_name.isin(["golgi", "vesicle_fusion"]).sum()
    lactose = balance.loc["lactose", "in_transit"]
    before = facts(plain, Balance).set_index("quantity").loc["lactose", "in_transit"]
    assert lactose / loaded == pytest.approx(before / loaded_before, rel=0.02)


def test_without_extra_stations_nothing_changes():
    """An empty list is no list."""
    assert simulated().facts == simulated(CONFIG, *()).facts
    assert [key.station for key in simulated().keys[:5]] == list(STATIONS)


def test_a_station_may_stand_after_another_extra_one():
    """Rows are put in order one by one."""
    second = replace(SORTING, name="condensing", after="trans_golgi")
    assert [station.name for station in lines_of(Gland(), [SORTING, second]).aqueous.stations] == [
        "rer", "golgi", "trans_golgi", "condensing", "vesicle_fusion",
    ]  # fmt: skip


def test_it_grows_with_the_gland():
    """A mother with a larger gland has more of it: by the factor of her Golgi, which it follows."""
    config = RunConfig.model_validate({"format": 1, "mother": {"cohort": 3}})
    for mother in range(3):
        woman, traits = drawn(config, mother, [SORTING])
        (factor,) = {round(trait.factor, 12) for trait in traits if trait.trait == "gland_size"}
        assert abs(factor - 1.0) > 1e-3
        sorting = next(each for each in lines_of(woman.gland, [SORTING]).aqueous.stations if each.name == "trans_golgi")
        assert sorting.places_ml == pytest.approx(7.0 * factor, rel=1e-9)
        assert sorting.work_min == 4.0


def test_all_room_is_of_the_trait_of_gland_size():
    """Whatever a row of the package says of room, a larger gland has more of it."""
    room = {f"gland.{amount}" for row in ROWS for amount in (row.places, row.waiting) if amount is not None}
    assert len(room) == 6
    assert set(TRAITS["gland_size"]) == {
        *room, "gland.protein_line.translation_ml_per_h", "gland.membrane.apical_area_m2",
    }  # fmt: skip


def test_the_smallest_room_bounds_the_packet():
    """A small station allows smaller packets only, and says so before the run begins."""
    tight = replace(SORTING, places=replace(SORTING.places, value=0.5))
    assert coarsest(CONFIG).station != "trans_golgi"
    assert coarsest(CONFIG, [tight]).station == "trans_golgi"
    with pytest.raises(StationRowError, match=r"station 'trans_golgi': packets of 0\.5 mL are too coarse"):
        simulated(CONFIG, tight)


def own(value: float, unit: str, follows: str = "", within=(0.1, 60.0)) -> OwnQuantity:
    return own_quantity(value, unit, within=within, source=sources.ASSUMED, note="for a test", follows=follows)


GOLGI_ML = "protein_line.golgi_ml"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"name": "golgi"}, "station 'golgi': there is another station of this name"),
        ({"name": "trans-Golgi"}, "station 'trans-Golgi': name is not made of letters"),
        ({"line": "watery"}, "line 'watery' is none of aqueous, lipid"),
        ({"words": ""}, "words are missing"),
        ({"after": ""}, r"after '' is no station of the aqueous line \(rer, golgi, vesicle_fusion\)"),
        ({"after": "droplet_growth"}, "after 'droplet_growth' is no station of the aqueous line"),
        ({"line": "lipid"}, "after 'golgi' is no station of the lipid line"),
        ({"after": "vesicle_fusion"}, "nothing stands after 'vesicle_fusion'"),
        ({"work": "protein_line.sorting_min"}, "work 'protein_line.sorting_min' is not a declared quantity"),
        ({"work": "protein_line"}, "work 'protein_line' is not a declared quantity"),
        ({"work": "lobes_per_breast"}, "work 'lobes_per_breast' is not a declared quantity"),
        ({"work": "no.such.key"}, "work 'no.such.key' is not a declared quantity"),
        ({"work": GOLGI_ML}, r"work is in mL-eq \(allowed: min\)"),
        ({"work": 4.0}, "work is 4.0"),
        ({"work": own(0.0, "min")}, r"work is 0 \(allowed: 0.1 to 60\)"),
        ({"work": own(4.0, "h")}, r"work is in h \(allowed: min\)"),
        ({"work": own(4.0, "min", follows="no_key")}, "work 'no_key' is not a declared quantity"),
        ({"places": own(7.0, "mL-eq")}, "places does not say what it follows"),
        ({"places": own(7.0, "mL-eq", follows="lumen.capacity_ml")}, "places 'lumen.capacity_ml' does not grow"),
        ({"places": "protein_line.folding_min"}, "places 'protein_line.folding_min' does not grow"),
        ({"places": own(70.0, "mL-eq", follows=GOLGI_ML)}, r"places is 70 \(allowed: 0.1 to 60\)"),
        ({"places": own(7.0, "mL", follows=GOLGI_ML)}, r"places is in mL \(allowed: mL-eq\)"),
        ({"least_places": 0.0}, "least_places is 0"),
        ({"least_waiting": 1.0}, "least_waiting is 1"),
        ({"waiting": GOLGI_ML}, "least_waiting is 0"),
        ({"waiting": "protein_line.pool_ml", "least_waiting": 1.0}, "waiting 'protein_line.pool_ml' is not a declared"),
        ({"loads": True}, "aqueous line: it needs one station that loads cargo .* there are 2: golgi, trans_golgi"),
    ],
)
def test_a_wrong_row_is_named_at_the_start(wrong, named):
    """Before anything is simulated: the station, the field, what it says and what is allowed."""
    recorder = MemoryRecorder()
    row = replace(SORTING, **wrong)
    with pytest.raises(StationRowError, match=named) as error:
        simulate(CONFIG, recorder, additions=Additions(stations=(row,)))
    assert row.name in str(error.value)
    assert recorder.facts == []


def test_a_forgotten_field_is_named():
    """A row without one cannot be made."""
    with pytest.raises(TypeError, match="'words'"):
        StationRow(name="x", line="aqueous", work=SORTING.work, places=SORTING.places, least_places=1.0)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("index", "wrong", "named"),
    [
        (1, {"loads": False}, "aqueous line: it needs one station that loads cargo .* there is none"),
        (0, {"name": "golgi"}, "station 'golgi': there is another station of this name"),
        (4, {"line": "fat"}, "line 'fat' is none of aqueous, lipid"),
        (2, {"places": "protein_line.sites_ml"}, "station 'vesicle_fusion': places 'protein_line.sites_ml' is not"),
    ],
)
def test_rows_of_the_package_are_checked_alike(monkeypatch, index, wrong, named):
    """A contributed row with a slip does not wait for a test to be found."""
    rows = [replace(row, **wrong) if number == index else row for number, row in enumerate(ROWS)]
    monkeypatch.setattr("lactflow.gland.stations.ROWS", tuple(rows))
    with pytest.raises(StationRowError, match=named):
        lines_of(Gland())


def test_droplets_have_their_cargo_from_the_first_station(monkeypatch):
    """Their source makes them with it; a later loading station would have nothing to load."""
    rows = [replace(row, loads=row.name != "droplet_growth" and (row.loads or row.name == "droplet_budding"))
            for row in ROWS]  # fmt: skip
    monkeypatch.setattr("lactflow.gland.stations.ROWS", tuple(rows))
    with pytest.raises(StationRowError, match="station 'droplet_growth': loads is False"):
        lines_of(Gland())


def test_columns_of_lobes_are_those_of_the_rows():
    """Each is there, and counts what the queue rows count."""
    assert {row.lobes_column for row in ROWS} == {name for name in LobeSample._fields if name.endswith("_queue")}
    assert np.array_equal(stations.STATIONS, [row.name for row in ROWS])


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"value": "6"}, "the value is '6' (allowed: a finite number)"),
        ({"within": 10.0}, "within is 10.0 (allowed: two numbers, the lower one first)"),
        ({"within": (60.0, 0.1)}, "within is (60.0, 0.1) (allowed: two numbers"),
        ({"unit": 5}, "unit is 5 (allowed: a text)"),
        ({"follows": None}, "follows is None (allowed: a text)"),
    ],
)
def test_an_own_quantity_of_the_wrong_type_is_an_error_where_it_is_made(wrong, named):
    """A package that does this cannot be loaded, and says why."""
    with pytest.raises(DeclarationError) as caught:
        own(**{"value": 6.0, "unit": "min", **wrong})
    assert str(caught.value).startswith(f"own_quantity: {named}")
