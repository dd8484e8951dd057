"""What the app simulates: one mother of a config, at the coarse resolution, in memory, with what was chosen."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lactflow.analysis.run import MemoryRun
from lactflow.config.additions import additions_of
from lactflow.config.cohort import finer_packet_ml
from lactflow.config.keys import with_quantities
from lactflow.config.model import RunConfig
from lactflow.config.python import ConfigSource, Settings, setting_texts
from lactflow.config.resolution import in_words, named_lobe, recut, stated
from lactflow.config.scenario import load_scenario
from lactflow.experiments.memory import simulated_in_memory
from lactflow.explore.choices import LONGEST_DAYS, USUAL_DAYS, Choices, Range, choices_of, ranges_of, settings_of

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "on-demand"
"""What is explored when no config is named."""
TABLES = ("breasts", "infants", "let_downs", "lobes", "queues", "removals", "sessions")
"""What pictures and numbers are made from."""
_REMEMBERED = 24
"""Runs that are kept, so that a control that is moved back answers at once."""
_LEVEL, _PACKET = "coarse", "resolution.packet_ml"


class ExploredRun(MemoryRun):
    """A run whose config and measures are worked out once: the pictures ask for them again and again."""

    @cached_property
    def config_text(self) -> str:
        """The resolved config that was simulated."""
        return super().config_text

    @cached_property
    def _days(self) -> pd.DataFrame:
        return super().daily()

    @cached_property
    def _measures(self) -> dict[str, float]:
        return super().summary()

    def daily(self) -> pd.DataFrame:
        """One row a day: `lactflow.analysis.daily.daily`."""
        return self._days.copy()

    def summary(self, warm_up_days: float = 0.0) -> dict[str, float]:
        """Each measure over the run after a warm-up: `lactflow.analysis.daily.summary`."""
        return super().summary(warm_up_days) if warm_up_days else dict(self._measures)


class Explorer:
    """
    One config, and runs of it with other choices. Nothing is written.

    Parameters
    ----------
    source
        YAML file, the name of a shipped scenario, or a mapping of keys.
    settings
        Changes of it that hold throughout, as `--set` takes them.
    options
        Top-level keys of the config by name; None stands for not given. With `days`, so many are simulated at first,
        and a week otherwise.

    Attributes
    ----------
    config
        Resolved, at its own resolution.
    warnings
        What is unusual about it, one line each.
    start, ranges
        Choices that change nothing, and the ranges of those that are quantities.

    Raises
    ------
    ConfigError
        With every problem of the config.
    """

    def __init__(self, source: ConfigSource = SOURCE, settings: Settings = (), **options: object) -> None:
        scenario = load_scenario(source, setting_texts(settings), **options)
        self.config = scenario.config
        self.warnings = scenario.warnings
        asked = options.get("days") is not None
        self.start: Choices = choices_of(self.config, LONGEST_DAYS if asked else USUAL_DAYS)
        self.ranges: dict[str, Range] = ranges_of(self.config)
        self.run = lru_cache(maxsize=_REMEMBERED)(self._run)
        self._source, self._settings = source, setting_texts(settings)
        self._options = {name: value for name, value in options.items() if name != "days"}

    @property
    def note(self) -> str:
        """Whose run it is and how finely it is simulated, for people."""
        many = self.config.mother.cohort is not None or self.config.replicates > 1
        who = "One replicate of the median mother" if many else "One mother"
        return f"{who}; resolution {in_words(stated(_one_mother(self.config)))}."

    def _run(self, choices: Choices) -> ExploredRun:
        """
        Simulate one mother with what was chosen.

        Raises
        ------
        ConfigError
            If the choices contradict the config.
        LactflowError
            When the run fails.
        """
        chosen = setting_texts({**settings_of(self.config, choices), "days": choices.days})
        scenario = load_scenario(self._source, [*self._settings, *chosen], **self._options)
        run = simulated_in_memory(_one_mother(scenario.config), scenario.logs, tables=TABLES)
        return ExploredRun(run.units, lambda: run.config_text)


def _one_mother(config: RunConfig) -> RunConfig:
    """A config without cohort and replicates, and coarse, unless it names a lobe, which would then be another one."""
    mother = config.mother.model_copy(update={"cohort": None})
    record = config.record.model_copy(update={"visits": False})
    config = config.model_copy(update={"mother": mother, "record": record, "replicates": 1})
    if named_lobe(config) is not None:
        return config
    config = recut(config, _LEVEL)
    finer_ml = finer_packet_ml(config, additions_of(config).stations)
    return config if finer_ml is None else with_quantities(config, {_PACKET: finer_ml})
