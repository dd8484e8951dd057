"""Where a result comes from: command, seed, versions, config, warnings, and how to cite it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from shlex import join
from typing import TYPE_CHECKING

from lactflow.analysis.citations import check_packages, references, software, version_of
from lactflow.config.resolution import in_words
from lactflow.config.text import counted
from lactflow.errors import ConfigError, LactflowError
from lactflow.report.blocks import Block, Facts, Listing, Note, Section, Table, Tone
from lactflow.report.moments import Moment, planned_moments
from lactflow.report.numbers import number
from lactflow.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lactflow.analysis.citations import Reference
    from lactflow.analysis.run import Run
    from lactflow.parameters.stations import StationRow

_LONGEST_CONFIG = 60_000
"""Characters; ten times the resolved config of a shipped scenario."""
_LONGEST_TEXT = 1_000
_MOST_WARNINGS = 50


@dataclass(frozen=True)
class Configured:
    """
    What a page needs of a config.

    Attributes
    ----------
    name, title
        As in the config; empty where it does not say.
    birth_clock_min
        Time of day at birth [min].
    warm_up_days
        Time that measures leave out at the start.
    stations
        Stations that packages add.
    moments
        What is planned for certain days.
    problem
        Why the config cannot be read, so that all of this is the default; empty where it can.
    """

    name: str = ""
    title: str = ""
    birth_clock_min: float = 0.0
    warm_up_days: float = 0.0
    stations: tuple[StationRow, ...] = ()
    moments: tuple[Moment, ...] = ()
    problem: str = ""


def configured(run: Run) -> Configured:
    """What the config of a run says; the defaults where it cannot be read, for the tables can without it."""
    from lactflow.config.additions import additions_of
    from lactflow.config.scenario import load_scenario
    from lactflow.dyad.schedule.times import clock_minutes

    try:
        check_packages(run.path, run.manifest)
        config = load_scenario(run.config_file).config
        stations = additions_of(config).stations
    except (LactflowError, OSError) as error:
        return Configured(problem=str(error))
    clock_min, warm_up_days = clock_minutes(config.birth_clock), config.record.warm_up_days
    planned = tuple(planned_moments(config))
    return Configured(config.name, config.title, clock_min, warm_up_days, stations, planned)


def cut(text: object, longest: int = _LONGEST_TEXT) -> str:
    """Text of a manifest, no longer than a page can bear."""
    shown = str(text)
    return shown if len(shown) <= longest else f"{shown[:longest]} ... ({len(shown) - longest:,} characters more)"


def tried(make: Callable[[], list[Block]]) -> list[Block]:
    """Blocks of a section; a note where what it needs cannot be read."""
    try:
        return make()
    except (LactflowError, OSError) as error:
        return [Note(f"This cannot be shown: {cut(error)}", "bad")]


def sections_with(
    makers: Sequence[tuple[str, str, Callable[[], list[Block]]]],
    manifest: Mapping[str, object],
    status: str,
    config_text: str | None,
    cited: Section,
) -> list[Section]:
    """
    All sections of a page: those of its own that have anything to show, then warnings, provenance and how to cite.

    Parameters
    ----------
    makers
        Name and heading of each section of its own, and what makes its blocks.
    manifest, status, config_text
        As `warnings` and `provenance` take them.
    cited
        What `citing` has made.
    """
    own = [Section(name, title, blocks) for name, title, make in makers if (blocks := tried(make))]
    odd = warnings(manifest)
    return [*own, *([] if odd is None else [odd]), provenance(manifest, status, config_text), cited]


def ended(status: str, error: object) -> list[Note]:
    """How it ended, where readers must know; nothing where it ended well."""
    tones: dict[str, Tone] = {"running": "warning", "interrupted": "warning"}
    reasons = {
        "running": "It is being simulated: this page shows what was written so far.",
        "interrupted": "It was interrupted: this page shows what was recorded until then.",
        "crashed": "It was killed while it was simulated: this page shows what was written before.",
        "failed": "It failed: this page shows what is there.",
    }
    if status not in reasons:
        return []
    reason = f" {cut(error)}" if error else ""
    return [Note(reasons[status] + reason, tones.get(status, "bad"))]


def provenance(manifest: Mapping[str, object], status: str, config_text: str | None = None) -> Section:
    """
    The section on where a result comes from.

    Parameters
    ----------
    manifest
        Of a run, a comparison or a validation; nothing in it is relied on.
    status
        How it ended.
    config_text
        The resolved config; None where there is none.
    """
    command = manifest.get("command")
    words = command if isinstance(command, list) else [command]
    versions = manifest.get("versions")
    known = versions if isinstance(versions, dict) else {}
    rows = [
        ("status", status),
        ("seed", _text_of(manifest.get("seed"))),
        ("resolution", _resolution(manifest)),
        ("created", _text_of(manifest.get("created_utc"))),
        ("simulated in", _seconds(manifest.get("wall_s"))),
        ("versions", ", ".join(f"{cut(name, 60)} {cut(version, 60)}" for name, version in list(known.items())[:20])),
        ("build", _text_of(manifest.get("build"))),
        ("platform", _text_of(manifest.get("platform"))),
    ]
    blocks: list[Block] = [
        Facts([(name, value) for name, value in rows if value]),
        Listing("Command", cut(join(map(str, words)))),
    ]
    if config_text is not None:
        blocks.append(Listing("Config as it was simulated", cut(config_text, _LONGEST_CONFIG), folded=True))
    return Section(
        "provenance", "Provenance", blocks, "The same config, seed, platform and versions give the same tables."
    )


def _text_of(value: object) -> str:
    return "" if value is None else cut(value, 300)


def _resolution(manifest: Mapping[str, object]) -> str:
    """How finely the gland was cut: in a run, or in each scenario of a comparison where they differ."""
    own, several = manifest.get("resolution"), manifest.get("resolutions")
    if isinstance(own, dict):
        return in_words(own)
    found = {str(name): in_words(each) for name, each in several.items()} if isinstance(several, dict) else {}
    alike = len(set(found.values())) == 1
    return next(iter(found.values())) if alike else cut("; ".join(f"{name}: {each}" for name, each in found.items()))


def _seconds(value: object) -> str:
    return f"{number(float(value))} s" if isinstance(value, int | float) else ""


def warnings(manifest: Mapping[str, object]) -> Section | None:
    """What was unusual about the scenario or its outcome; None where nothing was."""
    warnings = manifest.get("warnings")
    if not isinstance(warnings, list) or not warnings:
        return None
    notes = [Note(cut(each), "warning") for each in warnings[:_MOST_WARNINGS]]
    if len(warnings) > _MOST_WARNINGS:
        notes.append(Note(f"{len(warnings) - _MOST_WARNINGS:,} more stand in the manifest."))
    return Section("warnings", "Warnings", notes, "What was unusual about the scenario or its outcome, but not wrong.")


def citing(
    manifest: Mapping[str, object], run: Run | None = None, papers: Callable[[], list[Reference]] | None = None
) -> Section:
    """
    How to cite the software, and the papers behind the numbers of a run.

    Parameters
    ----------
    run
        None where there is no one run.
    papers
        In its place: gives the references.
    """
    blocks: list[Block] = [Facts([("software", software(version_of(manifest, __version__)))])]
    if papers is None and run is not None:
        papers = partial(references, run)
    if papers is not None:
        try:
            found = papers()
        except (LactflowError, ConfigError, OSError) as error:
            blocks.append(Note(f"The papers behind the numbers cannot be listed: {cut(error, 300)}", "warning"))
        else:
            printed = [each for each in found if each.source.is_paper]
            rows = [[each.source.key, each.text, f"{len(each.quantities)}"] for each in printed]
            blocks.append(
                Table(
                    f"{counted(len(printed), 'paper')} behind the numbers",
                    ["key", "reference", "quantities"],
                    rows,
                    frozenset({1}),
                    folded=True,
                )
            )
    return Section(
        "citing", "How to cite", blocks, "Please cite the software, and the papers behind the numbers you rely on."
    )
