"""What the drugs of a run rest on: the sources of their files, which are plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel


class DrugReference(NamedTuple):
    """
    A source of the files of drugs.

    Attributes
    ----------
    text
        As a file has it.
    read
        Whether whoever wrote a number down from it has seen it.
    drugs
        Names of the drugs that have a number from it.
    """

    text: str
    read: bool
    drugs: list[str]

    @property
    def line(self) -> str:
        """One line for people."""
        return f"{', '.join(self.drugs)}: {self.text}{'' if self.read else ' (not read)'}"


def drug_references(configs: Iterable[BaseModel]) -> list[DrugReference]:
    """
    The sources of every drug that configs take, by their text; none of a config without drugs.

    Parameters
    ----------
    configs
        Of runs.
    """
    from lactflow.config.drugs.compiled import drugs_taken
    from lactflow.config.model import RunConfig
    from lactflow.pharmacology.rests_on import PLACEHOLDER

    found: dict[tuple[str, bool], list[str]] = {}
    for config in configs:
        for name, drug in drugs_taken(config).items() if isinstance(config, RunConfig) else ():
            for source in (each for each in drug.sources.values() if each.cite != PLACEHOLDER):
                text = f"{source.cite}, doi:{source.doi}" if source.doi else source.cite
                drugs = found.setdefault((text, source.seen), [])
                if name not in drugs:
                    drugs.append(name)
    return [DrugReference(text, read, found[text, read]) for text, read in sorted(found)]
