"""Folders of diagnoses, as `lactflow diagnose` leaves them, without a simulation."""

from __future__ import annotations

import pandas as pd

from lactflow.diagnosis.diagnosis import NO_DEVICE
from lactflow.recording.folder import ResultFolder

DIAGNOSES = [
    ("weak_transfer", "weak transfer", 0.52, 0.41, 0.66, 0.25, 0.6, 0.61),
    ("small_gland", "small gland", 0.33, 0.2, 0.47, 0.25, 0.8, 0.55),
    ("none", "none of the mechanisms", 0.148, 0.08, 0.25, 0.25, 1.2, 0.7),
    ("of_hers", "a mechanism of her own", 0.002, 0.0, 0.01, 0.25, 2.4, 0.9),
]
OBSERVATIONS = [
    ("weight, day 3", "weight", "", 2.1, 3.19, "kg", "", 0.1, 0.0, 3.1, 3.18, 3.3),
    ("sodium, left breast, day 5", "sodium", "left", 4.1, 12.0, "mmol/L", "below", -0.9, 0.02, 9.0, 14.0, 24.0),
    ("test_weigh, day 7", "test_weigh", "", 6.2, 28.0, "g", "", 1.4, 0.0, 6.0, 23.0, 50.0),
    ("feeds_per_day, day 8", "feeds_per_day", "", 7.5, 12.0, "1/d", "", 0.0, 0.0, 10.0, 12.0, 15.0),
    ("weight, day 10", "weight", "", 9.2, 3.26, "kg", "", 0.3, 0.0, 3.1, 3.2, 3.4),
    ("pump, right breast, day 10", "pump", "right", 9.3, 38.0, "mL", "", 0.2, 0.4, 5.0, 13.0, 47.0),
]
BOTH = "small_gland+weak_transfer"
ABOUT = {
    "answer": "cannot tell",
    "leaders": ["weak_transfer", "small_gland"],
    "pair": {
        "mechanism": BOTH,
        "title": "small gland and weak transfer",
        "of": ["small_gland", "weak_transfer"],
        "answer": "cannot tell",
        "within": False,
    },
}
FILES = ("diagnoses", "observations", "confusion", "next", "courses", "pairs")


def tables(twist=str):
    """The tables by name; `twist` is applied to every text of a user."""
    names = ["mechanism", "title", "probability", "low", "high", "prior", "distance", "right"]
    diagnoses = pd.DataFrame([(name, twist(title), *rest) for name, title, *rest in DIAGNOSES], columns=names)
    columns = ["observation", "kind", "breast", "time_min", "value", "unit", "limit", "log_odds", "gone"]
    observations = pd.DataFrame(OBSERVATIONS, columns=[*columns, "leader_low", "leader_median", "leader_high"])
    observations["time_min"] *= 1440.0
    observations["lines"] = "2"
    for column in ("observation", "unit"):
        observations[column] = observations[column].map(twist)
    mechanisms = list(diagnoses["mechanism"])
    confusion = pd.DataFrame(
        [
            (truth, name, 0.61 if (truth, name) == ("weak_transfer",) * 2 else 0.13)
            for truth in mechanisms
            for name in mechanisms
        ],
        columns=["truth", "mechanism", "probability"],
    )
    following = pd.DataFrame(
        [
            ("pump", "both breasts pumped once", 0.4, True),
            ("prolactin", "a blood sample, a laboratory", 0.2, True),
            ("feeds_per_day", "the mother counts for a day", 0.001, False),
        ],
        columns=["measurement", "effort", "fall_nats", "helps"],
    )
    for column in ("measurement", "effort"):
        following[column] = following[column].map(twist)
    row = diagnoses.iloc[:1].assign(mechanism=BOTH, title=twist("small gland and weak transfer"), probability=0.3)
    shares = {"probability": [0.3, 0.36, 0.23, 0.108, 0.002], "of_both": [0.4, 0.25, 0.2, 0.1, 0.05]}
    pairs = pd.concat([row, diagnoses], ignore_index=True).assign(**shares)
    made = (diagnoses, observations, confusion, following, courses(mechanisms), pairs)
    return dict(zip(FILES, made, strict=True))


def courses(mechanisms, days=11):
    """Weight from day 0, milk from day 1; each further mechanism is 0.2 kg lighter."""
    rows = []
    for place, name in enumerate(mechanisms):
        for day in range(days + 1):
            middle = 3.2 + 0.01 * day - 0.2 * place
            rows.append((name, "weight_kg", day, middle - 0.1, middle, middle + 0.1))
            if day:
                rows.append((name, "intake_ml_per_day", day, 40.0 * day, 50.0 * day, 60.0 * day))
    return pd.DataFrame(rows, columns=["mechanism", "what", "day", "low", "median", "high"])


def diagnosed(out, name="diagnosis", *, twist=str, without=(), change=None, **about):
    """A folder as `lactflow diagnose` writes it; `change` changes its tables, files in `without` are left out."""
    stated = {
        "command": ["lactflow", twist("diagnose")],
        "warnings": [twist("odd")],
        "assumed": [twist("feeds are on demand")],
        "unused": [twist("2 rows of feeds")],
        "mothers": 60,
        "facts": 7,
        "seed": 1,
        "note": NO_DEVICE,
    }
    folder = ResultFolder.create(out, name, "diagnosis", stated)
    folder.write("record.csv", b"time,kind,breast,value,unit,note\n")
    folder.write("virtual-mothers.yaml", b"format: 1\nname: diagnosis\n")
    made = tables(twist)
    if change is not None:
        change(made)
    for file, frame in made.items():
        if file not in without:
            folder.write(f"{file}.parquet", frame.to_parquet(index=False))
    folder.finish("complete", **{**ABOUT, **about})
    return folder.path
