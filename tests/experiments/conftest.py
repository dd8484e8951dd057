"""A crew without processes: what most tests of comparisons need, at a fraction of the time."""

from __future__ import annotations

import pytest

from lactflow.errors import InterruptedRunError
from lactflow.experiments import compare as compare_module
from lactflow.experiments.unit import Failure, play_unit
from lactflow.experiments.worker import told_error


class CrewOfOne:
    """Stands in for `Crew`: runs the units one after the other in this process."""

    def __init__(self, workers):
        assert workers > 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def play(self, units, progress=None):
        """Run all units; those that failed, with the reason that a worker would give."""
        failures = []
        for number, unit in enumerate(units):

            def so_far(share, time_min, number=number):
                if progress is not None:
                    progress((number + share) / len(units), time_min)

            try:
                play_unit(unit, so_far)
            except InterruptedRunError:
                raise
            except Exception as error:  # noqa: BLE001 - a bug has any class
                message, exit_code = told_error(error)
                failures.append(Failure(unit.directory, unit.mother, unit.replicate, message, exit_code))
            so_far(1.0, 0.0)
        return sorted(failures)


@pytest.fixture(scope="session")
def crew_of_one():
    """The stand-in itself, for fixtures that outlive a test."""
    return CrewOfOne


@pytest.fixture
def no_processes(monkeypatch):
    """Comparisons run in this process; `test_workers_do_not_matter` and the tests of the crew have real workers."""
    monkeypatch.setattr(compare_module, "Crew", CrewOfOne)
