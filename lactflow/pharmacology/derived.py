"""What follows from the declaration of a drug in one woman: its kinetics, and its passage into milk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from lactflow.parameters.pharmacology import Pharmacology
from lactflow.pharmacology.declared import REFERENCE_KG, Drug, Form, Kinetics, Metabolite, Passage
from lactflow.pharmacology.disposition import Disposition, Input, one_compartment, two_compartments
from lactflow.pharmacology.passage import effective_ml, ion_factor, partition
from lactflow.units import HOUR_MIN

_LARGEST_PARTITION = 1e5
_HOURS_PER_DAY, _ML_PER_L = 24.0, 1000.0
"""Of fat over skim: beyond it a logarithm of a partition is taken for a slip."""


class Body(NamedTuple):
    """
    A woman who takes drugs.

    Attributes
    ----------
    weight_kg, height_cm
        Of her body.
    milk_ph
        Of her milk.
    """

    weight_kg: float = REFERENCE_KG
    height_cm: float = 165.0
    milk_ph: float = 7.1


class Following(NamedTuple):
    """
    What follows from the passage of a drug.

    Attributes
    ----------
    ion
        Ratio of milk over plasma that pH alone makes.
    unbound_skim
        Share in skim milk that nothing binds.
    ratio
        R: concentration in skim over that in plasma when nothing moves any more, without a transporter.
    active_ratio
        Factor on it of a transporter at full expression; 1 without one.
    fat_partition
        K: concentration in fat over that in skim.
    exchange_ml_per_h
        X: clearance between blood and milk of a breast.
    carried
        chi: what fresh milk brings, as a share of the partition.
    unbound_plasma
        Share in plasma that nothing binds.
    of_the_model
        Keys that the file leaves out, which the model has a value for.
    """

    ion: float
    unbound_skim: float
    ratio: float
    active_ratio: float
    fat_partition: float
    exchange_ml_per_h: float
    carried: float
    unbound_plasma: float
    of_the_model: tuple[str, ...]


def milk_over_plasma(
    passage: Passage, model: Pharmacology, milk_ph: float, flow_ml_per_h: float, fat_g_per_l: float
) -> float:
    """
    Concentration in milk over that in plasma, on average: of milk that one breast gives evenly.

    Equation
    --------
    milk_over_plasma = settled * effective / flow
    settled = ratio * (exchange + carried * effective) / (returned + effective)
    effective = effective_ml(flow, fat, partition)
    of antibodies: milk_over_plasma = transcytosis / flow

    Parameters
    ----------
    passage
        Declared.
    model
        Declared quantities.
    milk_ph
        pH of milk.
    flow_ml_per_h
        Milk of the breast [mL/h].
    fat_g_per_l
        In it [g/L].

    References
    ----------
    A balance: the steady state of the exchange of `lactflow.pharmacology.passage`; what open junctions let through is
    left out.
    """
    follows = following(passage, model, milk_ph)
    if follows is None:
        return (passage.transcytosis_ml_per_day or 0.0) / _HOURS_PER_DAY / flow_ml_per_h
    effective = effective_ml(flow_ml_per_h, fat_g_per_l * flow_ml_per_h / _ML_PER_L, follows.fat_partition)
    exchange = follows.exchange_ml_per_h
    came = follows.ratio * follows.active_ratio * (exchange + follows.carried * effective)
    return came / (exchange * passage.return_share + effective) * effective / flow_ml_per_h


def following(passage: Passage, model: Pharmacology, milk_ph: float) -> Following | None:
    """
    What follows from how a drug is declared to pass into milk.

    Equation
    --------
    ratio = partition(ion, unbound_plasma, unbound_skim)
    carried = carried_share(exchange, carried_half), where the file gives none
    unbound_skim, fat_partition = unbound_in_skim(...), fat_over_skim(...), where the file gives none

    Parameters
    ----------
    passage
        Declared.
    model
        Declared quantities.
    milk_ph
        pH of milk.

    Returns
    -------
    None of antibodies, which cells carry through.

    References
    ----------
    By definition; those of each formula.
    """
    if passage.kind == "antibody" or passage.unbound_plasma is None:
        return None
    unbound = passage.unbound_plasma
    skim = passage.unbound_skim
    if skim is None:
        skim = unbound_in_skim(unbound, model.milk_binding)
    ion = ion_factor(passage.kind, passage.pka or 0.0, milk_ph, model.plasma_ph)
    fat = passage.fat_partition
    if fat is None:
        fat = 1.0 if passage.log_d is None else fat_over_skim(passage.log_d, skim, model.fat_slope, model.fat_intercept)
    exchange = passage.exchange_ml_per_h
    if exchange is None:
        exchange = getattr(model, f"{passage.kind}_exchange_ml_per_h")
    carried = passage.carried
    if carried is None:
        carried = carried_share(exchange, model.carried_half_ml_per_h)
    left_out = [name for name in ("unbound_skim", "exchange_ml_per_h", "carried") if getattr(passage, name) is None] + (
        ["fat_partition"] if passage.fat_partition is None else []
    )
    return Following(
        ion,
        skim,
        partition(ion, unbound, skim),
        passage.active_ratio,
        fat,
        exchange,
        carried,
        unbound,
        tuple(left_out),
    )


def unbound_in_skim(unbound_plasma: float, milk_binding: float) -> float:
    """
    Share of a drug in skim milk that nothing binds, from that in plasma.

    Equation
    --------
    unbound_in_skim = 1 / (1 + milk_binding * (1 / unbound_plasma - 1))

    Parameters
    ----------
    unbound_plasma
        From 0 to 1.
    milk_binding
        What proteins of milk bind over what those of plasma do.

    References
    ----------
    The form is ours: bound over unbound is in proportion to protein. Atkinson and Begg 1988, Br J Clin Pharmacol
    25:495-503, have a regression in its place, which leaves strongly bound drugs too low.
    """
    return 1.0 / (1.0 + milk_binding * (1.0 / unbound_plasma - 1.0))


def fat_over_skim(log_d: float, unbound_skim: float, slope: float, intercept: float) -> float:
    """
    Concentration in milk fat over that in skim.

    Equation
    --------
    fat_over_skim = min(100000, 10**(slope * log_d + intercept) * unbound_skim)

    Parameters
    ----------
    log_d
        Logarithm of the partition between octanol and water at pH 7.2.
    unbound_skim
        Share in skim that nothing binds.
    slope, intercept
        Declared quantities.

    References
    ----------
    AtkinsonFat1988.
    """
    return min(_LARGEST_PARTITION, math.pow(10.0, slope * log_d + intercept) * unbound_skim)


def carried_share(exchange_ml_per_h: float, half_ml_per_h: float) -> float:
    """
    What fresh milk brings of a drug, as a share of what it would hold in equilibrium with plasma.

    Equation
    --------
    carried_share = exchange_ml_per_h / (exchange_ml_per_h + half_ml_per_h)

    Parameters
    ----------
    exchange_ml_per_h
        Clearance between blood and milk of a breast.
    half_ml_per_h
        Exchange at which it is one half.

    References
    ----------
    The form is ours: what does not cross the membranes of the cell is not in the water that vesicles draw in.
    """
    both = exchange_ml_per_h + half_ml_per_h
    return exchange_ml_per_h / both if both > 0.0 else 1.0


def scaled_clearance(clearance_l_per_h: float, weight_kg: float, exponent: float) -> float:
    """
    Clearance of a woman, from that of one of 70 kg [L/h].

    Equation
    --------
    scaled_clearance = clearance_l_per_h * (weight_kg / 70)**exponent

    Parameters
    ----------
    clearance_l_per_h
        At 70 kg.
    weight_kg
        Hers.
    exponent
        Declared quantity.

    References
    ----------
    AndersonHolford2008.
    """
    return clearance_l_per_h * math.pow(weight_kg / REFERENCE_KG, exponent)


def disposition_of(kinetics: Kinetics, body: Body, model: Pharmacology) -> Disposition:
    """
    How a drug is distributed in a woman and leaves her: clearances by a power of her weight, volumes by her weight.

    Parameters
    ----------
    kinetics
        With one compartment or two.
    body
        Hers.
    model
        Declared quantities.

    Raises
    ------
    ValueError
        If it has neither.
    """
    size = body.weight_kg / REFERENCE_KG

    def clearance(l_per_h: float | None) -> float:
        return scaled_clearance(l_per_h or 0.0, body.weight_kg, model.clearance_exponent)

    parts = kinetics.compartments
    if len(parts) == 2:
        central, outer = parts
        return two_compartments(
            clearance(central.clearance_l_per_h),
            central.volume_l * size,
            clearance(outer.exchange_l_per_h),
            outer.volume_l * size,
        )
    if parts:
        return one_compartment(clearance(parts[0].clearance_l_per_h), parts[0].volume_l * size)
    if kinetics.clearance_l_per_h is None or kinetics.volume_l is None:
        raise ValueError("the kinetics have no compartment")
    return one_compartment(clearance(kinetics.clearance_l_per_h), kinetics.volume_l * size)


def inputs_of(kinetics: Kinetics, form: Form, doses: Sequence[tuple[float, float]]) -> list[Input]:
    """
    Doses of one form, as they come into the blood.

    Parameters
    ----------
    kinetics
        Of the drug.
    form
        In which it is taken. Extended release comes evenly into the blood, as an infusion does.
    doses
        Time [min since birth] and amount [mg] of each.
    """
    by_mouth = form.route == "oral"
    lag_h = form.lag_h if form.lag_h is not None else (kinetics.lag_h if by_mouth else 0.0)
    share = absorbed_share(kinetics, form)
    rate = form.absorption_per_h or kinetics.absorption_per_h
    begun = [(time_min + lag_h * HOUR_MIN, share * amount) for time_min, amount in doses]
    if form.release_h is not None:
        return [Input(time, amount, "zero_order", length_min=form.release_h * HOUR_MIN) for time, amount in begun]
    if by_mouth and rate is not None:
        return [Input(time, amount, "first_order", rate_per_min=rate / HOUR_MIN) for time, amount in begun]
    return [Input(time, amount) for time, amount in begun]


def absorbed_share(kinetics: Kinetics, form: Form) -> float:
    """Share of a dose of this form that reaches the blood: its own, that of the drug by mouth, or all of it."""
    if form.bioavailability is not None:
        return form.bioavailability
    return kinetics.bioavailability if form.route == "oral" else 1.0


def body_water_l(body: Body, model: Pharmacology) -> float:
    """
    Water of the body of a woman [L].

    Equation
    --------
    body_water_l = -2.097 + 0.1069 * height_cm + 0.2466 * weight_kg, by default

    Parameters
    ----------
    body
        Hers.
    model
        Declared quantities.

    References
    ----------
    Watson1980, women.
    """
    return model.body_water_l + model.body_water_l_per_cm * body.height_cm + model.body_water_l_per_kg * body.weight_kg


def half_life_h(disposition: Disposition) -> float:
    """Time in which the level falls by half in the end [h]."""
    return math.log(2.0) / min(disposition.rates_per_min) / HOUR_MIN


def formed_l_per_min(drug: Drug, metabolite: Metabolite, body: Body, model: Pharmacology) -> float:
    """
    Clearance of a drug that forms a metabolite, times the ratio of their molar masses [L/min].

    Parameters
    ----------
    drug, metabolite
        Declared.
    body
        Of the woman.
    model
        Declared quantities.
    """
    whole = disposition_of(drug.kinetics, body, model).clearance_l_per_min
    return whole * metabolite.formed_share * metabolite.molar_ratio


def metabolite_disposition(metabolite: Metabolite, body: Body, model: Pharmacology) -> Disposition:
    """How a metabolite is distributed in a woman and leaves her."""
    kinetics = Kinetics(clearance_l_per_h=metabolite.clearance_l_per_h, volume_l=metabolite.volume_l)
    return disposition_of(kinetics, body, model)
