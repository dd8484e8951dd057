"""One of several equal parts of a sweep, worked on in this process: what a job of a scheduler does."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from lactflow.errors import DirectoryInUseError
from lactflow.experiments.sweep.families import families
from lactflow.experiments.sweep.plan import SWEEP, Plan
from lactflow.experiments.sweep.status import status
from lactflow.experiments.sweep.work import Desk
from lactflow.experiments.work import ShowProgress
from lactflow.recording.folder import ResultFolder, read_folder


def work_on_shard(folder: Path, part: int, of: int, progress: ShowProgress | None = None) -> dict[str, int]:
    """
    Simulate the units of one part of a sweep that are not done.

    Parameters
    ----------
    folder
        The sweep.
    part, of
        Which one, from 1, of how many; unit u belongs to part u modulo `of` + 1. Where schedules vary, units that may
        have a past in common are dealt out together.
    progress
        Called with the share that is done, and the simulated time; may raise to stop.

    Returns
    -------
    `done`, `cached`, `passed`, `failed`: numbers of units.

    Raises
    ------
    ConfigError
        If lactflow, its model or a plug-in is another one than when the sweep was planned.
    ArchiveError
        If it is no sweep, or the disk refuses.
    """
    manifest, _ = read_folder(folder, SWEEP)
    plan = Plan(folder, manifest)
    units = [unit for family in families(plan, list(plan.first_units().values()))[part - 1 :: of] for unit in family]
    known = manifest.get("cache")
    counts = Desk(folder, None if known is None else Path(known), plan).work(units, progress)
    _record_completion(folder)
    return counts


def _record_completion(folder: Path) -> None:
    """The worker that does the last unit records it in the manifest, unless another process holds the folder."""
    if status(folder)[0].status == "complete" and read_folder(folder, SWEEP)[0]["status"] != "complete":
        with suppress(DirectoryInUseError):
            ResultFolder.reopen(folder, SWEEP, lambda _manifest: None).finish("complete")
