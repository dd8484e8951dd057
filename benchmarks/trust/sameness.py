"""The same tables from the same config, whatever Python's hashes are and whoever does the work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.trust.commands import COARSE, started
from benchmarks.trust.experiment import Bench, Experiment, Try
from benchmarks.trust.reading import visible

_CONFIG = """format: 1
name: twins
start_day: 20
days: 0.3
replicates: 2
mother: {cohort: 2}
infants: [{birth_weight_kg: 2.5}, {birth_weight_kg: 2.2}]
schedule:
  - {kind: every, hours: 3}
  - {kind: pump, times: ["02:00", "06:00"], minutes: 15}
"""
_HASH_SEEDS, _WORKERS = (0, 1, 777), (1, 2, 4)


def _parts(run: Path) -> dict[str, str]:
    """SHA-256 of every Parquet file."""
    return {
        path.relative_to(run).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(run.rglob("*.parquet"))
    }


def determinism(bench: Bench) -> Iterator[Try]:
    """Each combination beside the first."""
    first: dict[str, str] = {}
    combinations = [(seed, workers) for workers in _WORKERS for seed in _HASH_SEEDS]
    for number, (seed, workers) in enumerate(combinations[: bench.size]):
        folder = bench.memory / str(number)
        folder.mkdir()
        (folder / "twins.yaml").write_text(_CONFIG, encoding="utf-8")
        args = ("run", "twins.yaml", "--workers", str(workers), "--out", "out", "--quiet", *COARSE)
        with started(args, folder, hash_seed=seed) as process:
            _, stderr = process.communicate()
        lost = f"exit code {process.returncode}: {stderr.strip()[-200:]}" if process.returncode else ""
        if not lost:
            (run,) = visible(folder / "out")
            parts = _parts(run)
            first = first or parts
            different = [name for name in sorted({*first, *parts}) if first.get(name) != parts.get(name)]
            if different or not parts:
                lost = f"{len(different)} of {len(first)} files differ, {different[:1]}"
        ended = f"{len(first)} files, {'different' if lost else 'the same'}"
        yield Try(f"{workers} workers", ended, lost and f"hash seed {seed}: {lost}")


EXPERIMENTS = (
    Experiment(
        name="determinism",
        title="the same tables again",
        size=len(_HASH_SEEDS) * len(_WORKERS),
        how="Two mothers with twins and a pump, two replicates: hash seeds 0, 1 and 777 by 1, 2 and 4 workers, each in "
        "processes of its own; every Parquet file is compared to the byte",
        lost="a file that differs from that of the first combination.",
        tries=determinism,
    ),
)
