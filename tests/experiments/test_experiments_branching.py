"""Scenarios of one past are simulated as one, and give what each gives alone, whatever becomes of a process."""

from __future__ import annotations

import os
import signal

import pytest

from lactflow.analysis.run import open_run
from lactflow.config.scenario import load_scenario
from lactflow.errors import InterruptedRunError
from lactflow.experiments import branching, forked
from lactflow.experiments.branching import BranchedUnits, do_branches, together
from lactflow.experiments.compare import compare
from lactflow.experiments.run import new_archive, units_of
from lactflow.experiments.unit import UnitOfWork, run_unit
from lactflow.recording.verify import verify

COARSE = "gland: {lobes_per_breast: 1}\nresolution: {packet_ml: 1.0}\n"
PAST = "  - {kind: every, hours: 3}\n"
FUTURES = {
    "same": "",
    "seldom": "  - {kind: every, from_day: 31.25, hours: 6}\n",
    "pump": '  - {kind: pump, from_day: 31.5, times: ["10:00", "20:00"], minutes: 15}\n',
    "same-again": "",
}


@pytest.fixture
def scenarios(tmp_path):
    """Four scenarios of a day and a half that agree for a day and a quarter, two of them throughout."""
    found = {}
    for name, phases in FUTURES.items():
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"format: 1\nstart_day: 30\ndays: 2\n{COARSE}schedule:\n{PAST}{phases}")
        found[name] = load_scenario(path)
    return found


@pytest.fixture
def archives(scenarios, tmp_path):
    """A run directory for each."""
    found = {name: new_archive(each, tmp_path / "out", name) for name, each in scenarios.items()}
    yield found
    for archive in found.values():
        archive.let_go()


@pytest.fixture
def units(scenarios, archives):
    return tuple(units_of(scenarios[name], archive.path)[0] for name, archive in archives.items())


def nothing(share, time_min):
    pass


def tables(path):
    run = open_run(path)
    return {table: run[table] for table in run.tables}


def assert_whole(units, archives, tmp_path, scenarios):
    """Every run has the tables of a run of its own."""
    for unit, archive in zip(units, archives.values(), strict=True):
        archive.finish("complete")
        assert verify(archive.path).problems == []
        alone = new_archive(scenarios[archive.path.name.rsplit("-", 2)[0]], tmp_path / "alone", "alone")
        run_unit(unit._replace(directory=str(alone.path)))
        alone.finish("complete")
        for table, rows in tables(alone.path).items():
            assert rows.equals(tables(archive.path)[table]), table


def test_runs_of_one_past_are_those_of_runs_alone(units, archives, tmp_path, scenarios):
    """Every table, to the bit; two that never part are the same."""
    shares = []
    work = BranchedUnits(units)
    result = do_branches(work.order(), work.shared, lambda share, _: shares.append(share))
    assert result == {"failed": []}
    assert work.is_done()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert_whole(units, archives, tmp_path, scenarios)


def test_what_a_killed_child_was_at_is_simulated_again(units, archives, tmp_path, scenarios, monkeypatch):
    """From its beginning, by its parent; the others are not touched."""
    become = branching._Simulation._become_child

    def killed(self, group, answers_out):
        become(self, group, answers_out)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(branching._Simulation, "_become_child", killed)
    work = BranchedUnits(units)
    assert do_branches(work.order(), work.shared, nothing) == {"failed": []}
    assert_whole(units, archives, tmp_path, scenarios)


def test_what_fails_in_a_child_is_reported_by_its_parent(units, archives, monkeypatch):
    """Directory, message and exit code; the others are whole."""
    become = branching._Simulation._become_child

    def without_a_place(self, group, answers_out):
        if 1 in group:
            self._units = [each._replace(directory=f"{each.directory}-gone") for each in self._units]
        become(self, group, answers_out)

    monkeypatch.setattr(branching._Simulation, "_become_child", without_a_place)
    work = BranchedUnits(units)
    ((directory, message, exit_code),) = do_branches(work.order(), work.shared, nothing)["failed"]
    assert directory == f"{units[1].directory}-gone"
    assert "ArchiveError: cannot write" in message
    assert exit_code == 4
    assert [unit.is_done() for unit in units] == [True, False, True, True]


def test_a_stop_reaches_the_child(units, archives, monkeypatch):
    """What was recorded until then is flushed, nothing is claimed, and no process is left."""
    fork, children = os.fork, []

    def noted():
        children.append(fork())
        return children[-1]

    monkeypatch.setattr(os, "fork", noted)
    monkeypatch.setattr(forked, "_SILENT_S", 0.0)  # or it might be over before it says how far it is

    def stop(share, time_min):
        if time_min > (31.6 - 1.0) * 1440.0:
            raise InterruptedRunError(signal.SIGTERM)

    work = BranchedUnits(units)
    with pytest.raises(InterruptedRunError):
        do_branches(work.order(), work.shared, stop)
    assert not any(unit.is_done() for unit in units)
    assert len(children) == 1
    with pytest.raises(ChildProcessError):
        os.waitpid(children[0], os.WNOHANG)
    assert len(open_run(units[0].directory)["removals"]) > 10


def test_what_is_done_is_not_simulated_again(units, archives, monkeypatch):
    """Of several units only those that are left; with one of them nothing is forked."""
    for unit in units[1:]:
        run_unit(unit)
    monkeypatch.setattr(os, "fork", None)
    work = BranchedUnits(units)
    assert do_branches(work.order(), work.shared, nothing) == {"failed": []}
    assert work.is_done()
    assert do_branches(work.order(), work.shared, nothing) == {"failed": []}


# -- which units are put together --------------------------------------------------------------------------


def directories(works):
    return [[unit.directory for unit in (work.units if isinstance(work, BranchedUnits) else (work,))] for work in works]


def made(scenarios, replicates=2):
    units = [UnitOfWork("{}", 0, number, name) for number in range(replicates) for name in scenarios]
    return units, {name: each.config for name, each in scenarios.items()}


def test_units_of_a_long_past_are_put_together(scenarios):
    """Those of one replicate, in their order."""
    units, configs = made(scenarios)
    assert directories(together(units, configs, 2)) == [[*scenarios], [*scenarios]]


def test_no_worker_has_nothing_to_do_because_of_it(scenarios):
    """With fewer pieces of work than workers they stay apart."""
    units, configs = made(scenarios)
    assert together(units, configs, 3) == units


def test_scenarios_without_a_past_in_common_stay_apart(scenarios):
    """Another mother, or a schedule that differs from the start."""
    units, configs = made(scenarios)
    configs["seldom"] = configs["seldom"].model_copy(update={"seed": 5})
    configs["pump"] = configs["pump"].model_copy(update={"schedule": configs["pump"].schedule[1:]})
    found = directories(together(units, configs, 2))
    assert found == [["same", "same-again"], ["seldom"], ["pump"]] * 2


def test_nothing_is_put_together_without_fork(scenarios, monkeypatch):
    """On a system that has none."""
    monkeypatch.delattr(os, "fork")
    units, configs = made(scenarios)
    assert together(units, configs, 2) == units


def test_comparison_is_the_same_whether_a_past_is_shared_or_not(tmp_path, scenarios, monkeypatch):
    """Measures and differences of both, to the bit."""
    shared = compare(scenarios, out=tmp_path / "shared", replicates=2, workers=2)
    monkeypatch.setattr("lactflow.experiments.branching.can_fork", lambda: False)
    apart = compare(scenarios, out=tmp_path / "apart", replicates=2, workers=2)
    assert shared.differences.equals(apart.differences)
    assert shared.subjects.equals(apart.subjects)


BOTTLED = '  - {kind: pump, from_day: 30.5, times: ["16:00", "20:00"], minutes: 15, into: day}\n'
THROWN = BOTTLED + "  - {kind: discard, from_day: 30.7}\n"


def compared(tmp_path, folder, futures):
    """A comparison of scenarios of one past, by name."""
    paths = []
    for name, phases in futures.items():
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"format: 1\nstart_day: 30\ndays: 1\n{COARSE}schedule:\n{PAST}{phases}")
        paths.append(path)
    return compare(paths, out=tmp_path / folder, replicates=2, workers=2)


def test_scenarios_that_throw_other_milk_away_are_those_of_runs_alone(tmp_path, monkeypatch):
    """The same sessions, and other accounts of bottles: every table, to the bit."""
    futures = {"kept": BOTTLED, "thrown": THROWN}
    shared = compared(tmp_path, "shared", futures).runs
    monkeypatch.setattr("lactflow.experiments.branching.can_fork", lambda: False)
    apart = compared(tmp_path, "apart", futures).runs
    for name in futures:
        assert set(shared[name].tables) == set(apart[name].tables)
        for table in shared[name].tables:
            assert shared[name][table].equals(apart[name][table]), table
    discarded = {name: shared[name]["bottle_balance"]["discarded"].sum() for name in futures}
    assert discarded["kept"] == 0.0 < discarded["thrown"]


def test_a_scenario_with_bottles_is_compared_with_one_without(tmp_path):
    """Their tables differ, so that they have no past in common; each has its own."""
    runs = compared(tmp_path, "out", {"plain": "", "kept": BOTTLED}).runs
    assert set(runs["kept"].tables) - set(runs["plain"].tables) == {"bottle_contents", "bottle_balance"}
    assert all(verify(run.path).problems == [] for run in runs.values())
