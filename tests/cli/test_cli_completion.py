"""What shells complete, through click, and through bash, zsh and fish themselves where they are there."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class
from completed import as_completed

from lactflow.cli import main
from lactflow.cli.completion import KEPT
from lactflow.cli.shells import add_shells
from lactflow.config.tree import all_keys

ROOT = Path(__file__).parents[2]
HEAVY = ("pandas", "pyarrow", "simpy", "pydantic", "matplotlib", "rich")


@pytest.fixture
def complete(monkeypatch):
    """Completions of the last word of a line: pairs of type and value."""
    add_shells()

    def caller(line, shell="bash"):
        monkeypatch.setenv("LACTFLOW_LINE", line)
        monkeypatch.setenv("LACTFLOW_BREAKS", " =:")
        asked = get_completion_class(shell)(main, {}, "lactflow", "_LACTFLOW_COMPLETE")
        return [tuple(each.split("\t")[:2]) for each in asked.complete().split("\n") if each]

    return caller


def values(found):
    """Values alone."""
    return [value for _, value in found]


def test_the_file_of_keys_is_that_of_the_model():
    """`python tests/cli/completed.py` writes it anew."""
    assert KEPT.read_text(encoding="utf-8") == as_completed()
    kept = {line.split("\t")[0] for line in KEPT.read_text(encoding="utf-8").splitlines()}
    assert {key for key in all_keys() if ".0" not in key and not key.startswith(("birth", "mother"))} <= kept


def test_keys_are_completed_part_by_part(complete):
    """No space follows a part; a group of keys has no value."""
    run = "lactflow run every-three-hours --set"
    assert complete(f"{run} gla") == [("part", "gland.")]
    assert ("part", "gland.lumen.") in complete(f"{run} gland.")
    assert complete(f"{run} gland.lumen.cap") == [("part", "gland.lumen.capacity_ml=")]
    assert complete(f"{run} schedule.12.ki") == [("part", "schedule.12.kind=")]
    assert complete(f"{run}=gland.lumen.cap") == [("part", "gland.lumen.capacity_ml=")]
    assert complete(f"{run} nothing.") == []


def test_values_are_completed_where_only_some_are_allowed(complete):
    """Bash keeps what stands before `=`, zsh gets the whole word."""
    assert values(complete("lactflow run a --set resolution=c")) == ["coarsest", "coarse"]
    assert "[oxytocin_receptor]" in values(complete("lactflow run a --set knock_outs="))
    assert values(complete("lactflow run a --set schedule.0.kind=clu", "zsh")) == ["schedule.0.kind=cluster"]
    assert values(complete("lactflow run a --set record.visits=f")) == ["false"]
    assert complete("lactflow run a --set gland.lumen.capacity_ml=1") == []
    assert values(complete("lactflow compare a --vary resolution=coarse,f")) == ["coarse,fine"]


def test_what_other_options_take(complete):
    """Measures, tables, keys of numbers, quantities."""
    assert values(complete("lactflow compare a b --measure made_ml_per_day_")) == [
        "made_ml_per_day_left",
        "made_ml_per_day_right",
    ]
    assert values(complete("lactflow sweep a --record removals,le")) == ["removals,let_downs", "removals,levels"]
    assert values(complete("lactflow sweep a --record ful")) == ["full"]
    assert complete("lactflow sweep a --sample resol") == [("part", "resolution.")]
    assert complete("lactflow sensitivity a --quantity gland.lumen.cap") == [("plain", "gland.lumen.capacity_ml")]
    assert values(complete("lactflow parameters gland.lumen.cap")) == ["gland.lumen.capacity_ml"]
    assert values(complete("lactflow validate C0"))[:2] == ["C01", "C02"]
    assert len(complete("lactflow validate T01-001")) > 1
    assert values(complete("lactflow scenarios show every-t")) == ["every-three-hours", "every-two-hours"]
    assert values(complete("lactflow export a --to c")) == ["csv", "crate"]


@pytest.mark.parametrize("words", ["report", "verify", "cite", "run --resume", "export", "diff a", "sweep close"])
def test_folders_of_results_are_completed(complete, tmp_path, monkeypatch, words):
    """Newest first; a folder without a manifest is on the way to others."""
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("outputs/older", "outputs/newer", "outputs/none", "elsewhere/run")):
        folder = Path(name)
        folder.mkdir(parents=True)
        if not name.endswith("none"):
            (folder / "manifest.json").write_text("{}", encoding="utf-8")
        os.utime(folder, (number, number))
    assert complete(f"lactflow {words} outputs/") == [
        ("plain", "outputs/newer"),
        ("plain", "outputs/older"),
        ("part", "outputs/none/"),
    ]
    assert complete(f"lactflow {words} else") == [("part", "elsewhere/")]
    assert values(complete(f"lactflow {words} "))[:2] == ["outputs/newer", "outputs/older"]


def test_a_config_may_be_a_file(complete):
    """After the names of scenarios."""
    assert complete("lactflow run first-w") == [("plain", "first-week"), ("file", "first-w")]


def test_zsh_and_fish_have_help(complete, monkeypatch):
    """Units of quantities, words for measures."""
    found = complete("lactflow compare a --measure stored", "zsh")
    assert found == [("plain", "stored_ml")]
    monkeypatch.setenv("COMP_WORDS", "lactflow run a --set gland.lumen.cap")
    monkeypatch.setenv("COMP_CWORD", "gland.lumen.cap")
    fish = get_completion_class("fish")(main, {}, "lactflow", "_LACTFLOW_COMPLETE")
    assert fish.complete() == "plain,gland.lumen.capacity_ml=\tmL"


@pytest.mark.parametrize(
    "line",
    [
        "lactflow run a --set gland.",
        "lactflow compare a --measure m",
        "lactflow report ",
        "lactflow sweep a --record v",
    ],
)
def test_completion_is_fast(line):
    """Nothing heavy is loaded, and it takes less CPU time than is noticed."""
    code = (
        "import sys, time\nfrom lactflow.cli import main\n"
        "try:\n    main(prog_name='lactflow')\nexcept SystemExit:\n    pass\n"
        f"print(time.process_time(), [each for each in {HEAVY!r} if each in sys.modules], file=sys.stderr)"
    )
    asked = {"_LACTFLOW_COMPLETE": "bash_complete", "LACTFLOW_LINE": line, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **asked, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, loaded = done.stderr.split(" ", 1)
    assert loaded == "[]\n"
    assert float(seconds) < 0.3


@pytest.fixture
def shells(tmp_path):
    """A folder on the path with `lactflow` in it, of this checkout, and the environment that has it."""
    program = tmp_path / "bin" / "lactflow"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lactflow "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    names = {name: value for name, value in os.environ.items() if not name.startswith("_")}
    return {**names, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def test_bash_completes(shells):
    """Its own functions, called as it calls them."""
    script = """
source <(_LACTFLOW_COMPLETE=bash_source lactflow)
compopt() { printf 'option %s\\n' "$*"; }
asked() {
    COMP_LINE="$1"; COMP_POINT=${#1}; COMPREPLY=()
    _lactflow_completion lactflow
    printf '%s\\n' "${COMPREPLY[@]}" --
}
asked 'lactflow run every-three-hours --set gland.lumen.cap'
asked 'lactflow run every-three-hours --set resolution=coar'
asked 'lactflow scenarios show every-th'
complete -p lactflow
"""
    done = subprocess.run(["bash", "-c", script], env=shells, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split("\n") == [
        *("option -o nospace", "gland.lumen.capacity_ml=", "--"),
        *("coarsest", "coarse", "--"),
        *("every-three-hours", "--"),
        *("complete -o nosort -F _lactflow_completion lactflow", ""),
    ]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh_completes(shells, tmp_path):
    """In a terminal of its own, since it completes nowhere else."""
    import pty

    (tmp_path / ".zshrc").write_text(
        "stty cols 200\nautoload -Uz compinit && compinit -u\n"
        "eval \"$(_LACTFLOW_COMPLETE=zsh_source lactflow)\"\nPS1='ready> '\n",
        encoding="utf-8",
    )
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("zsh", ["zsh", "-i"], {**shells, "ZDOTDIR": str(tmp_path), "TERM": "xterm"})
    try:
        _until(terminal, b"ready> ")
        os.write(terminal, b"lactflow run every-three-hours --set gland.lumen.cap\t1 --set resolution=defa\t")
        shown = _until(terminal, b"resolution=default")
        assert b"gland.lumen.capacity_ml=1" in shown
    finally:
        os.kill(pid, signal.SIGKILL)
        os.close(terminal)
        os.waitpid(pid, 0)


_CONTROL = re.compile(rb"[\x07\x08]|\x1b[\[?=]*[0-9;?]*[a-zA-Z]")
"""What moves the cursor, or rings."""


def _until(terminal, wanted):
    """What a terminal shows until it has shown something."""
    shown, deadline_s = b"", time.monotonic() + 30
    while wanted not in shown:
        assert time.monotonic() < deadline_s, shown
        if select.select([terminal], [], [], 1.0)[0]:
            shown = _CONTROL.sub(b"", shown + os.read(terminal, 4096))
    return shown


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish_completes(shells, tmp_path):
    """By its own command for it."""
    script = (
        "_LACTFLOW_COMPLETE=fish_source lactflow | source; "
        "complete -C 'lactflow run every-three-hours --set gland.lumen.cap'; "
        "complete -C 'lactflow scenarios show every-th'"
    )
    done = subprocess.run(
        ["fish", "-c", script],
        env={**shells, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "gland.lumen.capacity_ml=\tmL\nevery-three-hours\n", done.stderr
