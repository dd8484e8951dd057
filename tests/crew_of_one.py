"""A crew without processes: what most tests of comparisons need, at a fraction of the time."""

from __future__ import annotations

from lactflow.errors import InterruptedRunError
from lactflow.experiments.unit import run_unit
from lactflow.experiments.work import Failure, doing
from lactflow.experiments.worker import message_and_code


class CrewOfOne:
    """Stands in for `Crew`: runs the units one after the other in this process."""

    def __init__(self, workers, named=()):
        del named
        assert workers > 0
        self.workers = 1_000_000  # more than there is work: scenarios of one past stay apart
        self.retried = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def run(self, units, progress=None, on_result=None):
        """Run all units; those that failed, with the reason that a worker would give."""
        failures = []
        for number, unit in enumerate(units):

            def so_far(share, time_min, number=number):
                if progress is not None:
                    progress((number + share) / len(units), time_min)

            try:
                if unit.kind == "unit":
                    run_unit(unit, so_far)
                else:
                    doing(unit.kind)(unit.order(), unit.shared, so_far)
            except InterruptedRunError:
                raise
            except Exception as error:  # noqa: BLE001 - a bug has any class
                message, exit_code = message_and_code(error)
                failures.append(Failure(unit, message, exit_code))
            else:
                if on_result is not None:
                    on_result(unit, None)
            so_far(1.0, 0.0)
        return failures
