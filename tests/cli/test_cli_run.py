"""`lactflow run`, with a stand-in for the simulation."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import lactflow
from lactflow.cli import progress as progress_module
from lactflow.cli.estimate import estimate
from lactflow.errors import ArchiveError, BalanceError, DirectoryInUseError, InterruptedRunError, NoProgressError
from lactflow.recording import columns

DAILY = importlib.import_module("lactflow.analysis.daily")
"""The module, by its full name: the function of that name hides it in its package."""
NAN = float("nan")
MEASURES = {
    "made_ml_per_day": 790.0, "made_ml_per_day_left": 390.0, "fullness": 0.4, "infant_weight_kg": NAN, "onset_h": NAN,
}  # fmt: skip


class FakeRun(SimpleNamespace):
    """What `run_scenario` gives back, as far as the command looks at it."""

    def __getitem__(self, table):
        if table == "balance":
            return pd.DataFrame({"quantity": ["water", "fat"], "residual": [1e-12, -3e-11]})
        return columns.from_facts(table, [], 0, 0).to_pandas()


@pytest.fixture
def calls(monkeypatch):
    """Stand-ins for simulation and measures; the calls they got."""
    seen: list[SimpleNamespace] = []

    def run_scenario(scenario, out, command, progress=None, **how):
        seen.append(SimpleNamespace(scenario=scenario, out=out, command=command))
        progress(0.5, 42_000.0)
        manifest = {"rows": {"visits": 1200, "removals": 16}, "wall_s": 1.25, "simulated_min": 2880.0}
        return FakeRun(path=Path(out) / "x-1", status="complete", manifest=manifest)

    monkeypatch.setattr("lactflow.experiments.run.run_scenario", run_scenario)
    monkeypatch.setattr(DAILY, "summary", lambda run, warm_up_days: MEASURES)
    return seen


def test_options_reach_the_scenario(invoke, calls):
    """Options, settings, and `--no-visits` over both."""
    result = invoke(
        "run", "every-three-hours", "--days", "2.5", "--seed", "9", "--replicates", "3", "--name", "mine", "--out", "o",
        "--set", "gland.lumen.capacity_ml=150", "--set", "record.visits=true", "--no-visits",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (call,) = calls
    config = call.scenario.config
    assert (config.days, config.seed, config.replicates, config.name) == (2.5, 9, 3, "mine")
    assert config.gland.lumen.capacity_ml == 150.0
    assert config.record.visits is False
    assert call.out == Path("o")
    assert call.command[0] == "lactflow"


def test_the_summary_says_what_came_out_and_what_to_do_next(invoke, calls, monkeypatch):
    """Directory, time, measures with units, rows, balance, next commands."""
    monkeypatch.setattr("lactflow.cli.summary.which", lambda name: str(Path(sys.executable).with_name(name)))
    result = invoke("run", "every-three-hours")
    lines = result.stdout.splitlines()
    assert lines[0] == "outputs/x-1"
    assert lines[1] == "2 days simulated in 1.2 s"
    assert any(line.split() == ["milk", "made", "790", "390", "mL/day"] for line in lines)
    assert not any("onset" in line for line in lines)  # a run that begins later has none
    assert "rows: visits 1,200, removals 16" in lines
    assert "balance: worst residual 3.0e-11 (fat)" in lines
    assert lines[-3:] == [
        "  python -c \"import pandas; print(pandas.read_parquet('outputs/x-1/removals'))\"",
        "  lactflow report outputs/x-1",
        "  lactflow verify outputs/x-1",
    ]
    assert result.stderr == ""


def test_next_commands_work_where_nothing_is_activated(invoke, calls, monkeypatch):
    """By their paths, when a shell would not find them by name."""
    monkeypatch.setattr("lactflow.cli.summary.which", lambda _name: None)
    line = invoke("run", "every-three-hours").stdout.splitlines()[-3]
    assert line.split(" -c ")[0].strip() == os.path.relpath(Path(sys.executable).with_name("python"))


def test_the_summary_tells_the_onset_of_milk_where_there_is_one(invoke, calls, monkeypatch):
    """In hours after birth."""
    monkeypatch.setattr(DAILY, "summary", lambda run, warm_up_days: {**MEASURES, "onset_h": 61.3})
    lines = invoke("run", "first-week").stdout.splitlines()
    assert any(line.split() == ["onset", "of", "copious", "milk", "61", "h", "after", "birth"] for line in lines)


def test_json_is_one_object(invoke, calls):
    """Nothing else on stdout, warnings inside, null for what is not known."""
    result = invoke("run", "every-three-hours", "--json", "--set", "gland.lumen.capacity_ml=500")
    answer = json.loads(result.stdout)
    assert answer["run_dir"] == "outputs/x-1"
    assert answer["status"] == "complete"
    assert answer["rows"] == {"visits": 1200, "removals": 16}
    assert answer["summary"]["made_ml_per_day"] == 790.0
    assert answer["summary"]["infant_weight_kg"] is None
    assert answer["warnings"] == ["gland.lumen.capacity_ml = 500 mL is outside its plausible range 74 to 400"]
    assert result.stderr == ""


def test_warnings_go_to_stderr_unless_quiet(invoke, calls):
    """One line each."""
    loud = invoke("run", "every-three-hours", "--set", "gland.lumen.capacity_ml=500")
    assert loud.stderr.startswith("warning: gland.lumen.capacity_ml = 500 mL")
    assert invoke("run", "every-three-hours", "--set", "gland.lumen.capacity_ml=500", "--quiet").stderr == ""


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_file_in_place_of_the_folder_is_told(invoke, tmp_path, dry):
    """Before anything is played, and by a dry run too."""
    Path("taken").write_text("", encoding="utf-8")
    result = invoke("run", "every-three-hours", "--days", "0.1", "--out", "taken/deeper", *dry)
    assert result.exit_code == 4
    assert result.stderr.startswith("cannot write to taken/deeper: ")
    assert result.stderr.endswith("taken is a file, not a folder\n")


def test_a_dry_run_writes_nothing(invoke, calls, tmp_path):
    """It checks and estimates."""
    result = invoke("run", "every-three-hours", "--dry-run", "--days", "10", "--replicates", "2")
    assert result.exit_code == 0
    # 2 breasts * 38 mL/h * 0.5246 active cells on day 30 * 480 h / 0.1 mL, 3 stations each and 2 for every second.
    assert "770,000 rows of visits" in result.stdout
    answer = json.loads(invoke("run", "every-three-hours", "--dry-run", "--json", "--no-visits").stdout)
    assert answer["estimate"]["visit_rows"] == 0
    assert answer["estimate"]["wall_s"] > 0
    assert calls == []
    assert list(tmp_path.iterdir()) == []
    assert invoke("run", "every-three-hours", "--dry-run", "--days", "-1").exit_code == 2


@pytest.mark.parametrize("start_day", [-10.0, 1.0, 3.0, 30.0, 90.0])
def test_estimates_are_good_to_a_factor_of_two(play, start_day):
    """As they say; at every stage, for visits and for all other rows."""
    played = play(start_day=start_day, days=2.0, schedule=({"kind": "on_demand"},))
    guess = estimate(played.config)
    visits, others = len(played.visits()), len(played.recorder.facts)
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
        time.sleep(progress_module._SAME_SIGNAL_S + 0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == -signal.SIGTERM


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


@pytest.mark.parametrize("with_rich", [True, False])
def test_a_bar_on_a_terminal_only(monkeypatch, with_rich):
    """By rich where it is installed, in plain letters elsewhere; by simulated time."""
    if with_rich:
        pytest.importorskip("rich")
    else:
        monkeypatch.setitem(sys.modules, "rich", None)
        monkeypatch.setitem(sys.modules, "rich.progress", None)
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
