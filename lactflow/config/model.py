"""The config: the skeleton that users write, every key optional but `format`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Context
from functools import cache, partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, create_model

from lactflow.config.named import GroupOf, named_type
from lactflow.config.pregnancies import fed_before_birth, misplaced_pregnancies, never_pregnant, unborn
from lactflow.config.single_sessions import misplaced_sessions
from lactflow.config.text import date_of
from lactflow.config.zones import known_zone
from lactflow.dyad.drug_doses import DrugDoses
from lactflow.dyad.interventions import AnyIntervention, DuctObstruction, GrowthSpurt, RetainedPlacenta
from lactflow.dyad.schedule import ClockTime, Period, Phase, SchedulePhase, clock_minutes, phase_starts, schedule_entry
from lactflow.dyad.schedule.plan import taken_over
from lactflow.gland.history import active_cells_at
from lactflow.gland.lines import LargestPacket, largest_packet
from lactflow.gland.mechanism import Mechanism
from lactflow.gland.resolution import lobe_shares
from lactflow.parameters.breasts import Breasts
from lactflow.parameters.cohort import Mother
from lactflow.parameters.conditions import Birth
from lactflow.parameters.declaration import Declared, declared_quantities
from lactflow.parameters.dyad import Dyad, InfantTraits
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.parameters.pharmacology import Pharmacology
from lactflow.parameters.resolution import LEVEL_NAMES, LEVELS
from lactflow.parameters.stations import StationRow
from lactflow.pharmacology.declared import Drug, DrugName
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN

MOST_DAYS = 1000.0
_ROUND_OFF = 1e-9
_FINEST_ML = 1e-4
_FOUR_DIGITS = Context(prec=4, rounding=ROUND_DOWN)
"""So that a limit, as it is printed, is never above it."""

_MOST_IONS = 0.8
"""Share of the osmolality of a vesicle that ions may make up; lactose and others make the rest."""

Key = tuple[str | int, ...]


def _is_plain_name(text: str) -> str:
    if text.startswith(".") or not all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in text):
        msg = "only letters, digits, dot, underscore and hyphen, not beginning with a dot"
        raise ValueError(msg)
    return text


def _is_date(text: str) -> str:
    date_of(text)
    return text


def _is_zone(text: str) -> str:
    known_zone(text)
    return text


AddedName = Annotated[str, Field(min_length=1, max_length=64)]
"""What a package calls something that it adds: see `lactflow.plugins`."""


class Resolution(Declared):
    """How finely milk is cut into packets."""

    packet_ml: float = Field(
        default=LEVELS["default"].packet_ml,
        ge=_FINEST_ML,
        le=10.0,
        description="Aqueous packet, in mL of the reference milk",
    )


class Record(Declared):
    """What is recorded."""

    visits: bool = Field(default=True, description="One row per packet and station; all other tables stay without it")
    sample_min: float = Field(default=60.0, ge=1.0, le=1440.0, description="Minutes between samples")
    warm_up_days: float = Field(
        default=0.0, ge=0.0, le=4000.0, description="Days at the start that summaries leave out"
    )


class RunConfig(Declared):
    """One scenario: what differs from the reference mother."""

    format: Literal[1] = Field(description="Version of this format")
    name: Annotated[str, AfterValidator(_is_plain_name)] = Field(
        default="run", min_length=1, max_length=64, description="Name of the run directory"
    )
    title: str = Field(default="", max_length=500, description="One line for people")
    species: Literal["human"] = Field(default="human", description="Whose parameter values and ranges hold")
    start_day: float = Field(
        default=30.0,
        ge=-60.0,
        le=1000.0,
        description="Day the run begins; day 1 is the first 24 h after birth, 0 and below are pregnancy",
    )
    days: float = Field(
        default=7.0, gt=0.0, le=MOST_DAYS, description="Duration; to the end of its feeding log where it has one"
    )
    birth_clock: ClockTime = Field(default="00:00", description="Time of day at birth")
    birth_date: Annotated[str, AfterValidator(_is_date)] | None = Field(
        default=None, description="Date of birth, YYYY-MM-DD: a feeding log then begins on the day of its first date"
    )
    zone: Annotated[str, AfterValidator(_is_zone)] | None = Field(
        default=None,
        max_length=60,
        description="Time zone of feeding logs, such as Europe/Berlin: decides hours that a clock skips or repeats",
    )
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="Seed of all random numbers")
    replicates: int = Field(
        default=1, ge=1, le=10_000, description="Runs of the same scenario with other random numbers"
    )
    resolution: Resolution = Field(
        default_factory=Resolution,
        description="How finely the gland is cut: a named level, or the volume of a packet",
        json_schema_extra={"words": [*LEVEL_NAMES]},
    )
    mother: Mother = Field(default_factory=Mother)
    birth: Birth = Field(default_factory=Birth)
    endocrine: Endocrine = Field(default_factory=Endocrine)
    gland: Gland = Field(default_factory=Gland)
    breasts: Breasts = Field(default_factory=Breasts)
    infants: tuple[InfantTraits, ...] = Field(
        default=(InfantTraits(),), max_length=4, description="Two for twins, [] for none"
    )
    dyad: Dyad = Field(default_factory=Dyad)
    knock_outs: tuple[Mechanism, ...] = Field(default=(), description="Mechanisms removed by name")
    interventions: tuple[AnyIntervention, ...] = Field(default=(), max_length=200, description="Timed events")
    pharmacology: Pharmacology = Field(default_factory=Pharmacology)
    drugs: tuple[DrugDoses, ...] = Field(default=(), max_length=50, description="Drugs that the mother takes")
    drug_library: dict[DrugName, Drug] = Field(
        default_factory=dict,
        max_length=200,
        description="Drugs by name, as their files have them; a file or a folder beside the config; or a list of these",
    )
    schedule: tuple[SchedulePhase, ...] = Field(default=(), description="Phases, in order")
    stations: tuple[AddedName, ...] = Field(
        default=(),
        max_length=20,
        description="Stations that packages add to every lobe: names, or a mapping from names to quantities",
    )
    signals: tuple[AddedName, ...] = Field(
        default=(),
        max_length=200,
        description="Signals of the blood that packages add: names, or a mapping from names to quantities",
    )
    analytes: tuple[AddedName, ...] = Field(
        default=(),
        max_length=200,
        description="Substances in milk that packages add: names, or a mapping from names to quantities",
    )
    record: Record = Field(default_factory=Record)


@cache
def config_type(
    extra_kinds: tuple[type[Phase], ...] = (), named: tuple[tuple[str, tuple[GroupOf, ...]], ...] = ()
) -> type[RunConfig]:
    """
    The config with kinds of schedule and quantities from outside the package; without any `RunConfig` itself.

    Parameters
    ----------
    extra_kinds
        Kinds of schedule besides those of the package.
    named
        Keys that name additions with quantities, each with those.

    Raises
    ------
    TypeError, ValueError
        If one is no kind of schedule, or is called as another: see `dyad.schedule.kinds`.
    """
    if not extra_kinds and not named:
        return RunConfig
    types: dict[str, Any] = {key: named_type(key, groups) for key, groups in named}
    if extra_kinds:
        types["schedule"] = tuple.__class_getitem__((schedule_entry(extra_kinds), ...))
    fields: dict[str, Any] = {
        key: (kind, Field(default=(), description=RunConfig.model_fields[key].description))
        for key, kind in types.items()
    }
    return create_model("RunConfig", __base__=RunConfig, **fields)


def contradictions(
    config: RunConfig, unknown: Collection[str] = (), stations: Sequence[StationRow] = ()
) -> Iterator[tuple[Key, str]]:
    """
    What is wrong between keys that are right by themselves: the key to change, and one line.

    Parameters
    ----------
    config
        Valid key by key.
    unknown
        Top-level keys whose value here is not what the user meant; those are not reported.
    stations
        Stations beside those that every lobe has.
    """
    for reads, found in (
        ({"resolution", "gland"}, partial(_too_coarse, stations=stations)),
        ({"start_day", "schedule"}, _misplaced_phases),
        ({"start_day", "birth_clock", "infants", "schedule"}, partial(misplaced_sessions, run=run_window(config))),
        ({"mother", "birth", "interventions", "start_day"}, never_pregnant),
        ({"mother", "interventions"}, misplaced_pregnancies),
        ({"mother", "infants", "interventions"}, unborn),
        ({"infants", "schedule", "start_day"}, fed_before_birth),
        ({"infants", "schedule"}, _feeds_without_infant),
        ({"infants", "interventions", "schedule", "gland"}, _nobody_there),
        ({"breasts", "gland"}, _severed),
        ({"schedule"}, _empty_bottles),
        ({"interventions", "birth_clock", "start_day", "days"}, _misplaced_interventions),
        ({"gland"}, _no_water),
    ):
        if reads.isdisjoint(unknown):
            yield from found(config)


def coarsest(config: RunConfig, stations: Sequence[StationRow] = ()) -> LargestPacket:
    """
    The largest packet that the gland of a config allows at its start.

    Parameters
    ----------
    config
        Of a run.
    stations
        Stations beside those that every lobe has.

    Raises
    ------
    StationRowError
        If one of `stations` is wrong.
    """
    gland = config.gland
    smallest = lobe_shares(gland.lobes_per_breast, gland.lobe_spread)[0]
    return largest_packet(gland, smallest, active_cells_at(config.start_day, gland.plasticity), stations)


def _too_coarse(config: RunConfig, stations: Sequence[StationRow]) -> Iterator[tuple[Key, str]]:
    packet_ml = config.resolution.packet_ml
    largest = coarsest(config, stations)
    if largest.packet_ml < _FINEST_ML:
        message = (
            f"the smallest of {config.gland.lobes_per_breast} lobes is too small for the finest packet of all, "
            f"{_FINEST_ML:g} mL: its {largest.station} holds {largest.packet_ml:.4g} mL "
            "(allowed: fewer lobes, or more room at that station)"
        )
        yield ("gland", "lobes_per_breast"), message
    elif packet_ml > largest.packet_ml:
        allowed = float(_FOUR_DIGITS.create_decimal(largest.packet_ml))
        message = (
            f"{packet_ml:g} mL is too coarse for the smallest of {config.gland.lobes_per_breast} lobes "
            f"(largest allowed: {allowed:g}, by the room of {largest.station})"
        )
        yield ("resolution", "packet_ml"), message


def _misplaced_phases(config: RunConfig) -> Iterator[tuple[Key, str]]:
    starts = phase_starts(config.schedule, config.start_day)
    for number, (phase, start) in enumerate(zip(config.schedule, starts, strict=True)):
        if phase.from_day is not None and start < config.start_day:
            message = f"day {start:g} is before the run begins (allowed: start_day {config.start_day:g} or later)"
            yield ("schedule", number, "from_day"), message
        later = [starts[n] for n in taken_over(config.schedule, number)]
        if later and min(later) <= start:
            message = (
                f"the phase from day {start:g} never applies: a later one of the same lane ({phase.track}) takes "
                f"over from day {min(later):g}"
            )
            yield ("schedule", number), message


def _feeds_without_infant(config: RunConfig) -> Iterator[tuple[Key, str]]:
    if not config.infants and any(phase.needs_infant for phase in config.schedule):
        message = "there is no infant for the feeds of the schedule (allowed: one infant, or kind none or pump)"
        yield ("infants",), message


def _empty_bottles(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Bottles of a name that nobody fills."""
    filled = list(dict.fromkeys(phase.into_bottles for phase in config.schedule if phase.into_bottles is not None))
    for number, phase in enumerate(config.schedule):
        if phase.from_bottles is not None and phase.from_bottles not in filled:
            known = ", ".join(filled) or "none"
            message = f"no phase expresses milk into {phase.from_bottles!r} (filled: {known}; `into` names them)"
            yield ("schedule", number, "from"), message


def _nobody_there(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """What is about an infant or a lobe that does not exist, and more retained placenta than there was."""
    retained = 0.0
    for number, phase in enumerate(config.schedule):
        infant = getattr(phase, "infant", None)
        if infant is not None and infant >= len(config.infants):
            yield ("schedule", number, "infant"), _no_infant(infant, config)
    for number, intervention in enumerate(config.interventions):
        if isinstance(intervention, GrowthSpurt) and intervention.infant >= len(config.infants):
            yield ("interventions", number, "infant"), _no_infant(intervention.infant, config)
        if isinstance(intervention, DuctObstruction) and intervention.lobe >= config.gland.lobes_per_breast:
            yield ("interventions", number, "lobe"), _no_lobe(intervention.lobe, config)
        if isinstance(intervention, RetainedPlacenta):
            retained += intervention.share
            if retained > 1.0 + _ROUND_OFF:
                message = f"fragments of {retained:g} placentas are retained in all (allowed: 1)"
                yield ("interventions", number, "share"), message


def _severed(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Lobes without ducts that do not exist."""
    for side in BREASTS:
        for number, lobe in enumerate(getattr(config.breasts, side).severed_lobes):
            if lobe >= config.gland.lobes_per_breast:
                yield ("breasts", side, "severed_lobes", number), _no_lobe(lobe, config)


def _no_lobe(lobe: int, config: RunConfig) -> str:
    return f"there is no lobe {lobe} (allowed: 0 to {config.gland.lobes_per_breast - 1})"


def _no_infant(infant: int, config: RunConfig) -> str:
    return f"there is no infant {infant} (infants are numbered from 0; {len(config.infants)} here)"


def run_window(config: RunConfig) -> Period:
    """From when to when the run goes [min since birth], and the clock time of birth."""
    start_min = (config.start_day - 1.0) * DAY_MIN
    return Period(start_min, start_min + config.days * DAY_MIN, clock_minutes(config.birth_clock))


def _misplaced_interventions(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Interventions that end before they begin, or give no dose, by the clock time of birth."""
    run = run_window(config)
    for number, intervention in enumerate(config.interventions):
        found = intervention.misplaced(run)
        if found is not None:
            key, message = found
            yield ("interventions", number, key), message


def _no_water(config: RunConfig) -> Iterator[tuple[Key, str]]:
    """Ions that leave no room for anything else below the osmolality."""
    composition, junctions = config.gland.composition, config.gland.tight_junctions
    osmolality = composition.osmolality_mosm_per_kg
    mature = composition.sodium_mmol_per_l + composition.potassium_mmol_per_l + composition.chloride_mmol_per_l
    immature = (
        composition.immature_sodium_mmol_per_l
        + composition.immature_potassium_mmol_per_l
        + composition.immature_chloride_mmol_per_l
    )
    secreted = max(mature, immature) + composition.citrate_mmol_per_l
    if secreted > _MOST_IONS * osmolality:
        message = f"{secreted:g} mmol/L of ions and citrate in vesicles (allowed: {_MOST_IONS:g} of the osmolality)"
        yield ("gland", "composition", "osmolality_mosm_per_kg"), message
    plasma = (
        junctions.plasma_sodium_mmol_per_l
        + junctions.plasma_potassium_mmol_per_l
        + junctions.plasma_chloride_mmol_per_l
    )
    if plasma > osmolality:
        message = f"plasma has {plasma:g} mmol/L of ions alone (allowed: the osmolality, {osmolality:g})"
        yield ("gland", "composition", "osmolality_mosm_per_kg"), message


def implausible(config: RunConfig, women: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    """
    One warning for each quantity outside what has been seen or argued for.

    Parameters
    ----------
    config
        Valid.
    women
        Wider ranges, by dotted key: of quantities in which one woman differs from the next.
    """
    for item in declared_quantities(config):
        low, high = women.get(item.key, item.declaration.plausible)
        if not low <= item.value <= high:
            unit = f" {item.declaration.unit}" if item.declaration.unit else ""
            yield f"{item.key} = {item.value:g}{unit} is outside its plausible range {low:g} to {high:g}"
