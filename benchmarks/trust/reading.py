"""What can be read of a folder afterwards, by other code than lactflow's where that is possible."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.trust.commands import attempt, called


def visible(folder: Path) -> list[Path]:
    """What is in a folder under a name of its own; nothing for no folder."""
    return sorted(folder.glob("[!.]*")) if folder.is_dir() else []


def runs_below(folder: Path) -> list[Path]:
    """All run directories in a folder: those of commands, and those in comparisons."""
    return [run for each in visible(folder) for run in (visible(each / "runs") if (each / "runs").is_dir() else [each])]


def flushed(folder: Path) -> bool:
    """Whether some run below a folder has flushed rows."""
    journals = [journal for run in runs_below(folder) for journal in (run / "journal").glob("*.jsonl")]
    return any(b'"flush":1' in journal.read_bytes() for journal in journals)


def journalled(run: Path) -> Counter[str]:
    """Rows of each table by the flushes whose journal lines are all there; read without lactflow."""
    rows: Counter[str] = Counter()
    journals: dict[str, Path] = {}
    # Of a unit that has ended its journal, which has the shortest name, else that of an attempt.
    for journal in sorted((run / "journal").glob("*.jsonl"), key=lambda path: -len(path.name)):
        journals[journal.name.partition(".")[0]] = journal
    for journal in journals.values():
        flushes: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        for line in journal.read_bytes().split(b"\n")[:-1]:
            entry = json.loads(line)
            if "table" in entry:
                flushes[entry["flush"]].append(entry)
        for entries in flushes.values():
            if len(entries) == entries[0]["parts"]:
                for entry in entries:
                    rows[entry["table"]] += entry["rows"]
    return rows


def lost_of_run(run: Path, *statuses: str) -> str:
    """
    What is lost of a run that ended early.

    Parameters
    ----------
    run
        The run directory.
    statuses
        Those that it may have.

    Returns
    -------
    One line; empty when every journalled row can be read, every table opens, and `verify` says how the run ended.
    """
    looked = attempt(_lost_rows, run, statuses)
    return looked.value or (looked.failed and f"{run.name}: {looked.failed}") or lost_to_verify(run, *statuses)


def _lost_rows(run: Path, statuses: Sequence[str]) -> str:
    """Rows of a run that cannot be read, or another status than it may have."""
    import pandas as pd

    import lactflow

    rows, stored = journalled(run), lactflow.open_run(run)
    if stored.status not in statuses:
        return f"{run.name} has the status {stored.status}"
    for table in stored.tables:
        read = len(stored[table])
        if read != rows[table]:
            return f"{run.name}: {rows[table]} rows of {table} are in the journal, {read} can be read"
        if (run / table).is_dir() and len(pd.read_parquet(run / table)) < read:
            return f"{run.name}: pandas reads fewer than {read} rows of {table}"
    return ""


def lost_to_verify(folder: Path, *statuses: str) -> str:
    """What `lactflow verify` says that it should not; empty when it finds nothing wrong and gives the right status."""
    ended = called("verify", str(folder), "--json")
    found = ended.json()
    if ended.traceback:
        return f"verify {folder.name}: {ended.traceback}"
    if found.get("problems") or ended.exit_code:
        return f"verify {folder.name}: exit code {ended.exit_code}, {found.get('problems')}"
    if found.get("status") not in statuses:
        return f"verify {folder.name} says {found.get('status')}"
    return ""


def lost_of_comparison(folder: Path, *statuses: str) -> str:
    """What is lost of a comparison that ended early: its own status, and each of its runs."""
    import lactflow

    opened = attempt(lactflow.open_comparison, folder)
    if opened.value is None:
        return f"{folder.name}: {opened.failed}"
    if opened.value.status not in statuses:
        return f"{folder.name} has the status {opened.value.status}"
    # Runs that had ended before are complete.
    lost = [lost_of_run(run, *statuses, "complete") for run in visible(folder / "runs")]
    return next(filter(None, lost), "") or lost_to_verify(folder, *statuses)
