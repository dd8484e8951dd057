"""The generated part of `docs/reference/record.md`: kinds of facts, their units, and errors of instruments."""

from __future__ import annotations

from calls import cells

from lactflow.diagnosis.kinds import KINDS, REFUSED
from lactflow.parameters.declaration import declared_quantities
from lactflow.parameters.instruments import INSTRUMENTS


def record_part():
    """Kinds, then units, limits, what is refused, and the errors of instruments."""
    lines = ["", "## Kinds", "", cells("kind", "what", "breast", "value", "time of day"), "|---|---|---|---|---|"]
    for name, kind in KINDS.items():
        breast = "left, right, both" if kind.sided else ""
        value = {"needed": "needed", "optional": "may be left out", "none": "none"}[kind.value]
        limit = ", or below or above a limit" if kind.limited else ""
        lines.append(cells(f"`{name}`", kind.about, breast, value + limit, "needed" if kind.timed else ""))
    refused = [f"- `{name}` is not read: {reason}." for name, reason in REFUSED.items()]
    return "\n".join([*lines, "", *refused, *_units(), *_limits(), *_errors(), "", ""])


def _units():
    heading = [cells("kind", "kept in", "read, and what one of it is"), "|---|---|---|"]
    rows = [
        cells(f"`{name}`", kind.unit, ", ".join(f"{unit} ({factor:.5g})" for unit, factor in kind.units.items()))
        for name, kind in KINDS.items()
        if kind.units
    ]
    return ["", "## Units", "", *heading, *rows]


def _limits():
    heading = [cells("kind", "refused outside", "doubted outside", "source", "note"), "|---|---|---|---|---|"]
    rows = []
    for name, kind in KINDS.items():
        ranges = [
            f"{low:g} to {high:g} {kind.unit}" if kind.units else "" for low, high in (kind.within, kind.plausible)
        ]
        rows.append(
            cells(f"`{name}`", *ranges, kind.source.key + (f", {kind.locator}" if kind.locator else ""), kind.note)
        )
    return ["", "## Limits", "", *heading, *rows]


def _errors():
    of = {}
    for name, kind in KINDS.items():
        for key in kind.errors:
            of.setdefault(key, []).append(f"`{name}`")
    heading = [cells("quantity", "of", "value", "plausible", "source", "note"), "|---|---|---|---|---|---|"]
    rows, references = [], {}
    for item in declared_quantities(INSTRUMENTS):
        declared = item.declaration
        references[declared.source.key] = declared.source.text
        value, (low, high) = f"{item.value:g} {declared.unit}".strip(), declared.plausible
        source = declared.source.key + (f", {declared.locator}" if declared.locator else "")
        rows.append(
            cells(
                f"`{item.key}`", ", ".join(of.get(item.key, [])), value, f"{low:g} to {high:g}", source, declared.note
            )
        )
    references |= {kind.source.key: kind.source.text for kind in KINDS.values()}
    lines = [f"- {key}: {text}." for key, text in sorted(references.items())]
    about = "Declared in `lactflow.parameters.instruments`; they are no keys of a config, since no run depends on them."
    return ["", "## Instruments", "", about, "", *heading, *rows, "", "Sources:", "", *lines]
