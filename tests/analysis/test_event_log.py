"""Visits as an event log, compared with a hand-made one."""

from __future__ import annotations

import math

from lactflow.analysis.run import open_run
from lactflow.recording.archive import Archive
from lactflow.records import StationKey

NAN = math.nan


def test_the_whole_log_of_three_packets(tmp_path):
    """Steps in order of time, block where a packet could not leave, nothing for what did not happen."""
    archive = Archive.create(tmp_path, "log", "", {}, {})
    recorder = archive.writer()
    recorder.stations([StationKey("left", 3, "aqueous", "rer"), StationKey("left", 3, "aqueous", "golgi")])
    for row in (
        (0, 0, 0, 1.0, 1.0, 4.0, 4.0),
        (0, 1, 1, 2.0, 4.0, 6.0, 9.0),
        (1, 0, 0, 4.0, 4.0, 9.0, 9.0),
        (1, 1, 0, 9.0, 9.0, 10.0, NAN),
        (0, 2, 0, 9.0, NAN, NAN, NAN),
    ):
        recorder.visits.add(*row)
    recorder.close(11.0)
    archive.finish("interrupted")
    log = open_run(archive.path).events()
    assert list(log)[:3] == ["time_min", "activity", "queue"]
    rows = log[["time_min", "activity", "station", "packet", "queue"]].to_numpy().tolist()
    assert rows == [
        [1.0, "enter", "rer", 0, 0],
        [1.0, "start", "rer", 0, 0],
        [2.0, "enter", "rer", 1, 1],
        [4.0, "finish", "rer", 0, 0],
        [4.0, "leave", "rer", 0, 0],
        [4.0, "start", "rer", 1, 1],
        [4.0, "enter", "golgi", 0, 0],
        [4.0, "start", "golgi", 0, 0],
        [6.0, "finish", "rer", 1, 1],
        [6.0, "block", "rer", 1, 1],
        [9.0, "leave", "rer", 1, 1],
        [9.0, "finish", "golgi", 0, 0],
        [9.0, "leave", "golgi", 0, 0],
        [9.0, "enter", "golgi", 1, 0],
        [9.0, "start", "golgi", 1, 0],
        [9.0, "enter", "rer", 2, 0],
        [10.0, "finish", "golgi", 1, 0],
        [10.0, "block", "golgi", 1, 0],
    ]
    assert set(log["breast"]) == {"left"}
    assert set(log["lobe"]) == {3}
    assert list(log["activity"].cat.categories) == ["enter", "start", "finish", "block", "leave"]
