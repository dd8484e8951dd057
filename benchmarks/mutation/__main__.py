"""
Try a sample of mutants of gland, dyad and recording, or of other packages: `python -m benchmarks.mutation`.

The commit that is checked out is copied; changes that are not committed are left out, and the checkout is not touched.
A run that was ended goes on where it stopped when the same command is given again.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.mutation.aims import PACKAGES
from benchmarks.mutation.campaign import Campaign, population, sample
from benchmarks.mutation.journal import Journal, summary
from benchmarks.mutation.trees import ROOT, Tree, commit

RESULTS = ROOT / "benchmarks" / "results" / "mutation.json"
SIZE, SEED, WORKERS = 300, 20261129, 2


def carry_out(
    *,
    packages: Sequence[str] = PACKAGES,
    size: int = SIZE,
    seed: int = SEED,
    workers: int = WORKERS,
    work: Path | None = None,
    out: Path | None = RESULTS,
) -> dict[str, Any]:
    """
    Try a sample of mutants, or resume it, and write the results.

    Parameters
    ----------
    packages
        Folders of the sources that are mutated.
    size, seed
        Of the sample.
    workers
        Mutants that are tried at a time.
    work
        Folder for the copies and the journal; the default is one of this commit among the temporary files.
    out
        Result file; None writes none.

    Returns
    -------
    What is in the result file.
    """
    head = commit()
    work = work or Path(tempfile.gettempdir()) / f"lactflow-mutation-{head[:10]}"
    trees = [Tree(work / f"tree-{number}", head) for number in range(workers)]
    everything = population(trees[0].folder, packages)
    about = {
        "commit": head[:10],
        "packages": list(packages),
        "seed": seed,
        "size": size,
        "mutants_in_all": len(everything),
    }
    names = "-".join(Path(package).name for package in packages)
    journal = Journal(work / f"journal-{names}-{seed}-{size}.jsonl", about)

    def show(result: dict[str, Any], done: int) -> None:
        print(f"{done} of {size}: {result['ending']} {result['key']}", file=sys.stderr, flush=True)

    results = Campaign(trees, journal, show).run(sample(everything, size, seed))
    before = json.loads(out.read_text(encoding="utf-8")) if out is not None and out.is_file() else {}
    found = summary(about, time.strftime("%Y-%m-%d", time.gmtime()), results, before)
    if out is not None:
        out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options, try, print the summary."""
    parser = ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--packages", nargs="+", default=PACKAGES, help=f"the default is {' '.join(PACKAGES)}")
    parser.add_argument("--size", type=int, default=SIZE, help=f"mutants to try; the default is {SIZE}")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the sample; the default is {SEED}")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"tried at a time; the default is {WORKERS}")
    parser.add_argument("--work", type=Path, metavar="DIR", help="copies and journal; else among the temporary files")
    parser.add_argument("--out", type=Path, metavar="FILE", default=RESULTS, help=f"results; else {RESULTS.name}")
    options = parser.parse_args(arguments)
    found = carry_out(
        packages=options.packages,
        size=options.size,
        seed=options.seed,
        workers=options.workers,
        work=options.work,
        out=options.out,
    )
    low, high = found["interval_95"]
    print(f"{found['tried']} mutants, {found['share_killed']:.1%} killed (95 % interval {low:.1%} to {high:.1%})")
    for each in found["survivors"]:
        print(f"survived: {each['place']}: {each['change']}")


if __name__ == "__main__":
    main()
