"""Exports: one folder for other programs, made from a run or from a result folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from lactflow.config.text import counted
from lactflow.errors import ConfigError, DamagedRunError, DirectoryInUseError, LactflowError
from lactflow.exports.crate import METADATA, Named, write_crate
from lactflow.exports.datapackage import Packaged, write_descriptor
from lactflow.exports.tables import Source, of_folder, of_run
from lactflow.exports.target import new_folder
from lactflow.exports.trace import TRACE, window_of, write_trace
from lactflow.exports.written import write_columns, write_csv, write_parquet
from lactflow.recording.folder import RUN, kind_of, read_folder, runs_within
from lactflow.recording.reader import StoredRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lactflow.analysis.citations import Reference

Form = Literal["csv", "parquet", "trace", "crate", "datapackage"]
FORMS: tuple[Form, ...] = get_args(Form)
SWEEP = "sweep"
"""A kind of folder."""
DIAGNOSIS = "diagnosis"
"""Another one, whose virtual mothers have a config of their own."""
_VIRTUAL_MOTHERS = "virtual-mothers.yaml"
MANY_EVENTS = 5_000_000
"""Events of a trace that a browser has trouble with: about half a gigabyte."""


@dataclass(frozen=True)
class Export:
    """
    What an export has written.

    Attributes
    ----------
    path
        The folder.
    to
        Its form.
    files
        Names of the files in it, the one to begin with first; of a crate, its metadata.
    notes
        What its users must know, one line each.
    """

    path: Path
    to: str
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Request:
    """The request: the form, where it goes, and the options of the forms."""

    to: str
    out: Path | None
    name: str
    tables: Sequence[str]
    form: str
    unit: tuple[int, int] | None
    days: tuple[int | None, int | None]
    named: Named


def export(
    path: str | Path,
    to: Form,
    out: str | Path | None = None,
    *,
    tables: Sequence[str] = (),
    table_format: Literal["csv", "parquet"] = "csv",
    unit: tuple[int, int] | None = None,
    from_day: int | None = None,
    to_day: int | None = None,
    authors: Sequence[str] = (),
    license_url: str | None = None,
) -> Export:
    """
    Export a folder: what `lactflow export` does.

    Parameters
    ----------
    path
        Folder of a run, a comparison, a fit, a validation, a sweep or a diagnosis.
    to
        `csv` or `parquet` (a file for each table), `datapackage` (the same with a Frictionless descriptor), `crate`
        (all of it, with RO-Crate metadata), `trace` (visits of a run for Perfetto).
    out
        Folder to make, which must not exist; `exports/<name of the folder>-<form>` when None.
    tables
        Names of the tables to export; all when empty.
    table_format
        Files of a `datapackage`.
    unit
        Mother and replicate of a `trace`; the first when None.
    from_day, to_day
        First and last day of a `trace`; those of the run when None.
    authors
        Who made the data, for a `crate`: names, with an ORCID iD behind each that has one.
    license_url
        Address of the licence of the data, for a `crate` or a `datapackage`.

    Returns
    -------
    Where it is, and what is in it.

    Raises
    ------
    ConfigError
        If something does not go with the form, a table is not there, or `out` is there already; nothing is written
        then.
    DamagedRunError
        If the folder is not what was written.
    DirectoryInUseError
        If a folder that is still being written is to become a crate.
    ArchiveError
        If it cannot be read, or the disk refuses.
    """
    directory, target = Path(path), None if out is None else Path(out)
    if to not in FORMS:
        raise ConfigError(f"there is no export to {to!r} (allowed: {', '.join(FORMS)})")
    named = Named(authors, license_url)
    named.check()
    if target is not None and target.resolve().is_relative_to(directory.resolve()):
        raise ConfigError(f"{target} is in the folder that is exported; choose another -o")
    kind, name = kind_of(directory), f"{directory.resolve().name}-{to}"
    request = _Request(to, target, name, tables, table_format, unit, (from_day, to_day), named)
    forms = {"trace": _trace, "crate": _crate}
    return forms.get(to, _tables)(directory, kind, request)


def _tables(directory: Path, kind: str, request: _Request) -> Export:
    manifest, sources, notes = _sources(directory, kind)
    if request.tables:
        known = {source.name: source for source in sources}
        unknown = [table for table in request.tables if table not in known]
        if unknown:
            raise ConfigError(f"{directory} has no table {unknown[0]!r} (tables: {', '.join(known)})")
        sources = [known[table] for table in dict.fromkeys(request.tables)]
    form = request.form if request.to == "datapackage" else request.to
    write = write_csv if form == "csv" else write_parquet
    with new_folder(request.out, request.name) as folder:
        files = {write(source, folder.building): source for source in sources}
        names = list(files)
        if request.to == "datapackage":
            about = Packaged(directory.resolve().name, kind, request.named.license_url)
            names.insert(0, write_descriptor(folder.building, files, manifest, about))
        elif request.to == "csv":
            names.append(write_columns(sources, folder.building))
    return Export(folder.path, request.to, tuple(names), notes)


def _sources(directory: Path, kind: str) -> tuple[dict[str, Any], list[Source], tuple[str, ...]]:
    """Manifest, tables, and the notes on them."""
    if kind == RUN:
        run = StoredRun(directory)
        notes = () if run.status == "complete" else (f"the run is {run.status}: this is what was recorded until then",)
        return run.manifest, of_run(run), notes
    manifest, status = read_folder(directory, kind)
    if kind == SWEEP:
        from lactflow.exports.swept import of_sweep

        return manifest, *of_sweep(directory)
    sources = of_folder(directory, manifest)
    if not sources:
        raise ConfigError(f"{directory} has no tables: it is a {kind} whose status is {status}")
    inside = len(runs_within(directory))
    notes = (f"tables of its {counted(inside, 'run')} are exported from {directory / 'runs'}",) if inside else ()
    return manifest, sources, (*_stated(kind, manifest), *notes)


def _stated(kind: str, manifest: dict[str, Any]) -> list[str]:
    """What a diagnosis says of itself, which its readers must know."""
    note = manifest.get("note")
    return [note] if kind == DIAGNOSIS and isinstance(note, str) else []


def _trace(directory: Path, kind: str, request: _Request) -> Export:
    if kind == SWEEP:
        raise ConfigError(f"{directory} is a sweep, which has no stations' visits to trace (`lactflow run` one point)")
    if kind != RUN:
        raise ConfigError(f"{directory} is a {kind}; a trace is made of a run")
    run = StoredRun(directory)
    units = sorted(run.spans_min)
    if not units:
        raise ConfigError(f"{directory} has no rows: there is nothing to trace")
    unit = request.unit or units[0]
    window = window_of(run, unit, *request.days)
    with new_folder(request.out, request.name) as folder:
        events = write_trace(run, unit, window, folder.building)
    notes = []
    if len(units) > 1:
        notes.append(
            f"the trace has mother {unit[0]}, replicate {unit[1]}: one of {len(units)} (--mother, --replicate)"
        )
    if events > MANY_EVENTS:
        notes.append(f"{events:,} events are more than a browser shows at ease (--from-day, --to-day)")
    if not any(True for _ in run.only(*unit).read_in_parts("visits", ["packet"])):
        notes.append("the run has no visits (it was made with --no-visits): the trace has no stations")
    return Export(folder.path, "trace", (TRACE,), tuple(notes))


def _crate(directory: Path, kind: str, request: _Request) -> Export:
    from lactflow.experiments.verify import verify

    status, problems = verify(directory)
    if problems:
        raise DamagedRunError(f"{directory} is not what was written, and no crate is made of it: {problems[0]}")
    if status == "running":
        raise DirectoryInUseError(f"{directory} is still being written; a crate is made when it has ended")
    manifest = StoredRun(directory).manifest if kind == RUN else read_folder(directory, kind)[0]
    papers, notes = _papers(directory, kind)
    with new_folder(request.out, request.name) as folder:
        stated = {**manifest, "status": status}
        left_out = write_crate(
            directory.resolve(), folder.building, kind=kind, manifest=stated, papers=papers, named=request.named
        )
    notes += _stated(kind, manifest)
    notes += [f"{each} is no file, and is left out" for each in left_out]
    if request.named.license_url is None:
        notes.append("the crate names no licence (--license)")
    if not request.named.authors:
        notes.append("the crate names no author (--author)")
    return Export(folder.path, "crate", (METADATA,), tuple(notes))


def _papers(directory: Path, kind: str) -> tuple[list[Reference], list[str]]:
    """The references of what a folder used; a note where they cannot be found."""
    from lactflow.analysis.citations import references_of, references_of_configs, references_of_reference_mother
    from lactflow.config.scenario import load_scenario

    try:
        if kind == DIAGNOSIS:
            return references_of_configs([load_scenario(directory / _VIRTUAL_MOTHERS).config]), []
        if kind == "validation":
            return references_of_reference_mother(), []
        if kind == SWEEP:
            from lactflow.experiments.sweep.citations import references_of_sweep
            from lactflow.experiments.sweep.results import open_sweep

            return references_of_sweep(open_sweep(directory).plan), []
        runs = [StoredRun(path) for path in ([directory] if kind == RUN else runs_within(directory))]
        return references_of(runs), []
    except LactflowError as error:
        return [], [f"the papers behind the numbers are not in the crate: {str(error).splitlines()[0]}"]
