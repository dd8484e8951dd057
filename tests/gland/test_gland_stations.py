"""Each station is what its name says: dwell, line, room, filling, open visits; each knock-out is a mechanism."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lactflow.gland.mechanism import MECHANISMS, Mechanisms
from lactflow.parameters.gland import Gland
from lactflow.parameters.stations import ROWS
from lactflow.records import STATIONS_OF_LINE, LobeSample, QueueSample

LINE_OF = {station: line for line, stations in STATIONS_OF_LINE.items() for station in stations}
QUEUE_OF = {row.name: row.lobes_column.removesuffix("_queue") for row in ROWS}


@pytest.fixture(scope="module")
def played(play):
    """A day without noise or feeds, sampled each hour."""
    return play(days=1.0, gland={"noise": {"sd": 0.0}}, schedule=({"kind": "none"},))


def test_every_station_is_in_its_line(played):
    """The name of a station and of its line stand together in the keys of the visits."""
    assert {(key.station, key.line) for key in played.recorder.keys} == set(LINE_OF.items())


@pytest.mark.parametrize(
    ("station", "declared"),
    [
        ("rer", lambda gland: gland.protein_line.folding_min),
        ("golgi", lambda gland: gland.protein_line.lactose_loading_min),
        ("droplet_growth", lambda gland: gland.lipid_line.growth_min),
    ],
)
def test_stations_keep_packets_for_their_declared_dwell(played, station, declared):
    """Service takes what is declared, up to the rounding of places."""
    visits = played.visits()
    visits = visits[(visits.station_name == station) & visits.finished.notna()]
    assert (visits.finished - visits.started).mean() == pytest.approx(declared(Gland()), rel=0.1)


def test_fusion_and_budding_dwell_with_an_empty_lumen(play):
    """So do the last stations, which the inhibitor slows, when it is knocked out."""
    visits = play(
        days=0.3, gland={"noise": {"sd": 0.0}}, schedule=({"kind": "none"},), knock_outs=("feedback_inhibitor",)
    ).visits()
    service = (visits.finished - visits.started).groupby(visits.station_name).mean()
    gland = Gland()
    assert service["vesicle_fusion"] == pytest.approx(gland.protein_line.fusion_min, rel=0.1)
    assert service["droplet_budding"] == pytest.approx(gland.lipid_line.budding_min, rel=0.1)


def test_all_stations_are_filled_at_the_start(played):
    """No station of the first sample is empty, and packets have entered at the pace of the flow."""
    first = played.table(LobeSample).query("time_min == time_min.min()")
    gland = Gland()
    cell = first.iloc[0]
    per_breast = gland.protein_line.translation_ml_per_h / 60.0 * cell.active_cells * cell.mrna
    assert 0.5 < cell.active_cells < 0.6
    flow = {"aqueous": per_breast / 0.1, "lipid": per_breast / 0.2}
    dwell = {
        "rer": gland.protein_line.folding_min, "golgi": gland.protein_line.lactose_loading_min,
        "droplet_growth": gland.lipid_line.growth_min,
    }  # fmt: skip
    for station, minutes in dwell.items():
        packets = first.groupby("breast")[f"{QUEUE_OF[station]}_queue"].sum()
        assert np.allclose(packets, flow[LINE_OF[station]] * minutes, rtol=0.15)
    assert (first.groupby("breast")[["fusion_queue", "budding_queue"]].sum() > 0).all(axis=None)


def test_open_visits_are_all_that_is_there_at_the_end(played):
    """Visits without a time of leaving, counted by station and lobe, are the queues of the last sample."""
    visits = played.visits()
    still = visits[visits.left.isna()].groupby(["breast_name", "lobe_name", "station_name"]).size()
    last = played.table(LobeSample).query("time_min == time_min.max()")
    for row in last.itertuples():
        for station, queue in QUEUE_OF.items():
            assert still.get((row.breast, row.lobe, station), 0) == getattr(row, f"{queue}_queue")


def test_every_packet_passes_the_stations_in_order(played):
    """A packet enters each station of its line as it leaves the one before."""
    visits = played.visits().query("breast_name == 'left' and lobe_name == 0")
    for stations in STATIONS_OF_LINE.values():
        for before, after in pairwise(stations):
            left = visits[visits.station_name == before].set_index("packet").left.dropna()
            entered = visits[visits.station_name == after].set_index("packet").entered
            both = left.index.intersection(entered.index)
            assert len(both) > 20
            assert (left[both] == entered[both]).all()


def test_every_mechanism_is_read(play, monkeypatch):
    """A name that `knock_outs` takes is looked up when a run is built: none is accepted and does nothing."""
    names = set()
    present = Mechanisms.present

    def noted(self, name):
        names.add(name)
        return present(self, name)

    monkeypatch.setattr(Mechanisms, "present", noted)
    play(days=0.01, visits=False, schedule=({"kind": "none"},))
    assert names == set(MECHANISMS)


@pytest.fixture(scope="module")
def stasis(play):
    """Play two days after full breasts, the right one pumped, with some knock-outs; the facts but for time."""

    def player(*knock_outs):
        return play(
            days=2.0, visits=False, resolution={"packet_ml": 0.5}, knock_outs=knock_outs, gland=STASIS,
            schedule=({"kind": "pump", "times": ("06:00", "18:00"), "side": "right"},),
        )  # fmt: skip

    return player


STASIS = {"lobes_per_breast": 2, "established": {"fullness": 1.2}}


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_knock_out_changes_something(stasis, name):
    """In full breasts every mechanism has its part."""
    assert stasis(name).recorder.facts != stasis().recorder.facts


def test_without_knock_outs_runs_are_equal(stasis):
    """What the test above rests on."""
    assert stasis().recorder.facts == stasis().recorder.facts


def test_queue_rows_are_what_is_at_each_station(played):
    """Waiting, in service and blocked are all that is there; open visits at the end say which is which."""
    queues, lobes = played.table(QueueSample), played.table(LobeSample)
    packets = queues[["waiting", "in_service", "blocked"]].sum(axis=1)
    for station, queue in QUEUE_OF.items():
        assert packets[queues.station == station].tolist() == lobes[f"{queue}_queue"].tolist()
    visits = played.visits()
    still = visits[visits.left.isna()]
    stretches = {
        "waiting": still[still.started.isna()],
        "in_service": still[still.started.notna() & still.finished.isna()],
        "blocked": still[still.finished.notna()],
    }
    last = queues.query("time_min == time_min.max()").set_index(["breast", "lobe", "station"])
    assert (last[["waiting", "in_service", "blocked"]].sum() > 0).all()
    for stretch, rows in stretches.items():
        counted = rows.groupby(["breast_name", "lobe_name", "station_name"]).size()
        assert counted.reindex(last.index, fill_value=0).tolist() == last[stretch].tolist()
    first = queues.query("time_min == time_min.min()")  # later, a station that shrinks may hold more for a while
    assert (first.waiting <= first.room).all()
    assert (first.in_service + first.blocked <= first.places).all()
