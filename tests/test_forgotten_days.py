"""A day that nobody wrote down changes the milk of the other days by little, whichever day it is."""

from __future__ import annotations

import csv
import io
import warnings
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

import lactflow
from lactflow.errors import ScenarioWarning

pytestmark = pytest.mark.slow

DAYS = 10
MOST = 0.03
"""Share of the mean milk a day by which it may change."""
REAL = Path(lactflow.__file__).parent.parent / "configs" / "feeding-log.csv"
CONFIG = """format: 1
start_day: 40
days: 10
resolution: {packet_ml: 0.5}
gland: {lobes_per_breast: 2}
record: {visits: false}
schedule: [{kind: log, file: log.csv}]
"""
Row = tuple[datetime, str]


def real_feeds() -> list[Row]:
    """Ten days of the real log."""
    with REAL.open() as stream:
        rows = [(datetime.fromisoformat(row["start"]), row) for row in csv.DictReader(stream)]
    begin = datetime(2001, 1, 31)  # noqa: DTZ001 - a clock on the wall
    return [
        (time, f"{row['kind']},{row['left_min']},{row['right_min']},{row['volume_ml']}")
        for time, row in rows
        if begin <= time < begin + timedelta(days=DAYS)
    ]


def pumpings() -> list[Row]:
    """Six a day at uneven hours, some a little earlier or later."""
    rng, begin = np.random.default_rng(5), datetime(2030, 5, 1)  # noqa: DTZ001 - likewise
    return [
        (
            begin + timedelta(days=day, hours=hour, minutes=int(rng.integers(-20, 21))),
            f"pump,15,15,{rng.integers(70, 150)}",
        )
        for day in range(DAYS)
        for hour in (3.0, 7.5, 11.0, 14.5, 18.0, 22.0)
    ]


def mixed() -> list[Row]:
    """Feeds, a pumping in the morning and a bottle at night."""
    rng, begin = np.random.default_rng(7), datetime(2030, 5, 1)  # noqa: DTZ001 - likewise
    kinds = {
        6.0: "breast,10,8,",
        8.5: "pump,15,15,80",
        11.0: "breast,9,9,",
        14.0: "breast,12,0,",
        17.0: "breast,0,14,",
        19.5: "breast,8,10,",
        22.5: "bottle_own_milk,,,80",
        23.0: "pump,12,12,70",
        2.5: "breast,9,9,",
    }
    return sorted(
        (begin + timedelta(days=day, hours=hour, minutes=int(rng.integers(-15, 16))), row)
        for day in range(DAYS)
        for hour, row in kinds.items()
    )


def milk_a_day(rows: list[Row], folder: Path) -> np.ndarray:
    """Milk removed on each day [mL]."""
    text = io.StringIO()
    text.write("start,kind,left_min,right_min,volume_ml\n")
    text.writelines(f"{time:%Y-%m-%d %H:%M:%S},{row}\n" for time, row in rows)
    folder.mkdir()
    (folder / "log.csv").write_text(text.getvalue())
    (folder / "a.yaml").write_text(CONFIG)
    with warnings.catch_warnings(action="ignore", category=ScenarioWarning):
        removals = lactflow.run(folder / "a.yaml", out=folder, workers=1)["removals"]
    day = (removals["start_min"] // 1440.0).astype(int) - 39
    return removals.groupby(day)["removed_ml"].sum().reindex(range(DAYS), fill_value=0.0).to_numpy()


@pytest.mark.parametrize("log", [real_feeds, pumpings, mixed])
def test_one_forgotten_day_changes_the_others_by_less_than_three_percent(log, tmp_path):
    """Each day between the first and the last, one after the other."""
    rows = log()
    first = min(time for time, _ in rows).date()
    whole = milk_a_day(rows, tmp_path / "whole")
    changes = []
    for day in range(1, DAYS - 1):
        kept = [each for each in rows if (each[0].date() - first).days != day]
        left = np.delete(milk_a_day(kept, tmp_path / f"without-{day}"), day)
        changes.append(left.mean() / np.delete(whole, day).mean() - 1.0)
    worst = max(changes, key=abs)
    assert abs(worst) < MOST, f"{worst:+.1%} without day {1 + changes.index(worst)}"
    assert len(changes) == DAYS - 2
