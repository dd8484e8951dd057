"""`lactflow explore`."""

from __future__ import annotations

import signal

import click

from lactflow.cli.completion import complete_scenarios, complete_setting


@click.command("explore", short_help="Open an app in the browser: controls, and the day and the days at once.")
@click.argument("config", required=False, shell_complete=complete_scenarios)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=complete_setting,
    help="Change one key of the config; repeatable.",
)
@click.option("--days", type=click.FloatRange(2.0, 30.0), help="Days that are simulated at first, from 2 to 30.")
@click.option("--seed", type=int, help="Seed of all random numbers.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address of the page; the default is this machine."
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the page; a free one when left out.")
@click.option("--headless", is_flag=True, help="Do not open a browser.")
def command(
    *,
    config: str | None,
    settings: tuple[str, ...],
    host: str,
    port: int | None,
    headless: bool,
    seed: int | None,
    days: float | None,
) -> None:
    """Open an app in the browser: who takes the milk and how often, storage capacity, size of the gland, appetite.

    Every change simulates a week of one mother at the coarse resolution, beside the config as it is, and shows a day in
    both breasts, a measure day by day, and the numbers. CONFIG is a YAML file or the name of a shipped scenario;
    on-demand when it is left out. Everything stays on this machine and nothing is written. Ctrl-C ends it. It needs
    marimo: pip install 'lactflow[notebooks]'.

    \b
    Examples:
      lactflow explore
      lactflow explore twins --headless --port 2718
    """  # noqa: D301 - \b is click's mark
    from lactflow.cli.progress import stopping_on_signals
    from lactflow.errors import InterruptedRunError
    from lactflow.explore.serving import serve

    with stopping_on_signals() as check:
        try:
            serve(
                config,
                settings,
                host=host,
                port=port,
                headless=headless,
                say=click.echo,
                check=lambda: check(0.0, 0.0),
                seed=seed,
                days=days,
            )
        except InterruptedRunError as error:
            if error.signal_number != signal.SIGINT:
                raise
