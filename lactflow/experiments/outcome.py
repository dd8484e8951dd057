"""What was odd about the outcome of a run, though nothing failed: warnings that only its tables can give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.analysis.faltering import faltering_in_words
from lactflow.analysis.proteins import excess_in_words
from lactflow.analysis.run import Run, open_run

if TYPE_CHECKING:
    from lactflow.config.model import RunConfig
    from lactflow.config.scenario import Scenario
    from lactflow.recording.archive import Archive


def note_outcome(archive: Archive, config: RunConfig) -> None:
    """
    Have the manifest of a run say what was odd about its outcome.

    Infants that fell below their growth channels, and parts of protein that came to more than all of it.

    Parameters
    ----------
    archive
        Of a run whose units of work have all ended whole.
    config
        What was simulated.

    Raises
    ------
    DamagedRunError
        If a part is missing or not what was written.
    """
    run = open_run(archive.path)
    archive.note([*faltering_in_words(run, config), *excess_in_words(run)])


def outcome_warnings(run: Run, scenario: Scenario) -> list[str]:
    """
    What was odd about the outcome of a run, beside what was odd about its scenario.

    Parameters
    ----------
    run
        That has ended.
    scenario
        What was simulated.
    """
    return [line for line in run.manifest.get("warnings", []) if line not in scenario.warnings]
