"""
The README and the pages of the site are true: generated parts are those of the code, examples run, names exist.

Numbers in printed outputs are compared with a tolerance: other platforms and versions may differ in the last bits.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import pages
import pytest
from calls import call
from examples import assert_alike, assert_prints, examples, outputs_of
from pages import (
    COMMANDS_PAGE,
    CONFIGS,
    DOCS,
    EXAMPLES,
    PARTS,
    ROOT,
    blocks,
    part,
    spoken_commands,
    texts,
    typed_commands,
)
from validation_page import met_of, validation_part, validation_results

import lactflow
from lactflow import analysis
from lactflow.analysis.daily import MEASURES
from lactflow.analysis.drug_names import DRUG_MEASURES
from lactflow.cli import COMMANDS, main
from lactflow.config.scenario import load_scenario
from lactflow.dyad.interventions import AnyIntervention
from lactflow.dyad.schedule import SchedulePhase
from lactflow.gland.mechanism import MECHANISMS

CONFIGURING = DOCS / "guides" / "configuring.md"


@pytest.mark.parametrize("name", PARTS)
def test_generated_parts_are_those_of_the_code(name):
    """Parameters, tables and the errors of a bad config are what the code says now; else run `pages.py`."""
    assert part(name) == PARTS[name](), f"stale: run `python {Path(pages.__file__).relative_to(ROOT)}`"


@pytest.mark.parametrize(
    "page", [pytest.param(page, id=page.stem) for page in EXAMPLES if page.stem.startswith("from")]
)
def test_short_examples_run(page):
    """Those for people who come from elsewhere print what they show."""
    text = page.read_text(encoding="utf-8")
    assert any(example.shown for example in examples(text))
    assert_prints(text, outputs_of(text, page.name))


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        # What simulates hundreds of mothers takes long in pure Python.
        pytest.param(page, id=page.stem, marks=[pytest.mark.fast_build] if page.stem == "diagnose" else [])
        for page in EXAMPLES
        if not page.stem.startswith("from")
    ],
)
def test_python_examples_run(page):
    """Blocks run as they stand, one after the other, and print what the page shows."""
    text = page.read_text(encoding="utf-8")
    assert_prints(text, outputs_of(text, page.name))


@pytest.mark.parametrize("page", [pytest.param(page, id=page.stem) for page in EXAMPLES])
def test_examples_show_what_they_print(page):
    """Blocks fit the page, and what prints shows it."""
    for example in examples(page.read_text(encoding="utf-8")):
        assert all(len(line) <= 120 for line in example.code.splitlines())
        assert example.shown or "print(" not in example.code


def test_the_examples_use_every_function_of_the_analysis():
    """Whoever reads the pages has seen each of them called."""
    code = "".join(example.code for page in EXAMPLES for example in examples(page.read_text(encoding="utf-8")))
    assert not [name for name in analysis.__all__ if f"{name}(" not in code]


@pytest.mark.slow
@pytest.mark.fast_build
@pytest.mark.longest
@pytest.mark.timeout(1500)
def test_validation_holds_and_is_what_it_shows():
    """Claims hold but for known gaps, shares of targets, only known gaps missed; and the page says what it is."""
    results = validation_results()
    claims = [each for each in results if each["kind"] == "claim"]
    assert all(each["verdict"] == "met" or each["known_gap"] for each in claims)
    assert met_of(results, kind="claim")[0] >= 26
    for about, use, least in (
        ("secretion", "calibration", 0.94),
        ("secretion", "check", 0.86),
        ("exposure", "calibration", 0.65),  # rows of papers that came last were added as they are, met or not
        ("exposure", "check", 0.4),
    ):
        met, judged = met_of(results, kind="target", about=about, use=use)
        assert met >= least * judged, (about, use)
    spreads = [each for each in results if each["kind"] == "spread"]
    assert all(each["verdict"] == "met" or each["known_gap"] for each in spreads)
    assert len(spreads) == 13
    assert_alike(part("validation"), validation_part())


def test_every_command_is_documented():
    """Each command and subcommand stands in the page of commands; no page has one that does not exist."""
    page = COMMANDS_PAGE.read_text(encoding="utf-8")
    listed = {tuple(line.split()[1:3]) for line in spoken_commands(page)}
    assert set(COMMANDS) <= {words[0] for words in listed}
    below = {(name, each) for name in COMMANDS for each in getattr(main.get_command(None, name), "commands", ())}
    calls = {
        tuple(re.sub(r"[;|>].*", "", line).split()[1:3])
        for text in texts().values()
        for line in (*spoken_commands(text), *typed_commands(text))
    }
    assert below <= calls
    assert {words[0] for words in calls} - {"--version", "--help", "COMMAND"} <= set(COMMANDS)


def test_every_public_name_is_in_the_reference_of_python():
    """What `import lactflow` offers has its place, by which its docstring is taken into the page."""
    text = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    names = {*lactflow.__all__} - {"__version__"}
    assert names == set(re.findall(r"^\.\. autofunction:: lactflow\.(\w+)$", text, flags=re.MULTILINE))


def test_every_config_is_named():
    """Each shipped scenario stands in the page of scenarios by its path."""
    text = (DOCS / "reference" / "scenarios.md").read_text(encoding="utf-8")
    assert CONFIGS
    assert not [path.name for path in CONFIGS if f"configs/{path.name}" not in text]


def test_every_name_users_may_write_or_read_is_reported():
    """Knock-outs, kinds of schedule phases and of interventions, and measures have their place."""
    members = [member for union in (SchedulePhase, AnyIntervention) for member in get_args(get_args(union)[0])]
    kinds = [get_args(member.model_fields["kind"].annotation)[0] for member in members]
    text = CONFIGURING.read_text(encoding="utf-8")
    assert not [name for name in (*MECHANISMS, *kinds) if f"`{name}`" not in text]
    text = (DOCS / "reference" / "measures.md").read_text(encoding="utf-8")
    assert not [name for name in (*MEASURES, *DRUG_MEASURES) if f"`{name}`" not in text]


def test_typed_commands_are_accepted(tmp_path, monkeypatch):
    """Every `lactflow run` and `lactflow compare` of a shell block passes its checks as typed."""
    monkeypatch.chdir(tmp_path)
    lines = {line for text in texts().values() for line in typed_commands(text)}
    shipped = {path.stem for path in CONFIGS}
    runs = [
        line
        for line in sorted(lines)
        if line.startswith(("lactflow run ", "lactflow compare ")) and line.split()[2] in shipped
    ]
    assert len(runs) > 10
    for line in runs:
        if not any(word.endswith(".yaml") for word in line.split()):  # written by a block before
            call(*shlex.split(line)[1:], "--dry-run")
    assert not list(tmp_path.iterdir())


def test_commented_config_loads(tmp_path):
    """The config that the guide explains is valid and draws no warning."""
    path = tmp_path / "small-capacity.yaml"
    text = CONFIGURING.read_text(encoding="utf-8")
    path.write_text(next(block for block in blocks("yaml", text) if "birth_clock" in block), encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.warnings == ()
    assert scenario.config.name == path.stem


def test_every_page_is_reached():
    """From the index of its folder; and no page speaks of the paths or words that are gone."""
    for page, text in texts().items():
        if page.parent.parent == DOCS and page.stem != "index" and page.parent.name != "lessons":
            trees = "".join(other for path, other in texts().items() if path.parent == page.parent)
            assert f"\n{page.stem}\n" in trees or page == pages.TUTORIAL, f"{page} is in no toctree"
        assert not re.search(r"docs/(?!lessons|_build)[\w-]+\.md", text.replace("docs/index.md", "")), page
