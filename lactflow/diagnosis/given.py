"""What a diagnosis rests on, as files of its folder: record, logs, mechanisms, and the config of virtual mothers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from lactflow.config.scenario import as_yaml, load_scenario
from lactflow.diagnosis.diagnosis import CONFIG, MECHANISMS, RECORD
from lactflow.diagnosis.rival import Rival
from lactflow.errors import DamagedRunError
from lactflow.parameters.declaration import without_lists
from lactflow.recording.kept import read_kept

if TYPE_CHECKING:
    from lactflow.config.model import RunConfig
    from lactflow.diagnosis.diagnosis import Diagnosis
    from lactflow.diagnosis.her import Her
    from lactflow.recording.folder import ResultFolder

_LOG = "log"


def write_given(folder: ResultFolder, record: Path, own: Her, rivals: Sequence[Rival]) -> None:
    """
    Write what a result rests on, so that it can be made again.

    A log of the config that has the name of the record is called otherwise, in the config too.

    Parameters
    ----------
    folder
        Of the diagnosis.
    record
        The file of the record.
    own
        What virtual mothers have in common with her.
    rivals
        The mechanisms.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    names = _names(own.scenario.files)
    for file, raw in own.scenario.files.items():
        folder.write(names[file], raw)
    folder.write(MECHANISMS, json.dumps([each.model_dump(mode="json") for each in rivals], indent=1).encode())
    data = own.scenario.config.model_dump(by_alias=True, mode="json")
    data["schedule"] = [_renamed(phase, names) for phase in data["schedule"]]
    folder.write(CONFIG, as_yaml(data).encode())
    folder.write(RECORD, record.read_bytes())


def _names(logs: Iterable[str]) -> dict[str, str]:
    """Names of logs in the folder, by those that they have: all end in .csv, as the record does and nothing else."""
    found: dict[str, str] = {}
    given = list(logs)
    taken = {RECORD, *(each.casefold() for each in given)}
    for name in given:
        found[name], number = name, 1
        while found[name].casefold() == RECORD or (number > 1 and found[name].casefold() in taken):
            found[name], number = f"{_LOG}{'' if number == 1 else f'-{number}'}.csv", number + 1
        taken.add(found[name].casefold())
    return found


def _renamed(phase: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return phase | {"file": names[phase["file"]]} if phase.get("file") in names else phase


def config_of(diagnosis: Diagnosis) -> RunConfig:
    """
    The config of ordinary virtual mothers of a diagnosis.

    Raises
    ------
    DamagedRunError
        If it is not what was written.
    ConfigError
        If it cannot be read here.
    """
    read_kept(diagnosis.path, diagnosis.manifest, CONFIG)  # it is what was written
    return load_scenario(diagnosis.path / CONFIG).config


def mechanisms_of(diagnosis: Diagnosis) -> list[Rival]:
    """
    The mechanisms that rivalled one another in a diagnosis.

    Raises
    ------
    DamagedRunError
        If they are not what was written.
    """
    raw = read_kept(diagnosis.path, diagnosis.manifest, MECHANISMS)
    try:
        return [Rival.model_validate(without_lists(each)) for each in json.loads(raw)]
    except (ValueError, ValidationError) as error:
        raise DamagedRunError(f"{diagnosis.path / MECHANISMS} is damaged: {str(error).splitlines()[0]}") from error
