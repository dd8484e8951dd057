"""Which tests concern which module: these run first on its mutants, and the tests of its package after them."""

from __future__ import annotations

PACKAGES = ("lactflow/gland", "lactflow/dyad", "lactflow/recording")
"""What is mutated, when nothing else is said."""

FIRST: dict[str, tuple[str, ...]] = {
    "lactflow/pipeline": (  # all but those of theory and properties, which take most of the time
        "tests/pipeline/test_pipeline_clock.py",
        "tests/pipeline/test_pipeline_rates.py",
        "tests/pipeline/test_pipeline_source.py",
        "tests/pipeline/test_pipeline_steady.py",
        "tests/pipeline/test_pipeline_logs.py",
        "tests/pipeline/test_pipeline_exact_line.py",
    ),
    "lactflow/gland/added.py": ("tests/gland/test_gland_added.py",),
    "lactflow/gland/analytes.py": ("tests/gland/test_gland_balance.py", "tests/gland/test_gland_bounds.py"),
    "lactflow/gland/books.py": ("tests/gland/test_gland_balance.py",),
    "lactflow/gland/brake.py": ("tests/gland/test_gland_brake.py",),
    "lactflow/gland/cell": (
        "tests/gland/test_gland_cells.py",
        "tests/gland/test_gland_fate.py",
        "tests/gland/test_gland_genes.py",
        "tests/gland/test_gland_stress.py",
    ),
    "lactflow/gland/history.py": ("tests/gland/test_gland_history.py",),
    "lactflow/gland/lines.py": ("tests/gland/test_gland_stations.py",),
    "lactflow/gland/loading.py": ("tests/gland/test_gland_stations.py", "tests/gland/test_gland_balance.py"),
    "lactflow/gland/lobe.py": ("tests/gland/test_gland_balance.py", "tests/gland/test_gland_stations.py"),
    "lactflow/gland/lumen.py": ("tests/gland/test_gland_lumen.py",),
    "lactflow/gland/mechanism.py": ("tests/gland/test_gland_mechanism.py",),
    "lactflow/gland/membrane.py": ("tests/gland/test_gland_stations.py",),
    "lactflow/gland/stations.py": ("tests/gland/test_gland_station_rows.py",),
    "lactflow/gland": ("tests/gland",),
    "lactflow/dyad/at_breast.py": ("tests/dyad/test_dyad_sessions.py",),
    "lactflow/dyad/session_queue.py": ("tests/dyad/test_dyad_care.py",),
    "lactflow/dyad/dosing.py": ("tests/dyad/test_dyad_dosing.py", "tests/endocrine/test_endocrine_drugs.py"),
    "lactflow/dyad/infant.py": ("tests/dyad/test_dyad_infant.py", "tests/dyad/test_dyad_growth.py"),
    "lactflow/dyad/intervention.py": ("tests/dyad/test_dyad_interventions.py", "tests/dyad/test_dyad_dosing.py"),
    "lactflow/dyad/interventions.py": (
        "tests/dyad/test_dyad_interventions.py",
        "tests/dyad/test_dyad_interventions_in_runs.py",
    ),
    "lactflow/dyad/let_down.py": ("tests/dyad/test_dyad_sessions.py",),
    "lactflow/dyad/schedule": ("tests/dyad/test_dyad_plan.py", "tests/dyad/test_dyad_gaps.py"),
    "lactflow/dyad": ("tests/dyad",),
    "lactflow/recording/archive.py": ("tests/recording/test_recording_archive.py",),
    "lactflow/recording/columns.py": ("tests/recording/test_recording_columns.py",),
    "lactflow/recording/kept.py": ("tests/recording/test_recording_kept.py",),
    "lactflow/recording": ("tests/recording",),
}
"""Tests by the path of a module or package; the longest path that fits counts."""

THEN: dict[str, tuple[str, ...]] = {
    "lactflow/pipeline": ("tests/pipeline", "tests/gland"),
    "lactflow/gland": ("tests/gland", "tests/claims", "tests/dyad", "tests/endocrine", "tests/test_determinism.py"),
    "lactflow/dyad": (
        "tests/dyad",
        "tests/config",
        "tests/claims",
        "tests/gland",
        "tests/endocrine",
        "tests/test_determinism.py",
    ),
    "lactflow/recording": (
        "tests/recording",
        "tests/cli",
        "tests/experiments",
        "tests/trust",
        "tests/report",
        "tests/test_determinism.py",
    ),
}
"""Tests that a mutant must pass as well before it counts as survived, by its package."""


def first_tests(file: str) -> tuple[str, ...]:
    """Tests that concern a module."""
    return FIRST[max((path for path in FIRST if _within(file, path)), key=len)]


def later_tests(file: str) -> tuple[str, ...]:
    """Tests of its package, and of what is built upon it."""
    (found,) = (tests for path, tests in THEN.items() if _within(file, path))
    return found


def _within(file: str, path: str) -> bool:
    return file == path or file.startswith(f"{path}/")
