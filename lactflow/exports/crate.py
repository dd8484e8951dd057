"""
An RO-Crate: a folder of lactflow as it is, and `ro-crate-metadata.json`, which says who made it, of what, with what.

The copy is whole: `lactflow verify` and `lactflow.open_run` take it. Every file stands in the metadata with its hash.

References
----------
RO-Crate Metadata Specification 1.1, https://w3id.org/ro/crate/1.1
Process Run Crate 0.5, https://w3id.org/ro/wfrun/process/0.5
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import time
from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shlex import join
from typing import Any, NamedTuple
from urllib.parse import quote

from lactflow.analysis.citations import AUTHORS, TITLE, Reference, version_of
from lactflow.errors import ConfigError
from lactflow.recording.files import one_line_errors
from lactflow.records import TABLES
from lactflow.systems import NO_LINKS, open_file
from lactflow.version import __version__

METADATA = "ro-crate-metadata.json"
_CRATE = "https://w3id.org/ro/crate/1.1"
_PROCESS = "https://w3id.org/ro/wfrun/process/0.5"
_CONTEXT = [f"{_CRATE}/context", {"sha256": "http://schema.org/sha256"}]
"""Names of the crate; 1.1 has none for hashes yet."""
_PYTHON = "https://www.python.org/"
_MIT = "https://spdx.org/licenses/MIT"
_LICENCE_URL = re.compile(r"https?://[^\s<>\"]{3,300}")
_ORCID = re.compile(r"[\s<(,]*(?:https://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])[>)\s]*$")
_FORMATS = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".yaml": "application/yaml",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".html": "text/html",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
_ABOUT = {
    "manifest.json": "What was run, with what, how it ended, with hashes of the files beside it",
    "config.yaml": "The resolved config: `lactflow run` on it repeats the run",
}
_CHUNK_BYTES = 1 << 20

Entity = dict[str, Any]


class Named(NamedTuple):
    """
    What only the person who exports can state.

    Attributes
    ----------
    authors
        Names, each with an ORCID iD behind it where there is one.
    license_url
        Licence of the data; None where none is given.
    """

    authors: Sequence[str] = ()
    license_url: str | None = None

    def check(self) -> None:
        """
        Check both before anything is written.

        Raises
        ------
        ConfigError
            If an author has no name, or the licence is no address.
        """
        if self.license_url is not None and not _LICENCE_URL.fullmatch(self.license_url):
            raise ConfigError("--license takes the address of a licence (https://creativecommons.org/licenses/by/4.0/)")
        for author in self.authors:
            if not _ORCID.sub("", author).strip() or not author.isprintable():
                raise ConfigError("--author takes a name, and an ORCID iD behind it (Jane Roe 0000-0002-1825-0097)")


def write_crate(
    directory: Path, folder: Path, *, kind: str, manifest: Mapping[str, Any], papers: Iterable[Reference], named: Named
) -> list[str]:
    """
    Copy a folder into a crate and describe it.

    Parameters
    ----------
    directory
        What is exported.
    folder
        Where the copy and the metadata go.
    kind, manifest
        What it holds, and its manifest.
    papers
        The references of its numbers.
    named
        Authors and licence.

    Returns
    -------
    Names of what was left out, as it is no file: links, sockets.
    """
    left_out: list[str] = []
    inside = _copied(directory, folder / directory.name, f"{quote(directory.name)}/", left_out)
    inside[0].update(name=directory.name, description=f"The {kind} as lactflow wrote it; `lactflow verify` checks it")
    people = [_person(author, number) for number, author in enumerate(named.authors, 1)]
    cited = [_article(paper) for paper in papers if paper.source.is_paper]
    licence = _licence(named.license_url)
    programs = _programs(manifest)
    action = _action(kind, manifest, inside, people, programs[0])
    whole = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{directory.name}: a {kind} of lactflow",
        "description": f"A simulation of milk secretion, made by lactflow {programs[0]['version']}",
        "datePublished": time.strftime("%Y-%m-%d", time.gmtime()),
        "license": _to(licence),
        "conformsTo": {"@id": _PROCESS},
        "hasPart": [_to(inside[0])],
        "mentions": [_to(action)],
        **({"author": [_to(person) for person in people]} if people else {}),
        **({"citation": [_to(article) for article in cited]} if cited else {}),
    }
    entities = [*_about_crate(), whole, action, *programs, licence, _mit(), *people, *cited, *inside]
    text = json.dumps({"@context": _CONTEXT, "@graph": _once(entities)}, indent=1)
    with one_line_errors("write", folder / METADATA):
        (folder / METADATA).write_text(text + "\n", encoding="utf-8", newline="\n")
    return left_out


def _about_crate() -> list[Entity]:
    """What every crate has: the descriptor, the profile that it follows, and who makes lactflow."""
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _CRATE},
        "about": {"@id": "./"},
    }
    profile = {"@id": _PROCESS, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    maker = {"@id": "#developers", "@type": "Organization", "name": AUTHORS}
    return [descriptor, profile, maker]


def _copied(source: Path, target: Path, at: str, left_out: list[str]) -> list[Entity]:
    """Copy a folder and what is in it, without hidden files; its entity, then those of what is in it."""
    found: Entity = {"@id": at, "@type": "Dataset", "name": source.name, "hasPart": []}
    kind = TABLES.get(source.name)
    if kind is not None:
        found["description"] = f"Table {source.name}: {' '.join((kind.__doc__ or '').split())}"
    entities = [found]
    with one_line_errors("copy", source):
        target.mkdir(parents=True)
        names = sorted(path.name for path in source.iterdir() if not path.name.startswith("."))
    for name in names:
        path, below = source / name, f"{at}{quote(name)}"
        with one_line_errors("read", path):
            mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            entities += _copied(path, target / name, f"{below}/", left_out)
            found["hasPart"].append({"@id": f"{below}/"})
        elif stat.S_ISREG(mode):
            entities.append(_copied_file(path, target / name, below))
            found["hasPart"].append({"@id": below})
        else:
            left_out.append(str(path))
    return entities


def _copied_file(source: Path, target: Path, at: str) -> Entity:
    digest, size = hashlib.sha256(), 0
    with one_line_errors("copy", source):
        descriptor = open_file(source, os.O_RDONLY | NO_LINKS)
        with open(descriptor, "rb") as reading, target.open("xb") as writing:  # noqa: PTH123 - a link is not followed
            while chunk := reading.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                writing.write(chunk)
    known = _FORMATS.get(source.suffix)
    return {
        "@id": at,
        "@type": "File",
        "name": source.name,
        **({"description": _ABOUT[source.name]} if source.name in _ABOUT else {}),
        **({"encodingFormat": known} if known else {}),
        "contentSize": str(size),
        "sha256": digest.hexdigest(),
    }


def _action(
    kind: str, manifest: Mapping[str, Any], inside: Sequence[Entity], people: Sequence[Entity], program: Entity
) -> Entity:
    """The command as what made the folder."""
    words = manifest.get("command")
    command = join(map(str, words)) if isinstance(words, list) else str(words)
    started, status = str(manifest.get("created_utc") or ""), str(manifest.get("status"))
    made = "CompletedActionStatus" if status == "complete" else "FailedActionStatus"
    inputs = [each for each in inside if each["name"] == "config.yaml" or str(each["@id"]).endswith(".csv")]
    error = manifest.get("error")
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"{kind}: {command}",
        "description": f"Command: {command}; seed: {manifest.get('seed')}; build: {manifest.get('build')}; platform: "
        f"{manifest.get('platform')}; status: {status}",
        "instrument": _to(program),
        "object": [_to(each) for each in inputs],
        "result": [_to(inside[0])],
        "actionStatus": f"http://schema.org/{made}",
        **_times(started, manifest.get("wall_s")),
        **({"error": str(error)} if error else {}),
        **({"agent": [_to(person) for person in people]} if people else {}),
    }


def _times(started: str, wall_s: object) -> Entity:
    """When it began and, where the manifest states how long it took, when it was over; in the form of the profile."""
    try:
        began_s = timegm(time.strptime(started, "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return {}
    seconds = {"startTime": began_s, **({"endTime": began_s + wall_s} if isinstance(wall_s, int | float) else {})}
    return {name: time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(each_s)) for name, each_s in seconds.items()}


def _programs(manifest: Mapping[str, Any]) -> list[Entity]:
    """The software, lactflow first, each in the version that ran."""
    versions = manifest.get("versions")
    others = {str(name): str(version) for name, version in versions.items()} if isinstance(versions, dict) else {}
    own = others.pop("lactflow", version_of(manifest, __version__))
    needed = [
        {"@id": at, "@type": "SoftwareApplication", "name": name, "version": version, "url": at}
        for name, version in others.items()
        for at in [_PYTHON if name == "python" else f"https://pypi.org/project/{quote(name)}/{quote(version)}/"]
    ]
    lactflow = {
        "@id": "#lactflow",
        "@type": "SoftwareApplication",
        "name": "lactflow",
        "description": TITLE,
        "version": own,
        "author": {"@id": "#developers"},
        "license": {"@id": _MIT},
        "softwareRequirements": [_to(each) for each in needed],
    }
    return [lactflow, *needed]


def _person(author: str, number: int) -> Entity:
    orcid = _ORCID.search(author)
    at = f"https://orcid.org/{orcid[1]}" if orcid else f"#author-{number}"
    return {"@id": at, "@type": "Person", "name": _ORCID.sub("", author).strip()}


def _article(paper: Reference) -> Entity:
    source = paper.source
    return {
        "@id": f"https://doi.org/{quote(source.doi, safe='/')}" if source.doi else f"#{quote(source.key)}",
        "@type": "ScholarlyArticle",
        "name": source.title or source.text,
        "description": f"{source.text}; {len(paper.quantities)} quantities of the config rest on it",
        "datePublished": str(source.year),
    }


def _licence(license_url: str | None) -> Entity:
    if license_url is None:
        return {
            "@id": "#no-licence",
            "@type": "CreativeWork",
            "name": "No licence given",
            "description": "Whoever exported these data has named no licence for them (lactflow export --license)",
        }
    return {"@id": license_url, "@type": "CreativeWork", "name": license_url, "description": "Licence of these data"}


def _mit() -> Entity:
    return {"@id": _MIT, "@type": "CreativeWork", "name": "MIT License", "description": "Licence of lactflow"}


def _to(entity: Entity) -> Entity:
    return {"@id": entity["@id"]}


def _once(entities: Iterable[Entity]) -> list[Entity]:
    """Each identifier once (the data may have the licence of lactflow), in the form that the specification wants."""
    found: dict[str, Entity] = {}
    for entity in entities:
        found.setdefault(str(entity["@id"]), {name: _single(value) for name, value in entity.items()})
    return list(found.values())


def _single(value: Any) -> Any:
    """A list of one as that one, as the specification requires."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
