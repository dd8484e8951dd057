"""What tests of days share."""

from __future__ import annotations

import pytest
from small_days import ON_DEMAND


@pytest.fixture(scope="session")
def small(play):
    """Simulate days of a small gland, by default three on demand from day 30."""

    def player(**keys):
        about = {"days": 3.0, "start_day": 30.0, "schedule": ON_DEMAND, **keys}
        return play(visits=False, **{
            **about, "gland": {"lobes_per_breast": 2}, "resolution": {"packet_ml": 0.5},
        })  # fmt: skip

    return player
