"""Crates: whole copies with metadata that says who made what, and that the validator of RO-Crate accepts."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from sealing import reseal

import lactflow
from lactflow.errors import DamagedRunError, DirectoryInUseError
from lactflow.exports import crate as crate_module
from lactflow.recording.archive import Archive
from lactflow.recording.verify import verify


def graph(path):
    """Entities of a crate by their identifiers, lists as lists."""
    crate = json.loads((path / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert len({entity["@id"] for entity in crate["@graph"]}) == len(crate["@graph"])
    several = ("hasPart", "mentions", "author", "citation", "object", "result", "softwareRequirements")
    for entity in crate["@graph"]:
        for name in several:
            if isinstance(entity.get(name), dict) and entity["@type"] != "SoftwareApplication":
                entity[name] = [entity[name]]
    return {entity["@id"]: entity for entity in crate["@graph"]}


AUTHOR = "Jane Roe 0000-0002-1825-0097"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def test_a_crate_is_a_whole_copy(run, tmp_path):
    """It can be verified and opened; every file stands in the metadata with its hash, and nothing else does."""
    done = lactflow.export(run, "crate", tmp_path / "x", authors=[AUTHOR], license_url=LICENCE)
    copy = done.path / run.name
    assert done.notes == ()
    assert verify(copy) == ("complete", [])
    assert lactflow.diff(run, copy).identical
    entities = graph(done.path)
    files = {str(path.relative_to(done.path)): path for path in copy.rglob("*") if path.is_file()}
    assert {name for name, entity in entities.items() if entity["@type"] == "File"} == set(files)
    for name, path in files.items():
        content = path.read_bytes()
        assert entities[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert entities[name]["contentSize"] == str(len(content))
    linked = {part["@id"] for entity in entities.values() for part in entity.get("hasPart", [])}
    assert set(files) <= linked


def test_a_crate_says_who_what_and_how(run, tmp_path):
    """Command, seed, versions, licence, authors, papers; the config as what the run was made from."""
    done = lactflow.export(run, "crate", tmp_path / "x", authors=[AUTHOR, "A. N. Other"], license_url=LICENCE)
    entities = graph(done.path)
    root, action = entities["./"], entities["#run"]
    assert root["license"] == {"@id": LICENCE}
    assert root["author"] == [{"@id": "https://orcid.org/0000-0002-1825-0097"}, {"@id": "#author-2"}]
    assert entities["https://orcid.org/0000-0002-1825-0097"]["name"] == "Jane Roe"
    assert root["mentions"] == [{"@id": "#run"}]
    assert action["@type"] == "CreateAction"
    assert action["name"] == "run: lactflow run small"
    assert "seed: 1" in action["description"]
    assert [each["@id"].split("/", 1)[1] for each in action["object"]] == ["config.yaml", "log.csv"]
    assert action["result"] == [{"@id": f"{run.name}/"}]
    assert action["actionStatus"] == "http://schema.org/CompletedActionStatus"
    assert action["startTime"] <= action["endTime"]
    assert entities["#lactflow"]["version"] == lactflow.__version__
    assert {entities[each["@id"]]["name"] for each in entities["#lactflow"]["softwareRequirements"]} >= {
        "python",
        "simpy",
        "numpy",
    }
    papers = [entities[each["@id"]] for each in root["citation"]]
    assert len(papers) > 20
    assert all(paper["@type"] == "ScholarlyArticle" for paper in papers)
    # Whatever is referred to is described.
    referred = {each for entity in entities.values() for each in _references(entity)}
    assert referred - set(entities) == {"https://w3id.org/ro/crate/1.1"}


def _references(value):
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        else:
            for each in value.values():
                yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def test_a_crate_without_names_says_so(run, tmp_path):
    """Nobody is named who was not asked."""
    done = lactflow.export(run, "crate", tmp_path / "x")
    assert done.notes == ("the crate names no licence (--license)", "the crate names no author (--author)")
    entities = graph(done.path)
    assert entities["./"]["license"] == {"@id": "#no-licence"}
    assert "author" not in entities["./"]


def test_crates_open_in_rocrate(run, comparison, tmp_path):
    """Its reader finds files and the action, of a comparison too."""
    rocrate = pytest.importorskip("rocrate.rocrate")
    for number, folder in enumerate((run, comparison)):
        done = lactflow.export(folder, "crate", tmp_path / f"x{number}", authors=[AUTHOR], license_url=LICENCE)
        crate = rocrate.ROCrate(done.path)
        assert crate.root_dataset["license"].id == LICENCE
        assert crate.dereference("#run").type == "CreateAction"
        assert all((done.path / entity.id).exists() for entity in crate.data_entities)
    assert verify(done.path / comparison.name).problems == []


@pytest.fixture
def context_at_hand(monkeypatch):
    """The names of RO-Crate as `rocrate` carries them, or as a file has them: the validator needs no network."""
    requests = pytest.importorskip("requests")
    from importlib.resources import files

    own = os.environ.get("LACTFLOW_CRATE_CONTEXT")
    context = Path(own).read_bytes() if own else (files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()

    def send(adapter, request, **options):
        assert "w3id.org/ro/crate" in request.url, request.url
        answer = requests.Response()
        answer.status_code, answer._content, answer.request, answer.url = 200, context, request, request.url
        answer.headers["Content-Type"] = "application/ld+json"
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    jsonld = pytest.importorskip("rdflib.plugins.shared.jsonld.context")
    monkeypatch.setattr(jsonld, "source_to_json", lambda source, *rest, **options: (json.loads(context), None))


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("profile", ["ro-crate-1.1", "process-run-crate-0.5"])
def test_the_validator_accepts_crates(run, comparison, tmp_path, profile, request):
    """What RO-Crate 1.1 and the profile of process runs require, and a crate without a licence too."""
    services = pytest.importorskip("rocrate_validator.services", reason="roc-validator is not installed")
    from rocrate_validator.models import Severity

    request.getfixturevalue("context_at_hand")
    named = {"authors": [AUTHOR], "license_url": LICENCE}
    for number, (folder, options) in enumerate(((run, named), (comparison, named), (run, {}))):
        done = lactflow.export(folder, "crate", tmp_path / f"x{number}", **options)
        settings = services.ValidationSettings(
            rocrate_uri=str(done.path),
            profile_identifier=profile,
            requirement_severity=Severity.REQUIRED,
            no_cache=True,
        )
        issues = services.validate(settings).get_issues()
        assert not issues, [issue.message for issue in issues]
    metadata = done.path / "ro-crate-metadata.json"
    crate = json.loads(metadata.read_text(encoding="utf-8"))
    crate["@graph"] = [entity for entity in crate["@graph"] if entity["@id"] != "./"]
    metadata.write_text(json.dumps(crate), encoding="utf-8")
    assert services.validate(settings).has_issues()


def test_no_crate_of_what_is_damaged_or_being_written(run, tmp_path):
    """Whoever deposits it shall find what was simulated; links are no files of the run."""
    archive = Archive.create(tmp_path / "live", "live", "format: 1\n", {}, {})
    with pytest.raises(DirectoryInUseError, match="is still being written"):
        lactflow.export(archive.path, "crate", tmp_path / "x")
    archive.finish("failed")
    (run / "elsewhere").symlink_to("/etc")
    (run / ".hidden").write_text("x", encoding="utf-8")
    done = lactflow.export(run, "crate", tmp_path / "y")
    assert f"{run / 'elsewhere'} is no file, and is left out" in done.notes
    assert not (done.path / run.name / "elsewhere").exists()
    assert not (done.path / run.name / ".hidden").exists()
    (run / "config.yaml").write_text("format: 2\n", encoding="utf-8")
    with pytest.raises(DamagedRunError, match="is not what was written"):
        lactflow.export(run, "crate", tmp_path / "z")
    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "z").exists()


def test_names_of_authors():
    """An ORCID iD behind a name, as an address or not."""
    for author in (
        "Jane Roe 0000-0002-1825-009X",
        "Jane Roe <https://orcid.org/0000-0002-1825-009X>",
        "Jane Roe (0000-0002-1825-009X)",
    ):
        assert crate_module._person(author, 1) == {
            "@id": "https://orcid.org/0000-0002-1825-009X",
            "@type": "Person",
            "name": "Jane Roe",
        }
    assert crate_module._person("Jane Roe", 2)["@id"] == "#author-2"


def test_papers_that_cannot_be_found_are_a_note(run, tmp_path):
    """The package of an addition may be gone; the crate is made."""
    reseal(run, plugins=[{"group": "signals", "name": "caffeine", "package": "our-lab", "version": "1"}])
    done = lactflow.export(run, "crate", tmp_path / "x")
    assert done.notes[0].startswith("the papers behind the numbers are not in the crate: ")
    assert "our-lab" in done.notes[0]
