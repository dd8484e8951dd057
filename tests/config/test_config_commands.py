"""Commands that users copy from comments and help texts work in every shell: zsh expands more than others."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from lactflow.cli import COMMANDS, main
from lactflow.cli.init import _TEMPLATE
from lactflow.config.shipped import shipped

_EXPANDED = "[]{}*?~()<>|&;$"
"""What a shell reads where it is not quoted."""


def comments(text: str) -> str:
    """The comments of a config as one line: commands may be wrapped."""
    return " ".join(line.partition("#")[2].strip() for line in text.splitlines() if "#" in line)


def commands(text: str) -> list[str]:
    """Calls of lactflow, and options by themselves, between backticks."""
    return [each for each in re.findall(r"`([^`]+)`", text) if each.startswith(("lactflow ", "--"))]


def unquoted(command: str) -> str:
    """What is left of a command without its quoted parts."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", command)


def helps() -> dict[str, str]:
    """Help texts of all commands, and of those below them."""
    texts = {}
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        below = getattr(command, "commands", {})
        for each in (command, *below.values()):
            texts[f"{name} {each.name}"] = each.help or ""
    return texts


@pytest.mark.parametrize("name", [*shipped(), "init"])
def test_commands_in_comments_are_quoted(name):
    """They parse, and hold nothing that a shell would expand."""
    text = _TEMPLATE if name == "init" else shipped()[name].read_text(encoding="utf-8")
    for command in commands(comments(text)):
        assert shlex.split(command)
        assert not set(unquoted(command)) & set(_EXPANDED), command


def test_there_are_commands_in_comments():
    """The test above looks at something: also at those that need quotes."""
    every = [command for path in shipped().values() for command in commands(comments(path.read_text(encoding="utf-8")))]
    assert len(every) > 10
    assert any("'infants=[{}]'" in command for command in every)
    assert unquoted("lactflow run twins --set infants=[{}]").endswith("[{}]")


@pytest.mark.parametrize(("name", "text"), helps().items())
def test_examples_in_helps_are_quoted(name, text):
    """Command substitution in double quotes aside."""
    examples = re.findall(r"^ *(lactflow .*)$", text, flags=re.MULTILINE)
    assert examples, name
    for example in examples:
        assert shlex.split(example)
        assert not set(unquoted(example)) & set(_EXPANDED), example
