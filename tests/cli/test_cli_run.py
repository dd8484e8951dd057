"""`lactflow run`, with a stand-in for the simulation."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from math import isfinite
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import lactflow
from lactflow.analysis.daily import MEASURES
from lactflow.cli import progress as progress_module
from lactflow.cli.estimate import estimate
from lactflow.errors import (
    ArchiveError,
    BalanceError,
    DirectoryInUseError,
    InterruptedRunError,
    NoProgressError,
    SomeUnitsFailedError,
)
from lactflow.recording import columns

STAGES = importlib.import_module("lactflow.analysis.stages")
"""The module, by its full name: the function of that name hides it in its package."""
NAN = float("nan")
TIMES = "\N{MULTIPLICATION SIGN}"


def window(stage, days, sd=NAN, **measures):
    """Some measures of a stretch; all others are unknown."""
    known = {name: measures.get(name, NAN) for name in MEASURES}
    return STAGES.StageMeasures(stage, *days, 1.0 + days[1] - days[0], known, dict.fromkeys(known, sd))


def overviews(women=1, replicates=1, onset_h=NAN, sd=NAN):
    """What a run of two stages came to."""
    early = window("onset", (1, 5), sd, made_ml_per_day=330.0, made_ml_per_day_left=160.0, onset_h=onset_h)
    late = window("established", (6, 14), sd, made_ml_per_day=1790.0, made_ml_per_day_left=390.0, fullness=0.4)
    whole = window(None, (1, 14), sd, made_ml_per_day=790.0, made_ml_per_day_left=390.0, fullness=0.4)
    return STAGES.Overview(women, replicates, 2 if isfinite(onset_h) else 0, whole, (early, late))


class FakeRun(SimpleNamespace):
    """What `run_scenario` gives back, as far as the command looks at it."""

    def __getitem__(self, table):
        if table == "balance":
            return pd.DataFrame({"quantity": ["water", "fat"], "residual": [1e-12, -3e-11]})
        return self.tables.get(table, columns.from_facts(table, [], 0, 0).to_pandas())

    def read(self, table, names):
        return self[table][list(names)]


@pytest.fixture
def calls(monkeypatch):
    """Stand-ins for simulation and measures; the calls they got."""
    seen: list[SimpleNamespace] = []

    def run_scenario(scenario, out, command, progress=None, **how):
        seen.append(SimpleNamespace(scenario=scenario, out=out, command=command))
        progress(0.5, 42_000.0)
        manifest = {"rows": {"visits": 1200, "removals": 16}, "wall_s": 1.25, "simulated_min": 2880.0}
        return FakeRun(path=Path(out) / "x-1", status="complete", manifest=manifest, tables={}, spans_min={})

    monkeypatch.setattr("lactflow.experiments.run.run_scenario", run_scenario)
    monkeypatch.setattr(STAGES, "overview", lambda run, warm_up_days, **_: overviews())
    return seen


def test_options_reach_the_scenario(invoke, calls):
    """Options, settings, and `--no-visits` over both."""
    result = invoke(
        "run",
        "every-three-hours",
        "--days",
        "2.5",
        "--seed",
        "9",
        "--replicates",
        "3",
        "--name",
        "mine",
        "--out",
        "o",
        "--set",
        "gland.lumen.capacity_ml=150",
        "--set",
        "record.visits=true",
        "--no-visits",
    )
    assert result.exit_code == 0, result.output
    (call,) = calls
    config = call.scenario.config
    assert (config.days, config.seed, config.replicates, config.name) == (2.5, 9, 3, "mine")
    assert config.gland.lumen.capacity_ml == 150.0
    assert config.record.visits is False
    assert call.out == Path("o")
    assert call.command[0] == "lactflow"


def test_the_summary_says_what_came_out_and_what_to_do_next(invoke, calls, monkeypatch):
    """Directory, time, seed, measures by stage with units, rows, balance, next commands."""
    monkeypatch.setattr("lactflow.cli.summary.which", lambda name: str(Path(sys.executable).with_name(name)))
    result = invoke("run", "every-three-hours", "--seed", "7")
    lines = result.stdout.splitlines()
    assert lines[0] == "outputs/x-1"
    assert lines[1] == "14 days simulated in 1.2 s; seed 7"
    assert lines[3].split() == ["onset", "established"]
    assert lines[4].split() == ["days", "1", "to", "5", "days", "6", "to", "14"]
    assert lines[5].split() == ["milk", "made", "330", "1,790", "mL/day"]
    assert lines[6].split() == ["left", "breast", "160", "390", "mL/day"]
    assert lines[7].split() == ["fullness", "-", "40", "%", "of", "capacity"]
    assert not any("copious" in line for line in lines)  # a run that begins later has none
    assert not any("SD" in line for line in lines)
    assert "rows: visits 1,200, removals 16" in lines
    assert "balance: worst residual 3.0e-11 (fat)" in lines
    assert "A model; no medical advice." in lines
    assert lines[-3:] == [
        "  lactflow report outputs/x-1",
        "  python -c \"import pandas; print(pandas.read_parquet('outputs/x-1/removals'))\"",
        "  lactflow verify outputs/x-1",
    ]
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("options", "found", "extent", "between"),
    [
        (["--days", "1"], {}, "1 day", None),
        (["--replicates", "6"], {"replicates": 6}, f"6 replicates {TIMES} 3 days", "the 6 replicates of one woman"),
        (["--set", "mother.cohort=4"], {"women": 4}, f"4 women {TIMES} 3 days", "the 4 women"),
        (["--set", "mother.cohort=1"], {}, f"1 woman {TIMES} 3 days", None),
        (
            ["--set", "mother.cohort=4", "--replicates", "2"],
            {"women": 4, "replicates": 2},
            f"4 women {TIMES} 2 replicates {TIMES} 3 days",
            "the 4 women, each the mean of her 2 replicates",
        ),
    ],
)
@pytest.mark.usefixtures("calls")
def test_women_and_replicates_are_counted(invoke, monkeypatch, options, found, *, extent, between):
    """With their spread; the dry run counts them alike."""
    monkeypatch.setattr(STAGES, "overview", lambda run, warm_up_days, **_: overviews(**found, sd=12.0))
    options = options if "--days" in options else [*options, "--days", "3"]
    lines = invoke("run", "every-three-hours", *options).stdout.splitlines()
    assert lines[1] == f"{extent} simulated in 1.2 s; seed 1"
    if between is None:
        assert lines[5].split() == ["milk", "made", "330", "1,790", "mL/day"]
    else:
        assert lines[4].split()[-1] == "SD"
        assert lines[5].split() == ["milk", "made", "330", "12", "1,790", "12", "mL/day"]
        assert f"SD: between {between}" in lines
    dry = invoke("run", "every-three-hours", *options, "--dry-run").stdout.splitlines()
    assert dry[0] == f"every-three-hours: {extent}, seed 1; nothing is wrong with it"


def test_units_of_work_that_failed_are_left_out_and_counted(invoke, monkeypatch):
    """The others are summarised; the failure has its lines and its exit code."""
    run = FakeRun(
        path=Path("outputs/x-1"),
        status="failed",
        spans_min={(0, 0): (0, 1), (0, 1): (0, 1), (0, 2): (0, 1)},
        manifest={"rows": {"visits": 0}, "wall_s": 1.0, "simulated_min": 4320.0},
        tables={},
    )
    asked = []

    def overview(run, warm_up_days, units):
        asked.extend(units)
        return overviews(replicates=2, sd=1.0)

    def run_scenario(scenario, out, command, progress=None, **how):
        raise SomeUnitsFailedError("1 of 3 runs failed\nmother 0, replicate 1: it broke", "outputs/x-1", [(0, 1)])

    monkeypatch.setattr("lactflow.experiments.run.run_scenario", run_scenario)
    monkeypatch.setattr("lactflow.analysis.run.open_run", lambda path: run)
    monkeypatch.setattr(STAGES, "overview", overview)
    result = invoke("run", "every-three-hours", "--replicates", "3")
    assert result.exit_code == 3
    assert asked == [(0, 0), (0, 2)]
    assert "1 of 3 failed and are left out: what follows is of the other 2" in result.stdout.splitlines()
    assert result.stderr.splitlines() == ["1 of 3 runs failed", "mother 0, replicate 1: it broke"]
    answer = json.loads(invoke("run", "every-three-hours", "--replicates", "3", "--json").stdout)
    assert answer["exit_code"] == 3


def test_the_summary_says_how_much_of_a_log_was_simulated(invoke, calls, monkeypatch):
    """As a line, and in JSON."""
    monkeypatch.setattr("lactflow.analysis.logged.logged_minutes_simulated", lambda run: 0.968)
    assert "logged minutes simulated: 97 %" in invoke("run", "feeding-log").stdout.splitlines()
    assert json.loads(invoke("run", "feeding-log", "--json").stdout)["logged_minutes_simulated"] == 0.968


def test_next_commands_work_where_nothing_is_activated(invoke, calls, monkeypatch):
    """By their paths, when a shell would not find them by name."""
    monkeypatch.setattr("lactflow.cli.summary.which", lambda _name: None)
    line = invoke("run", "every-three-hours").stdout.splitlines()[-2]
    assert line.split(" -c ")[0].strip() == os.path.relpath(Path(sys.executable).with_name("python"))


def test_the_summary_has_the_onset_of_milk_where_there_is_one(invoke, calls, monkeypatch):
    """In hours after birth, in the column of the onset; with the number of those in whom it began."""
    monkeypatch.setattr(STAGES, "overview", lambda run, warm_up_days, **_: overviews(onset_h=61.3, women=3, sd=4.0))
    lines = invoke("run", "first-week").stdout.splitlines()
    (line,) = [line for line in lines if line.startswith("onset of copious milk")]
    assert line.split() == ["onset", "of", "copious", "milk", "61", "4", "-", "4", "h", "after", "birth"]
    assert "SD: between the 3 women; copious milk began in 2 of 3" in lines


def test_json_is_one_object(invoke, calls):
    """Nothing else on stdout, warnings inside, null for what is not known."""
    result = invoke("run", "every-three-hours", "--json", "--set", "gland.lumen.capacity_ml=500")
    answer = json.loads(result.stdout)
    assert answer["run_dir"] == "outputs/x-1"
    assert answer["status"] == "complete"
    assert answer["rows"] == {"visits": 1200, "removals": 16}
    assert answer["summary"]["made_ml_per_day"] == 790.0
    assert answer["summary"]["infant_weight_kg"] is None
    assert set(answer["summary"]) == set(MEASURES)
    assert answer["sd"] is None
    assert list(answer["stages"]) == ["onset", "established"]
    assert answer["stages"]["onset"]["from_day"] == 1
    assert answer["stages"]["onset"]["to_day"] == 5
    assert answer["stages"]["onset"]["summary"]["made_ml_per_day"] == 330.0
    assert (answer["women"], answer["replicates"], answer["days"], answer["seed"]) == (1, 1, 14.0, 1)
    assert answer["warnings"] == ["gland.lumen.capacity_ml = 500 mL is outside its plausible range 74 to 400"]
    assert result.stderr == ""


def test_warnings_go_to_stderr_unless_quiet(invoke, calls):
    """One line each."""
    loud = invoke("run", "every-three-hours", "--set", "gland.lumen.capacity_ml=500")
    assert loud.stderr.startswith("warning: gland.lumen.capacity_ml = 500 mL")
    assert invoke("run", "every-three-hours", "--set", "gland.lumen.capacity_ml=500", "--quiet").stderr == ""


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_file_in_place_of_the_folder_is_reported(invoke, tmp_path, dry):
    """Before anything is simulated, and by a dry run too."""
    Path("taken").write_text("", encoding="utf-8")
    result = invoke("run", "every-three-hours", "--days", "0.1", "--out", "taken/deeper", *dry)
    assert result.exit_code == 4
    assert result.stderr.startswith("cannot write to taken/deeper: ")
    assert result.stderr.endswith("taken is a file, not a folder\n")


def test_a_dry_run_writes_nothing(invoke, calls, tmp_path):
    """It checks and estimates."""
    result = invoke("run", "every-three-hours", "--dry-run", "--days", "10", "--replicates", "2")
    assert result.exit_code == 0
    # 2 breasts * 38 mL/h * 0.52 active cells on days 30 to 39 * 0.87 * 480 h / 0.1 mL, 3 stations each and 2 for every
    # second.
    assert "660,000 rows of visits" in result.stdout
    answer = json.loads(invoke("run", "every-three-hours", "--dry-run", "--json", "--no-visits").stdout)
    assert answer["estimate"]["visit_rows"] == 0
    assert answer["estimate"]["wall_s"] > 0
    assert calls == []
    assert list(tmp_path.iterdir()) == []
    assert invoke("run", "every-three-hours", "--dry-run", "--days", "-1").exit_code == 2


@pytest.mark.parametrize("start_day", [-10.0, 1.0, 3.0, 30.0, 90.0])
def test_estimates_are_good_to_a_factor_of_two(play, start_day):
    """As they say; at every stage, for visits and for all other rows."""
    run = play(start_day=start_day, days=2.0, schedule=({"kind": "on_demand"},))
    guess = estimate(run.config)
    visits, others = len(run.visits()), len(run.recorder.facts)
    assert 0.5 <= guess.other_rows / others <= 2.0
    assert 0.5 <= guess.visit_rows / visits <= 2.0


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (BalanceError("water: residual 1\nfat: residual 2"), 1),
        (NoProgressError("the clock stands still"), 1),
        (ArchiveError("disk full"), 4),
        (DirectoryInUseError("in use"), 5),
        (InterruptedRunError(signal.SIGINT), 130),
        (InterruptedRunError(signal.SIGTERM), 143),
        (KeyboardInterrupt(), 130),
        (OSError(28, "No space left on device", "x"), 4),
    ],
)
def test_failures_have_exit_codes_and_no_traceback(invoke, monkeypatch, error, exit_code):
    """One line for each problem."""

    def run_scenario(scenario, out, command, progress=None, **how):
        raise error

    monkeypatch.setattr("lactflow.experiments.run.run_scenario", run_scenario)
    result = invoke("run", "every-three-hours")
    assert result.exit_code == exit_code
    assert len(result.stderr.splitlines()) == (2 if isinstance(error, BalanceError) else 1)
    answer = json.loads(invoke("run", "every-three-hours", "--json").stdout)
    assert answer["exit_code"] == exit_code
    assert answer["problems"][0]["message"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_at_the_next_instant(number):
    """Not before; the handlers are put back."""
    before = signal.getsignal(number)
    with progress_module.stopping_on_signals() as check:
        check(0.0, 0.0)
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)  # as `timeout` does: to the process, and to its group
        with pytest.raises(InterruptedRunError) as caught:
            check(0.1, 60.0)
    assert caught.value.exit_code == 128 + number
    assert signal.getsignal(number) == before


STUCK = """
import sys, time
from lactflow.cli.progress import stopping_on_signals
with stopping_on_signals():
    print("ready", flush=True)
    time.sleep(30)
    time.sleep(30)
"""


def test_a_second_signal_kills_at_once():
    """For a run that does not come to its next instant."""
    with subprocess.Popen(
        [sys.executable, "-c", STUCK], cwd=Path(lactflow.__file__).parent.parent, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        time.sleep(progress_module._SAME_SIGNAL_S + 1.5)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=25) == -signal.SIGTERM


class Terminal:
    """A stderr that says it is a terminal."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return True


def test_a_bar_on_a_terminal_only(monkeypatch):
    """By simulated time."""
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_module.shown("mine", quiet=True) as show:
        show(0.5, 43_200.0)
    assert terminal.text == ""
    with progress_module.shown("mine", quiet=False) as show:
        show(0.5, 43_200.0)
    assert "mine" in terminal.text
    assert "50%" in terminal.text


def test_no_bar_elsewhere(capsys):
    """A log file is no place for a bar."""
    with progress_module.shown("mine", quiet=False) as show:
        show(0.5, 43_200.0)
    assert capsys.readouterr().err == ""
