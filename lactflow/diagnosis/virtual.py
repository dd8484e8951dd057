"""
Virtual mothers who keep her schedule, each with one of the rival mechanisms.

They are simulated in memory, and what is needed of their tables is kept in a cache: by mechanism, and by all that
decides it. Mother number n of one mechanism is in all else mother number n of any other.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import exp
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from lactflow.analysis.run import MemoryRun
from lactflow.chance import Streams
from lactflow.config.conditions import acted_besides
from lactflow.config.keys import held, matching, scaled_at, with_quantities
from lactflow.config.messages import problems_of
from lactflow.config.model import RunConfig
from lactflow.config.named import entries_of
from lactflow.config.text import dotted
from lactflow.diagnosis.factors import check_factors
from lactflow.diagnosis.her import Her
from lactflow.diagnosis.rival import Rival, Value, filled
from lactflow.diagnosis.room import make_room, mark_used
from lactflow.diagnosis.truth import Truth
from lactflow.errors import ArchiveError, ConfigError
from lactflow.experiments.in_memory import Outcome, refuse_failures, simulated_side_by_side
from lactflow.experiments.run import named_in
from lactflow.experiments.start import prepare_workers
from lactflow.experiments.sweep.keys import plugin_sources
from lactflow.experiments.sweep.sweep import PoolFor
from lactflow.experiments.sweep.units import simulated_by
from lactflow.experiments.tables import TablesOfUnit, shared_text
from lactflow.experiments.work import ShowProgress
from lactflow.parameters.newborns import NEWBORNS
from lactflow.version import MODEL, __version__

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.recording.memory import UnitTables

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "removals": (
        "session",
        "kind",
        "breast",
        "start_min",
        "end_min",
        "available_ml",
        "removed_ml",
        "sodium_mmol_per_l",
        "potassium_mmol_per_l",
        "lactose_g_per_l",
        "citrate_mmol_per_l",
        "protein_g_per_l",
    ),
    "sessions": ("session", "kind", "infant", "start_min", "intake_ml"),
    "infants": ("time_min", "infant", "weight_kg"),
    "hormones": ("time_min", "prolactin_ng_per_ml"),
    "breasts": ("time_min", "breast", "secretion_ml_per_h"),
    "removal_contents": ("session", "breast", "analyte", "mean_per_l"),
}
"""What is kept of the tables of virtual mothers, beside their number."""
LAID_OVER = 2
"""Goes up where the same mechanism, laid over the same config, gives other virtual mothers."""
_FEEDING = "feeding"
_FLUID = "dyad.growth.newborn_weight_loss"
_CONTENTS = "removal_contents"
_MOTHER = "mother"


@dataclass(frozen=True, eq=False)
class Cohort:
    """
    Virtual mothers of one mechanism.

    Attributes
    ----------
    rival
        Their mechanism.
    numbers
        Of the mothers, in order.
    drawn
        What was drawn for each, in that order.
    tables
        Their tables with the columns of `COLUMNS`, and `mother`.
    """

    rival: Rival
    numbers: tuple[int, ...]
    drawn: tuple[Mapping[str, Value], ...]
    tables: Mapping[str, pd.DataFrame]

    @cached_property
    def truth(self) -> Truth:
        """What was true of them where a record has observed something."""
        return Truth(self.numbers, self.tables)


def config_with(base: RunConfig, rival: Rival, values: Mapping[str, Value]) -> RunConfig:
    """
    The config of virtual mothers with a mechanism.

    Parameters
    ----------
    base
        Of ordinary ones.
    rival
        The mechanism.
    values
        What was drawn, as `Rival.drawn` gives it.

    Raises
    ------
    ConfigError
        If it names a quantity that does not exist.
    pydantic.ValidationError
        If a value is outside its hard bounds, or interventions or feeds are none.
    """
    quantities: dict[str, float] = {}
    for on, draw in rival.acting.items():
        quantities |= acted_besides(base, on, float(values[draw]))
    for key, draw in rival.factors.items():
        for path in matching(base, key):
            quantities[dotted(path)] = scaled_at(base, path, float(values[draw]))
    data = with_quantities(base, quantities).model_dump(by_alias=True)
    data["interventions"] = (*data["interventions"], *filled(rival.interventions, values))
    if rival.feeds:
        phases = zip(data["schedule"], base.schedule, strict=True)
        rest = (each for each, phase in phases if phase.lane != _FEEDING)
        data["schedule"] = (*filled(rival.feeds, values), *rest)
    return type(base).model_validate(data)


def checked(base: RunConfig, rival: Rival) -> None:
    """
    Check that a mechanism goes with the config of ordinary virtual mothers, at both ends of everything drawn.

    Raises
    ------
    ConfigError
        With what does not, and where.
    """
    check_factors(base, rival)
    for values in _ends(rival):
        _config_with(base, rival, values, f"mechanism {rival.mechanism}")


def _ends(rival: Rival) -> Iterator[dict[str, Value]]:
    """The middle of everything drawn, and each end and each word of one with the middle of the others."""
    middle = {name: draw.at(0.5) for name, draw in rival.draws.items()}
    yield middle
    for name, draw in rival.draws.items():
        for value in draw.among or (draw.at(0.0), draw.at(1.0)):
            yield middle | {name: value}


def _config_with(base: RunConfig, rival: Rival, values: Mapping[str, Value], named: str) -> RunConfig:
    """The config of a virtual mother; what is wrong with it is said of her."""
    try:
        return config_with(base, rival, values)
    except ValidationError as error:
        raise ConfigError(*problems_of(error, lambda _path, _of_key: (named, None, None))) from None


class Simulated(NamedTuple):
    """
    How virtual mothers are simulated.

    Attributes
    ----------
    seed
        Of all of them.
    numbers
        Of the mothers of each mechanism.
    workers
        Processes.
    cache
        Folder of cohorts that were simulated before; None for none.
    pool
        Gives an executor or Dask in place of processes of this machine; None for these. Tables do not depend on it.
    """

    seed: int
    numbers: range
    workers: int
    cache: Path | None
    pool: PoolFor | None = None


def cohorts(
    her: Her,
    rivals: Sequence[Rival],
    how: Simulated,
    progress: ShowProgress | None = None,
) -> list[Cohort]:
    """
    Virtual mothers of each mechanism: from the cache, or simulated side by side.

    Where new ones come into the cache, those that were used longest ago make room for them.

    Parameters
    ----------
    her
        What they have in common.
    rivals
        The mechanisms.
    how
        How they are simulated.
    progress
        Called with the share that is done; may raise to stop.

    Raises
    ------
    SomeUnitsFailedError
        If some could not be simulated.
    ConfigError
        If a mechanism does not go with her config.
    """
    found: dict[str, Cohort] = {}
    orders: dict[TablesOfUnit, tuple[Rival, int]] = {}
    for rival in rivals:
        kept = None if how.cache is None else read_cohort(how.cache / key_of(her, rival, how), her, rival, how)
        if kept is not None and how.cache is not None:
            found[rival.mechanism] = kept
            mark_used(how.cache / key_of(her, rival, how))
            continue
        orders |= {unit: (rival, unit.mother) for unit in _units(her, rival, how)}
    if orders:
        done = _simulated(list(orders), named_in(her.scenario.config), how, progress)
        refuse_failures(done.failures, len(orders))
        for rival in rivals:
            units = [done.tables[unit] for unit, (of, _) in orders.items() if of is rival]
            if units:
                found[rival.mechanism] = cohort = _cohort(rival, how, units)
                if how.cache is not None:
                    write_cohort(how.cache / key_of(her, rival, how), cohort)
        if how.cache is not None:
            make_room(how.cache, {key_of(her, rival, how) for rival in rivals})
    return [found[rival.mechanism] for rival in rivals]


def _simulated(
    units: Sequence[TablesOfUnit], named: Collection[tuple[str, str]], how: Simulated, progress: ShowProgress | None
) -> Outcome:
    if how.pool is not None:
        with how.pool() as pool:
            return simulated_by(pool, units, named, progress)
    if how.workers > 1:
        prepare_workers()
    return simulated_side_by_side(units, named, how.workers, progress)


def with_newborn(base: RunConfig, number: int) -> RunConfig:
    """
    The config of ordinary virtual mothers with the fluid that the newborn of one of them loses.

    Parameters
    ----------
    base
        Of all of them.
    number
        Of the mother; her newborn is the same whatever mechanism she has.

    References
    ----------
    Noel-Weiss 2008, as `lactflow.parameters.newborns` has it.
    """
    deviate = float(Streams(base.seed, number).at("fluid of the newborn").standard_normal())
    lost = held(base, _FLUID, exp(NEWBORNS.fluid_lost_log_sd * deviate))
    return with_quantities(base, {_FLUID: lost})


def _units(her: Her, rival: Rival, how: Simulated) -> Iterator[TablesOfUnit]:
    whole = her.scenario.config.model_copy(update={"seed": how.seed})
    for number in how.numbers:
        base = with_newborn(whole, number)
        named = f"{rival.mechanism}, mother {number}"
        config = _config_with(base, rival, rival.drawn(how.seed, number), f"mechanism {named}")
        shared = shared_text(config.model_dump_json(by_alias=True), her.scenario.files)
        yield TablesOfUnit(shared, number, 0, _tables_of(her), named)


def _tables_of(her: Her) -> tuple[str, ...]:
    """Tables that virtual mothers need: contents of removals only where something is asked for."""
    asked = any(True for _ in entries_of(her.scenario.config.analytes))
    return tuple(name for name in COLUMNS if name != _CONTENTS or asked)


def _cohort(rival: Rival, how: Simulated, units: Sequence[UnitTables]) -> Cohort:
    run = MemoryRun(units, lambda: "")
    tables = {name: run.read(name, [*columns, _MOTHER]) for name, columns in COLUMNS.items() if name in run.tables}
    return Cohort(rival, tuple(how.numbers), tuple(rival.drawn(how.seed, each) for each in how.numbers), tables)


def key_of(her: Her, rival: Rival, how: Simulated) -> str:
    """
    Name of a cohort in the cache: its mechanism, and a hash of all that decides its tables.

    Parameters
    ----------
    her, rival, how
        As `cohorts` takes them.
    """
    parts = {
        "model": MODEL,
        "version": __version__,
        "config": her.scenario.config.model_dump_json(by_alias=True),
        "logs": {name: sha256(raw).hexdigest() for name, raw in her.scenario.files.items()},
        "plugins": plugin_sources(her.scenario.config),
        "rival": rival.model_dump(mode="json"),
        "seed": how.seed,
        "numbers": [how.numbers.start, how.numbers.stop],
        "columns": COLUMNS,
        "laid_over": LAID_OVER,
        "newborns": NEWBORNS.model_dump(),
    }
    digest = sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return f"{rival.mechanism}-{digest[:20]}"


def write_cohort(folder: Path, cohort: Cohort) -> None:
    """
    Keep virtual mothers: whole or not at all, however many write the same; what is damaged there is replaced.

    Parameters
    ----------
    folder
        That they have in the cache.
    cohort
        The mothers.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=".") as hidden:
            whole = Path(hidden) / "whole"
            whole.mkdir()
            for name, table in cohort.tables.items():
                table.to_parquet(whole / f"{name}.parquet", index=False)
            if folder.exists() and _tables_in(folder, tuple(cohort.tables), cohort.numbers) is None:
                with suppress(FileNotFoundError):  # somebody else was faster
                    folder.rename(Path(hidden) / "damaged")
            if not folder.exists():
                whole.rename(folder)
    except OSError as error:
        if not folder.exists():  # else somebody else was faster
            raise ArchiveError(f"{folder}: cannot keep virtual mothers: {error.strerror or error}") from error


def read_cohort(folder: Path, her: Her, rival: Rival, how: Simulated) -> Cohort | None:
    """
    Virtual mothers from the cache; None where they are not in it, or not whole.

    Parameters
    ----------
    folder
        That they have in the cache.
    her, rival, how
        Which.
    """
    tables = _tables_in(folder, _tables_of(her), how.numbers)
    if tables is None:
        return None
    return Cohort(rival, tuple(how.numbers), tuple(rival.drawn(how.seed, each) for each in how.numbers), tables)


def _tables_in(folder: Path, names: Sequence[str], numbers: Sequence[int]) -> dict[str, pd.DataFrame] | None:
    """Tables in a folder of the cache; None unless all are there, with their columns and all mothers."""
    try:
        tables = {name: _read_table(folder / f"{name}.parquet") for name in names}
    except (OSError, ValueError):
        return None
    whole = all({*COLUMNS[name], _MOTHER} <= set(table.columns) for name, table in tables.items())
    return tables if whole and set(tables["breasts"][_MOTHER]) == set(numbers) else None


def _read_table(file: Path) -> pd.DataFrame:
    """A small table as it was written, in half the time that pandas takes to find out what the file may be."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as stored:
        frame: pd.DataFrame = stored.read(use_threads=False).to_pandas(use_threads=False)
    return frame
