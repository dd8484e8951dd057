"""
The README and the pages in `docs` are true: tables are those of the code, examples run, names exist.

Numbers in printed outputs are compared with a tolerance: other platforms and versions may differ in the last bits.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pages
import pytest
from examples import assert_alike, assert_prints, examples, outputs_of
from pages import (
    CONFIGS,
    FIRST_RUN_LINES,
    PARTS,
    README,
    ROOT,
    blocks,
    call,
    commands,
    first_run_part,
    met_of,
    part,
    validation_part,
    validation_results,
)

from lactflow import analysis
from lactflow.analysis.daily import MEASURES
from lactflow.cli import COMMANDS, main
from lactflow.config.scenario import load_scenario
from lactflow.dyad.interventions import AnyIntervention
from lactflow.dyad.schedule import SchedulePhase
from lactflow.gland.mechanism import MECHANISMS


@pytest.mark.parametrize("name", PARTS)
def test_generated_parts_are_those_of_the_code(name):
    """Parameters, tables and the errors of a bad config are what the code says now; else: run this file."""
    assert part(name) == PARTS[name](), f"stale: run `python {Path(pages.__file__).relative_to(ROOT)}`"


@pytest.mark.slow
def test_python_examples_run():
    """The examples for pandas run as they stand, one after the other, and print what the README shows."""
    text = README.read_text(encoding="utf-8")
    assert sum(example.shown is not None for example in examples(text)) == 5
    assert_prints(text, outputs_of(text, README.name))


def test_the_examples_use_every_function_of_the_analysis():
    """Whoever reads the README has seen each of them called."""
    code = "".join(example.code for example in examples(README.read_text(encoding="utf-8")))
    assert not [name for name in analysis.__all__ if f"{name}(" not in code]


@pytest.mark.slow
def test_first_run_prints_what_it_shows():
    """The 60 days of the first command end with the lines of the README."""
    assert part("first-run").count("\n") == FIRST_RUN_LINES + 2
    assert_alike(part("first-run"), first_run_part())


@pytest.mark.slow
@pytest.mark.fast_build
@pytest.mark.timeout(1500)
def test_validation_holds_and_is_what_it_shows():
    """Claims hold but for known gaps, shares of targets, only known gaps missed; and the README says what it is."""
    results = validation_results()
    claims = [each for each in results if each["kind"] == "claim"]
    assert all(each["verdict"] == "met" or each["known_gap"] for each in claims)
    assert met_of(results, kind="claim")[0] >= 26
    for about, least in (({"use": "calibration"}, 0.85), ({"use": "check"}, 0.85)):
        met, judged = met_of(results, kind="target", **about)
        assert met >= least * judged
    spreads = [each for each in results if each["kind"] == "spread"]
    assert all(each["verdict"] == "met" or each["known_gap"] for each in spreads)
    assert len(spreads) == 13
    assert_alike(part("validation"), validation_part())


def test_every_command_is_documented():
    """Each command and subcommand stands in the README, and no command that does not exist."""
    spoken, typed = commands()
    calls = {tuple(line.split()[1:3]) for line in [*spoken, *typed]}
    named = {words[0] for words in calls} - {"--version"}
    assert named == set(COMMANDS)
    for name in COMMANDS:
        command = main.get_command(None, name)
        for below in getattr(command, "commands", ()):
            assert (name, below) in calls


def test_every_config_is_named():
    """Each shipped scenario stands in the README by its path."""
    assert CONFIGS
    for path in CONFIGS:
        assert f"configs/{path.name}" in README.read_text(encoding="utf-8")


def test_every_name_users_may_write_or_read_is_reported():
    """Knock-outs, kinds of schedule phases and of interventions, and measures stand in the README."""
    members = [member for union in (SchedulePhase, AnyIntervention) for member in get_args(get_args(union)[0])]
    kinds = [get_args(member.model_fields["kind"].annotation)[0] for member in members]
    text = README.read_text(encoding="utf-8")
    assert not [name for name in (*MECHANISMS, *kinds, *MEASURES) if f"`{name}`" not in text]


def test_typed_commands_are_accepted(tmp_path, monkeypatch):
    """Every `lactflow run` and `lactflow compare` of a shell block passes its checks as typed."""
    monkeypatch.chdir(tmp_path)
    import shlex

    runs = [line for line in commands()[1] if line.startswith(("lactflow run ", "lactflow compare "))]
    assert runs
    for line in runs:
        call(*shlex.split(line)[1:], "--dry-run")
    assert not list(tmp_path.iterdir())


def test_commented_config_loads(tmp_path):
    """The config that the README explains is valid and draws no warning."""
    path = tmp_path / "small-capacity.yaml"
    path.write_text(next(block for block in blocks("yaml") if "birth_clock" in block), encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.warnings == ()
    assert scenario.config.name == path.stem


def test_the_way_in_is_one_line_each():
    """The first run and the tests are one command each, and the tests come right after."""
    first, tests = blocks("sh")[:2]
    create = "python3 -m venv .venv && .venv/bin/pip install "
    assert first == f"{create}. && .venv/bin/lactflow run configs/feeding-log.yaml\n"
    assert tests == f"{create}-e '.[test]' && .venv/bin/python -m pytest -n 2 -m 'not slow'\n"
