"""The references of a diagnosis: of its virtual mothers and their mechanisms, of what was observed, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from lactflow.analysis.citations import Reference, references_of_configs, together
from lactflow.diagnosis.diagnosis import OBSERVATIONS
from lactflow.diagnosis.given import config_of, mechanisms_of
from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.virtual import config_with
from lactflow.parameters.declaration import declared_quantities, quantity_at
from lactflow.parameters.instruments import INSTRUMENTS
from lactflow.parameters.newborns import NEWBORNS

if TYPE_CHECKING:
    from pydantic import BaseModel

    from lactflow.config.model import RunConfig
    from lactflow.diagnosis.diagnosis import Diagnosis
    from lactflow.diagnosis.rival import Rival

_INSTRUMENTS: Final = "instruments"
_KINDS: Final = "kinds"
_NEWBORNS: Final = "newborns"


class MechanismReference(NamedTuple):
    """
    A source of the spread of a mechanism, as its file has it.

    Attributes
    ----------
    mechanism
        Its name.
    draw
        What is drawn.
    text
        The source.
    locator
        The place in it, and what was made of it.
    read
        Whether whoever wrote the spread down has seen it.
    """

    mechanism: str
    draw: str
    text: str
    locator: str
    read: bool

    @property
    def line(self) -> str:
        """One line for people."""
        place = f" ({self.locator})" if self.locator else ""
        return f"{self.mechanism}, {self.draw}: {self.text}{place}{'' if self.read else ' (not read)'}"


class Cited(NamedTuple):
    """
    What a diagnosis rests on.

    Attributes
    ----------
    papers
        Sources of the quantities of its virtual mothers, of the kinds of what was observed, and of their instruments.
    mechanisms
        Sources of spreads.
    configs
        Of virtual mothers: ordinary ones, and one with each mechanism.
    """

    papers: list[Reference]
    mechanisms: list[MechanismReference]
    configs: Sequence[BaseModel]


def cited(diagnosis: Diagnosis) -> Cited:
    """
    What a diagnosis rests on.

    Parameters
    ----------
    diagnosis
        Of one that has no result, what was observed is left out.

    Raises
    ------
    DamagedRunError
        If a file is missing or not what was written.
    ConfigError
        If the config cannot be read here.
    """
    base, rivals = config_of(diagnosis), mechanisms_of(diagnosis)
    configs = [base, *_configs(base, rivals)]
    there = (diagnosis.path / OBSERVATIONS).exists()
    kinds = sorted(set(map(str, diagnosis.observations["kind"])) & set(KINDS)) if there else []
    more = [*_of_kinds(kinds), *_of_instruments(kinds), *_of_newborns()]
    return Cited(together([*references_of_configs(configs), *more]), list(_of_mechanisms(rivals)), configs)


def _configs(base: RunConfig, rivals: Sequence[Rival]) -> Iterator[RunConfig]:
    """A virtual mother of each mechanism, with the middle of everything drawn."""
    for rival in rivals:
        yield config_with(base, rival, {name: draw.at(0.5) for name, draw in rival.draws.items()})


def _of_kinds(kinds: Sequence[str]) -> Iterator[Reference]:
    """What is plausible of each kind of fact."""
    for kind in kinds:
        key = f"{_KINDS}.{kind}"
        yield Reference(KINDS[kind].source, [key], [key])


def _of_instruments(kinds: Sequence[str]) -> Iterator[Reference]:
    """The error of each instrument."""
    for name in sorted({name for kind in kinds for name in KINDS[kind].errors}):
        declared = quantity_at(INSTRUMENTS, name)
        if declared is not None:
            key = f"{_INSTRUMENTS}.{name}"
            yield Reference(declared.declaration.source, [key], [key])


def _of_newborns() -> Iterator[Reference]:
    """What newborns of virtual mothers differ in."""
    for each in declared_quantities(NEWBORNS, _NEWBORNS):
        yield Reference(each.declaration.source, [each.key], [each.key])


def _of_mechanisms(rivals: Sequence[Rival]) -> Iterator[MechanismReference]:
    for rival in rivals:
        for name, source in rival.sources.items():
            text = f"{source.cite}, doi:{source.doi}" if source.doi else source.cite
            yield MechanismReference(rival.mechanism, name, text, source.locator, source.seen)
