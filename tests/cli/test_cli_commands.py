"""Commands, help and failures of the command line."""

from __future__ import annotations

import json
import platform
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

import lactflow
from lactflow.cli import COMMANDS, LazyGroup, main
from lactflow.config.additions import offered_quantities
from lactflow.config.model import RunConfig
from lactflow.config.scenario import load_scenario
from lactflow.config.shipped import shipped
from lactflow.dyad.schedule import SchedulePhase
from lactflow.errors import ArchiveError, DamagedRunError
from lactflow.parameters.declaration import declared_quantities
from lactflow.plugins import SHIPPED
from lactflow.version import build

CHECKOUT = Path(lactflow.__file__).parent.parent
ALL = [(name,) for name in COMMANDS] + [("scenarios", "list"), ("scenarios", "show")]


HEAVY = (
    "pandas",
    "pyarrow",
    "simpy",
    "numpy",
    "pydantic",
    "ruamel",
    "rich",
    "jinja2",
    "matplotlib",
    "xarray",
    "marimo",
)
"""What takes long to import."""


def python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-c", code, *args], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )


def test_importing_lactflow_loads_no_heavy_library():
    """Functions load what they need when they are called."""
    code = f"import sys, lactflow\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    assert python(code).stdout == "[]\n"


def test_help_loads_no_heavy_library():
    """What is slow to import comes when a command needs it."""
    code = (
        "import sys\nfrom lactflow.cli import main\nmain(['--help'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = python(code)
    assert result.stdout.endswith("[]\n")
    assert all(f"  {name} " in result.stdout for name in COMMANDS)


def test_the_table_of_commands_is_true():
    """Names, and every command of the table has a help of one line."""
    for name, entry in COMMANDS.items():
        command = main.get_command(None, name)  # type: ignore[arg-type]
        assert command.name == name
        assert entry.help.endswith(".")


@pytest.mark.parametrize("names", [(), *ALL])
def test_every_help_has_an_example_that_parses(invoke, names):
    """Each line of it is a command line without unknown options."""
    result = invoke(*names, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    examples = re.findall(r"^ +lactflow (.*)$", result.stdout, flags=re.MULTILINE)
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert words[0] in COMMANDS
        command = main.get_command(None, words[0])
        if not hasattr(command, "commands"):
            command.make_context(words[0], words[1:])


def test_version(invoke):
    """One line, with the build and the Python that run."""
    running = f"{build()}, Python {platform.python_version()}"
    assert invoke("--version").stdout == f"lactflow, version {lactflow.__version__}, {running}\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["rnu"], "nearest: run"),
        (["parameter"], "nearest: parameters"),
        (["zzzz"], "allowed: run, compare, branch, sweep, sensitivity, calibrate, import, fit, diagnose, scenarios"),
        (["run", "every-three-hours", "--sed", "3"], "--seed"),
        (["run", "every-three-hours", "--days", "soon"], "--days"),
        (["run"], "CONFIG"),
        (["scenarios", "lst"], "nearest: list"),
        (["scenarios", "show", "every-three-hour"], "nearest: every-three-hours"),
        (["run", "feeding-lgo"], "nearest: feeding-log"),
        (["parameters", "capasity_ml"], "nearest: gland.lumen.capacity_ml"),
        (["run", "every-three-hours", "--set", "dayz=3"], "nearest: days"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_mistyped_word_gets_the_nearest(invoke, args, words, as_json):
    """Exit code 2; as an object on stdout when JSON is asked for."""
    result = invoke(*args, *(["--json"] if as_json else []))
    assert result.exit_code == 2
    if as_json:
        failure = json.loads(result.stdout)
        assert failure["exit_code"] == 2
        assert set(failure["problems"][0]) == {"message", "file", "line", "column", "key"}
        assert words in failure["problems"][0]["message"]
        assert result.stderr == ""
    else:
        assert words in result.stderr
        assert result.stdout == ""


def test_a_mistyped_option_before_the_command_gets_the_nearest(invoke):
    """It stands where no `--json` can stand."""
    result = invoke("--versoin")
    assert result.exit_code == 2
    assert "--version" in result.stderr
    assert result.stdout == ""


def test_json_failures_have_places(invoke):
    """Apart, not in the message."""
    Path("a.yaml").write_text("format: 1\ndays: -1\n", encoding="utf-8")
    failure = json.loads(invoke("run", "a.yaml", "--json").stdout)
    assert failure["problems"] == [
        {
            "message": "-1 days is outside 0 to 1000 days, 0 itself left out",
            "file": "a.yaml",
            "line": 2,
            "column": 7,
            "key": "days",
        }
    ]


def test_completion_needs_no_command():
    """Names come from the table."""
    assert isinstance(main, LazyGroup)
    context = main.make_context("lactflow", ["run", "x"])
    assert [item.value for item in main.shell_complete(context, "sc")] == ["scenarios", "schema"]
    assert {item.value for item in main.shell_complete(context, "--")} >= {"--help", "--version"}


def test_parameters_lists_every_quantity(invoke):
    """With the share of assumptions at the end."""
    quantities = list(declared_quantities(RunConfig(format=1)))
    result = invoke("parameters")
    assert all(f"{item.key} " in result.stdout for item in quantities)
    shipped = [item for plugin, item in offered_quantities()[0] if plugin.package == "lactflow"]
    quantities += shipped
    assumed = sum(item.declaration.source.key == "assumed" for item in quantities)
    *_, total, named = result.stdout.splitlines()
    shaped = sum(item.declaration.shaped is not None for item in quantities)
    assert total == f"{len(quantities)} quantities, {assumed} of them assumptions (*), {shaped} shaped (~)"
    assert named.startswith(f"{len(shipped)} quantities are of lactflow {lactflow.__version__}, and can be set")


def test_parameters_as_json_take_set(invoke):
    """Each key is one that `--set` takes, with the value that is there."""
    rows = json.loads(invoke("parameters", "--json").stdout)["parameters"]
    assert {"key", "value", "unit", "low", "high", "source", "locator", "assumed", "shaped"} <= set(rows[0])
    named = {"analytes": [*SHIPPED["analytes"]]}
    scenario = load_scenario("every-three-hours", [f"{row['key']}={row['value']!r}" for row in rows], **named)
    assert scenario.config == load_scenario("every-three-hours", **named).config


def test_parameters_say_which_are_shaped(invoke):
    """With a mark in the table, what it means beside the note, and the name in the JSON form."""
    shaped = invoke("parameters", "early_growth_days").stdout
    assert "shaped: a time since birth stands for" in shaped
    assert shaped.rstrip().endswith("1 quantity, no assumption, shaped (~)")
    measured = invoke("parameters", "prolactin.half_life_min").stdout
    assert "shaped" not in measured
    assert "~" not in measured
    (row,) = json.loads(invoke("parameters", "early_growth_days", "--json").stdout)["parameters"]
    assert row["shaped"] == "clock"


def test_parameters_by_part_of_the_name(invoke):
    """With the note and the reference."""
    rows = json.loads(invoke("parameters", "LUMEN.", "--json").stdout)["parameters"]
    assert {row["key"].rsplit(".", 1)[0] for row in rows} == {"gland.lumen"}
    assert "Storage capacity of a breast" in invoke("parameters", "gland.lumen").stdout


def test_scenarios(invoke):
    """Names with titles; the file as it is."""
    result = invoke("scenarios", "list")
    assert [line.split("  ")[0] for line in result.stdout.splitlines()] == list(shipped())
    assert "Feeds every three hours, day and night" in result.stdout
    listed = json.loads(invoke("scenarios", "list", "--json").stdout)["scenarios"]
    assert [entry["name"] for entry in listed] == list(shipped())
    assert all(entry["title"] for entry in listed)
    shown = invoke("scenarios", "show", "feeding-log")
    assert shown.stdout == shipped()["feeding-log"].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["mine", "1e3", "true", "a.b", "mine.yaml", "0-1", "n" * 64])
def test_init_writes_a_config_that_loads(invoke, name):
    """Under its own name, without a warning."""
    result = invoke("init", name)
    assert result.exit_code == 0
    stem = name.removesuffix(".yaml")
    scenario = load_scenario(f"{stem}.yaml")
    assert scenario.config.name == stem
    assert scenario.warnings == ()
    assert f"lactflow run {stem}.yaml" in result.stdout


def _write_log(name):
    """A feed every three hours for a day."""
    rows = "".join(f"2001-01-01 {hour:02}:00,breast,5,0,\n" for hour in range(0, 24, 3))
    Path(name).write_text(f"start,kind,left_min,right_min,volume_ml\n{rows}")


def test_init_comments_are_right(invoke):
    """Every line that is commented out can be brought in."""
    invoke("init", "mine")
    _write_log("my-feeding-log.csv")
    text = Path("mine.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^( *)# (?=- \{|knock_outs|interventions)", r"\1", text, flags=re.MULTILINE)
    Path("full.yaml").write_text(text, encoding="utf-8")
    scenario = load_scenario("full.yaml")
    config = scenario.config
    assert [phase.kind for phase in config.schedule] == [
        "on_demand",
        "on_demand",
        "every",
        "clock",
        "cluster",
        "log",
        "wean",
        "none",
        "pump",
        "responsive",
        "power_pump",
        "hand",
        "bottle",
        "once",
        "discard",
    ]
    kinds = {get_args(phase.model_fields["kind"].annotation)[0] for phase in get_args(get_args(SchedulePhase)[0])}
    assert {phase.kind for phase in config.schedule} == kinds
    assert config.knock_outs == ("oxytocin_receptor",)
    assert [intervention.kind for intervention in config.interventions] == ["mastitis"]
    assert scenario.warnings == ()


def test_init_lines_can_be_brought_in_one_by_one(invoke):
    """So can each of them by itself: none needs another one."""
    invoke("init", "mine")
    _write_log("my-feeding-log.csv")
    lines = Path("mine.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    commented = [n for n, line in enumerate(lines) if re.match(r" *# (- \{|knock_outs|interventions)", line)]
    assert len(commented) > 5
    for number in commented:
        brought_in = [line.replace("# ", "", 1) if n == number else line for n, line in enumerate(lines)]
        Path("one.yaml").write_text("".join(brought_in), encoding="utf-8")
        assert load_scenario("one.yaml").config != load_scenario("mine.yaml").config


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["mine"], "exists already"),
        (["../x"], "'../x' is not allowed"),
        (["/tmp/x"], "is not allowed"),
        ([""], "has 0 characters"),
        (["x" * 300], "has 300 characters"),
        (["new", "--out", "nowhere"], "there is no folder 'nowhere'"),
        (["new", "--out", "mine.yaml"], "there is no folder"),
        (["a\0b"], "is not allowed"),
    ],
)
def test_init_overwrites_nothing(invoke, tmp_path, args, words):
    """And writes nowhere else."""
    Path("mine.yaml").write_text("kept", encoding="utf-8")
    result = invoke("init", *args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
    assert Path("mine.yaml").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("found", "exit_code", "words"),
    [
        (("complete", []), 0, "complete: sound"),
        (("complete", ["removals/part is missing"]), 1, "removals/part is missing"),
        (ArchiveError("x is missing"), 4, "x is missing"),
        (DamagedRunError("x is damaged"), 1, "x is damaged"),
    ],
)
def test_verify_reports_what_was_found(invoke, monkeypatch, found, exit_code, words):
    """0 sound, 1 damaged, 4 unreadable."""

    def verify(path):
        assert path == "run"
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("lactflow.experiments.verify.verify", verify)
    result = invoke("verify", "run")
    assert result.exit_code == exit_code
    assert words in result.output
    as_json = invoke("verify", "run", "--json")
    assert as_json.exit_code == exit_code
    answer = json.loads(as_json.stdout)
    if isinstance(found, tuple):
        assert answer == {"status": "complete", "problems": found[1]}
    else:
        assert answer["exit_code"] == exit_code


def test_errors_are_red_on_a_terminal_only():
    """Colour is for eyes."""
    plain = CliRunner().invoke(main, ["run", "nowhere.yaml"])
    coloured = CliRunner().invoke(main, ["run", "nowhere.yaml"], color=True)
    assert "\x1b" not in plain.stderr
    assert coloured.stderr.startswith("\x1b[31m")


@pytest.mark.parametrize(("target", "exit_code"), [("/dev/full", 4), ("| :", 4)])
def test_output_that_cannot_be_written_is_no_traceback(target, exit_code):
    """A full disk, a reader who has gone."""
    code = "import sys, os\nfrom lactflow.cli import main\n"
    if target == "| :":
        code += "r, w = os.pipe()\nos.close(r)\nos.dup2(w, 1)\n"
    else:
        code += f"os.dup2(os.open({target!r}, os.O_WRONLY), 1)\n"
    result = python(code + "main(['parameters', '--json'])")
    assert result.returncode == exit_code
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) <= 1
