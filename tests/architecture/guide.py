"""
The guide to additions as a package and sessions: files of all its pages are written and installed, other blocks typed.

A block that begins with a comment like `# our-lab/our_lab/caffeine.py` is that file. The others of a page are Python of
one namespace, or shell.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner
from examples import BEGIN, END

from lactflow import plugins
from lactflow.cli import main

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "additions.md"
_TREE = re.search(r"```\{toctree\}\n.*?\n\n(.*?)\n```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
GUIDES = (GUIDE, *(GUIDE.with_name(f"{name}.md") for name in _TREE[1].split()))
"""The first page of the guide, and one for each kind of addition, in the order of its table of contents."""
_BLOCK = re.compile(
    rf"^```(?P<language>python|sh|toml|yaml)\n(?:# (?P<file>[\w./-]+\.(?:py|toml|yaml))\n)?(?P<code>.*?)^```\n"
    rf"(?:\n{BEGIN}(?P<shown>.*?){END})?",
    flags=re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """One block: the file it is, if any, what stands in it, and the output that is shown; None for none."""

    language: str
    file: str | None
    code: str
    shown: str | None


def all_blocks():
    """Blocks of all pages."""
    return [block for page in GUIDES for block in blocks_of(page.read_text(encoding="utf-8"))]


def blocks_of(text):
    """All blocks of a page, in order."""
    return [Block(**match.groupdict()) for match in _BLOCK.finditer(text)]


@contextlib.contextmanager
def installed(blocks, folder):
    """Go to an empty folder with the files of the guide, its package installed; gives the `project` of the package."""
    for block in blocks:
        if block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.code, encoding="utf-8")
    package, site, before = folder / "our-lab", folder / "site", sys.path[:]
    project = _offer(package, site)
    sys.path[:0] = [str(site), str(package)]
    _forget()
    try:
        with contextlib.chdir(folder):
            yield project
    finally:
        sys.path[:] = before
        _forget()


def _offer(package, site):
    """Make the entry points of a package those of a distribution, as pip would."""
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = project["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{name} = {to}\n" for name, to in each.items()) for group, each in points]
    (info / "entry_points.txt").write_text("".join(lines))
    return project


def _forget():
    """What is installed is looked up anew, what was added is gone, and the package is imported anew."""
    plugins._installed.cache_clear()
    plugins._added.clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "our_lab"]:
        del sys.modules[name]


def typed(blocks):
    """What each block of a page that is no file prints, in order, from the current folder."""
    outputs, names = [], {"__name__": "__main__"}
    for block in blocks:
        if block.file is not None or block.language not in ("python", "sh"):
            continue
        with contextlib.redirect_stdout(io.StringIO()) as output:
            if block.language == "python":
                exec(compile(block.code, GUIDE.name, "exec"), names)  # our own examples
            else:
                _type(block.code)
        outputs.append("\n".join(["```text", *(line.rstrip() for line in output.getvalue().splitlines()), "```", ""]))
    return outputs


def _type(code):
    """Type the lines of a shell block, all of which call lactflow; the shell's wildcards are filled in."""
    for line in code.splitlines():
        words = [
            each
            for word in shlex.split(line)[1:]
            for each in (sorted(map(str, Path().glob(word))) if "*" in word else [word])
        ]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        sys.stdout.write(result.stdout)


def with_outputs(text, outputs):
    """A page with these outputs in the places of those that are shown."""
    remaining = iter(outputs)

    def fill(match):
        if match["file"] is not None or match["language"] not in ("python", "sh"):
            return match[0]
        output = next(remaining)
        return match[0] if match["shown"] is None else f"{match[0].partition(BEGIN)[0]}{BEGIN}{output}{END}"

    return _BLOCK.sub(fill, text)
