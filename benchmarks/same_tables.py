"""
Whether all tables of all shipped scenarios are what they were: a hash for each column, compared to the bit.

Every scenario runs for its own length, at most `--days`, with one replicate. Tables and columns that are new are listed
and are no difference; those that are gone or changed are, and the exit code is 1.

    python benchmarks/same_tables.py --write                  # after a change of results, alone in its commit
    python benchmarks/same_tables.py [--days 3] [SCENARIO...]
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import warnings
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

import lactflow
from lactflow.config.scenario import load_scenario
from lactflow.config.shipped import shipped
from lactflow.errors import ScenarioWarning

RESULTS = Path(__file__).with_name("results")
SHORT_DAYS, WHOLE_DAYS = 3.0, 40.0
"""What `--write` keeps: short runs to check a change with in a minute, and whole ones."""

VISIT_ORDER = ["mother", "replicate", "left_min", "entered_min", "breast", "lobe", "station", "packet"]
"""Visits are compared in this order: which of those that left at the same instant comes first says nothing."""

Hashes = dict[str, dict[str, str]]


def hashes_of(name: str, most_days: float) -> Hashes:
    """Hash of every column of every table of one scenario."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        days = min(most_days, load_scenario(name).config.days)
        run = lactflow.run(name, days=days, replicates=1, out=folder, workers=1)
        return {table: _columns(run[table]) for table in run.tables}


def _columns(table: pd.DataFrame) -> dict[str, str]:
    """Hash of each column; types of columns count too, but for the words that an enumerated column may hold."""
    if {"left_min", "entered_min", "station"} <= set(table.columns):
        table = table.sort_values(VISIT_ORDER, kind="stable")
    found = {}
    for name in table.columns:
        column = table[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(object)
        values = pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes()
        found[str(name)] = hashlib.sha256(str(column.dtype).encode() + values).hexdigest()[:16]
    return found


def differences(before: Hashes, now: Hashes) -> tuple[list[str], list[str]]:
    """What is new, and what is changed or gone."""
    new = [table for table in now if table not in before]
    changed = []
    for table, columns in before.items():
        present = now.get(table, {})
        new += [f"{table}.{column}" for column in present if column not in columns]
        changed += [f"{table}.{column}" for column, value in columns.items() if present.get(column) != value]
    return new, changed


def _file(days: float) -> Path:
    return RESULTS / f"tables-{days:g}-days.json"


def _commit() -> str:
    here = Path(__file__).parent
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=here).stdout.strip()


def main() -> int:
    """Compare, or write what will be compared with."""
    parser = ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("scenarios", nargs="*", help="all shipped ones when left out")
    parser.add_argument("--days", type=float, default=SHORT_DAYS, choices=(SHORT_DAYS, WHOLE_DAYS))
    parser.add_argument("--write", action="store_true", help="keep the present tables for later comparisons")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    names = options.scenarios or sorted(shipped())
    lengths = (SHORT_DAYS, WHOLE_DAYS) if options.write else (options.days,)
    failed = False
    with ProcessPoolExecutor(options.workers) as pool:
        for days in lengths:
            found = dict(zip(names, pool.map(hashes_of, names, [days] * len(names)), strict=True))
            if options.write:
                kept: dict[str, Any] = {"commit": _commit(), "days": days, "scenarios": found}
                _file(days).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
                continue
            before = json.loads(_file(days).read_text(encoding="utf-8"))
            news: set[str] = set()
            for name, hashes in found.items():
                new, changed = differences(before["scenarios"].get(name, {}), hashes)
                news.update(new)
                failed |= bool(changed)
                print(f"{name}: {'DIFFERENT: ' + ', '.join(changed) if changed else 'the same'}")
            print(f"at most {days:g} days, beside {before['commit']}; new: {', '.join(sorted(news)) or 'nothing'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
