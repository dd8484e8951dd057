"""
What kills cost a sweep: `kill -9` of its parent, its workers, and of workers and scheduler of Dask, at random moments.

Each sweep is resumed until it is complete, and is then compared with one that nothing has stopped: every row of its
results and of a recorded table. A unit is lost that is not there, and doubled that is there twice.

    python benchmarks/sweep_kills.py [--parents 90] [--workers 70] [--dask-workers 20] [--schedulers 20] [--units 500]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

from kills import kill

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.experiments.sweep.results import Sweep

RESULTS = Path(__file__).parent / "results" / "sweep_kills.json"
_REPLICATES = 10
_CONFIG = """
format: 1
days: {days}
gland: {{lobes_per_breast: 1}}
resolution: {{packet_ml: 0.5}}
schedule: [{{kind: every, hours: 3}}]
"""
_PLAN = """
import json, sys, lactflow
lactflow.sweep("base.yaml", record="removals", **json.loads(sys.argv[1]))
"""
_PATIENCE_S = 60.0


class Cluster:
    """
    A scheduler of Dask and two workers, each a group of processes of its own on loopback.

    Parameters
    ----------
    work
        Folder for what they write.
    """

    def __init__(self, work: Path) -> None:
        self._log = work / "dask.log"
        self._log.write_bytes(b"")
        self.scheduler = self._begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        deadline_s = time.monotonic() + _PATIENCE_S
        while (found := re.search(r"tcp://127\.0\.0\.1:\d+", self._log.read_text(errors="replace"))) is None:
            if time.monotonic() > deadline_s:
                raise SystemExit("the scheduler of Dask does not start")
            time.sleep(0.1)
        self.address = found[0]
        self.workers = [self._worker(), self._worker()]

    def kill_worker(self, number: int) -> None:
        """Kill one and what watches it, and start another."""
        _kill_group(self.workers[number])
        self.workers[number] = self._worker()

    def close(self) -> None:
        """End all of it."""
        for each in (*self.workers, self.scheduler):
            _kill_group(each)

    def _worker(self) -> subprocess.Popen[bytes]:
        return self._begin("dask_worker", self.address, "--nthreads", "1")

    def _begin(self, program: str, *args: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *args, "--no-dashboard"],
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self._log.parent,
            )


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, SIGKILL)
    process.wait()


class Sweeps:
    """
    Sweeps that are killed.

    Parameters
    ----------
    work
        Folder for all of them.
    units
        Of each.
    days
        Simulated by each unit.
    seed
        Of the moments.
    """

    def __init__(self, work: Path, units: int, days: float, seed: int) -> None:
        (work / "base.yaml").write_text(_CONFIG.format(days=days), encoding="utf-8")
        self._work, self._units, self._random = work, units, Random(seed)
        self._points = [100 + 250 * number // (units // _REPLICATES) for number in range(units // _REPLICATES)]
        begun_s = time.monotonic()
        self._undisturbed = self._opened(self._planned("undisturbed", "local:2"))
        self._whole_s = time.monotonic() - begun_s
        self.counts: Counter[str] = Counter()

    def kill_local(self, kills: int, whom: str) -> None:
        """Kill parents, or their workers, of one sweep after another."""
        while self.counts[whom] < kills:
            folder = self._planned(f"{whom}-{self.counts['sweeps']}", "none")
            while not self._is_whole(folder):
                process = self._resumed(folder, "--workers", "2")
                while self.counts[whom] < kills and not self._ends_by_itself(process, folder):
                    victims = [process.pid] if whom == "parents" else descendants(process.pid)
                    if victims and kill(self._random.choice(victims)):
                        self.counts[whom] += 1
                process.wait()
            self._end(folder)

    def kill_dask(self, kills: int, whom: str) -> None:
        """Kill workers, or the scheduler, of a cluster that one sweep after another is worked on by."""
        cluster = Cluster(self._work)
        while self.counts[whom] < kills:
            folder = self._planned(f"{whom}-{self.counts['sweeps']}", "none")
            while not self._is_whole(folder):
                process = self._resumed(folder, "--executor", cluster.address.replace("tcp://", "dask://"))
                while self.counts[whom] < kills and not self._ends_by_itself(process, folder):
                    self.counts[whom] += 1
                    if whom == "dask_workers":
                        cluster.kill_worker(self._random.randrange(2))
                        continue
                    cluster.close()
                    process.wait()
                    cluster = Cluster(self._work)
                process.wait()
            self._end(folder)
        cluster.close()

    def _ends_by_itself(self, process: subprocess.Popen[bytes], folder: Path) -> bool:
        """Let it be until it has written again, and on to some moment; whether it has ended before."""
        before = _lines(folder)
        while process.poll() is None and _lines(folder) == before:
            time.sleep(0.05)
        with suppress(subprocess.TimeoutExpired):
            process.wait(self._random.uniform(0.0, self._whole_s / 10.0))
        return process.poll() is not None

    def _end(self, folder: Path) -> None:
        """Hold a sweep against the undisturbed one, as it is and closed."""
        for closed in (False, True):
            if closed:
                self._started("-m", "lactflow", "sweep", "close", str(folder)).wait()
            sweep = self._opened(folder)
            results = sweep.results
            self.counts["units_lost"] += self._units - results["unit"].nunique()
            self.counts["units_doubled"] += len(results) - results["unit"].nunique()
            self.counts["tables_changed"] += not results.equals(self._undisturbed.results)
            self.counts["tables_changed"] += not _recorded(sweep).equals(_recorded(self._undisturbed))
        self.counts["sweeps"] += 1
        self.counts["units"] += self._units

    def _is_whole(self, folder: Path) -> bool:
        return bool(self._opened(folder).counts.complete == self._units)

    def _planned(self, out: str, executor: str) -> Path:
        points = {"gland.lumen.capacity_ml": self._points}
        options = {"vary": points, "replicates": _REPLICATES, "out": out, "executor": executor}
        if self._started("-c", _PLAN, json.dumps(options)).wait() != 0:
            raise SystemExit("a sweep that nothing has stopped has failed")
        (folder,) = (self._work / out).glob("[!.]*")
        return folder

    def _resumed(self, folder: Path, *options: str) -> subprocess.Popen[bytes]:
        return self._started("-m", "lactflow", "sweep", "--resume", str(folder), *options)

    def _started(self, *args: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *args], cwd=self._work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _opened(self, folder: Path) -> Sweep:
        import lactflow

        return lactflow.open_sweep(folder)


def _lines(folder: Path) -> int:
    """How often something was written."""
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("ledger/*.jsonl"))


def _recorded(sweep: Sweep) -> pd.DataFrame:
    """Rows of the recorded table, each once, in one order."""
    frame: Any = sweep.dataset["removals"].to_table().to_pandas()
    frame["key"] = frame["key"].astype(str)  # parts that are merged have other categories
    return frame.sort_values(["key", "session", "breast"], ignore_index=True)[sorted(frame)]


def descendants(process: int) -> list[int]:
    """Processes that a process has started, and those that these have."""
    found = []
    for child in _children(process):
        found += [child, *descendants(child)]
    return found


def _children(process: int) -> list[int]:
    found = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(each) for each in file.read_text(encoding="ascii").split()]
    return found


def measured(units: int, days: float, seed: int, kills: dict[str, int]) -> dict[str, dict[str, int]]:
    """
    Counts of each kind of kills.

    Parameters
    ----------
    units, days, seed
        As `Sweeps` takes them.
    kills
        Of each kind.
    """
    found = {}
    for whom, wanted in kills.items():
        with tempfile.TemporaryDirectory() as folder:
            sweeps = Sweeps(Path(folder), units, days, seed)
            (sweeps.kill_dask if whom in ("dask_workers", "schedulers") else sweeps.kill_local)(wanted, whom)
            found[whom] = dict(sweeps.counts)
            print(json.dumps({whom: found[whom]}), flush=True)
    return found


def main() -> None:
    """Kill, count, and keep the counts."""
    from circumstances import circumstances

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for whom, usual in (("parents", 90), ("workers", 70), ("dask-workers", 20), ("schedulers", 20)):
        parser.add_argument(f"--{whom}", type=int, default=usual, help=f"kills of {whom.replace('-', ' ')}")
    parser.add_argument("--units", type=int, default=500, help="of each sweep, in tens")
    parser.add_argument("--days", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    about = circumstances("benchmarks/results/sweep_kills.json")
    how = {"units": given.units, "days": given.days, "seed": given.seed}
    kills = {whom: getattr(given, whom) for whom in ("parents", "workers", "dask_workers", "schedulers")}
    found = measured(**how, kills={whom: number for whom, number in kills.items() if number})
    given.out.write_text(json.dumps({**about, "how": how, "counts": found}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
