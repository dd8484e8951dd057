"""
lactflow: an event-driven simulator of milk secretion.

`lactflow.run` simulates a scenario and leaves a run directory, `lactflow.open_run` reads one, `lactflow.open_many`
several. `lactflow.compare` runs several scenarios and reports how they differ, `lactflow.open_comparison` reads
that. `lactflow.fit` reports what a log shows of a mother, `lactflow.open_fit` reads that. `lactflow.diagnose`
reports which mechanism fits a clinical record (research and teaching, no medical device), `lactflow.open_diagnosis`
reads that. `lactflow.sweep` simulates a scenario at many points, `lactflow.open_sweep` reads that.
`lactflow.calibrate` looks for quantities that meet targets, and `lactflow.open_calibration` reads that.
`lactflow.resume` resumes what was stopped. `lactflow.analysis` makes tables from runs. Importing lactflow loads no
simulation, table or plotting library; those come when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lactflow.version import __version__

if TYPE_CHECKING:
    from lactflow.analysis.run import open_run as open_run
    from lactflow.calibration.calibrate import calibrate as calibrate
    from lactflow.calibration.result import open_calibration as open_calibration
    from lactflow.diagnosis.diagnose import diagnose as diagnose
    from lactflow.diagnosis.diagnosis import open_diagnosis as open_diagnosis
    from lactflow.experiments.branch import branch as branch
    from lactflow.experiments.compare import compare as compare
    from lactflow.experiments.comparison import open_comparison as open_comparison
    from lactflow.experiments.diff import diff as diff
    from lactflow.experiments.fit import fit as fit
    from lactflow.experiments.fitting import open_fit as open_fit
    from lactflow.experiments.many import open_many as open_many
    from lactflow.experiments.run import run as run
    from lactflow.experiments.sensitivity import screen as screen
    from lactflow.experiments.sensitivity import sensitivity_of as sensitivity_of
    from lactflow.experiments.sweep.results import open_sweep as open_sweep
    from lactflow.experiments.sweep.sweep import sweep as sweep
    from lactflow.exports.export import export as export
    from lactflow.resuming import resume as resume

_HOMES = {
    "branch": "lactflow.experiments.branch",
    "calibrate": "lactflow.calibration.calibrate",
    "compare": "lactflow.experiments.compare",
    "open_calibration": "lactflow.calibration.result",
    "open_comparison": "lactflow.experiments.comparison",
    "diagnose": "lactflow.diagnosis.diagnose",
    "diff": "lactflow.experiments.diff",
    "export": "lactflow.exports.export",
    "fit": "lactflow.experiments.fit",
    "open_diagnosis": "lactflow.diagnosis.diagnosis",
    "open_fit": "lactflow.experiments.fitting",
    "open_many": "lactflow.experiments.many",
    "open_run": "lactflow.analysis.run",
    "open_sweep": "lactflow.experiments.sweep.results",
    "resume": "lactflow.resuming",
    "run": "lactflow.experiments.run",
    "screen": "lactflow.experiments.sensitivity",
    "sensitivity_of": "lactflow.experiments.sensitivity",
    "sweep": "lactflow.experiments.sweep.sweep",
}

__all__ = [
    "__version__",
    "branch",
    "calibrate",
    "compare",
    "diagnose",
    "diff",
    "export",
    "fit",
    "open_calibration",
    "open_comparison",
    "open_diagnosis",
    "open_fit",
    "open_many",
    "open_run",
    "open_sweep",
    "resume",
    "run",
    "screen",
    "sensitivity_of",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used."""
    if name not in _HOMES:
        msg = f"module 'lactflow' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return sorted({*globals(), *__all__})
