"""The yardstick: SimPy's own event loop with nothing to do."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import simpy

CHAINS = 5


def bare_chains(events: int) -> float:
    """Seconds for so many Timeouts in five chains, each rescheduled by its own callback."""
    env = simpy.Environment()

    def start(interval: float, count: int) -> None:
        left = count

        def again(_event: simpy.Event) -> None:
            nonlocal left
            left -= 1
            if left > 0:
                env.timeout(interval).callbacks.append(again)

        env.timeout(interval).callbacks.append(again)

    for chain in range(CHAINS):
        start(1.0 + 0.01 * chain, events // CHAINS)
    started = perf_counter()
    env.run()
    return perf_counter() - started


def resident_mb() -> float:
    """Resident memory of this process [MB]."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6
