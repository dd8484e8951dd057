"""
What `lactflow/cli/completed.tsv` has to say, by the model.

    python tests/cli/completed.py               writes it anew
"""

from __future__ import annotations

from lactflow.cli.completion import CLAIM, KEPT, NUMBER, OTHER, QUANTITY
from lactflow.config.tree import ROOT, Spot, _bare, _entry, _fields
from lactflow.validation.judge import CLAIMS, ON_REQUEST


def as_completed():
    """The text of the file: a line for each key, then one for each claim."""
    claims = sorted((claim.id, claim.text) for claim in (*CLAIMS, *ON_REQUEST))
    rows = [*dict.fromkeys(_rows(ROOT)), *((name, CLAIM, "", text) for name, text in claims)]
    return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in rows)


def _rows(spot):
    for model in spot.models() or _of_entries(spot):
        entry = not spot.models()
        for name, field in _fields(model).items():
            path = (*spot.path, *(("0",) if entry else ()), name)
            below = Spot(path, field.annotation, field)
            yield ".".join(path), _kind(below), " ".join(_words(below)), _about(below)
            yield from _rows(below)


def _of_entries(spot):
    entry = _entry(_bare(spot.annotation))
    return Spot(spot.path, entry).models() if entry is not None else ()


def _kind(spot):
    if spot.quantity is not None:
        return QUANTITY
    return NUMBER if _bare(spot.annotation) in (int, float) else OTHER


def _words(spot):
    bare = _bare(spot.annotation)
    if bare is bool:
        return ["true", "false"]
    entry = _entry(bare)
    in_list = [] if entry is None else [f"[{name}]" for name in Spot(spot.path, entry).names()]
    return [*spot.names(), *spot.words(), *in_list]


def _about(spot):
    return spot.quantity.unit if spot.quantity is not None else (spot.field.description or "")


if __name__ == "__main__":
    KEPT.write_text(as_completed(), encoding="utf-8", newline="\n")
