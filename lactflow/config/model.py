"""The config: the skeleton that users write, every key optional but `format`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lactflow.dyad.schedule import ClockTime, SchedulePhase, phase_starts
from lactflow.gland.resolution import largest_packet_ml
from lactflow.parameters.declaration import Declared, declared_quantities
from lactflow.parameters.dyad import Dyad, Infant
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland

KnockOut = Literal[
    "lactose_synthase",
    "vesicle_fusion",
    "droplet_budding",
    "oxytocin_receptor",
    "feedback_inhibitor",
    "unfolded_protein_response",
]
"""Mechanisms that exist and can be removed by name."""

Key = tuple[str | int, ...]


def _is_plain_name(text: str) -> str:
    if text.startswith(".") or not all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in text):
        msg = "only letters, digits, dot, underscore and hyphen, not beginning with a dot"
        raise ValueError(msg)
    return text


class Resolution(Declared):
    """How finely milk is cut into packets."""

    packet_ml: float = Field(default=0.1, ge=1e-4, le=10.0, description="Aqueous packet, in mL of the reference milk")


class Mother(Declared):
    """The mother herself; her traits come with cohorts."""


class Record(Declared):
    """What is recorded."""

    visits: bool = Field(default=True, description="One row per packet and station; all other tables stay without it")
    sample_min: float = Field(default=60.0, ge=1.0, le=1440.0, description="Minutes between samples")
    warm_up_days: float = Field(
        default=0.0, ge=0.0, le=4000.0, description="Days at the start that summaries leave out"
    )


class RunConfig(Declared):
    """One scenario: what differs from the reference mother."""

    format: Literal[1]
    name: Annotated[str, AfterValidator(_is_plain_name)] = Field(
        default="run", min_length=1, max_length=64, description="Name of the run directory"
    )
    title: str = Field(default="", max_length=500, description="One line for people")
    species: Literal["human"] = "human"
    start_day: float = Field(
        default=30.0,
        ge=8.0,
        le=1000.0,
        description="Day the run begins; day 1 is the first 24 h after birth. The first week is not modelled yet",
    )
    days: float = Field(default=7.0, gt=0.0, le=1000.0, description="Duration")
    birth_clock: ClockTime = Field(default="00:00", description="Time of day at birth")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="Seed of all chance")
    replicates: int = Field(default=1, ge=1, le=10_000, description="Runs of the same scenario with other chance")
    resolution: Resolution = Field(default_factory=Resolution)
    mother: Mother = Field(default_factory=Mother)
    endocrine: Endocrine = Field(default_factory=Endocrine)
    gland: Gland = Field(default_factory=Gland)
    infants: tuple[Infant, ...] = Field(default=(Infant(),), max_length=1, description="The infant; [] for none")
    dyad: Dyad = Field(default_factory=Dyad)
    knock_outs: tuple[KnockOut, ...] = Field(default=(), description="Mechanisms removed by name")
    interventions: tuple[()] = Field(default=(), description="Timed events; no kind exists yet")
    schedule: tuple[SchedulePhase, ...] = Field(default=(), description="Phases, in order")
    record: Record = Field(default_factory=Record)


def contradictions(config: RunConfig, unknown: Collection[str] = ()) -> Iterator[tuple[Key, str]]:
    """
    What is wrong between keys that are right by themselves: the key to change, and one line.

    Parameters
    ----------
    config
        Valid key by key.
    unknown
        Top-level keys whose value here is not what the user meant; nothing is said about those.
    """
    for reads, found in (
        ({"resolution", "gland"}, _too_coarse),
        ({"start_day", "schedule"}, _misplaced_phases),
        ({"infants", "schedule"}, _feeds_without_infant),
    ):
        if reads.isdisjoint(unknown):
            yield from found(config)


def _too_coarse(config: RunConfig) -> Iterator[tuple[Key, str]]:
    packet_ml, largest = config.resolution.packet_ml, largest_packet_ml(config.gland)
    if packet_ml > largest:
        message = (
            f"{packet_ml:g} mL is too coarse for the smallest of {config.gland.lobes_per_breast} lobes "
            f"(largest allowed: {largest:.4g})"
        )
        yield ("resolution", "packet_ml"), message


def _misplaced_phases(config: RunConfig) -> Iterator[tuple[Key, str]]:
    starts = phase_starts(config.schedule, config.start_day)
    for number, (phase, start) in enumerate(zip(config.schedule, starts, strict=True)):
        if start < config.start_day:
            message = f"day {start:g} is before the run begins (allowed: start_day {config.start_day:g} or later)"
            yield ("schedule", number, "from_day"), message
        later = [starts[n] for n in range(number + 1, len(starts)) if config.schedule[n].lane == phase.lane]
        if later and min(later) <= start:
            message = f"the phase from day {start:g} never applies: a later one takes over from day {min(later):g}"
            yield ("schedule", number), message


def _feeds_without_infant(config: RunConfig) -> Iterator[tuple[Key, str]]:
    if not config.infants and any(phase.lane == "feeding" and phase.kind != "none" for phase in config.schedule):
        message = "there is no infant for the feeds of the schedule (allowed: one infant, or kind none or pump)"
        yield ("infants",), message


def implausible(config: RunConfig) -> Iterator[str]:
    """One warning for each quantity outside what has been seen or argued for."""
    for item in declared_quantities(config):
        low, high = item.declaration.plausible
        if not low <= item.value <= high:
            unit = f" {item.declaration.unit}" if item.declaration.unit else ""
            yield f"{item.key} = {item.value:g}{unit} is outside its plausible range {low:g} to {high:g}"
