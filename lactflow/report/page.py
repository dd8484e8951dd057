"""Reports: one offline HTML page of a folder of any kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.errors import ArchiveError
from lactflow.recording.files import replace_file
from lactflow.recording.folder import CALIBRATION, RUN, VALIDATION, kind_of

if TYPE_CHECKING:
    from lactflow.report.blocks import Page

REPORT = "report.html"


def write_report(path: str | Path, out: str | Path | None = None) -> Path:
    """
    Write the report of a folder that lactflow has made: what `lactflow report` does.

    Parameters
    ----------
    path
        Folder of a run, a comparison, a fit, a diagnosis, a validation, a sweep or a calibration, whether it ended or
        not.
    out
        The file; `report.html` in the folder when None.

    Returns
    -------
    The file.

    Raises
    ------
    ArchiveError
        If the folder is none of these, or the disk refuses.
    DamagedRunError
        If its manifest or its journal is not what was written.
    """
    from lactflow.report.render import render

    folder = Path(path)
    file = folder / REPORT if out is None else Path(out)
    replace_file(file, render(_page(folder, file.parent)))
    return file


def _page(folder: Path, beside: Path) -> Page:
    """The page of a folder, by its kind; links are relative to `beside`."""
    from lactflow.experiments.comparison import KIND, open_comparison

    kind = kind_of(folder)
    if kind == RUN:
        from lactflow.analysis.run import open_run
        from lactflow.report.run_page import run_page

        return run_page(open_run(folder))
    if kind == KIND:
        from lactflow.report.comparison_page import comparison_page

        return comparison_page(open_comparison(folder), beside)
    if kind == VALIDATION:
        from lactflow.report.validation_page import validation_page

        return validation_page(folder)
    if kind == CALIBRATION:
        from lactflow.report.calibration_page import calibration_page

        return calibration_page(folder)
    if (page := _of_one_mother(kind, folder, beside)) is not None:
        return page
    from lactflow.experiments.sweep.results import Sweep, open_sweep

    if kind == Sweep.kind:
        from lactflow.report.sweep_page import sweep_page

        return sweep_page(open_sweep(folder))
    raise ArchiveError(
        f"{folder} is a {kind}; a report is made of a run, a comparison, a fit, a diagnosis, a validation, a sweep or "
        "a calibration"
    )


def _of_one_mother(kind: str, folder: Path, beside: Path) -> Page | None:
    """The page of what her log or her record shows; None of another kind."""
    from lactflow.diagnosis.diagnosis import KIND as DIAGNOSIS
    from lactflow.experiments.fitting import KIND as FIT

    if kind == FIT:
        from lactflow.experiments.fitting import open_fit
        from lactflow.report.fit_page import fit_page

        return fit_page(open_fit(folder), beside)
    if kind == DIAGNOSIS:
        from lactflow.diagnosis.diagnosis import open_diagnosis
        from lactflow.report.diagnosis_page import diagnosis_page

        return diagnosis_page(open_diagnosis(folder))
    return None
