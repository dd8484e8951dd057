"""Station statistics: by hand, by the laws of queues, and by what may not matter."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lactflow
from lactflow.analysis.queues import littles_law
from lactflow.analysis.run import open_run
from lactflow.analysis.stations import WHERE, NoVisitsError, blocking_over_time, stations, whole_and_over_time
from lactflow.recording.archive import Archive
from lactflow.records import BREASTS, STATIONS, BreastSample, StationKey

NAN = math.nan
FROM_MIN, TO_MIN = 1440.0, 1440.0 + 600.0
"""Ten hours from the beginning of day 2."""

RER, GOLGI = 0, 1
PACKED = (
    (RER, 0, 0, 1400.0, 1400.0, 1460.0, 1460.0),  # there when the run began: 20 min of its 60 count
    (RER, 1, 0, 1440.0, 1440.0, 1500.0, 1560.0),  # blocked for an hour
    (RER, 2, 0, 1560.0, 1590.0, 1650.0, 1650.0),  # waited for half an hour
    (GOLGI, 1, 0, 1560.0, 1560.0, 1680.0, 1680.0),
    (GOLGI, 2, 0, 1680.0, 1680.0, 1740.0, NAN),  # blocked to the end
    (RER, 3, 0, 1980.0, 1980.0, NAN, NAN),  # in service at the end
    (RER, 4, 1, 2010.0, NAN, NAN, NAN),  # waits at the end
)


@pytest.fixture
def run(tmp_path):
    """Seven visits at two stations of a lobe; another lobe adds one of them once more."""
    archive = Archive.create(tmp_path, "stations", "", {}, {})
    recorder = archive.writer(0, 1)
    recorder.stations([StationKey("right", lobe, "aqueous", name) for lobe in range(2) for name in ("rer", "golgi")])
    for time_min in (FROM_MIN, TO_MIN):
        recorder.record(BreastSample(time_min, "left", 1.0, 1.0, None))
    for row in (*PACKED, (2, *PACKED[1][1:])):
        recorder.visits.add(*row)
    recorder.close(TO_MIN)
    archive.finish("complete")
    return open_run(archive.path)


class RunOfVisits:
    """A run of which nothing is known but its window and its visits, in parts."""

    path = "visits"

    def __init__(self, *parts: pd.DataFrame) -> None:
        self.spans_min = {(0, 0): (FROM_MIN, TO_MIN)}
        self._parts = parts

    def read_in_parts(self, table, names):
        assert table == "visits"
        yield from (part[names] for part in self._parts)


def visits_of(rows) -> pd.DataFrame:
    """Visits from (breast, station, entered, wait, service, blocked); what is later than the window is unknown."""
    frame = pd.DataFrame(rows, columns=["breast", "station", "entered_min", "wait", "service", "blocked"])
    frame["breast"] = pd.Categorical(frame["breast"], categories=BREASTS)
    frame["station"] = pd.Categorical(frame["station"], categories=STATIONS)
    before = frame["entered_min"]
    for step, stay in (("started_min", "wait"), ("finished_min", "service"), ("left_min", "blocked")):
        before = before + frame[stay]
        frame[step] = before.where(before <= TO_MIN)
    return frame.assign(mother=0, replicate=0)


stay = st.floats(0.0, 400.0)
some_visits = st.lists(
    st.tuples(
        st.sampled_from(BREASTS), st.sampled_from(STATIONS), st.floats(FROM_MIN - 100.0, TO_MIN), stay, stay, stay
    ),
    min_size=1,
    max_size=30,
).map(visits_of)


def at(table: pd.DataFrame, station: str) -> pd.Series:
    """Row of a station of the right breast."""
    return table[(table["breast"] == "right") & (table["station"] == station)].iloc[0]


def test_every_column_of_two_stations_by_hand(run):
    """Times are clipped to the run; what has not happened lasts to its end."""
    table = stations(run)
    assert len(table) == 10
    assert table[["mother", "replicate"]].drop_duplicates().to_numpy().tolist() == [[0, 1]]
    rer, golgi = at(table, "rer"), at(table, "golgi")
    assert (rer["visits"], rer["departures"], rer["line"]) == (6, 4, "aqueous")
    served, blocked, waited = 20.0 + 60.0 + 60.0 + 60.0 + 60.0, 2 * 60.0, 30.0 + 30.0
    by_hand = {
        "throughput_per_h": 0.4,
        "wait_min": waited / 4,
        "service_min": served / 4,
        "blocked_min": blocked / 4,
        "residence_min": (waited + served + blocked) / 4,
        "waiting": waited / 600.0,
        "busy_places": served / 600.0,
        "blocked_places": blocked / 600.0,
        "packets": (waited + served + blocked) / 600.0,
        "blocked_share": blocked / (served + blocked),
    }
    assert {*by_hand, "visits", "departures"} == {*table.columns} - {*WHERE}
    assert rer[list(by_hand)].to_dict() == pytest.approx(by_hand, rel=1e-12)
    assert golgi["blocked_min"] == pytest.approx(300.0, rel=1e-12)
    assert golgi["blocked_share"] == pytest.approx(300.0 / 480.0, rel=1e-12)


def test_a_station_that_nobody_came_to_has_no_means(run):
    """Counts and averages over time are 0, means are unknown."""
    empty = stations(run).iloc[0]
    assert empty[["visits", "departures", "throughput_per_h", "packets"]].eq(0.0).all()
    assert empty[["wait_min", "residence_min", "blocked_share"]].isna().all()


def test_the_warm_up_moves_the_window(run):
    """Two hours later the first packet has gone, and an hour of blocking with it."""
    rer = at(stations(run, warm_up_days=2.0 / 24.0), "rer")
    assert (rer["visits"], rer["departures"]) == (3, 1)
    assert rer["blocked_min"] == 0.0
    assert rer["service_min"] == pytest.approx(120.0, rel=1e-12)
    nothing = stations(run, warm_up_days=1.0)
    assert list(nothing) == list(stations(run))
    assert nothing.empty
    with pytest.raises(ValueError, match="warm_up_days"):
        stations(run, warm_up_days=-1.0)


def test_stretches_by_hand(run):
    """Visits are cut where stretches meet; the last stretch is as long as the run lets it."""
    table = blocking_over_time(run, every_h=4.0)
    golgi = table[(table["breast"] == "right") & (table["station"] == "golgi")]
    assert golgi["start_min"].tolist() == [1440.0, 1680.0, 1920.0]
    assert golgi["observed_h"].tolist() == [4.0, 4.0, 2.0]
    assert golgi["served_h"].tolist() == pytest.approx([2.0, 1.0, 0.0], abs=1e-12)
    assert golgi["blocked_h"].tolist() == pytest.approx([0.0, 3.0, 2.0], abs=1e-12)
    assert golgi["packets"].tolist() == pytest.approx([0.5, 1.0, 1.0], rel=1e-12)
    assert golgi["blocked_share"].tolist() == pytest.approx([0.0, 0.75, 1.0], rel=1e-12)
    for wrong in (0.0, -1.0, NAN, math.inf):
        with pytest.raises(ValueError, match="every_h"):
            blocking_over_time(run, wrong)


@settings(max_examples=30)
@given(some_visits, st.floats(0.05, 12.0))
def test_stretches_add_up_to_the_whole(visits, every_h):
    """However a run is cut, no time is lost or counted twice."""
    whole, cut = stations(RunOfVisits(visits)), blocking_over_time(RunOfVisits(visits), every_h)
    cut["packet_h"] = cut["packets"] * cut["observed_h"]
    sums = cut.groupby(WHERE, sort=False)[["observed_h", "served_h", "blocked_h", "packet_h"]].sum().reset_index()
    assert sums[WHERE].equals(whole[WHERE])
    hours = (TO_MIN - FROM_MIN) / 60.0
    assert sums["observed_h"].to_numpy() == pytest.approx(hours, rel=1e-12)
    for summed, averaged in (("served_h", "busy_places"), ("blocked_h", "blocked_places"), ("packet_h", "packets")):
        assert sums[summed].to_numpy() == pytest.approx(whole[averaged].to_numpy() * hours, rel=1e-9, abs=1e-9)
    assert cut["blocked_share"].dropna().between(0.0, 1.0).all()


@settings(max_examples=30)
@given(some_visits, st.data())
def test_order_and_parts_do_not_matter(visits, data):
    """Rows in another order, and in any number of parts, say the same."""
    order = data.draw(st.permutations(range(len(visits))))
    first = data.draw(st.integers(1, len(visits)))
    mixed = visits.iloc[order]
    parts = RunOfVisits(*(part for part in (mixed.iloc[:first], mixed.iloc[first:]) if len(part)))
    for table, other in (
        (stations(RunOfVisits(visits)), stations(parts)),
        (blocking_over_time(RunOfVisits(visits), 0.7), blocking_over_time(parts, 0.7)),
    ):
        pd.testing.assert_frame_equal(table, other, rtol=1e-9, atol=1e-9)


@settings(max_examples=30)
@given(some_visits)
def test_operational_laws_hold_exactly(visits):
    """Places busy are throughput times service, packets are throughput times residence."""
    table = stations(RunOfVisits(visits))
    left = table[table["departures"] > 0]
    per_min = left["throughput_per_h"] / 60.0
    np.testing.assert_allclose(per_min * left["service_min"], left["busy_places"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(per_min * left["residence_min"], left["packets"], rtol=1e-12, atol=1e-15)


def test_one_reading_gives_both_tables(three_days):
    """As each by itself."""
    whole, stretches = whole_and_over_time(three_days, 7.0)
    pd.testing.assert_frame_equal(stretches, blocking_over_time(three_days, 7.0), check_exact=True)
    pd.testing.assert_frame_equal(whole, stations(three_days), rtol=1e-12)


def test_a_run_without_visits_says_so(tmp_path):
    """One line, exit code 2, and what to do about it."""
    archive = Archive.create(tmp_path, "quiet", "", {}, {})
    archive.finish("complete")
    for function in (stations, blocking_over_time, littles_law):
        with pytest.raises(NoVisitsError, match=r"has no visits; run it with `record\.visits: true`") as raised:
            function(open_run(archive.path))
        assert raised.value.exit_code == 2
        assert "\n" not in str(raised.value)


@pytest.fixture(scope="module")
def three_days(tmp_path_factory):
    """Three days of feeds every three hours, sampled every ten minutes."""
    return lactflow.run(
        "every-three-hours", days=3.0, settings=["record.sample_min=10"], out=tmp_path_factory.mktemp("runs"), workers=1
    )


def test_littles_law_holds_in_a_run(three_days):
    """Queues counted at samples agree with throughput times residence within two percent."""
    table = littles_law(three_days)
    assert len(table) == 10
    assert table["relative_difference"].abs().max() < 0.02
    product = table["throughput_per_h"] / 60.0 * table["residence_min"]
    np.testing.assert_allclose(product, table["packets"], rtol=1e-12)
    assert (littles_law(three_days, warm_up_days=1.0)["relative_difference"].abs() < 0.03).all()


def test_a_run_is_read_in_parts(three_days):
    """Parts are the table in pieces; hours add up to the whole; what leaves the RER passes the Golgi."""
    names = ["packet", "station", "left_min", "mother"]
    pd.testing.assert_frame_equal(
        pd.concat(three_days.read_in_parts("visits", names), ignore_index=True), three_days.read("visits", names)
    )
    table = stations(three_days).set_index(["breast", "station"])
    assert (table["visits"] >= table["departures"]).all()
    through = table["throughput_per_h"].xs
    np.testing.assert_allclose(through("rer", level="station"), through("golgi", level="station"), rtol=0.02)
    hourly = blocking_over_time(three_days)
    assert len(hourly) == 10 * 72
    hours = hourly.groupby(["breast", "station"])[["served_h", "blocked_h"]].sum() / 72.0
    places = table[["busy_places", "blocked_places"]].sort_index()
    np.testing.assert_allclose(hours.to_numpy(), places.to_numpy(), rtol=1e-9, atol=1e-9)
