"""
How newborns of virtual mothers differ beside the traits of a cohort: a declared quantity.

It is no key of a config: a cohort has newborns who lose the same fluid, and a diagnosis, which reads weights of the
first days, must not take what newborns differ in for what mothers differ in.
"""

from __future__ import annotations

from typing import Final

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Newborns(Declared):
    """How newborns differ."""

    fluid_lost_log_sd: float = quantity(
        0.29,
        "",
        within=(0.0, 1.0),
        plausible=(0.15, 0.4),
        source=sources.NOEL_WEISS_2008,
        locator="abstract",
        note="SD of the log of the weight that is lost as fluid: losses of newborns have an SD of about 2 % of birth "
        "weight in eleven studies, of which virtual mothers explain 1 %, and the rest is 29 % of the usual 5.9 %. It "
        "goes with Flaherman 2015: median 7.1 % at 48 h, and 10 % or more in nearly 5 %",
    )


NEWBORNS: Final = Newborns()
"""As declared; nothing else sets it."""
