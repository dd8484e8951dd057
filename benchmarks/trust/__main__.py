"""Carry out the experiments of the trust table: `python -m benchmarks.trust --all`."""

from __future__ import annotations

import json
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.trust.catalogue import EXPERIMENTS
from benchmarks.trust.experiment import Experiment, measure
from benchmarks.trust.results import PAGE, RESULTS, circumstances, is_whole, load, save, update_page

_REDRAW_S = 5.0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m benchmarks.trust", description=__doc__)
    parser.add_argument("--all", action="store_true", help="all experiments")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this one; repeatable, or A,B")
    parser.add_argument("--list", action="store_true", help="names, sizes and titles; nothing is tried")
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers; the default is 1")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on all sizes that are not given")
    parser.add_argument("--resume", action="store_true", help="leave out rows that this commit has measured already")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the inputs of tries that lost something")
    parser.add_argument("--out", type=Path, metavar="FILE", help=f"results; else {RESULTS.name}, for whole rows")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    sizes = parser.add_argument_group("tries of each experiment")
    for each in EXPERIMENTS:
        sizes.add_argument(f"--{each.name}", type=int, metavar="N", help=f"{each.title}; the default is {each.size}")
    return parser


def _chosen(options: Namespace, parser: ArgumentParser) -> list[tuple[Experiment, int]]:
    """Experiments with their sizes."""
    named = [name for text in options.only for name in text.split(",")]
    sized = [each.name for each in EXPERIMENTS if getattr(options, each.name) is not None]
    known = {each.name for each in EXPERIMENTS}
    if unknown := sorted({*named} - known):
        parser.error(f"there is no experiment {unknown[0]!r} (allowed: {', '.join(sorted(known))})")
    wanted = known if options.all else {*named, *(() if named else sized)}
    if not wanted:
        parser.error("nothing to do (--all, --only NAME, or --list)")
    return [
        (each, getattr(options, each.name) or max(1, round(each.size * options.scale)))
        for each in EXPERIMENTS
        if each.name in wanted
    ]


def _progress(name: str, size: int) -> Callable[[int, int], None]:
    """Shows how far an experiment is: redrawn on a terminal, else a line now and then."""
    last_s = time.monotonic()

    def show(tried: int, lost: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s < (0.2 if sys.stderr.isatty() else _REDRAW_S):
            return
        last_s = time.monotonic()
        begin, end = ("\r", "") if sys.stderr.isatty() else ("", "\n")
        print(f"{begin}{name}: {tried} of {size}, {lost} lost ", end=end, file=sys.stderr, flush=True)

    return show


def _shown(name: str, row: dict[str, Any]) -> str:
    lines = [f"{name}: {row['tried']:,} tried, {row['lost']:,} lost, {row['cpu_s']:.0f} s of CPU time"]
    lines += [f"  {kind}: {', '.join(f'{n} {end}' for end, n in ends.items())}" for kind, ends in row["ends"].items()]
    return "\n".join([*lines, *(f"  LOST {each}" for each in row["losses"])])


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Read the options, try, write.

    Parameters
    ----------
    arguments
        The command line; that of the process when None.

    Returns
    -------
    0 when nothing was lost, 1 when something was, 130 when it was stopped.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.list:
        print("\n".join(f"{each.name:12} {each.size:>6,}  {each.title}" for each in EXPERIMENTS))
        return 0
    chosen = _chosen(options, parser)
    # Rows of the stated size belong to the page; others only on request.
    file = options.out or RESULTS
    rows, now = load(file), circumstances()
    measured: dict[str, Any] = {}
    try:
        for experiment, size in chosen:
            if options.resume and is_whole(rows.get(experiment.name, {}), now["commit"]):
                print(f"{experiment.name}: measured already at this commit", file=sys.stderr)
                continue
            row = measure(experiment, size, options.seed, _progress(experiment.name, size), options.keep)
            measured[experiment.name] = row | now
            print(f"\r{_shown(experiment.name, row)}", file=sys.stderr, flush=True)
            if options.out is None and size < experiment.size:
                print(f"  not written: the page states {experiment.size:,} tries (--out FILE)", file=sys.stderr)
                continue
            rows[experiment.name] = measured[experiment.name]
            save(file, rows)
    except KeyboardInterrupt:
        print("\nstopped; rows that were finished are kept, and --resume goes on after them", file=sys.stderr)
        return 128 + signal.SIGINT
    if file == RESULTS:
        update_page()
        print(f"{PAGE}", file=sys.stderr)
    if options.json:
        print(json.dumps({"rows": measured}, indent=2))
    return int(any(row["lost"] for row in measured.values()))


if __name__ == "__main__":
    sys.exit(main())
