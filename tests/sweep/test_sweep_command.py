"""`lactflow sweep` and the commands below it, as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_sweeps import CAPACITY, Here

import lactflow
from lactflow.cli import main
from lactflow.experiments.sweep import sweep as sweeping
from lactflow.experiments.sweep.engines import OfExecutor


@pytest.fixture
def lactflow_(base, monkeypatch):
    """Calls the command line; local workers are this process."""
    from contextlib import nullcontext

    monkeypatch.setattr(sweeping, "_local", lambda workers, _named: nullcontext(OfExecutor(Here(), workers)))

    def call(*args, code=0):
        result = CliRunner().invoke(main, list(map(str, args)))
        assert result.exit_code == code, result.output
        return result

    return call


VARY = ("--vary", f"{CAPACITY}=120,180", "--replicates", 2, "--out", "out")


def test_a_sweep_and_what_it_says(lactflow_):
    """Counts, where it is, how to read it."""
    said = lactflow_("sweep", "base.yaml", *VARY).stdout
    (path,) = Path("out").iterdir()
    assert "4 of 4 units are complete, 0 failed: complete" in said
    assert str(path) in said
    assert lactflow.open_sweep(path).manifest["command"][0] == "lactflow"
    assert lactflow_("sweep", "status", path).stdout.startswith("complete: 4 of 4 units complete, 0 failed, 0 to do; ")
    assert lactflow_("verify", path).stdout == "complete: sound\n"


def test_one_of_each_is_one(lactflow_):
    """Point, unit, worker and file, in the summaries of a sweep with one of them."""
    dry = " ".join(lactflow_("sweep", "base.yaml", "--workers", 1, "--dry-run").stdout.split())
    assert "base: 1 point, 1 unit, 1 of them different" in dry
    assert "s with 1 worker, by a few units" in dry
    said = " ".join(lactflow_("sweep", "base.yaml", "--out", "out").stdout.split())
    (path,) = Path("out").iterdir()
    assert "1 of 1 unit is complete, 0 failed: complete" in said
    assert "; 1 file of results in" in said
    assert lactflow_("sweep", "status", path).stdout.startswith("complete: 1 of 1 unit complete, 0 failed, 0 to do; ")
    assert lactflow_("sweep", "work", path).stdout == "shard 1 of 1: 0 units simulated, 1 done before\n"


def test_json_has_the_fields_that_are_promised(lactflow_):
    """One object, nothing else."""
    answer = json.loads(lactflow_("sweep", "base.yaml", *VARY, "--json").stdout)
    assert {key: answer[key] for key in ("units", "complete", "failed", "status")} == {
        "units": 4,
        "complete": 4,
        "failed": 0,
        "status": "complete",
    }
    path = Path(answer["sweep_dir"])
    assert path.is_dir()
    assert json.loads(lactflow_("sweep", "status", path, "--json").stdout)["complete"] == 4
    closed = json.loads(lactflow_("sweep", "close", path, "--json").stdout)
    assert closed["after"] == 2
    again = json.loads(lactflow_("sweep", "--resume", path, "--json").stdout)
    assert (again["complete"], again["files"]) == (4, 1)


def test_shards_of_a_plan(lactflow_):
    """`--executor none` writes the plan, and says how it goes on."""
    said = lactflow_("sweep", "base.yaml", *VARY, "--executor", "none").stdout
    (path,) = Path("out").iterdir()
    assert "0 of 4 units are complete" in said
    assert f"lactflow sweep work {path} --shard 1/2" in said
    assert lactflow_("sweep", "work", path, "--shard", "2/2").stdout == "shard 2 of 2: 2 units simulated\n"
    answer = json.loads(lactflow_("sweep", "work", path, "--json").stdout)
    assert (answer["done"], answer["passed"]) == (2, 2)


def test_a_dry_run_writes_nothing_and_is_about_right(lactflow_):
    """Units exactly, disk within a fifth, files nearly."""
    answer = json.loads(
        lactflow_("sweep", "base.yaml", *VARY, "--record", "removals,lobes", "--dry-run", "--json").stdout
    )
    assert not Path("out").exists()
    expected = answer["estimate"]
    assert expected["units"] == 4
    assert 0 < expected["cpu_hours"] < 0.01
    lactflow_("sweep", "base.yaml", *VARY, "--record", "removals,lobes")
    files = [path for path in Path("out").rglob("*") if path.is_file()]
    assert expected["files"] == pytest.approx(len(files), abs=6)
    assert expected["disk_bytes"] == pytest.approx(sum(path.stat().st_size for path in files), rel=0.2)


def test_problems_are_those_of_set_and_nothing_is_written(lactflow_):
    """Exit code 2, a line each."""
    result = lactflow_(
        "sweep", "base.yaml", "--vary", f"{CAPACITY}=120,2000", "--set", "dayz=3", "--out", "out", code=2
    )
    assert len(result.stderr.splitlines()) == 2
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--days", 3), "--days: would change what was planned (allowed: without it, or a new sweep)"),
        (("--vary", "a=1"), "--vary: would change what was planned (allowed: without it, or a new sweep)"),
        (("--set", "a=1"), "--set: would change what was planned (allowed: without it, or a new sweep)"),
        (("base.yaml",), "--resume: resumes a sweep as it was planned (allowed: without base.yaml)"),
    ],
)
def test_resuming_takes_nothing_that_changes_it(lactflow_, args, message):
    """The option by its name."""
    assert lactflow_("sweep", "--resume", "somewhere", *args, code=2).stderr.strip() == message


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("work", "nowhere"), "nowhere is not a sweep: it has no manifest.json"),
        (("work", "nowhere", "--shard", "3/2"), "--shard: '3/2' is no shard (allowed: 1/N to N/N, such as 2/8)"),
        (("status", "nowhere"), "nowhere is not a sweep: it has no manifest.json"),
        (("close", "nowhere"), "nowhere is not a sweep: it has no manifest.json"),
        (("--resume", "nowhere"), "nowhere is not a sweep: it has no manifest.json"),
        (("base.yaml", "--executor", "local:2", "--workers", 2), "--workers: local:2 says how many already"),
        (("base.yaml", "--executor", "dusk"), "--executor: 'dusk' is unknown (allowed: local, local:N, none, dask"),
    ],
)
def test_what_cannot_be_is_one_line(lactflow_, args, message):
    """Exit codes 2 and 4."""
    result = lactflow_("sweep", *args, code=4 if "nowhere" in message else 2)
    assert result.stderr.strip().startswith(message)
    assert len(result.stderr.splitlines()) == 1


def test_without_a_config_it_says_what_is_missing(lactflow_):
    """As click does."""
    assert "Missing argument 'CONFIG'" in lactflow_("sweep", code=2).stderr


def test_help_names_the_commands_below(lactflow_):
    """And each of these has an example."""
    said = lactflow_("sweep", "--help").stdout
    for name in ("work", "status", "close"):
        assert f"lactflow sweep {name} DIR" in said
        assert "Example" in lactflow_("sweep", name, "--help").stdout


def test_a_damaged_sweep_is_found_by_verify(lactflow_):
    """A part, and a line of a ledger."""
    lactflow_("sweep", "base.yaml", *VARY)
    (path,) = Path("out").iterdir()
    part = next((path / "rows").iterdir())
    content = part.read_bytes()
    part.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert f"{part.name} is damaged" in lactflow_("verify", path, code=1).stderr
    part.write_bytes(content)
    part.rename(part.with_name("elsewhere"))
    assert "units are missing, and the sweep is called complete" in lactflow_("verify", path, code=1).stderr


def test_folders_of_sweeps_are_taken_by_the_other_commands(lactflow_):
    """`report`, `cite`, `diff`, `export`, `verify`."""
    lactflow_("sweep", "base.yaml", *VARY, "--measure", "stored_ml@30")
    (path,) = Path("out").iterdir()
    assert "stored_ml@30" in lactflow.open_sweep(path).results
    assert lactflow_("report", path).stdout == f"{path / 'report.html'}\n"
    cited = lactflow_("cite", path).stdout
    assert f"these results: {path.name}, 2 points, 4 units, model " in cited
    answer = json.loads(lactflow_("cite", path, "--json").stdout)
    assert answer["references"]
    assert answer["results"]["units"] == 4
    assert "@" in lactflow_("cite", path, "--bibtex").stdout
    assert "identical: 4 rows in 1 table" in lactflow_("diff", path, path).stdout
    assert lactflow_("export", path, "--to", "csv").stdout == f"exports/{path.name}-csv\n"
    assert lactflow_("verify", path).stdout == "complete: sound\n"


def test_sweeps_that_differ(lactflow_):
    """The plan, the first unit and its measures; exit code 1."""
    lactflow_("sweep", "base.yaml", "--vary", f"{CAPACITY}=120,180", "--out", "a", "--quiet")
    lactflow_("sweep", "base.yaml", "--vary", f"{CAPACITY}=180,240", "--seed", 2, "--out", "b", "--quiet")
    (a,), (b,) = Path("a").iterdir(), Path("b").iterdir()
    said = lactflow_("diff", a, b, code=1).stdout
    assert f"first unit that differs: unit 1, {CAPACITY}=180, mother 0, replicate 0\nits measures: " in said
    assert f"planned only in A: 1 unit, from unit 0, {CAPACITY}=120, mother 0, replicate 0" in said
    assert "[120, 180]" in said
    answer = json.loads(lactflow_("diff", a, b, "--json", code=1).stdout)
    assert answer["unit"] == f"unit 1, {CAPACITY}=180, mother 0, replicate 0"
    assert answer["alone"]["planned_b"] == {"units": 1, "first": f"unit 1, {CAPACITY}=240, mother 0, replicate 0"}


def test_measures_of_days_are_checked(lactflow_):
    """Before anything is written."""
    wrong = lactflow_("sweep", "base.yaml", *VARY, "--measure", "stored_ml@31", "--measure", "fullness@29:30", code=2)
    assert "--measure: stored_ml@31: the scenario has days 30 to 30 (allowed: some of these)" in wrong.stderr
    assert "fullness@29:30" in wrong.stderr
    assert "no measure 'stored'" in lactflow_("sweep", "base.yaml", *VARY, "--measure", "stored@30", code=2).stderr
    assert not Path("out").exists()
