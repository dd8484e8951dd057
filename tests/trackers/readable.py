"""What an import writes, read again as a config reads it."""

from __future__ import annotations

from lactflow.config.logs.feeding_log import read_feeding_log
from lactflow.errors import ConfigError


def read_again(imported):
    """The log that was imported; None where its repairs leave no session, which is the only reason to refuse it."""
    try:
        return read_feeding_log(imported.csv().encode(), "log.csv", infants=None)
    except ConfigError as error:
        if "no session is left" not in str(error):
            raise
        return None


def assert_readable(imported):
    log = read_again(imported)
    assert log is None or log.sessions
