"""
The command line.

Commands live in modules of their own, imported when they are called: `lactflow --help` loads neither the model nor
a table library.
"""

from __future__ import annotations

import atexit
import gc
import os
import platform
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

import click

from lactflow.version import __version__, build


class Entry(NamedTuple):
    """One line of `lactflow --help`: where a command lives, and what it does."""

    module: str
    help: str


COMMANDS = {
    "run": Entry("lactflow.cli.run", "Simulate a scenario and write a run directory."),
    "compare": Entry("lactflow.cli.compare", "Compare scenarios on common random numbers."),
    "branch": Entry("lactflow.cli.branch", "Simulate one past and several futures of it, and compare these."),
    "sweep": Entry("lactflow.cli.sweep", "Simulate many points, on any number of machines; resumable."),
    "sensitivity": Entry("lactflow.cli.sensitivity", "Rank the quantities that decide a measure."),
    "calibrate": Entry("lactflow.cli.calibrate", "Find values of quantities that meet a table of targets; resumable."),
    "import": Entry("lactflow.cli.import_log", "Turn the export of a baby tracker into a log of lactflow."),
    "fit": Entry("lactflow.cli.fit", "Estimate the traits of mothers from logs with volumes."),
    "diagnose": Entry(
        "lactflow.cli.diagnose", "Which mechanism fits a clinical record. Research and teaching, no medical device."
    ),
    "scenarios": Entry("lactflow.cli.scenarios", "List or show the scenarios that come with lactflow."),
    "drugs": Entry("lactflow.cli.drugs", "List, show or begin the files of drugs. A model, and no medical advice."),
    "init": Entry("lactflow.cli.init", "Write a commented YAML file to start from."),
    "schema": Entry("lactflow.cli.schema", "Print the JSON Schema of configs and of files like them, for editors."),
    "parameters": Entry("lactflow.cli.parameters", "Show every quantity: value, unit, range, source."),
    "cite": Entry("lactflow.cli.cite", "The references of what a run or comparison used, and of lactflow."),
    "validate": Entry("lactflow.cli.validate", "Test the model against its claims and published targets."),
    "report": Entry("lactflow.cli.report", "Write one offline HTML page of a run, sweep, calibration or other result."),
    "explore": Entry("lactflow.cli.explore", "Open an app in the browser: controls, and the day and the days at once."),
    "diff": Entry("lactflow.cli.diff", "Compare two runs: the first difference, rows, configs, versions."),
    "export": Entry("lactflow.cli.export", "Write a run for other programs: CSV, Parquet, trace, crate, data package."),
    "verify": Entry("lactflow.cli.verify", "Check a folder of any kind: hashes, rows, balance."),
}
"""Each module has its command under the name `command`."""


_COMPLETE = "_LACTFLOW_COMPLETE"
"""Environment variable by which a shell asks for completions."""


class NearestGroup(click.Group):
    """A group that answers a mistyped command with the nearest name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(_no_such_command(name, known), ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(NearestGroup):
    """A group that has its commands from `COMMANDS` and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, None when there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name].module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Completions of a command or option, from the table alone."""
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=entry.help) for name, entry in COMMANDS.items() if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of a command line; `--help` prints in here."""
        from lactflow.cli.failures import own_ends

        with own_ends():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        from lactflow.cli.failures import own_ends

        with own_ends():
            return super().invoke(ctx)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; failures become lines on stderr (or JSON on stdout) and an exit code."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        from lactflow.cli.failures import exit_code_of
        from lactflow.interpreter import seldom_collected

        given = list(sys.argv[1:] if args is None else args)
        if _COMPLETE in os.environ:
            from lactflow.cli.shells import add_shells

            add_shells()
        # Threads of linear algebra wait by spinning: a tenth of a second of CPU time, for matrices that are small.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # Else Python looks for garbage among all that was imported several times, as it ends.
        atexit.register(gc.freeze)

        @seldom_collected()  # of the imports too
        def invoke() -> Any:
            return super(LazyGroup, self).main(given, prog_name, complete_var, standalone_mode=False, **extra)

        sys.exit(exit_code_of(invoke, given))


def _no_such_command(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    shown = repr(name[:60])
    matches = get_close_matches(name[:60].lower(), known, n=1)
    hint = f"nearest: {matches[0]}" if matches else f"allowed: {', '.join(known)}"
    return f"there is no command {shown} ({hint})"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(
    __version__,
    prog_name="lactflow",
    message=f"%(prog)s, version %(version)s, {build()}, Python {platform.python_version()}",
)
def main() -> None:
    """Simulate the secretion of milk, event by event.

    \b
    Example:
      lactflow run every-three-hours --days 2
    """  # noqa: D301 - \b is click's mark
