"""The benchmarks at sizes that take no time: what they measure is there, and what they compare is compared rightly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import all as everything
import bare
import callgrind
import circumstances
import commands
import exposure_cost
import gland
import growth
import pipeline
import pytest
import rounds
import workers
from rounds import Benchmark, Runner, Variant

HERE = Variant(None, None)
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hand over orphans")
with_git = pytest.mark.skipif(circumstances.commit() is None, reason="the sources are in no Git repository")


@pytest.fixture
def here(monkeypatch):
    """Runs children in this process, with few bare events."""
    monkeypatch.setattr(bare, "EVENTS", 1000)

    class InThisProcess:
        def __init__(self, benchmark):
            self._children = benchmark.children

        def __call__(self, child, **arguments):
            json.dumps(arguments)
            return json.loads(json.dumps(self._children[child](**arguments))) | {"process": {"cpu_s": 1.0}}

    return InThisProcess


# -- what each measures -----------------------------------------------------------------------------------


def test_the_gland_has_all_its_figures(here):
    """Visits, bytes and times of a short run; growth of memory is asked for or left out."""
    figures = gland.one_round(here(gland.BENCHMARK), days=0.05, memory_days=0.0)
    assert set(gland.BENCHMARK.speeds) < set(figures)
    assert "memory_growth_mb" not in figures
    assert figures["visits_per_simulated_day"] == pytest.approx(30_000, rel=0.3)
    assert all(value > 0.0 for value in figures.values())
    assert "memory_growth_mb" in gland.one_round(here(gland.BENCHMARK), days=0.01, memory_days=0.2)


def test_visits_of_the_hours_that_are_counted(here, monkeypatch):
    """Those of two hours are those of the one and those of the other."""
    monkeypatch.setattr(gland, "COUNTED_DAYS", 0.125)
    visits = []
    for hours in ((0, 1), (1, 2), (0, 2)):
        monkeypatch.setattr(gland, "COUNTED_HOURS", hours)
        visits.append(here(gland.BENCHMARK)("visits_counted")["visits"])
    assert min(visits) > 300
    assert visits[0] + visits[1] == visits[2]


class Whole:
    """Counts every stretch that it is asked for, and nothing else."""

    names: ClassVar[list[str]] = []

    def begin(self):
        self.names.append("begin")

    def end(self, name):
        self.names.append(name)

    def of(self, name, work):
        work()
        self.end(name)


@pytest.mark.parametrize("case", exposure_cost.ADDED)
def test_what_is_added_changes_nothing_else(case, monkeypatch):
    """Removals of the gland with each case are those of the gland without: what is counted beside is its own cost."""
    monkeypatch.setattr(exposure_cost, "Stretches", Whole)
    facts = {}
    for each in ("", case):
        Whole.names.clear()
        facts[each] = exposure_cost.count(days=0.25, case=each)
        assert Whole.names == ["begin", "run"]
    assert facts[""]["removals"] == facts[case]["removals"]
    assert (facts[""]["facts"] == facts[case]["facts"]) is (case == "none")
    assert set(exposure_cost.BARS) <= set(exposure_cost.ADDED)


def test_shares_are_over_the_run_without(monkeypatch):
    """Of made-up counts: 104 over 100 is a share of 0.04."""
    monkeypatch.setattr(exposure_cost, "counted", lambda *_, case, **__: ({"run": 104 if case else 100}, {}))
    found = exposure_cost.shares(None, "count", 1.0, ["drug"])
    assert found == {"days": 1.0, "rounds": 1, "instructions_without": 100, "cost": {"drug": 0.04}}


def test_a_share_is_that_of_medians(monkeypatch):
    """Of made-up counts, one of which is far off: 100, 101, 120 without and 104, 105, 90 with are 104 over 101."""
    counts = {"": (100, 101, 120), "drug": (104, 105, 90)}
    made_up = lambda *_, case, hash_seed, **__: ({"run": counts[case][hash_seed]}, {})  # noqa: E731
    monkeypatch.setattr(exposure_cost, "counted", made_up)
    found = exposure_cost.shares(None, "count", 1.0, ["drug"], rounds=3)
    assert found["cost"] == {"drug": round(104 / 101 - 1.0, 5)}


def test_the_kernel_gives_the_same_line_logged_and_not(here):
    """All ratios, and the end of the last packet: an arrival a unit of time."""
    figures = pipeline.one_round(here(pipeline.BENCHMARK), packets=200)
    assert {*pipeline.BENCHMARK.speeds[:4], "memory_growth_mb", "makespan"} == set(figures)
    assert pipeline.line(200) == pipeline.logged(200) == figures["makespan"] > 200.0


def test_growth_has_figures_of_every_length(here, monkeypatch):
    """Each length by its name; the longest only when asked for."""
    monkeypatch.setattr(growth, "STEPS", {"1e5": (0.02, 0.1), "1e7": (0.04, 0.1)})
    monkeypatch.setattr(growth, "LONGEST", {"1e8": (0.05, 0.1)})
    figures = growth.one_round(here(growth.BENCHMARK), long=False, scale=1.0)
    of = "bare_events_per_visit_at_"
    assert figures["growth_of_cost"] == figures[f"{of}1e7"] / figures[f"{of}1e5"]
    assert figures["visits_at_1e7"] > figures["visits_at_1e5"] > 0
    assert f"{of}1e8" not in figures
    assert f"{of}1e8" in growth.one_round(here(growth.BENCHMARK), long=True, scale=1.0)


def test_workers_are_compared_with_one(here):
    """By the clock and by CPU time, which here is the same for all."""
    figures = workers.one_round(here(workers.BENCHMARK), days=0.02, replicates=1, workers=1)
    assert figures["cpu_over_one"] == 1.0
    assert set(workers.BENCHMARK.speeds) | set(workers.BENCHMARK.costs) == set(figures)


def test_the_log_of_the_fit_has_so_many_volumes(tmp_path):
    """94 volumes of 47 pumpings, in order; the other commands are of the sizes that the page names."""
    typed = commands.fit(1.0, tmp_path)
    rows = (tmp_path / "log.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert rows == sorted(rows)
    assert 2 * len(rows) == 94
    assert typed[typed.index("--mothers") + 1] == "300"
    assert commands.compare(1.0, tmp_path)[3:7] == ["--replicates", "20", "--days", "30"]
    assert "270" in commands.lactation(1.0, tmp_path)


# -- rounds and comparisons -------------------------------------------------------------------------------


def test_rounds_take_turns_and_are_compared_within(monkeypatch):
    """Two variants in three rounds, every second the other way round; medians, ranges and gains worked by hand."""
    turns = []
    speeds = {"new": [8.0, 30.0, 12.0], "old": [4.0, 10.0, 6.0]}

    def one_round(runner, size):
        turns.append(runner.variant.commit)
        number = turns.count(runner.variant.commit) - 1
        return {"speed": speeds[runner.variant.commit][number], "cost": 1.0 + number, "size": size}

    def instructions(runner, size):
        return {"instructions": {"new": 2.0, "old": 5.0}[runner.variant.commit]}

    benchmark = Benchmark(
        script=Path("none"),
        about="",
        children={},
        one_round=one_round,
        instructions=instructions,
        sizes={"size": 1},
        rounds=3,
        speeds=["speed"],
        costs=["cost", "instructions", "not measured"],
    )
    variants = [Variant("new", None), Variant("old", Path("old"))]
    found = rounds.measure(benchmark, variants, 3, {"size": 7}, instructions=True)
    assert turns == ["new", "old", "old", "new", "new", "old"]
    assert (found["speed"], found["speed_range"], found["commit"], found["size"]) == (12.0, [8.0, 30.0], "new", 7)
    assert (found["against"]["speed"], found["against"]["commit"]) == (6.0, "old")
    gain = found["against"]["gain"]
    assert (gain["speed"], gain["speed_range"]) == (2.0, [2.0, 3.0])
    assert (gain["cost"], gain["instructions"]) == (1.0, 2.5)
    assert "instructions_range" not in gain
    assert [*rounds.lines({"a": 1.0, "a_range": [0.5, 2.0], "b": {"c": "text"}})] == [
        f"{'a':34} 1 (0.5 to 2)",
        "b:",
        f"  {'c':34} text",
    ]


def test_what_a_command_has_cost_is_known():
    """CPU time of at least what it burns; what it prints; a failure ends with what it says."""
    runner = Runner(HERE, Path("none"))
    burn = "import time\nwhile time.process_time() < 0.2: pass\nprint('done')"
    printed, spent = runner.run([sys.executable, "-I", "-S", "-c", burn])
    assert printed == "done\n"
    assert spent["cpu_s"] >= 0.2
    assert spent["peak_mb"] > 1.0
    with pytest.raises(SystemExit, match=r"(?s)no disk.*exit code 3"):
        runner.run([sys.executable, "-I", "-S", "-c", "import sys; print('no disk', file=sys.stderr); sys.exit(3)"])


@linux
def test_descendants_that_outlive_their_parent_count():
    """A process whose parent ends at once is waited for, and its CPU time is there."""
    burn = "import time\nwhile time.process_time() < 0.2: pass"
    leave = f"import subprocess, sys; subprocess.Popen([sys.executable, '-I', '-S', '-c', {burn!r}])"
    _, spent = Runner(HERE, Path("none")).run([sys.executable, "-I", "-S", "-c", leave])
    assert spent["cpu_s"] >= 0.2


def test_another_commit_comes_before_all_that_is_imported(monkeypatch, tmp_path):
    """Its folder is the first; paths are absolute, as processes work elsewhere; bytecode is kept."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "mine")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = Variant("abc", tmp_path / "tree").environment()
    assert env["PYTHONPATH"].split(":" if sys.platform != "win32" else ";") == [
        str(tmp_path / "tree"),
        str(tmp_path / "mine"),
    ]
    assert "PYTHONDONTWRITEBYTECODE" not in env


def test_a_wrong_lactflow_is_not_measured(tmp_path):
    """A child that has imported another one than it was to measure is an error by name."""
    runner = Runner(Variant("abc", tmp_path / "tree"), Path("none"))
    right = json.dumps({"package": str(tmp_path / "tree"), "build": "pure Python", "n": 1})
    assert runner.understood(f"noise\n{right}\n") == {"n": 1}
    assert runner.build == "pure Python"
    with pytest.raises(SystemExit, match="not the lactflow of abc"):
        runner.understood(json.dumps({"package": str(tmp_path), "build": "compiled"}))


def test_other_sources_than_those_of_the_checkout_are_marked(tmp_path):
    """A wheel that was installed from other sources; extensions beside them are no difference."""
    for name in ("one", "other"):
        (tmp_path / name / "lactflow").mkdir(parents=True)
        (tmp_path / name / "lactflow" / "hot.py").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "one" / "lactflow" / "hot.so").write_bytes(b"")
    assert rounds.same_sources(tmp_path / "one", tmp_path / "other")
    runner = Runner(Variant("abc", None), Path("none"))
    runner.understood(json.dumps({"package": str(rounds.ROOT), "build": "pure Python"}))
    assert runner.commit == "abc"
    for _ in range(2):
        runner.understood(json.dumps({"package": str(tmp_path / "one"), "build": "pure Python"}))
    assert runner.commit == "abc-dirty"


@with_git
def test_a_commit_is_unpacked_and_goes_away():
    """The package and the scenarios; an unknown name is one line."""
    with rounds.variants("HEAD") as (_, other):
        assert (other.tree / "lactflow" / "version.py").is_file()
        assert (other.tree / "configs" / "every-three-hours.yaml").is_file()
        assert circumstances.commit("*") == other.commit
    assert not other.tree.exists()
    with pytest.raises(SystemExit, match="there is no commit 'nothing'"), rounds.variants("nothing"):
        pass


# -- counts, files and the command line -------------------------------------------------------------------


def test_counts_are_read_from_the_files_of_callgrind():
    """The name that was given and the total; a file of another kind is an error."""
    text = "version: 1\ndesc: Timerange: Basic block 0 - 9\ndesc: Trigger: dump bare\nsummary: 0\n\ntotals: 162313000\n"
    assert callgrind.dumped(text) == ("bare", 162_313_000)
    with pytest.raises(ValueError, match="not the counts"):
        callgrind.dumped("desc: Trigger: Program termination\ntotals: 0\n")


def test_what_is_missing_for_counting_is_named(monkeypatch):
    """Both programs, or none."""
    monkeypatch.setattr(callgrind.shutil, "which", lambda name: None if name == "valgrind" else name)
    assert callgrind.why_not() == "valgrind is not installed"
    monkeypatch.setattr(callgrind.shutil, "which", lambda name: name)
    assert callgrind.why_not() is None


def test_rows_are_added_to_a_file_in_their_order(tmp_path):
    """What is measured anew takes the place of what was there."""
    file = tmp_path / "speed.json"
    everything.save(file, {"fit": {"wall_s": 2.0}, "start": {"wall_s": 1.0}})
    everything.save(file, {"fit": {"wall_s": 3.0}, "gland": {}})
    assert list(everything.load(file).items()) == [("gland", {}), ("start", {"wall_s": 1.0}), ("fit", {"wall_s": 3.0})]
    assert [path.name for path in tmp_path.iterdir()] == ["speed.json"]


def test_an_unknown_row_is_refused(capsys):
    """Exit code 2, with what is allowed."""
    with pytest.raises(SystemExit) as caught:
        everything.main(["--only", "gland,nothing"])
    assert caught.value.code == 2
    assert "'nothing'" in capsys.readouterr().err


@pytest.mark.slow
def test_all_rows_at_tiny_sizes(tmp_path, capsys, monkeypatch):
    """Every row runs in processes of its own, and says what is running; counts have a test of their own."""
    monkeypatch.setattr(callgrind, "why_not", lambda: "they take too long here")
    everything.main(["--small", "--rounds", "1", "--json", "--out", str(tmp_path / "speed.json")])
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert rows == everything.load(tmp_path / "speed.json")
    assert [*rows] == [*everything.ROWS]
    for name, row in rows.items():
        benchmark = everything.ROWS[name].benchmark
        counted = {each for each in (*benchmark.speeds, *benchmark.costs) if "instructions" in each or "1e8" in each}
        assert {*benchmark.speeds, *benchmark.costs} - counted <= set(row)
        assert row["build"] in ("pure Python", "compiled")
        assert {"commit", "date", "machine", "versions", "python", "others_cores", "rounds"} <= set(row)


@pytest.mark.slow
@with_git
def test_another_commit_is_measured_beside_this_one():
    """The last commit, in processes that import it."""
    typed = [sys.executable, str(commands.BENCHMARK.script), "--command", "start", "--rounds", "1", "--json"]
    done = subprocess.run([*typed, "--against", "HEAD"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["against"]["build"] == "pure Python"
    assert found["against"]["gain"]["cpu_s"] == pytest.approx(found["against"]["cpu_s"] / found["cpu_s"])


@pytest.mark.slow
def test_instructions_of_the_kernel_are_counted():
    """A visit costs thousands of instructions, and with a log more."""
    if reason := callgrind.why_not():
        pytest.skip(f"instructions cannot be counted: {reason}")
    found = pipeline.instructions(Runner(HERE, pipeline.BENCHMARK.script), packets=300)
    assert 100.0 < found["instructions_per_visit"] < 100_000.0
    assert found["instructions_ratio_logged"] < found["instructions_ratio_unlogged"]
