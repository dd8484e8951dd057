"""
Tables of three short runs, boiled down to a digest, a mean and a last value of each column.

Digests are equal where every bit is; means and last values allow a comparison between machines whose arithmetic differs
in the last bits.

    python tests/platforms/golden.py            # prints them as JSON
    python tests/platforms/golden.py --write    # after a change of results, alone in its commit

A commit that moves a result raises `lactflow.version.MODEL`, or results of the old model would be taken from caches for
those of the new one; `--write` refuses without it, and names what moved.
"""

from __future__ import annotations

import csv
import json
import math
import struct
import subprocess
import sys
import tempfile
import warnings
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import lactflow
from lactflow.errors import ScenarioWarning
from lactflow.version import MODEL

KEPT = Path(__file__).with_name("golden")
ABOUT = KEPT / "about.json"
MODELS = KEPT / "models.json"
"""Digest of the kept tables, by the number of the model that they are of."""
RUNS = {"every-three-hours": 2.0, "one-breast-sealed": 2.0, "pregnancy-to-weaning": 3.0}
"""Days of each: feeds with all visits, a breast that fills and decides ties, and a gland that grows."""
RELATIVE, ABSOLUTE = 1e-9, 1e-12


class Column(NamedTuple):
    """What is kept of a column; `mean` and `last` leave nulls out, and are NaN for words and for empty columns."""

    digest: str
    rows: int
    nulls: int
    mean: float
    last: float


Tables = dict[str, Column]
"""By `table.column`."""


def tables_of(scenario: str) -> Tables:
    """Simulate one of the runs."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        run = lactflow.run(scenario, days=RUNS[scenario], replicates=1, out=folder, workers=1)
        tables = {table: run[table] for table in run.tables}
    return {f"{table}.{name}": column_of(frame[name]) for table, frame in tables.items() for name in frame}


def column_of(values: pd.Series) -> Column:
    """Boil a column down; the same whatever types this version of pandas gives it."""
    nulls = int(values.isna().sum())
    if not pd.api.types.is_numeric_dtype(values.dtype):
        words = json.dumps([None if pd.isna(value) else str(value) for value in values.astype(object)])
        return Column(_short(words.encode()), len(values), nulls, math.nan, math.nan)
    numbers = values.to_numpy(dtype="<f8", na_value=math.nan)
    known = numbers[~np.isnan(numbers)].tolist()
    mean = math.fsum(known) / len(known) if known else math.nan
    return Column(_short(numbers.tobytes()), len(values), nulls, mean, known[-1] if known else math.nan)


def differences(kept: Tables, now: Tables, *, exact: bool) -> list[str]:
    """Names of kept columns that are gone or changed; those that are new are no difference."""
    return [name for name, column in kept.items() if name not in now or not _alike(column, now[name], exact=exact)]


def _alike(kept: Column, now: Column, *, exact: bool) -> bool:
    if exact or (math.isnan(kept.mean) and kept.rows > kept.nulls):
        return kept.digest == now.digest
    near = all(
        math.isclose(*pair, rel_tol=RELATIVE, abs_tol=ABSOLUTE) or all(map(math.isnan, pair))
        for pair in ((kept.mean, now.mean), (kept.last, now.last))
    )
    return near and (kept.rows, kept.nulls) == (now.rows, now.nulls)


def arithmetic() -> str:
    """
    Digest of what this machine makes of the functions that the model calls.

    IEEE 754 fixes sums, products, quotients and square roots. Exponentials, logarithms and powers are the C library's,
    which chooses by processor; NumPy's sums of products are those of its BLAS, which does too.
    """
    points = [(number + 0.5) / 613.0 for number in range(20_000)]
    found = [function(-point) for function in (math.exp, math.expm1, math.sin, math.cos) for point in points]
    found += [function(point) for function in (math.log, math.log2, math.log10, math.atan) for point in points]
    found += [math.pow(point, 0.37 + 1.0 / point) for point in points]
    found += [math.hypot(point, 1.7) for point in points]
    numbers = np.array(points)
    for array in (np.exp(-numbers), np.convolve(numbers[:480], numbers[:19]), [np.sum(numbers[:19] ** 2)]):
        found += list(array)
    found += np.random.default_rng(1).standard_normal(1000).tolist()
    return _short(struct.pack(f"<{len(found)}d", *found))


def read(scenario: str) -> Tables:
    """What was kept of one of the runs."""
    with (KEPT / f"{scenario}.csv").open(encoding="utf-8", newline="") as file:
        return {
            name: Column(digest, int(rows), int(nulls), float(mean), float(last))
            for name, digest, rows, nulls, mean, last in list(csv.reader(file))[1:]
        }


def digest_of_kept() -> str:
    """One digest of all kept tables, line by line."""
    return sha256(
        "".join((KEPT / f"{scenario}.csv").read_text(encoding="utf-8") for scenario in RUNS).encode()
    ).hexdigest()


def moved(now: dict[str, Tables]) -> list[str]:
    """Kept columns that are gone or changed, by scenario and name."""
    return [
        f"{scenario}: {name}"
        for scenario, tables in now.items()
        for name in differences(read(scenario), tables, exact=True)
    ]


def models() -> dict[str, str]:
    """Digests of the kept tables by model number."""
    found: dict[str, str] = json.loads(MODELS.read_text(encoding="utf-8"))
    return found


def refuse_to_move(now: dict[str, Tables], model: int) -> None:
    """Stop where tables move and the model has the number that the kept ones are of."""
    if str(model) in models() and (names := moved(now)):
        raise SystemExit(f"raise MODEL in lactflow/version.py above {model}: these move\n" + "\n".join(names))


def write() -> None:
    """Keep what the runs are now, and by which commit; only of a new model where anything moves."""
    now = {scenario: tables_of(scenario) for scenario in RUNS}
    refuse_to_move(now, MODEL)
    for scenario, tables in now.items():
        with (KEPT / f"{scenario}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("column", *Column._fields))
            rows.writerows((name, *column) for name, column in tables.items())
    kept = {**models(), str(MODEL): digest_of_kept()}
    MODELS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    commit = subprocess.run(command, capture_output=True, text=True, check=True, cwd=KEPT).stdout.strip()
    about = {"commit": commit, "days": RUNS, "platform": sys.platform, "arithmetic": arithmetic()}
    ABOUT.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _short(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]


def main() -> None:
    """Write, or print."""
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        runs = {scenario: tables_of(scenario) for scenario in RUNS}
        json.dump({"arithmetic": arithmetic(), "runs": runs}, sys.stdout)


if __name__ == "__main__":
    main()
