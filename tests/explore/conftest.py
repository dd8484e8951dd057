"""What the tests of the app share."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lactflow.cli import main


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    """Call lactflow in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def caller(*args: str):
        result = CliRunner().invoke(main, list(args))
        assert result.exception is None or type(result.exception) is SystemExit
        assert "Traceback" not in result.output
        return result

    return caller
