"""
What kills cost a comparison: `kill -9` of its workers, of itself, and of both, at random moments.

Each is compared with one that nothing has stopped: every row of every table, subjects and differences. A pair is lost
that is not in the differences, a table has changed that differs in anything.

    python benchmarks/kills.py [--workers 100] [--parents 100] [--pairs 30] [--seed 1] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lactflow.experiments.comparison import Comparison

RESULTS = Path(__file__).parent / "results" / "kills.json"
_KILLS_EACH = 8
"""Kills of workers in the time that a comparison takes which nothing stops."""
_CONFIG = """
format: 1
days: {days}
gland: {{lobes_per_breast: 1}}
resolution: {{packet_ml: 0.5}}
schedule: [{{kind: every, hours: {hours}}}]
"""
_BEGIN = """
import sys, lactflow
lactflow.compare(["often.yaml", "seldom.yaml"], replicates=int(sys.argv[1]), workers=2, out=sys.argv[2])
"""
_GO_ON = """
import sys
from pathlib import Path
from lactflow.experiments.compare import resume_comparison
resume_comparison(Path(sys.argv[1]), workers=2)
"""


class Comparisons:
    """
    Comparisons of two scenarios that are killed.

    Parameters
    ----------
    work
        Folder for all of them.
    pairs
        Replicates of each scenario.
    days
        Simulated by each.
    seed
        Of the moments.
    """

    def __init__(self, work: Path, pairs: int, days: float, seed: int) -> None:
        for name, hours in (("often", 2), ("seldom", 6)):
            (work / f"{name}.yaml").write_text(_CONFIG.format(days=days, hours=hours), encoding="utf-8")
        self._work, self._pairs, self._random = work, pairs, Random(seed)
        begun_s = time.monotonic()
        self._begin("undisturbed").wait()
        self._whole_s = time.monotonic() - begun_s
        self._undisturbed = self._folder("undisturbed")
        self.counts: Counter[str] = Counter()

    def kill_workers(self, kills: int) -> None:
        """Kill workers of one comparison after another, until there were so many kills."""
        while self.counts["workers_killed"] < kills:
            out = f"workers-{self.counts['comparisons']}"
            process = self._begin(out)
            while process.poll() is None and self.counts["workers_killed"] < kills:
                time.sleep(self._random.expovariate(_KILLS_EACH / self._whole_s))
                workers = workers_of(process.pid)
                if workers and kill(self._random.choice(workers)):
                    self.counts["workers_killed"] += 1
            process.wait()
            self._end(out)

    def kill_parents(self, kills: int) -> None:
        """Kill comparisons themselves, and workers beside them; resume each at once, until it has ended."""
        while self.counts["parents_killed"] < kills:
            out = f"parents-{self.counts['comparisons']}"
            process = self._begin(out)
            while self.counts["parents_killed"] < kills and not self._ends_by_itself(process):
                if self._random.random() < 0.3 and (workers := workers_of(process.pid)) and kill(workers[0]):
                    self.counts["workers_killed_beside"] += 1
                process.kill()
                process.wait()
                self.counts["parents_killed"] += 1
                process = self._go_on(out)
            process.wait()
            self._end(out)

    def _ends_by_itself(self, process: subprocess.Popen[bytes]) -> bool:
        """Let it be until some moment; whether it has ended before."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(self._random.uniform(0.3, 0.3 + self._whole_s / 2.0))
        return process.poll() is not None

    def _end(self, out: str) -> None:
        """Resume a comparison of which units were set aside, and compare it with the undisturbed one."""
        comparison = self._folder(out)
        self.counts["comparisons"] += 1
        self.counts["given_again"] += len(comparison.manifest["retried"])
        if comparison.status != "complete":
            self.counts["units_set_aside"] += sum(_set_aside(run.path) for run in comparison.runs.values())
            self._go_on(out).wait()
            comparison = self._folder(out)
        found = comparison.differences["replicates"].max()
        self.counts["pairs"] += self._pairs
        self.counts["pairs_lost"] += self._pairs - int(found)
        changed = changed_tables(comparison, self._undisturbed)
        self.counts["tables_changed"] += len(changed)
        for name in changed:
            print(f"{out}: {name} has changed", file=sys.stderr)

    def _begin(self, out: str) -> subprocess.Popen[bytes]:
        return self._started(_BEGIN, str(self._pairs), out)

    def _go_on(self, out: str) -> subprocess.Popen[bytes]:
        """Resume a comparison; begin it where it was killed before it had a folder."""
        folders = list((self._work / out).glob("[!.]*"))
        return self._started(_GO_ON, str(folders[0])) if folders else self._begin(out)

    def _started(self, code: str, *args: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", code, *args], cwd=self._work, stderr=subprocess.DEVNULL)

    def _folder(self, out: str) -> Comparison:
        import lactflow

        (folder,) = (self._work / out).glob("[!.]*")
        return lactflow.open_comparison(folder)


def changed_tables(one: Comparison, other: Comparison) -> list[str]:
    """Names of tables that differ, and what `verify` finds wrong with the first."""
    from lactflow.experiments.verify import verify

    changed = [f"verify: {problem}" for problem in verify(one.path).problems]
    changed += [name for name in ("subjects", "differences") if not getattr(one, name).equals(getattr(other, name))]
    for label, run in other.runs.items():
        mine = one.runs[label]
        changed += [f"{label}: {table}" for table in run.tables if not mine[table].equals(run[table])]
        changed += [
            f"{label}: files of {table}" for table in run.tables if files(mine.path / table) != files(run.path / table)
        ]
    return changed


def _set_aside(run: Path) -> int:
    """Units of work of a run that has ended which have not: their journals have the number of an attempt."""
    return len([each for each in (run / "journal").glob("*.jsonl") if each.stem.count(".")])


def files(folder: Path) -> list[str]:
    """Names of all files, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def workers_of(parent: int) -> list[int]:
    """Process numbers of the workers that the server of a process has forked."""
    return [each for child in _children(parent) for each in _children(child)]


def _children(parent: int) -> list[int]:
    file = Path(f"/proc/{parent}/task/{parent}/children")
    try:
        return [int(each) for each in file.read_text(encoding="ascii").split()]
    except OSError:
        return []


def kill(process: int) -> bool:
    """Kill a process; whether it was there."""
    from os import kill as send

    try:
        send(process, SIGKILL)
    except ProcessLookupError:
        return False
    return True


def measured(pairs: int, days: float, seed: int, *, workers: int, parents: int) -> dict[str, dict[str, int]]:
    """
    Counts of both kinds of kills.

    Parameters
    ----------
    pairs, days, seed
        As `Comparisons` takes them.
    workers, parents
        Kills of each kind.
    """
    found = {}
    for name, kills in (("workers", workers), ("parents", parents)):
        with tempfile.TemporaryDirectory() as folder:
            comparisons = Comparisons(Path(folder), pairs, days, seed)
            (comparisons.kill_workers if name == "workers" else comparisons.kill_parents)(kills)
            found[name] = dict(comparisons.counts)
    return found


def main() -> None:
    """Kill, count, and keep the counts."""
    from circumstances import circumstances

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=100, help="kills of workers")
    parser.add_argument("--parents", type=int, default=100, help="kills of the comparison itself")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--days", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    about = circumstances("benchmarks/results/kills.json")
    how = {"pairs": given.pairs, "days": given.days, "seed": given.seed}
    found = measured(**how, workers=given.workers, parents=given.parents)
    given.out.write_text(json.dumps({**about, "how": how, "counts": found}, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
