"""What the schedule of a config says of bottles: their names, and how milk is stored."""

from __future__ import annotations

from collections.abc import Iterator

from lactflow.config.additions import additions_of
from lactflow.config.model import RunConfig
from lactflow.gland.storage import Stored


def bottle_names(config: RunConfig) -> list[str]:
    """Names of bottles that the schedule of a config fills or gives, in their order there."""
    names = [name for phase in config.schedule for name in (phase.into_bottles, phase.from_bottles)]
    return [name for name in dict.fromkeys(names) if name is not None]


def ways_of_storing(config: RunConfig) -> list[Stored]:
    """Ways in which the schedule of a config stores expressed milk, in their order there."""
    return [how for how in dict.fromkeys(phase.stored_how for phase in config.schedule) if how is not None]


def stored_for_nothing(config: RunConfig) -> Iterator[str]:
    """Phases of a valid config that store milk in a way that takes nothing of it."""
    if not ways_of_storing(config):
        return
    analytes = additions_of(config).analytes
    for number, phase in enumerate(config.schedule):
        how = phase.stored_how
        if how is not None and all(getattr(analyte.kept, how) == 1.0 for analyte in analytes):
            yield (
                f"schedule.{number}.stored: {how} milk is as fresh milk here, because this run carries nothing that "
                "loses by it (such as `analytes: [siga, lactoferrin]`)"
            )
