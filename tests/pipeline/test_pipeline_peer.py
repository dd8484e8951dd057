"""Another simulator on the same line: Ciw, with the same arrivals and works given to both."""

from __future__ import annotations

from itertools import accumulate
from math import inf

import ciw
import numpy as np
import pytest
from toy_lines import Line, feed

from lactflow.pipeline import Environment

PACKETS = 600


def in_ciw(intervals, works, places, rooms):
    """Times of entry, service, end and departure by (packet, station), by Ciw; blocking after service is its rule."""
    depth = len(works)
    none = [None] * (depth - 1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*intervals, 1e9]), *none],
        service_distributions=[ciw.dists.Sequential(work) for work in works],
        routing=[[1.0 if column == row + 1 else 0.0 for column in range(depth)] for row in range(depth)],
        number_of_servers=places,
        queue_capacities=rooms,
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(1e8)
    return {
        (record.id_number - 1, record.node - 1): (
            record.arrival_date,
            record.service_start_date,
            record.service_end_date,
            record.exit_date,
        )
        for record in simulation.get_all_records()
    }


def in_lactflow(intervals, works, places, rooms, fed):
    """The same times by lactflow."""
    env = Environment()
    stations = [
        {"service": work, "places": count, "room": room} for work, count, room in zip(works, places, rooms, strict=True)
    ]
    line = Line(env, *stations, intervals=intervals if fed == "source" else None)
    if fed == "process":
        feed(env, line.stations[0], accumulate(intervals))
    env.run()
    return {(visit.packet, visit.station): visit[3:] for visit in line.visits}


@pytest.mark.parametrize(
    ("places", "rooms", "fed"),
    [
        ([1, 1, 1, 1], [inf, 3, 0, 2], "source"),
        ([2, 2, 2], [inf, 2, 0], "process"),
        ([2, 2, 2], [inf, 2, 0], "source"),
    ],
    ids=["single servers", "two servers each", "two servers each, fed by a source"],
)
def test_same_times_as_ciw(places, rooms, fed):
    """Every packet enters, begins, ends and leaves each station when Ciw says, blocking included."""
    rng = np.random.default_rng(20240607)
    intervals = rng.exponential(1.0, PACKETS).tolist()
    works = [rng.exponential(0.75 * count, PACKETS).tolist() for count in places]
    theirs = in_ciw(intervals, works, places, rooms)
    ours = in_lactflow(intervals, works, places, rooms, fed)
    assert len(ours) == PACKETS * len(places)
    assert ours.keys() == theirs.keys()
    blocked = sum(left > finished for _, _, finished, left in ours.values())
    assert blocked > PACKETS / 4
    for visit, times in ours.items():
        assert times == pytest.approx(theirs[visit], rel=1e-12, abs=0.0), visit
