"""Folders of fits, as `lactflow fit` leaves them, without a simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lactflow.recording.folder import ResultFolder

TRAITS = [
    ("gland_size", "gland.protein_line.translation_ml_per_h", "mL-eq/h", 38.0, 41.0, 36.0, 47.0, 0.4, True, False),
    ("storage_capacity", "gland.lumen.capacity_ml", "mL", 205.0, 420.0, 330.0, 480.0, 0.6, True, True),
    ("let_down_interval", "endocrine.oxytocin.pulse_interval_min", "min", 3.7, 3.5, 2.2, 5.6, 0.9, False, False),
    ("birth_weight", "infants.0.birth_weight_kg", "kg", 3.4, 3.3, 2.7, 4.2, 1.0, False, False),
    ("birth_weight", "infants.1.birth_weight_kg", "kg", 3.4, 3.6, 2.9, 4.4, 1.0, False, False),
]
COLUMNS = ["trait", "key", "unit", "reference", "value", "low", "high", "left", "identified", "at_edge"]
ABOUT = {
    "log": "hers.csv",
    "fed": False,
    "mothers": 300,
    "volumes": 14,
    "recorded_ml": 71.0,
    "hold_out": {"span": "1d"},
    "scatter": 1.0,
    "distance": 0.3,
    "bias_ml": 2.5,
    "sd_ml": 11.0,
    "correlation": 0.7,
    "misses": False,
}


def volumes():
    """Sixteen of two breasts: one left out, one cut, and the forecast of four that were held out."""
    rng = np.random.default_rng(4)
    planned = np.repeat(57_000.0 + 360.0 * np.arange(8), 2)
    expected = rng.uniform(50.0, 90.0, 16)
    use = ["used"] * 16
    use[3], use[11] = "left out", "cut"
    use[12:] = ["held out"] * 4
    table = pd.DataFrame(
        {
            "planned_min": planned,
            "kind": "pump",
            "breast": ["left", "right"] * 8,
            "recorded_ml": np.where(np.arange(16) == 3, 700.0, expected + 4.0),
            "use": use,
            "expected_ml": expected,
            "low_ml": expected - 25.0,
            "high_ml": expected + 25.0,
            "start": "2001-05-05 06:00",
            "line": range(2, 18),
            "fitted_ml": expected + 2.0,
        }
    )
    held = table[table["use"] == "held out"]
    simple = {"forecast_ml": held["expected_ml"], "yesterday_ml": held["recorded_ml"] + 9.0}
    later = held.assign(**simple, rate_ml=held["expected_ml"] + 1.0)
    return table, later


def written(out, name="fit", *, twist=str, config="", **about):
    """A folder as `lactflow fit` writes it, without a run; `twist` is applied to every text of a user."""
    traits = pd.DataFrame(TRAITS, columns=COLUMNS)
    table, forecast = volumes()
    for frame, columns in ((traits, ("trait", "key", "unit")), (table, ("start", "kind")), (forecast, ("start",))):
        for column in columns:
            frame[column] = frame[column].map(twist)
    folder = ResultFolder.create(out, name, "fit", {"command": ["lactflow", twist("fit")], "warnings": [twist("odd")]})
    text = f"format: 1\nname: mother\ninfants: [{{}}, {{}}]\n{config}"
    folder.write("mother.yaml", text.encode())
    for file, frame in (("traits", traits), ("volumes", table), ("forecast", forecast)):
        folder.write(f"{file}.parquet", frame.to_parquet(index=False))
    folder.finish("complete", **{**ABOUT, "log": twist("hers.csv"), **about})
    return folder.path


def together(out, *, twist=str):
    """A fit of two logs."""
    folder = ResultFolder.create(out, "both", "fit", {"command": ["lactflow", "fit"], "warnings": []})
    parts = {f"{name}.csv": written(folder.path, name, twist=twist, log=twist(f"{name}.csv")) for name in ("a", "b")}
    for file in ("traits", "volumes"):
        frames = [pd.read_parquet(path / f"{file}.parquet") for path in parts.values()]
        both = pd.concat([frame.assign(log=twist(log)) for log, frame in zip(parts, frames, strict=True)])
        folder.write(f"{file}.parquet", both.to_parquet(index=False))
    logs = [{"log": twist(log), "folder": path.name} for log, path in parts.items()]
    folder.finish("complete", logs=logs, failures=["c.csv: has no volumes"])
    return folder.path
