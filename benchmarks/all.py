"""
Everything that the page `docs/background/speed.md` shows, each beside bare SimPy in the same rounds.

    python benchmarks/all.py [--json] [--against COMMIT] [--only NAME,...] [--rounds N] [--long] [--out FILE]

Rows are written to `benchmarks/results/speed.json` one by one, so that it can be stopped and resumed by `--only`;
`python tests/architecture/pages.py` makes the page of that file. All rows take about half an hour of an idle machine,
and twice that with `--against`. `--small` tries everything with tiny sizes, and is written only with `--out`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import callgrind
import commands
import gland
import growth
import pipeline
import workers
from circumstances import circumstances
from rounds import Benchmark, Variant, lines, measure, variants

RESULTS = Path(__file__).parent / "results" / "speed.json"
WRITTEN = ("benchmarks/results", "docs/background/speed.md")


class Row(NamedTuple):
    """
    One part of the page.

    Attributes
    ----------
    benchmark
        What is measured.
    sizes, small
        What differs from its own sizes: on the page, and with `--small`.
    rounds
        How many are made by default.
    counted
        Whether instructions are counted too.
    """

    benchmark: Benchmark
    sizes: Mapping[str, Any]
    small: Mapping[str, Any]
    rounds: int
    counted: bool = False


def _command(name: str, rounds: int, scale: float) -> Row:
    return Row(commands.BENCHMARK, {"command": name}, {"command": name, "scale": scale}, rounds)


ROWS = {
    "gland": Row(gland.BENCHMARK, {}, {"days": 0.2, "memory_days": 0.4}, 5, counted=True),
    "gland-40": Row(gland.BENCHMARK, {"days": 40.0, "memory_days": 0.0}, {"days": 0.3, "memory_days": 0.0}, 5),
    "pipeline": Row(pipeline.BENCHMARK, {}, {"packets": 500}, 7, counted=True),
    "workers": Row(workers.BENCHMARK, {}, {"days": 0.1, "replicates": 2}, 3),
    "growth": Row(growth.BENCHMARK, {}, {"scale": 0.002}, 1),
    "start": _command("start", 7, 0.5),
    "lactation": _command("lactation", 3, 0.002),
    "compare": _command("compare", 3, 0.01),
    "fit": _command("fit", 3, 0.01),
}


def measured_row(row: Row, measured: Sequence[Variant], rounds: int, sizes: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of a row, with what the machine did meanwhile and when it was."""
    counting = row.counted and callgrind.why_not() is None
    begun, before = time.monotonic(), _others_s()
    figures = measure(row.benchmark, measured, rounds, {**row.benchmark.sizes, **sizes}, instructions=counting)
    busy = None if before is None else max(0.0, (_others_s() or 0.0) - before) / (time.monotonic() - begun)
    return figures | {"others_cores": busy, **_when_and_where()}


def _when_and_where() -> dict[str, Any]:
    """Date, machine and versions; the commit is known already, by variant."""
    return {name: value for name, value in circumstances(*WRITTEN).items() if name != "commit"}


def _others_s() -> float | None:
    """CPU time of everything but this process and its children since the machine has started; None where not known."""
    try:
        ticks = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]]
    except OSError:
        return None
    busy = sum(ticks) - ticks[3] - ticks[4]
    return busy / os.sysconf("SC_CLK_TCK") - sum(os.times()[:4])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the rows that are wanted, and write each as it is done."""
    parser = ArgumentParser(description=__doc__.split("\n\n")[0].strip())
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--against", metavar="COMMIT", help="measure that commit in the same rounds")
    parser.add_argument("--only", metavar="NAME,...", default=",".join(ROWS), help=f"some of {', '.join(ROWS)}")
    parser.add_argument("--rounds", type=int, help="of every row; the default is that of each")
    parser.add_argument("--long", action="store_true", help="a run of a hundred million visits too")
    parser.add_argument("--small", action="store_true", help="tiny sizes: whether everything works")
    parser.add_argument("--out", type=Path, metavar="FILE", help=f"the default is {RESULTS.name}; none with --small")
    given = parser.parse_args(arguments)
    if given.rounds is not None and given.rounds < 1:
        parser.error("--rounds must be 1 or more")
    names = given.only.split(",")
    if unknown := [name for name in names if name not in ROWS]:
        parser.error(f"there is no row {unknown[0]!r} (allowed: {', '.join(ROWS)})")
    file = given.out or (None if given.small else RESULTS)
    rows: dict[str, Any] = {}
    with variants(given.against) as measured:
        for name in names:
            row = ROWS[name]
            sizes = {**(row.small if given.small else row.sizes), **({"long": True} if given.long else {})}
            sizes = {size: value for size, value in sizes.items() if size in row.benchmark.sizes}
            rows[name] = measured_row(row, measured, given.rounds or row.rounds, sizes)
            print("\n".join([f"{name}:", *lines(rows[name], "  ")]), file=sys.stderr, flush=True)
            if file is not None:
                save(file, rows)
    if given.json:
        print(json.dumps({"rows": rows}))


def load(file: Path) -> dict[str, Any]:
    """Rows of a file by name; none where there is no file yet."""
    rows: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["rows"] if file.is_file() else {}
    return rows


def save(file: Path, rows: Mapping[str, Any]) -> None:
    """Put rows into a file that may hold others, in the order of the page, in one step."""
    together = load(file) | dict(rows)
    ordered = {name: together[name] for name in ROWS if name in together}
    beside = file.with_suffix(".tmp")
    beside.write_text(json.dumps({"rows": ordered}, indent=1) + "\n", encoding="utf-8")
    beside.replace(file)


if __name__ == "__main__":
    main()
