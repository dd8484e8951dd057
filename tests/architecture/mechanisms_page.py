"""Generated parts on rival mechanisms: each of them, the keys of their files, and what a diagnosis cannot know."""

from __future__ import annotations

from inspect import cleandoc

from calls import cells

from lactflow.config.tree import Spot, step
from lactflow.diagnosis.files import shipped, shipped_files
from lactflow.diagnosis.limits import LIMITS
from lactflow.diagnosis.rival import Draw, Rival


def mechanisms_part():
    """Every mechanism that comes with lactflow, from its file: what it is, what is drawn, and what that acts on."""
    lines = []
    for name in shipped_files():
        rival = shipped(name)
        judged = "" if rival.judged else " It is not one of those by which the method is judged."
        lines += ["", f"## `{name}`", "", f"*{rival.title}*. {rival.meaning}{judged}"]
        if rival.draws:
            heading = [cells("draw", "what it is", "spread", "acts on", "source"), "|---|---|---|---|---|"]
            lines += ["", *heading, *(_draw(rival, each) for each in rival.draws)]
    return "\n".join([*lines, "", ""])


def _draw(rival, name):
    draw = rival.draws[name]
    if draw.among:
        spread = f"one of {', '.join(f'{each:g}' if isinstance(each, float) else each for each in draw.among)}"
    else:
        spread = f"{draw.low:g} to {draw.high:g}"
    unit = f" {draw.unit}" if draw.unit else ""
    scale = ", on a scale of logarithms" if draw.scale == "log" else ""
    source = rival.sources.get(name)
    found = "a choice" if source is None else f"{source.cite}; {source.locator}"
    return cells(f"`{name}`", draw.what, f"{spread}{unit}{scale}", _acts_on(rival, name), found)


def _acts_on(rival, name):
    """Where a draw is used."""
    keys = [f"`{key}`" for table in (rival.acting, rival.factors) for key, draw in table.items() if draw == name]
    for entry in (*rival.interventions, *rival.feeds):
        of_entry = [f"`{key}`" for key in entry if _names(entry[key], name)]
        keys += [f"{', '.join(of_entry)} of `{entry['kind']}`"] if of_entry else []
    return ", ".join(keys)


def _names(value, name):
    drawn = value.get("draw") if isinstance(value, dict) else None
    return name in (drawn if isinstance(drawn, (list, tuple)) else (drawn,))


def rival_part():
    """The keys of a file of a mechanism, and those of a draw."""
    lines = []
    for title, model in (("A file of a mechanism", Rival), ("`draws`", Draw)):
        spot = Spot((title,), model)
        rows = [_key(spot, name) for name in spot.known()]
        about = " ".join(cleandoc(model.__doc__ or "").split())
        lines += [
            "",
            f"### {title}",
            "",
            about,
            "",
            cells("key", "allowed", "default", "meaning"),
            "|---|---|---|---|",
            *rows,
        ]
    return "\n".join([*lines, "", ""])


def _key(spot, name):
    below = step(spot, name)
    value = None if below.field.is_required() else below.field.get_default(call_default_factory=True)
    default = "" if value is None or value in ((), {}, "") else f"`{value}`"
    return cells(f"`{name}`", below.allowed(), default, below.field.description or "")


def limits_part():
    """What a diagnosis cannot know, as its page says it."""
    return "\n".join(["", *(f"- **{each.title}.** {each.text}" for each in LIMITS), "", ""])
