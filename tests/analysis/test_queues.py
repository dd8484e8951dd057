"""Queues at samples, and Little's law for each stretch of a visit: by hand, in runs, in old runs."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from sealing import make_old, read
from sorting_station import SORTING

import lactflow
from lactflow.analysis.queues import littles_law, queues
from lactflow.analysis.run import open_run
from lactflow.analysis.stations import blocking_over_time, stations
from lactflow.config.additions import Additions
from lactflow.config.model import RunConfig
from lactflow.parameters.stations import ROWS
from lactflow.recording.archive import Archive
from lactflow.records import BREASTS, QueueSample, StationKey
from lactflow.report.numbers import TimeAxis
from lactflow.report.run_stations import stations as station_blocks
from lactflow.simulation import simulate

FROM_MIN, TO_MIN = 1440.0, 1440.0 + 600.0
COUNTED = ["waiting", "in_service", "blocked"]


@pytest.fixture
def by_hand(tmp_path):
    """A packet that waits for an hour, is served for two and blocked for one, sampled every hour for ten hours."""
    archive = Archive.create(tmp_path, "queues", "", {}, {})
    recorder = archive.writer()
    recorder.stations([StationKey("right", lobe, "aqueous", "rer") for lobe in range(2)])
    recorder.visits.add(0, 0, 0, FROM_MIN + 60.0, FROM_MIN + 120.0, FROM_MIN + 240.0, FROM_MIN + 300.0)
    for hour in range(11):
        counts = [1 if hour in hours else 0 for hours in ((1,), (2, 3), (4,))]
        recorder.record(QueueSample(FROM_MIN + hour * 60.0, "right", 0, "rer", *counts, 1, 1))
        recorder.record(QueueSample(FROM_MIN + hour * 60.0, "right", 1, "rer", 0, 0, 0, 1, 1))
    recorder.close(TO_MIN)
    archive.finish("complete")
    return open_run(archive.path)


def test_both_sides_of_the_law_by_hand(by_hand):
    """One packet in ten hours: 0.1 an hour, with four hours of residence."""
    law = littles_law(by_hand).set_index(["breast", "station"]).loc[("right", "rer")]
    expected = {
        "throughput_per_h": 0.1,
        "residence_min": 240.0,
        "packets": 0.4,
        "sampled_packets": 0.4,
        "sampled_waiting": 0.1,
        "waiting": 0.1,
        "sampled_in_service": 0.2,
        "busy_places": 0.2,
        "sampled_blocked": 0.1,
        "blocked_places": 0.1,
    }
    assert law[list(expected)].astype(float).to_dict() == pytest.approx(expected, rel=1e-12)
    differences = ["relative_difference", "waiting_difference", "in_service_difference", "blocked_difference"]
    assert law[differences].astype(float).to_numpy() == pytest.approx(0.0, abs=1e-12)


def test_a_packet_too_few_is_seen(by_hand, monkeypatch):
    """A sampled packet without a visit parts the sides, in its own stretch."""
    monkeypatch.setattr(
        "lactflow.analysis.queues.queues",
        lambda run: queues(run).assign(blocked=lambda rows: rows.blocked + 1, packets=lambda rows: rows.packets + 1),
    )
    law = littles_law(by_hand).set_index(["breast", "station"]).loc[("right", "rer")]
    assert law["blocked_difference"] == pytest.approx(1.0, rel=1e-12)
    assert law["waiting_difference"] == pytest.approx(0.0, abs=1e-12)
    assert law["relative_difference"] == pytest.approx(2.5, rel=1e-12)


@pytest.fixture(scope="module")
def half_a_day(tmp_path_factory):
    """Half a day of feeds, sampled every ten minutes."""
    return lactflow.run(
        "every-three-hours",
        days=0.5,
        settings=["seed=2", "record.sample_min=10", "resolution.packet_ml=0.14"],
        out=tmp_path_factory.mktemp("runs"),
        workers=1,
    )


def test_each_stretch_obeys_the_law_in_a_run(half_a_day):
    """Packets waiting, in service and blocked agree with times of visits, each to a packet."""
    law = littles_law(half_a_day)
    assert len(law) == 10
    assert law["relative_difference"].abs().max() < 0.05
    for stretch in COUNTED:
        assert law[f"sampled_{stretch}"].sum() > 1.0
        assert law[f"{stretch}_difference"].abs().max() < 1.5
    whole = law[["sampled_waiting", "sampled_in_service", "sampled_blocked"]].sum(axis=1)
    np.testing.assert_allclose(whole, law["sampled_packets"], rtol=1e-12)


def without_queues(run, folder):
    """The run as a version wrote it that had no table of queues."""
    path = shutil.copytree(run.path, folder / "old")
    shutil.rmtree(path / "queues")
    for journal in path.glob("journal/*.jsonl"):
        lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
        kept = [{**line, "parts": line["parts"] - 1} for line in lines if line["table"] != "queues"]
        journal.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    make_old(path)
    manifest = read(path)
    del manifest["rows"]["queues"]
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_run(path)


def test_runs_without_the_table_fall_back_on_lobes(half_a_day, tmp_path):
    """Packets are counted all the same; how many of them waited is not known."""
    old = without_queues(half_a_day, tmp_path)
    assert len(old["queues"]) == 0
    by = ["time_min", "breast", "station"]
    new_rows, old_rows = (queues(run).sort_values(by).reset_index(drop=True) for run in (half_a_day, old))
    pd.testing.assert_frame_equal(new_rows[[*by, "packets"]], old_rows[[*by, "packets"]], check_dtype=False)
    assert old_rows[COUNTED].isna().all(axis=None)
    new_law, old_law = littles_law(half_a_day), littles_law(old)
    shared = [name for name in new_law if not name.startswith(("sampled_", *COUNTED)) or name == "sampled_packets"]
    pd.testing.assert_frame_equal(new_law[shared], old_law[shared], rtol=1e-12)
    assert old_law[["sampled_waiting", "blocked_difference"]].isna().all(axis=None)
    blocks = station_blocks(old, TimeAxis(*old.spans_min[0, 0]))
    assert [block.title for block in blocks] == [
        block.title for block in station_blocks(half_a_day, TimeAxis(*half_a_day.spans_min[0, 0]))
    ]


@pytest.fixture(scope="module")
def with_sorting(tmp_path_factory):
    """Half a day with a station more behind the Golgi, kept as a run."""
    config = RunConfig.model_validate(
        {
            "format": 1,
            "days": 0.5,
            "resolution": {"packet_ml": 0.5},
            "gland": {"lobes_per_breast": 2},
            "schedule": ({"kind": "every", "hours": 3},),
            "record": {"sample_min": 5.0},
        }
    )
    archive = Archive.create(tmp_path_factory.mktemp("runs"), "sorting", "", {}, {})
    recorder = archive.writer()
    simulate(config, recorder, additions=Additions(stations=(SORTING,)))
    recorder.close((config.start_day - 1.0 + config.days) * 1440.0)
    archive.finish("complete")
    return open_run(archive.path)


def test_tables_know_a_station_from_outside(with_sorting):
    """Visits, station tables and queues have it, in its place in the line; its line is that of its neighbours."""
    order = [row.name for row in ROWS]
    order.insert(2, "trans_golgi")
    assert with_sorting["visits"]["station"].cat.categories.tolist() == order
    assert with_sorting["visits"]["station"].notna().all()
    table = stations(with_sorting)
    assert table["station"].tolist() == order * 2
    assert table["line"].tolist() == (["aqueous"] * 4 + ["lipid"] * 2) * 2
    assert (table["departures"] > 50).all()
    assert table.query("station == 'trans_golgi'")["service_min"].to_numpy() == pytest.approx(4.0, rel=0.25)
    assert blocking_over_time(with_sorting, 6.0)["station"].tolist() == list(np.repeat(order, 2)) * 2
    assert queues(with_sorting)["station"].unique().tolist() == order


def test_the_law_holds_at_a_station_from_outside(with_sorting):
    """As at all others."""
    law = littles_law(with_sorting).query("station == 'trans_golgi'")
    assert len(law) == 2
    assert law["relative_difference"].abs().max() < 0.05
    assert law[[f"{stretch}_difference" for stretch in COUNTED]].abs().to_numpy().max() < 0.5


def test_pages_have_words_for_a_station_from_outside(with_sorting):
    """Those of its row; its name where nobody passes the row."""
    axis = TimeAxis(*with_sorting.spans_min[0, 0])
    for extra, word in (((SORTING,), "trans-Golgi"), ((), "trans_golgi")):
        queue_map, blocking, table = station_blocks(with_sorting, axis, extra)
        names = ["RER", "Golgi", word, "fusion", "growth", "budding"]
        expected = [f"{side} {name}" for side in BREASTS for name in names]
        assert [row[0] for row in table.rows] == expected
        assert list(queue_map.table.columns)[1:] == list(blocking.table.columns)[1:] == expected
        assert queue_map.wide.count(f">left {word}</text>") == 1
