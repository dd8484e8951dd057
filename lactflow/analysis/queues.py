"""
Queues at samples, and Little's law: counts at instants against times of packets.

Counts come from the table `queues`. Runs of versions that had none have the number of packets at each station in
columns of `lobes`, and nothing is known of how many of them waited or were blocked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lactflow.analysis.days import UNIT, held, windows
from lactflow.analysis.stations import WHERE, over, stations
from lactflow.parameters.stations import ROWS
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from lactflow.recording.reader import StoredRun

_COUNTED = ["waiting", "in_service", "blocked"]
_WHOSE = ["breast", "station"]
_LAWS = {"waiting": "waiting", "in_service": "busy_places", "blocked": "blocked_places"}
"""Time average of `stations` that each count at samples agrees with."""


def queues(run: StoredRun) -> pd.DataFrame:
    """
    Packets at each station of each breast at each sample, all lobes together.

    Parameters
    ----------
    run
        A run, with visits or without.

    Returns
    -------
    A row for each `mother`, `replicate`, `time_min` [min since birth], `breast`, `station`:

    - `waiting`, `in_service`, `blocked`: packets there; NaN in runs of versions without the table `queues`.
    - `packets`: all of them.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    by = [*UNIT, "time_min", *_WHOSE]
    rows = run.read("queues", [*by, *_COUNTED])
    if rows.empty:
        return _from_lobes(run)[[*by, *_COUNTED, "packets"]]
    sums = rows.groupby(by, sort=False, as_index=False)[_COUNTED].sum()
    return sums.assign(packets=sums[_COUNTED].sum(axis=1))


def _from_lobes(run: StoredRun) -> pd.DataFrame:
    """The same from the columns of `lobes`."""
    station_of = {row.lobes_column: row.name for row in ROWS if row.lobes_column}
    by = [*UNIT, "time_min", "breast"]
    rows = run.read("lobes", [*by, *station_of]).groupby(by, sort=False, as_index=False)[list(station_of)].sum()
    named = rows.rename(columns=station_of)
    return named.melt(by, var_name="station", value_name="packets").assign(**dict.fromkeys(_COUNTED, float("nan")))


def littles_law(run: StoredRun, warm_up_days: float = 0.0) -> pd.DataFrame:
    """
    Little's law at each station: packets counted at samples, against throughput times residence from visits.

    The two sides are measured independently. The table `queues` has the number of packets at a station at some
    instants: those that wait, are in service, or are blocked; who they are or when they came does not matter. The table
    `visits` has the times of each packet, and is never used to count how many were there at once.
    A packet that was lost, counted twice, or written with a wrong time would part them. The law holds for all packets
    of a station, and for each of the three stretches of a visit by itself.

    What is left of a difference is sampling: a sample holds until the next, and a feed every three hours is seen at the
    same points of its course again and again. It shrinks with `record.sample_min`. Edges do not enter: a packet that
    was there at the start counts from the start in both, one that is there at the end counts up to the end in both.

    Parameters
    ----------
    run
        A run with visits.
    warm_up_days
        Time left out at the start [days], from 0.

    Returns
    -------
    A row for each `mother`, `replicate`, `breast`, `line`, `station`, all lobes together:

    - `sampled_packets`: L, packets there, averaged over time, from samples.
    - `throughput_per_h`: lambda, packets that left per hour [packets/h]; `residence_min`: W, mean time that they spent
      [min]; both as `stations` has them.
    - `packets`: lambda W.
    - `relative_difference`: L over lambda W, less 1; NaN where no packet was there.
    - `sampled_waiting`, `sampled_in_service`, `sampled_blocked`: packets in each stretch, averaged over time, from
      samples; NaN in runs of versions without the table `queues`.
    - `waiting`, `busy_places`, `blocked_places`: lambda times the mean time waiting, in service and blocked, as
      `stations` has them.
    - `waiting_difference`, `in_service_difference`, `blocked_difference`: the former less the latter [packets].

    Raises
    ------
    NoVisitsError
        If the run has no visits.
    ValueError
        If `warm_up_days` is negative.
    DamagedRunError
        If a part is missing or not what was written.

    References
    ----------
    Little JDC 1961, A proof for the queuing formula L = lambda W, Oper Res 9:383-387.
    """
    columns = [*WHERE, "throughput_per_h", "residence_min", "packets", *_LAWS.values()]
    found = stations(run, warm_up_days)[columns]
    sampled = _averages(run, warm_up_days).add_prefix("sampled_").reset_index()
    law = found.merge(sampled, on=[*UNIT, *_WHOSE], how="left")
    table = law[[*WHERE, "sampled_packets", "throughput_per_h", "residence_min", "packets"]].copy()
    table["relative_difference"] = over(law["sampled_packets"].to_numpy(), law["packets"].to_numpy()) - 1.0
    for names in ([f"sampled_{name}" for name in _LAWS], _LAWS.values()):
        table[list(names)] = law[list(names)]
    for counted, averaged in _LAWS.items():
        table[f"{counted}_difference"] = law[f"sampled_{counted}"] - law[averaged]
    return table


def _averages(run: StoredRun, warm_up_days: float) -> pd.DataFrame:
    """Packets at each station, averaged over the window by how long each sample holds."""
    kept = held(queues(run), _WHOSE, windows(run, warm_up_days * DAY_MIN))
    by = [kept[name] for name in (*UNIT, *_WHOSE)]
    sums = kept[["packets", *_COUNTED]].mul(kept["weight"], axis=0).groupby(by).sum(min_count=1)
    return sums.div(kept["weight"].groupby(by).sum(), axis=0)
