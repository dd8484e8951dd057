"""`lactflow cite`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lactflow.cli.completion import complete_folders
from lactflow.cli.tables import Printed, echo, page_width, sentences, table
from lactflow.version import RELEASED, __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from lactflow.analysis.citations import Reference
    from lactflow.analysis.drug_citations import DrugReference
    from lactflow.diagnosis.citations import MechanismReference

_NARROW = 70
"""Terminals of fewer characters have the text of a paper below its key."""


class _Used(NamedTuple):
    """What a folder rests on."""

    manifest: Mapping[str, Any]
    papers: list[Reference]
    measured: list[str]
    """Sources of the measurements that its runs were compared with."""
    drugs: list[DrugReference]
    """Sources of the files of the drugs that were taken."""
    mechanisms: Sequence[MechanismReference] = ()
    """Sources of the spreads of mechanisms that a diagnosis has compared."""


@click.command("cite")
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@click.option("--all", "every", is_flag=True, help="Every paper behind a number of the config.")
@click.option("--bibtex", "as_bibtex", is_flag=True, help="BibTeX entries, nothing else.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(*, directory: str, every: bool, as_bibtex: bool, as_json: bool) -> None:
    """The references of a result: lactflow, and the papers behind the numbers that decide it.

    One line for each paper: its key, how many such numbers rest on it, where it was published. Numbers decide that a
    config has and the reference mother has not, or has with another value; and those that decide what lactflow makes of
    published measurements (lactflow validate). All other papers behind a config come with --all.

    Of a comparison or a fit: what any of its runs used; of a sweep: what any of its points used, and the hash of its
    plan; of a validation: the reference mother, and the measurements that she was compared with; of a calibration the
    sources of its targets too; of a diagnosis: its virtual mothers and their mechanisms, kinds of facts, instruments.

    \b
    Examples:
      lactflow cite "$(ls -d outputs/every-three-hours-* | tail -n 1)"
      lactflow cite "$(ls -d outputs/every-three-hours-* | tail -n 1)" --all --bibtex
    """  # noqa: D301 - \b is click's mark
    from pathlib import Path

    from lactflow.analysis.citations import deciding, software, version_of
    from lactflow.sources import ASSUMED, DERIVED
    from lactflow.validation.tested import deciding_keys

    if as_bibtex and as_json:
        raise click.UsageError("--bibtex and --json exclude each other")
    manifest, found, measured, drugs, mechanisms = _used(Path(directory))
    behind = [reference for reference in found if reference.source.is_paper]
    swept = _of_sweep(Path(directory), manifest)
    varied = {each["key"] for each in manifest[manifest["kind"]]["keys"]} if swept else set()
    papers = behind if every else deciding(behind, deciding_keys() | varied)
    counts = {reference.source: len(reference.quantities) for reference in found}
    assumed, derived = counts.get(ASSUMED, 0), counts.get(DERIVED, 0)
    version = version_of(manifest, __version__)
    if as_bibtex:
        entries = [*(paper.source.bibtex for paper in papers), *_texts_bibtex(measured, drugs, mechanisms)]
        click.echo("\n\n".join([*entries, _software_bibtex(version)]))
        return
    if as_json:
        shown = {
            "references": [_as_object(paper) for paper in papers],
            "left_out": len(behind) - len(papers),
            "assumed": assumed,
            "derived": derived,
            "software": software(version),
            **({"measurements": measured} if measured else {}),
            **({"drugs": [each._asdict() for each in drugs]} if drugs else {}),
            **({"mechanisms": [each._asdict() for each in mechanisms]} if mechanisms else {}),
            **({"results": swept} if swept else {}),
        }
        click.echo(json.dumps(shown, indent=2))
        return
    width = page_width()
    echo(_lines(papers, width))
    lines = [
        *_counted(behind, papers, assumed, derived),
        *(f"compared with: {text}" for text in measured),
        *(each.line for each in drugs),
        *(each.line for each in mechanisms),
        *([_about_sweep(swept)] if swept else []),
        f"lactflow itself: {software(version)}",
    ]
    echo(["", *sentences(lines, width=width)])


def _about_sweep(swept: Mapping[str, Any]) -> str:
    """What the results of a sweep are, with the hash of its plan."""
    from lactflow.config.text import counted

    size = f"{counted(swept['points'], 'point')}, {counted(swept['units'], 'unit')}, model {swept['model']}"
    hashes = f"SHA-256 of its plan: {swept['plan_sha256']}, of its config: {swept['config_sha256']}"
    return f"these results: {swept['folder']}, {size}; {hashes}"


def _counted(behind: list[Reference], shown: list[Reference], assumed: int, derived: int) -> Iterator[str]:
    """How many quantities rest on what, and which papers are listed."""
    from lactflow.config.text import counted

    resting = sum(len(paper.quantities) for paper in behind)
    yield (
        f"{counted(resting + assumed + derived, 'quantity', 'quantities')}: {counted(resting, 'rests', 'rest')} on "
        f"{counted(len(behind), 'paper')}, {counted(assumed, 'is an assumption', 'are assumptions')}, {derived} "
        "derived from others (`lactflow parameters` shows which and why)"
    )
    if len(shown) < len(behind):
        of = counted(sum(len(paper.quantities) for paper in shown), "quantity", "quantities")
        yield (
            f"listed: {counted(len(shown), 'paper')} behind {of} that this config brings in or that decide what "
            "lactflow makes of published measurements; --all lists every paper"
        )


def _used(directory: Path) -> _Used:
    """Manifest of a folder of any kind, what its runs rest on, and the measurements that they were compared with."""
    from lactflow.analysis.citations import references_of, references_of_reference_mother
    from lactflow.analysis.drug_citations import drug_references
    from lactflow.analysis.run import open_run
    from lactflow.errors import ArchiveError
    from lactflow.recording.folder import (
        RESULTS,
        RUN,
        VALIDATION,
        kind_of,
        parts_within,
        read_folder,
        runs_within,
        table_of,
    )

    kind = kind_of(directory)
    if kind == RUN:
        run = open_run(directory)
        return _Used(run.manifest, references_of([run]), [], drug_references(_configs([directory])))
    if kind == "sweep":
        from lactflow.experiments.sweep.citations import references_of_sweep
        from lactflow.experiments.sweep.results import open_sweep

        sweep = open_sweep(directory)
        found = references_of_sweep(sweep.plan)
        return _Used(sweep.manifest, found, [], drug_references(sweep.plan.base_configs()))
    if kind == "calibration":
        return _used_by_calibration(directory)
    if kind == "diagnosis":
        return _used_by_diagnosis(directory)
    manifest, status = read_folder(directory, kind)
    if kind == VALIDATION:
        sources = table_of(directory, manifest, RESULTS)["source"].dropna() if status == "complete" else ()
        return _Used(manifest, references_of_reference_mother(), sorted(set(map(str, sources)) - {""}), [])
    folders = [directory, *parts_within(directory, manifest)]
    paths = [path for folder in folders for path in runs_within(folder)]
    runs = [open_run(path) for path in paths]
    if not runs:
        raise ArchiveError(f"{directory} is a {kind} without runs: there is nothing to cite")
    return _Used(manifest, references_of(runs), [], drug_references(_configs(paths)))


def _configs(runs: list[Path]) -> list[BaseModel]:
    """Configs of run directories, which have been checked before."""
    from lactflow.config.scenario import load_scenario
    from lactflow.recording.manifest import CONFIG

    return [load_scenario(path / CONFIG).config for path in runs]


def _used_by_calibration(directory: Path) -> _Used:
    """The same of a calibration: what its config rests on, and the sources of its targets."""
    from lactflow.analysis.citations import references_of_configs
    from lactflow.analysis.drug_citations import drug_references
    from lactflow.calibration.result import open_calibration
    from lactflow.config.scenario import load_scenario
    from lactflow.recording.kept import read_kept
    from lactflow.recording.manifest import CONFIG

    calibration = open_calibration(directory)
    read_kept(directory, calibration.manifest, CONFIG)  # it is what was written
    config = load_scenario(directory / CONFIG).config
    sources = calibration.targets["source"].dropna() if calibration.status == "complete" else ()
    measured = sorted(set(map(str, sources)) - {""})
    return _Used(calibration.manifest, references_of_configs([config]), measured, drug_references([config]))


def _used_by_diagnosis(directory: Path) -> _Used:
    """The same of a diagnosis: its virtual mothers, what was observed and how, and the spreads of its mechanisms."""
    from lactflow.analysis.drug_citations import drug_references
    from lactflow.diagnosis.citations import cited
    from lactflow.diagnosis.diagnosis import open_diagnosis

    diagnosis = open_diagnosis(directory)
    found = cited(diagnosis)
    return _Used(diagnosis.manifest, found.papers, [], drug_references(found.configs), found.mechanisms)


def _of_sweep(directory: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What names the results of a sweep, beside the software; nothing for other folders."""
    from lactflow.experiments.sweep.plan import PLAN, SWEEP
    from lactflow.recording.manifest import CONFIG

    if manifest.get("kind") != SWEEP:
        return {}
    about, files = manifest[SWEEP], manifest["files"]
    return {
        "folder": directory.resolve().name,
        **{name: about[name] for name in ("points", "units", "model")},
        "plan_sha256": files[PLAN],
        "config_sha256": files[CONFIG],
    }


def _lines(papers: list[Reference], width: int | None) -> list[str]:
    """A line for each paper; on a narrow terminal, its text below its key."""
    if width is not None and width < _NARROW:
        return [line for paper in papers for line in _below_its_key(paper, width)]
    keys = Printed("", [paper.source.key for paper in papers], whole=True)
    counts = Printed("", [str(len(paper.quantities)) for paper in papers], number=True)
    return table([keys, counts, Printed("", [paper.text for paper in papers])], width=width) if papers else []


def _below_its_key(paper: Reference, width: int) -> list[str]:
    wrapped = sentences([paper.text], width=width - 2)
    return [f"{paper.source.key}  {len(paper.quantities)}", *(f"  {line}" for line in wrapped)]


def _as_object(paper: Reference) -> dict[str, Any]:
    source = paper.source
    return {
        "key": source.key,
        "text": source.text,
        "doi": source.doi,
        "pmid": source.pmid,
        "quantities": paper.quantities,
    }


def _texts_bibtex(
    measured: list[str], drugs: list[DrugReference], mechanisms: Sequence[MechanismReference]
) -> list[str]:
    """Entries of what no more is known of than its text: measurements, and sources of files of drugs and mechanisms."""
    from lactflow.sources.reference import bibtex_entry, bibtex_text

    texts = {
        **{f"measurement-{number}": text for number, text in enumerate(measured, 1)},
        **{f"drug-{number}": each.text for number, each in enumerate(drugs, 1)},
        **{
            f"mechanism-{number}": text
            for number, text in enumerate(dict.fromkeys(each.text for each in mechanisms), 1)
        },
    }
    return [bibtex_entry("misc", key, {"note": bibtex_text(text)}) for key, text in texts.items()]


def _software_bibtex(version: str) -> str:
    from lactflow.analysis.citations import AUTHORS, TITLE
    from lactflow.sources.reference import bibtex_entry, bibtex_text

    # Of another version it is not known here when it was released.
    year = {"year": RELEASED[:4]} if version == __version__ else {}
    fields = {"author": f"{{{AUTHORS}}}", "title": f"{{{TITLE}}}", **year, "version": bibtex_text(version)}
    return bibtex_entry("software", "lactflow", fields)
