"""Closing the runs of a comparison: each says how it ended, and a long one is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from lactflow.config.model import RunConfig
from lactflow.experiments.measuring import show_while
from lactflow.experiments.outcome import note_outcome
from lactflow.experiments.run import failures_message, units_in
from lactflow.experiments.unit import UnitOfWork
from lactflow.experiments.work import Failure, ShowProgress
from lactflow.recording.archive import Archive

_AT_ONCE = 8
"""Runs that are closed side by side: nearly all of it is waiting for the disk."""


def close_runs(
    archives: Mapping[str, Archive],
    configs: Mapping[str, RunConfig],
    failures: Mapping[str, Sequence[Failure[UnitOfWork]]],
    progress: ShowProgress | None,
) -> None:
    """
    Close runs side by side.

    Parameters
    ----------
    archives, configs, failures
        Of each run, by name.
    progress
        Called with the share that is done; may raise to stop.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    with ThreadPoolExecutor(_AT_ONCE, "close") as pool:
        closing = {pool.submit(_close, archives[name], configs[name], failures[name]) for name in archives}
        try:
            show_while(closing, progress)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _close(archive: Archive, config: RunConfig, failures: Sequence[Failure[UnitOfWork]]) -> None:
    if failures:
        archive.finish("failed", error=failures_message(failures, units_in(config), archive.path))
    else:
        note_outcome(archive, config)
        archive.finish("complete")
