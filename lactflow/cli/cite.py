"""`lactflow cite`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lactflow import __version__
from lactflow.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lactflow.analysis.run import Run
    from lactflow.parameters.declaration import DeclaredQuantity
    from lactflow.sources import Source

_AUTHORS = "The lactflow developers"
_TITLE = "lactflow: an event-driven simulator of milk secretion"


class _Reference(NamedTuple):
    """A source, and the keys of the quantities that rest on it."""

    source: Source
    quantities: list[str]


@click.command("cite")
@click.argument("directory", metavar="DIR")
@click.option("--bibtex", "as_bibtex", is_flag=True, help="BibTeX entries, nothing else.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(*, directory: str, as_bibtex: bool, as_json: bool) -> None:
    """The references of what a run used: the papers behind its numbers, and lactflow itself.

    One line for each paper: its key, how many quantities of the run's config rest on it, where it was published.

    \b
    Examples:
      lactflow cite "$(ls -d outputs/every-three-hours-* | tail -n 1)"
      lactflow cite "$(ls -d outputs/every-three-hours-* | tail -n 1)" --bibtex
    """  # noqa: D301 - \b is click's mark
    from lactflow.analysis.run import open_run
    from lactflow.sources import ASSUMED, DERIVED

    if as_bibtex and as_json:
        raise click.UsageError("--bibtex and --json exclude each other")
    run = open_run(directory)
    references = _references(_quantities(run))
    papers = [reference for reference in references if reference.source.is_paper]
    counts = {reference.source: len(reference.quantities) for reference in references}
    assumed, derived = counts.get(ASSUMED, 0), counts.get(DERIVED, 0)
    version = _version(run)
    if as_bibtex:
        click.echo("\n\n".join([*(paper.source.bibtex for paper in papers), _software_bibtex(version)]))
        return
    if as_json:
        told = {
            "references": [_as_object(paper) for paper in papers],
            "assumed": assumed,
            "derived": derived,
            "software": _software(version),
        }
        click.echo(json.dumps(told, indent=2))
        return
    for line in _lines(papers):
        click.echo(line)
    click.echo(
        f"\n{sum(counts.values())} quantities: {sum(len(paper.quantities) for paper in papers)} rest on "
        f"{len(papers)} papers, {assumed} are assumptions, {derived} derived from others "
        "(`lactflow parameters` tells which and why)"
    )
    click.echo(f"lactflow itself: {_software(version)}")


def _quantities(run: Run) -> Iterable[DeclaredQuantity]:
    """Declared quantities of the config that was played."""
    from lactflow.config.scenario import load_scenario
    from lactflow.parameters.declaration import declared_quantities
    from lactflow.recording.manifest import CONFIG

    config = run.path / CONFIG
    if not config.is_file():
        raise ArchiveError(f"{config} is missing")
    return declared_quantities(load_scenario(config).config)


def _references(quantities: Iterable[DeclaredQuantity]) -> list[_Reference]:
    """One for each source, by its key."""
    found: dict[str, _Reference] = {}
    for item in quantities:
        source = item.declaration.source
        found.setdefault(source.key, _Reference(source, [])).quantities.append(item.key)
    return sorted(found.values(), key=lambda reference: reference.source.key.casefold())


def _lines(papers: list[_Reference]) -> list[str]:
    key_width = max((len(paper.source.key) for paper in papers), default=0)
    count_width = max((len(str(len(paper.quantities))) for paper in papers), default=0)
    return [
        f"{paper.source.key:<{key_width}}  {len(paper.quantities):>{count_width}}  {_with_doi(paper.source)}"
        for paper in papers
    ]


def _with_doi(source: Source) -> str:
    return f"{source.text}, doi:{source.doi}" if source.doi else source.text


def _as_object(paper: _Reference) -> dict[str, Any]:
    source = paper.source
    return {
        "key": source.key,
        "text": source.text,
        "doi": source.doi,
        "pmid": source.pmid,
        "quantities": paper.quantities,
    }


def _version(run: Run) -> str:
    """The version that played the run; this one where the manifest does not tell."""
    versions = run.manifest.get("versions")
    told = versions.get("lactflow") if isinstance(versions, dict) else None
    return told if isinstance(told, str) else __version__


def _software(version: str) -> str:
    return f"{_AUTHORS}. {_TITLE}, version {version}"


def _software_bibtex(version: str) -> str:
    from lactflow.sources.reference import bibtex_entry, bibtex_text

    fields = {"author": f"{{{_AUTHORS}}}", "title": f"{{{_TITLE}}}", "version": bibtex_text(version)}
    return bibtex_entry("software", "lactflow", fields)
