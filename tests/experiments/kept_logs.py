"""Logs of pumpings, as mothers keep them, and the command that learns from them."""

from __future__ import annotations

import pandas as pd
from click.testing import CliRunner

from lactflow.cli import main

HEADER = "start,kind,left_min,right_min,volume_ml,left_ml,right_ml\n"
HOURS = (0, 3, 6.5, 9, 13, 15.5, 19)


def times(days):
    """Pumpings at uneven hours, shifted from day to day."""
    start = pd.Timestamp("2001-05-05")
    return [start + pd.Timedelta(days=day, hours=hour + 0.3 * (day % 3)) for day in range(days) for hour in HOURS]


def written(path, days, volumes=None):
    """A log of pumpings, 15 min each, with volumes of both breasts where they are given."""
    rows = []
    for number, time in enumerate(times(days)):
        left, right = ("", "") if volumes is None else (f"{each:.0f}" for each in volumes[number])
        rows.append(f"{time:%Y-%m-%d %H:%M},pump,15,15,,{left},{right}\n")
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def call(*args):
    """The command."""
    return CliRunner().invoke(main, ["fit", *map(str, args)])
