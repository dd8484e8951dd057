"""How far a sweep is, read from its ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lactflow.experiments.sweep.plan import SWEEP, Plan
from lactflow.experiments.sweep.store import Ledgers
from lactflow.kinetics import plain_sum
from lactflow.recording.folder import read_folder


class Counts(NamedTuple):
    """
    How far a sweep is.

    Attributes
    ----------
    status
        `complete`; `failed` where all others are complete; `running` while a process holds the folder, or `incomplete`.
    units, complete, failed
        Numbers of units.
    cpu_s
        CPU time of what was simulated [s].
    files
        Parts and ledgers.
    branched
        Units whose past was simulated once for several of them.
    """

    status: str
    units: int
    complete: int
    failed: int
    cpu_s: float
    files: int
    branched: int = 0

    @property
    def remaining(self) -> int:
        """Units that are neither complete nor failed."""
        return self.units - self.complete - self.failed


def counts_of(plan: Plan, ledgers: Ledgers, status: str) -> Counts:
    """
    How far a sweep is.

    Parameters
    ----------
    plan
        Of it.
    ledgers
        Of it, refreshed.
    status
        What its manifest states, with `crashed` distinguished from `running`.
    """
    done = ledgers.claimed()
    failed = ledgers.failures(done)
    complete = sum(key in done for key in plan.keys)
    wrong = sum(key in failed for key in plan.keys)
    if complete == len(plan.keys):
        word = "complete"
    elif status == "running":
        word = "running"
    else:
        word = "failed" if complete + wrong == len(plan.keys) else "incomplete"
    lines = list(ledgers.lines)
    seconds = plain_sum(line.seconds for line in lines)
    files = sum(len(line.files) for line in lines)
    branched = sum(line.branched for line in lines)
    return Counts(word, len(plan.keys), complete, wrong, round(seconds, 3), files, branched)


def failures_in_words(plan: Plan, failures: Mapping[str, Mapping[str, Any]], most: int = 20) -> list[str]:
    """
    Units that failed: a line each, and one for those that are not listed.

    Parameters
    ----------
    plan
        Of the sweep.
    failures
        By key.
    most
        Lines.
    """
    first = plan.first_units()
    units = sorted(first[key] for key in failures if key in first)
    lines = [f"{plan.named(unit)}: {failures[plan.keys[unit]]['message']}" for unit in units[:most]]
    return lines + ([f"... and {len(units) - most:,} more"] if len(units) > most else [])


def status(folder: str | Path) -> tuple[Counts, list[str]]:
    """
    How far a sweep is, and what failed.

    Parameters
    ----------
    folder
        The sweep.

    Raises
    ------
    ArchiveError
        If it is no sweep, or cannot be read.
    """
    path = Path(folder)
    manifest, word = read_folder(path, SWEEP)
    plan, ledgers = Plan(path, manifest), Ledgers(path)
    ledgers.refresh()
    counts = counts_of(plan, ledgers, word)
    return counts, failures_in_words(plan, ledgers.failures(ledgers.claimed()))
