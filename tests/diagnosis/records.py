"""Records for tests: rows under the usual header, read from a file; and configs."""

from __future__ import annotations

import pytest

from lactflow.config.scenario import load_scenario
from lactflow.diagnosis.record import read_record
from lactflow.errors import ConfigError

HEADER = "time,kind,breast,value,unit,note"
BIRTH = "2031-05-03 08:00,birth,,3410,g,"


def read(folder, *rows, header=HEADER, birth=BIRTH, **options):
    """The record of a birth and these rows."""
    path = folder / "record.csv"
    path.write_text("\n".join([header, *([birth] if birth else []), *rows, ""]), encoding="utf-8")
    return read_record(path, **options)


def problems(folder, *rows, **options):
    """What is wrong with it, without its path: `line:column: message`."""
    with pytest.raises(ConfigError) as error:
        read(folder, *rows, **options)
    assert error.value.exit_code == 2
    assert all("\n" not in str(problem) for problem in error.value.problems)
    return [str(problem).partition("record.csv:")[2].strip() for problem in error.value.problems]


def remarks(record):
    """Its warnings without its path."""
    return [line.partition("record.csv: ")[2] for line in record.warnings]


def config_of(**keys):
    """A config of a mother who feeds on demand, with other keys."""
    return load_scenario({"format": 1, "schedule": [{"kind": "on_demand"}], **keys}).config
