"""
Examples in a text: blocks of Python and of shell, run in their order, and what they print.

A block whose output is shown is followed by it, between two marker lines:

    <!-- prints:begin -->
    <!-- prints:end -->
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sys
import tempfile
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from lactflow.cli import main

BEGIN, END = "<!-- prints:begin -->\n", "<!-- prints:end -->\n"
_BLOCK = re.compile(
    rf"^```(?P<language>python|sh)\n(?P<code>.*?)^```\n(?:\n{BEGIN}(?P<shown>.*?){END})?",
    flags=re.DOTALL | re.MULTILINE,
)
_OWN_FOLDER = re.compile(r"(outputs/[\w.-]+?)-\d{8}T\d{6}Z-[0-9a-f]+")


class Example(NamedTuple):
    """One block: its language, what stands in it, and the output that is shown; None for none."""

    language: str
    code: str
    shown: str | None


def examples(text, languages=("python",)):
    """Blocks of these languages, in order."""
    found = (Example(**match.groupdict()) for match in _BLOCK.finditer(text))
    return [example for example in found if example.language in languages]


def outputs_of(text, name, languages=("python",), keep=None):
    """
    What each block prints, when all are run in one namespace from an empty folder.

    Of a shell block, the lines that call lactflow are run. A run directory is shown without time and hash. `keep`
    says where files that the blocks leave are copied to, by their names.
    """
    outputs, names = [], {"__name__": name}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for language, code, _ in examples(text, languages):
            with contextlib.redirect_stdout(io.StringIO()) as output:
                if language == "python":
                    exec(compile(code, name, "exec"), names)  # our own examples
                else:
                    _type(code)
            lines = _OWN_FOLDER.sub(r"\1-...", output.getvalue()).splitlines()
            outputs.append("\n".join(["```text", *(line.rstrip() for line in lines), "```", ""]))
        for file, path in (keep or {}).items():
            shutil.copyfile(file, path)
    return outputs


def _type(code):
    """Type the lines of a shell block that call lactflow."""
    for line in code.replace("\\\n", " ").splitlines():
        if line.startswith("lactflow "):
            result = CliRunner().invoke(main, shlex.split(line)[1:])
            assert result.exit_code == 0, f"{line}\n{result.output}"
            sys.stdout.write(result.stdout)


def filled(text, outputs, languages=("python",)):
    """The text with these outputs in the places of those that are shown."""
    remaining = iter(outputs)

    def fill(match):
        if match["language"] not in languages:
            return match[0]
        output = next(remaining)
        if match["shown"] is None:
            return match[0]
        return f"```{match['language']}\n{match['code']}```\n\n{BEGIN}{output}{END}"

    return _BLOCK.sub(fill, text)


def assert_alike(shown, made):
    """The same words, and numbers that differ by no more than 3 % or a unit of the second decimal."""
    words, expected = shown.split(), made.split()
    assert len(words) == len(expected), made
    for word, other in zip(words, expected, strict=True):
        if word == other:
            continue
        number, same = (re.sub(r"[][,%;:()]|-fold$", "", text) for text in (word, other))
        try:
            assert float(number) == pytest.approx(float(same), rel=0.03, abs=1.01 if "%" in word else 0.011), made
        except ValueError:
            assert word == other, made


def assert_prints(text, outputs, languages=("python",)):
    """What is shown after the blocks is what they print."""
    for example, output in zip(examples(text, languages), outputs, strict=True):
        if example.shown is not None:
            assert_alike(example.shown, output)
