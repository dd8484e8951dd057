"""`lactflow cite`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lactflow import __version__

if TYPE_CHECKING:
    from lactflow.analysis.citations import Reference


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
    from lactflow.analysis.citations import references, software, version_of
    from lactflow.analysis.run import open_run
    from lactflow.sources import ASSUMED, DERIVED

    if as_bibtex and as_json:
        raise click.UsageError("--bibtex and --json exclude each other")
    run = open_run(directory)
    found = references(run)
    papers = [reference for reference in found if reference.source.is_paper]
    counts = {reference.source: len(reference.quantities) for reference in found}
    assumed, derived = counts.get(ASSUMED, 0), counts.get(DERIVED, 0)
    version = version_of(run.manifest, __version__)
    if as_bibtex:
        click.echo("\n\n".join([*(paper.source.bibtex for paper in papers), _software_bibtex(version)]))
        return
    if as_json:
        told = {
            "references": [_as_object(paper) for paper in papers],
            "assumed": assumed,
            "derived": derived,
            "software": software(version),
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
    click.echo(f"lactflow itself: {software(version)}")


def _lines(papers: list[Reference]) -> list[str]:
    key_width = max((len(paper.source.key) for paper in papers), default=0)
    count_width = max((len(str(len(paper.quantities))) for paper in papers), default=0)
    return [
        f"{paper.source.key:<{key_width}}  {len(paper.quantities):>{count_width}}  {paper.text}" for paper in papers
    ]


def _as_object(paper: Reference) -> dict[str, Any]:
    source = paper.source
    return {
        "key": source.key,
        "text": source.text,
        "doi": source.doi,
        "pmid": source.pmid,
        "quantities": paper.quantities,
    }


def _software_bibtex(version: str) -> str:
    from lactflow.analysis.citations import AUTHORS, TITLE
    from lactflow.sources.reference import bibtex_entry, bibtex_text

    fields = {"author": f"{{{AUTHORS}}}", "title": f"{{{TITLE}}}", "version": bibtex_text(version)}
    return bibtex_entry("software", "lactflow", fields)
