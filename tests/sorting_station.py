"""The station of the laboratory in `tests/plugins/lab`, for tests that pass its row in."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "plugins" / "lab"))

from lactflow_lab.additions import SORTING

__all__ = ["SORTING"]
