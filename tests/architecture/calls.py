"""Calls of the command line by the pages, and rows of Markdown tables."""

from __future__ import annotations

from click.testing import CliRunner

from lactflow.cli import main


def call(*args):
    """Output of a command that succeeds."""
    result = CliRunner().invoke(main, list(args))
    assert result.exit_code == 0, result.output
    return result.stdout


def cells(*texts):
    """One row of a Markdown table."""
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"
