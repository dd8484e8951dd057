"""What the conditions of a mother set in a config: quantities by way of the same keys that traits of a cohort take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from lactflow.config.keys import held, usual_at, with_quantities, within
from lactflow.config.model import RunConfig
from lactflow.kinetics import plain_sum
from lactflow.parameters.conditions import ACTING, CONDITIONS, Birth, Effect
from lactflow.parameters.declaration import DeclaredQuantity, Quantity
from lactflow.records import MotherTrait

_SLOWER_PER_H, _SLOWER_PER_H2 = 0.0935, 0.00066
"""How much slower transcription becomes for each hour of a later onset: fitted to the reference mother, 2 to 35 h."""


def rows_of(config: RunConfig) -> tuple[str, ...]:
    """Names of all that the config states about the mother and the birth, as `CONDITIONS` has them."""
    mother = config.mother
    first = ("first birth",) if mother.parity == "first" else ()
    return (*(condition.row for condition in mother.conditions), *first, *config.birth.rows)


def slowing(hours: float) -> float:
    """
    Factor on the time constants of activation with which copious milk begins some hours later in the reference mother.

    Equation
    --------
    slowing = 1 + hours * (0.0935 + 0.00066 * hours)

    Parameters
    ----------
    hours
        By which it begins later [h].

    References
    ----------
    The form is ours, fitted to runs of the reference mother.
    """
    return 1.0 + hours * (_SLOWER_PER_H + _SLOWER_PER_H2 * hours)


def _acting(config: RunConfig) -> dict[str, list[tuple[str, Effect]]]:
    """Effects by what they act on, each with the name of its condition."""
    found: dict[str, list[tuple[str, Effect]]] = {}
    for name in rows_of(config):
        for effect in CONDITIONS[name]:
            found.setdefault(effect.on, []).append((name, effect))
    return found


def acted(config: RunConfig, on: str, sizes: Sequence[float]) -> dict[str, float]:
    """
    Quantities that follow from sizes on something that conditions act on, by key.

    Parameters
    ----------
    config
        Whose values are changed.
    on
        One of `ACTING`.
    sizes
        Of one condition or more: hours add up, factors are multiplied, and of water the largest counts.
    """
    found = {}
    for key in ACTING[on].keys:
        if on == "newborn_weight_loss":
            # Of caesareans and of fluids: the same water, in part.
            found[key] = within(config, key, held(config, key) + max(sizes))
        else:
            found[key] = held(config, key, slowing(plain_sum(sizes)) if on == "onset_h" else prod(sizes))
    return found


def acted_besides(config: RunConfig, on: str, size: float) -> dict[str, float]:
    """
    Quantities that follow from a size on something that the conditions of the config act on as well, by key.

    They are those with which the conditions, which are laid over them when a mother is drawn, make up the whole: hours
    add up with those of conditions, and are not one factor on another; of water the largest counts.

    Parameters
    ----------
    config
        With its conditions by their names.
    on
        One of `ACTING`.
    size
        Of what comes besides.
    """
    there = [effect.size for _, effect in _acting(config).get(on, [])]
    if on == "onset_h":
        factor = slowing(plain_sum([*there, size])) / slowing(plain_sum(there))
        return {key: held(config, key, factor) for key in ACTING[on].keys}
    if on == "newborn_weight_loss":
        more = max([*there, size]) - max(there, default=0.0)
        return {key: within(config, key, held(config, key) + more) for key in ACTING[on].keys}
    return acted(config, on, [size])


def _changed(config: RunConfig) -> Iterator[MotherTrait]:
    """Every quantity that conditions change."""
    for on, effects in _acting(config).items():
        names, sizes = " and ".join(name for name, _ in effects), [effect.size for _, effect in effects]
        for key, new in acted(config, on, sizes).items():
            value = held(config, key)
            yield MotherTrait(names, key, new / value if value > 0.0 else 1.0, new)


def with_conditions(config: RunConfig) -> tuple[RunConfig, list[MotherTrait]]:
    """
    The config with what the conditions of the mother and the birth set, and without their names.

    Parameters
    ----------
    config
        Valid.

    Returns
    -------
    The config, the same one where there are none; and each quantity that was changed.
    """
    changed = list(_changed(config))
    if not changed:
        return config, []
    config = with_quantities(config, {each.key: each.value for each in changed})
    mother = config.mother.model_copy(update={"conditions": (), "parity": None})
    birth = Birth(first_feed_h=config.birth.first_feed_h)
    return config.model_copy(update={"mother": mother, "birth": birth}), changed


def condition_quantities(config: RunConfig) -> Iterator[DeclaredQuantity]:
    """Sizes that the conditions of a config rest on, as declared quantities, by condition and what they act on."""
    for on, effects in _acting(config).items():
        for name, effect in effects:
            limits = (effect.low, effect.high)
            declaration = Quantity(
                unit=ACTING[on].unit,
                within=limits,
                plausible=limits,
                source=effect.source,
                locator=effect.locator,
                note=effect.note,
            )
            yield DeclaredQuantity(f"{name}: {on}", effect.size, declaration)


def contradicting(config: RunConfig) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """
    Quantities that both a condition and the config set: the key, and one line.

    Parameters
    ----------
    config
        Valid key by key.
    """
    for on, effects in _acting(config).items():
        for key in ACTING[on].keys:
            value = held(config, key)
            if value != usual_at(config, key):
                names = " and ".join(name for name, _ in effects)
                yield (
                    tuple(key.split(".")),
                    f"{value:g} is given, and {names} would change it too (allowed: the value or the condition)",
                )


def twice(config: RunConfig) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Conditions that are named twice: the key, and one line."""
    kinds = [condition.kind for condition in config.mother.conditions]
    for number, kind in enumerate(kinds):
        if kind in kinds[:number]:
            yield ("mother", "conditions", number), f"{kind} stands here twice (allowed: once)"


def condition_oddities(config: RunConfig) -> Iterator[str]:
    """Conditions without effect in a run, and those whose size is a guess: one line each."""
    if config.start_day > 1.0 + config.birth.first_feed_h / 24.0 and config.birth.first_feed_h > 0.0:
        yield (
            f"birth.first_feed_h = {config.birth.first_feed_h:g} changes nothing: the run begins on day "
            f"{config.start_day:g}"
        )
    if "diabetes, type 2" in rows_of(config):
        yield "diabetes of type 2 counts as gestational diabetes: no size for type 2 could be read"
