"""
What each published target tests: every quantity is moved to both ends of its plausible range, and all targets are read.

    python benchmarks/targets_tested.py run [--out FILE] [--workers N] [--key "gland.lumen.*"] [--minutes M]
    python benchmarks/targets_tested.py table [--out FILE]

`run` appends a line to FILE for each quantity and end, as soon as it is known, and leaves out what the file has:
started again after any kind of end it goes on. A file of another commit is refused. `table` writes
`lactflow/validation/tested.csv` from it, for the targets of all quantities that were moved; rules and columns are those
of `lactflow.validation.tested`. All of it is one lobe and coarse packets, and one mother where `validate` has several:
20 s of CPU time for an end of one quantity, 8 with the compiled build: an hour or two for all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatch
from math import isfinite, nan
from pathlib import Path
from statistics import stdev
from time import monotonic
from typing import Any

from lactflow.analysis.run import MemoryRun
from lactflow.experiments.crew import cores
from lactflow.experiments.in_memory import simulated_side_by_side
from lactflow.experiments.tables import TablesOfUnit, shared_text
from lactflow.parameters.declaration import DeclaredQuantity
from lactflow.validation.observables import OBSERVABLES
from lactflow.validation.runs import RUNS
from lactflow.validation.simulated import KEPT, REFERENCE, Simulated, merged
from lactflow.validation.targets import load_targets
from lactflow.validation.tested import Row, as_csv, moved, quantities, row_of

TABLE = Path(__file__).parents[1] / "lactflow" / "validation" / "tested.csv"
COARSE = {"gland": {"lobes_per_breast": 1}, "resolution": {"packet_ml": 1.0}}
SEEDS = (0, 101, 102, 103, 104)
"""Of the reference mother: the first is what moves are taken from, the others say what chance does."""
_ALIASES = {f"{name} {number}": f"{name} 1" for name in ("mother", "half a year") for number in range(2, 6)}


class OneMother(Mapping[str, Simulated]):
    """Runs by name, where one mother stands for all that `validate` has."""

    def __init__(self, runs: Mapping[str, Simulated]) -> None:
        self._runs = runs

    def __getitem__(self, name: str) -> Simulated:
        return self._runs[_ALIASES.get(name, name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)


def chosen(patterns: list[str]) -> list[DeclaredQuantity]:
    """Quantities that are moved, by their keys; all that can be where none is given."""
    return [each for each in quantities() if not patterns or any(fnmatch(each.key, pattern) for pattern in patterns)]


def laid(key: str, value: float) -> dict[str, Any]:
    """One quantity as a config."""
    *groups, name = key.split(".")
    if groups[0] == "infants":
        return {"infants": [{name: value}]}
    found: dict[str, Any] = {name: value}
    for group in reversed(groups):
        found = {group: found}
    return found


def configs(key: str, value: float | None, seed: int) -> dict[str, dict[str, Any]]:
    """The config of each run, by its name; what a run sets itself stays as it is there."""
    named = {name: config for name, config in RUNS.items() if name not in _ALIASES}
    quantity = {} if value is None else laid(key, value)
    seeded = {"seed": seed} if seed else {}
    return {name: merged(REFERENCE, COARSE, quantity, config, seeded) for name, config in named.items()}


def read(runs: Mapping[str, Simulated]) -> dict[str, float | None]:
    """The value of each target; None where there is none to be read."""
    values: dict[str, float | None] = {}
    for target, observable in OBSERVABLES.items():
        try:
            value = float(observable(OneMother(runs)))
        except (ArithmeticError, IndexError, KeyError, ValueError):
            value = nan
        values[target] = value if isfinite(value) else None
    return values


def found(key: str, value: float | None, seed: int, workers: int) -> dict[str, float | None]:
    """All targets with one quantity at a value; runs that cannot be are left out, and what is read from them too."""
    works = {
        TablesOfUnit(shared_text(json.dumps(config), {}), 0, 0, KEPT, label=name): name
        for name, config in sorted(configs(key, value, seed).items(), key=lambda each: -float(each[1].get("days", 7.0)))
    }
    outcome = simulated_side_by_side([*works], (), workers)
    runs = {works[work]: Simulated(MemoryRun([unit], lambda: "")) for work, unit in outcome.tables.items()}
    return read(runs)


def head() -> str:
    """The commit of the sources, with a plus where they have changed since."""
    folder = Path(__file__).parent
    git = ["git", "-C", str(folder)]
    name = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=True)
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", "../lactflow"], check=False)
    return name.stdout.strip() + ("+" if changed.returncode else "")


def kept(path: Path, commit: str | None = None) -> list[dict[str, Any]]:
    """
    Lines of a file that are whole; of any commit where none is given.

    Raises
    ------
    SystemExit
        If they are of another commit.
    """
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            lines.append(json.loads(text))
        except ValueError:  # cut off when it was stopped
            continue
    others = {each["commit"] for each in lines} - {commit}
    if others and commit is not None:
        sys.exit(f"{path} is of commit {', '.join(sorted(others))}, and this is {commit}: give another --out")
    return lines


def run(path: Path, commit: str, workers: int, patterns: list[str], minutes: float) -> None:
    """Move what the file has not; stop after so many minutes."""
    done = {(each["key"], each["end"]) for each in kept(path, commit)}
    if path.exists() and not path.read_text(encoding="utf-8").endswith("\n"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")  # what was cut off stays behind
    todo: list[tuple[str, str, float | None, int]] = [("", str(seed), None, seed) for seed in SEEDS]
    for each in chosen(patterns):
        todo += [
            (each.key, end, value, 0) for end, value in zip(("low", "high"), each.declaration.plausible, strict=True)
        ]
    todo = [each for each in todo if each[:2] not in done]
    started = monotonic()
    for number, (key, end, value, seed) in enumerate(todo):
        if monotonic() - started > 60.0 * minutes:
            print(f"{len(todo) - number} left", file=sys.stderr)
            return
        line = {"key": key, "end": end, "value": value, "commit": commit, "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        line["targets"] = found(key, value, seed, workers)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(f"{number + 1} of {len(todo)}: {key or 'the reference mother'} {end}", file=sys.stderr)


def rows(lines: list[dict[str, Any]]) -> list[Row]:
    """What each target tests, from the lines of a file."""
    base = [each["targets"] for each in sorted(lines, key=lambda each: each["end"]) if not each["key"]]  # seed 0 first
    ends: dict[str, list[dict[str, Any]]] = {}
    for each in lines:
        if each["key"]:
            ends.setdefault(each["key"], []).append(each["targets"])
    made = []
    for target in load_targets():
        values = [float(each[target.id]) for each in base if each.get(target.id) is not None]
        if target.id not in OBSERVABLES or len(values) < 2 or target.low is None or target.high is None:
            continue
        half, noise = 0.5 * (target.high - target.low), stdev(values)
        moves = {
            key: moved(values[0], [nan if end.get(target.id) is None else end[target.id] for end in both], half, noise)
            for key, both in ends.items()
        }
        last = lines[-1]
        if any(moves.values()) or len(moves) == len(quantities()):
            made.append(row_of(target, moves, commit=last["commit"], date=last["date"]))
    return made


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("what", choices=("run", "table"))
    parser.add_argument("--out", type=Path, default=Path("targets-tested.jsonl"))
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--minutes", type=float, default=float("inf"))
    options: Namespace = parser.parse_args(arguments)
    if options.what == "run":
        run(options.out, head(), options.workers, options.key, options.minutes)
        return
    TABLE.write_text(as_csv(rows(kept(options.out))), encoding="utf-8")
    print(TABLE)


if __name__ == "__main__":
    main()
