"""`lactflow cite`: the references of a run directory."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from sealing import make_old, read, reseal

import lactflow
from lactflow.config.scenario import load_scenario
from lactflow.parameters.declaration import declared_quantities
from lactflow.recording.archive import Archive
from lactflow.recording.folder import ResultFolder
from lactflow.sources import ASSUMED, DERIVED
from lactflow.validation.tested import deciding_keys
from lactflow.version import RELEASED

COARSE = ("gland.lobes_per_breast=1", "resolution.packet_ml=0.5", "record.visits=false")


@pytest.fixture
def scenario():
    """What was simulated."""
    return load_scenario("every-three-hours")


@pytest.fixture
def directory(tmp_path, scenario):
    """A run directory in which nothing has happened."""
    archive = Archive.create(tmp_path / "outputs", "mine", scenario.text, {}, {})
    archive.finish("interrupted")
    return archive.path


@pytest.fixture
def sources(scenario):
    """Every source of the config, with the number of quantities that rest on it."""
    return Counter(item.declaration.source for item in declared_quantities(scenario.config))


def test_a_line_for_each_paper(invoke, directory, sources):
    """By key, with the number of quantities, and where it was published."""
    result = invoke("cite", str(directory), "--all")
    assert result.exit_code == 0
    papers = {source.key: (source, count) for source, count in sources.items() if source.is_paper}
    lines = result.stdout.split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines] == sorted(papers, key=str.casefold)
    for line in lines:
        key, count, reference = re.split(r" +", line, maxsplit=2)
        source, expected = papers[key]
        assert int(count) == expected
        assert reference == source.text + (f", doi:{source.doi}" if source.doi else "")


def test_assumptions_are_reported(invoke, directory, sources):
    """And how to cite lactflow."""
    cited, software = invoke("cite", str(directory), "--all").stdout.split("\n\n")[1].splitlines()
    papers = sum(source.is_paper for source in sources)
    assert cited.startswith(
        f"{sources.total()} quantities: {sources.total() - sources[ASSUMED] - sources[DERIVED]} rest on {papers} "
        f"papers, {sources[ASSUMED]} are assumptions, {sources[DERIVED]} derived from others"
    )
    assert software.endswith(f"The lactflow developers. {_title()}, version {lactflow.__version__}")


def test_as_json(invoke, directory, scenario, sources):
    """Each quantity stands under one paper, or is counted."""
    answer = json.loads(invoke("cite", str(directory), "--all", "--json").stdout)
    assert set(answer) == {"references", "left_out", "assumed", "derived", "software"}
    assert answer["left_out"] == 0
    assert (answer["assumed"], answer["derived"]) == (sources[ASSUMED], sources[DERIVED])
    assert all(set(entry) == {"key", "text", "doi", "pmid", "quantities"} for entry in answer["references"])
    cited = {key: entry["key"] for entry in answer["references"] for key in entry["quantities"]}
    assert cited == {
        item.key: item.declaration.source.key
        for item in declared_quantities(scenario.config)
        if item.declaration.source.is_paper
    }


def test_as_bibtex(invoke, directory, sources):
    """Entries and nothing else: one a paper, and one for lactflow."""
    result = invoke("cite", str(directory), "--all", "--bibtex")
    assert result.exit_code == 0
    entries = result.stdout.removesuffix("\n").split("\n\n")
    papers = sorted((source for source in sources if source.is_paper), key=lambda source: source.key.casefold())
    assert entries[:-1] == [source.bibtex for source in papers]
    assert entries[-1] == (
        "@software{lactflow,\n"
        "  author = {{The lactflow developers}},\n"
        f"  title = {{{{{_title()}}}}},\n"
        "  year = {2026},\n"
        f"  version = {{{lactflow.__version__}}},\n"
        "}"
    )


def test_the_version_is_the_one_that_simulated(invoke, directory):
    """Not the one that reads."""
    versions = read(directory)["versions"]
    reseal(directory, versions={**versions, "lactflow": "0.0.7"})
    assert invoke("cite", str(directory)).stdout.endswith(", version 0.0.7\n")
    assert "year" not in invoke("cite", str(directory), "--bibtex").stdout.rsplit("@software", 1)[1]
    reseal(directory, versions=None)
    assert invoke("cite", str(directory)).stdout.endswith(f", version {lactflow.__version__}\n")


def test_the_year_is_that_of_the_release(invoke, directory):
    """As the citation file of the repository and the list of changes have it."""
    root = Path(__file__).parents[2]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {lactflow.__version__}\ndate-released: {RELEASED}\n" in citation
    assert f"## {lactflow.__version__} ({RELEASED})\n" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (
        f"  year = {{{RELEASED[:4]}}},\n" in invoke("cite", str(directory), "--bibtex").stdout.rsplit("@software", 1)[1]
    )


def test_papers_that_decide_are_listed(invoke, directory, sources):
    """Of the reference mother those that decide a published target: most papers are left out, and counted."""
    answer = json.loads(invoke("cite", str(directory), "--json").stdout)
    listed = {key for each in answer["references"] for key in each["quantities"]}
    assert {"gland.lumen.capacity_ml", "endocrine.oxytocin.pulse_interval_min"} <= listed <= deciding_keys()
    papers = sum(source.is_paper for source in sources)
    assert len(answer["references"]) + answer["left_out"] == papers
    assert answer["left_out"] > 2 * len(answer["references"])
    few = invoke("cite", str(directory)).stdout
    of = (
        f"listed: {len(answer['references'])} papers behind {len(listed)} quantities that this config brings in or that"
    )
    assert of in " ".join(few.split())
    assert "listed:" not in invoke("cite", str(directory), "--all").stdout
    assert invoke("cite", str(directory), "--bibtex").stdout.count("\n\n@") == len(answer["references"])


def test_a_paper_behind_what_a_comparison_changes_is_listed(invoke, tmp_path):
    """A condition of one scenario, and a quantity with another value in the other."""
    plain = {"schedule": [{"kind": "every", "hours": 3}], "days": 0.05}
    configs = [
        plain | {"name": "a", "mother": {"conditions": [{"kind": "obesity"}]}},
        plain | {"name": "b", "gland": {"composition": {"lactose_mmol_per_l": 150}}},
    ]
    comparison = lactflow.compare(configs, settings=COARSE, replicates=1, out=tmp_path, workers=1)

    def keys(path):
        references = json.loads(invoke("cite", str(path), "--json").stdout)["references"]
        return {key for each in references for key in each["quantities"]}

    changed = keys(comparison.path) - deciding_keys()
    assert "gland.composition.lactose_mmol_per_l" in changed
    assert any("obesity" in key for key in changed)
    assert keys(comparison.runs["b"].path) - deciding_keys() == {"gland.composition.lactose_mmol_per_l"}


def test_one_form_at_a_time(invoke, directory):
    """Two would not fit on one stdout."""
    result = invoke("cite", str(directory), "--bibtex", "--json")
    assert result.exit_code == 2
    assert "exclude each other" in json.loads(result.stdout)["problems"][0]["message"]


def test_no_directory_is_a_bad_command_line(invoke):
    """Exit code 2."""
    result = invoke("cite")
    assert result.exit_code == 2
    assert "DIR" in result.stderr


@pytest.mark.parametrize(
    ("spoil", "exit_code", "words"),
    [
        (lambda path: path.rename(path.with_name("gone")), 4, "is missing"),
        (lambda path: (path / "config.yaml").unlink(), 1, "config.yaml is missing"),
        (lambda path: (path / "config.yaml").write_bytes(b"format: 1\n"), 1, "config.yaml is damaged"),
        (lambda path: _in_old(path).write_text("format: 1\ndayz: 3\n"), 2, "nearest: days"),
        (lambda path: _in_old(path).write_bytes(b"\xff\xfe\x00"), 2, "config.yaml"),
        (lambda path: (path / "manifest.json").write_text("{"), 1, "is not JSON"),
        (lambda path: (path / "manifest.json").write_text("[" * 100_000), 1, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_reported(invoke, directory, spoil, exit_code, words):
    """4 for what is not there, 2 for a config that this version does not take, 1 for damage."""
    spoil(directory)
    for form in ([], ["--bibtex"]):
        result = invoke("cite", str(directory), *form)
        assert result.exit_code == exit_code
        assert words in result.stderr
        assert result.stdout == ""
    answer = json.loads(invoke("cite", str(directory), "--json").stdout)
    assert answer["exit_code"] == exit_code
    assert any(words in f"{problem['file']}: {problem['message']}" for problem in answer["problems"])


def test_a_folder_that_is_no_run(invoke, tmp_path):
    """Exit code 4."""
    Path("empty").mkdir()
    result = invoke("cite", "empty")
    assert result.exit_code == 4
    assert "is not a run directory" in result.stderr


def test_a_comparison_cites_what_any_of_its_runs_used(invoke, tmp_path, sources):
    """The same papers as a run, each quantity once."""
    comparison = lactflow.compare(
        ["every-two-hours", "every-four-hours"], settings=COARSE, days=0.1, replicates=1, out=tmp_path, workers=1
    )
    answer = json.loads(invoke("cite", str(comparison.path), "--all", "--json").stdout)
    assert (answer["assumed"], answer["derived"]) == (sources[ASSUMED], sources[DERIVED])
    assert [entry["key"] for entry in answer["references"]] == sorted(
        (source.key for source in sources if source.is_paper), key=str.casefold
    )
    (comparison.runs["every-two-hours"].path / "config.yaml").unlink()
    assert invoke("cite", str(comparison.path)).exit_code == 1


def test_a_comparison_without_runs_has_nothing_to_cite(invoke, tmp_path):
    """It died before they were made."""
    folder = ResultFolder.create(tmp_path, "x", "comparison", {})
    folder.finish("failed")
    result = invoke("cite", str(folder.path))
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "is a comparison without runs: there is nothing to cite" in result.stderr


def test_a_validation_cites_the_measurements_too(invoke, tmp_path, sources):
    """Papers of the reference mother, and what she was compared with, by the name in the table of targets."""
    import pandas as pd

    folder = ResultFolder.create(tmp_path, "validation", "validation", {})
    results = pd.DataFrame({"source": ["Kent 2006 & others", None, "Arthur 1989", "Arthur 1989"]})
    folder.write("results.parquet", results.to_parquet(index=False))
    folder.finish("complete")
    answer = json.loads(invoke("cite", str(folder.path), "--all", "--json").stdout)
    assert answer["measurements"] == ["Arthur 1989", "Kent 2006 & others"]
    assert len(answer["references"]) == sum(source.is_paper for source in sources)
    assert "compared with: Arthur 1989\n" in invoke("cite", str(folder.path)).stdout
    bibtex = invoke("cite", str(folder.path), "--bibtex").stdout
    assert "@misc{measurement-2,\n  note = {Kent 2006 \\& others},\n}" in bibtex


def _in_old(path: Path) -> Path:
    """The config of a run directory that has no hashes."""
    make_old(path)
    return path / "config.yaml"


def _title() -> str:
    return "lactflow: an event-driven simulator of milk secretion"


def test_what_drugs_rest_on_is_cited(invoke, tmp_path):
    """By the text of their files, with whether somebody has read it."""
    taken = "format: 1\ndrugs:\n- {drug: sertraline, dose_mg: 50, times: ['08:00']}\n"
    (tmp_path / "taken.yaml").write_text(taken)
    archive = Archive.create(tmp_path / "outputs", "mine", load_scenario(tmp_path / "taken.yaml").text, {}, {})
    archive.finish("interrupted")

    lines = invoke("cite", str(archive.path)).stdout.splitlines()
    answer = json.loads(invoke("cite", str(archive.path), "--json").stdout)["drugs"]
    entries = invoke("cite", str(archive.path), "--bibtex").stdout

    assert "sertraline: Pharmamedix: sertralina, farmacocinetica" in lines
    assert "sertraline: Textbook value, not looked up (not read)" in lines
    assert [each["drugs"] for each in answer] == [["sertraline"]] * len(answer)
    assert {each["read"] for each in answer} == {True, False}
    assert entries.count("@misc{drug-") == len(answer)
