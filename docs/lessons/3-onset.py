# %% [markdown]
# # 3. Onset
#
# For months the gland is ready and makes next to nothing. Two to three days after a birth milk *comes in*. What turns
# the switch?
#
# **Write down your answers first.**
#
# 1. Prolactin is high in the last weeks of pregnancy. Why is there no milk? What would more prolactin do?
# 2. Order these on a time axis from birth: progesterone falls, milk is copious, junctions close, mRNA of milk proteins
#    rises, sodium of milk falls.
# 3. Nobody feeds. Does milk come in? Does it stay?
# 4. A part of the placenta is left behind. What would the midwife see?

# %%
import warnings

import matplotlib.pyplot as plt
import pandas as pd

import lactflow

plt.rcParams["figure.dpi"] = 80
quick = {"resolution": "coarse", "record.visits": False}


def first_week(settings=None):
    """Two days before birth and eight after it, with other settings."""
    return lactflow.run("first-week", settings={**quick, **(settings or {})}, workers=1)


def courses(run):
    """Hormones and cells of a run, hour by hour from birth."""
    hormones = run["hormones"].set_index("time_min")
    cells = run["lobes"].groupby("time_min")[["stat5", "mrna", "junction_leak"]].mean()
    made = run["breasts"].groupby("time_min")["secretion_ml_per_h"].sum().rolling(6).mean()
    together = hormones.join(cells).join(made)
    together.index = together.index / 60
    return together.rename_axis("hours from birth")


# %% [markdown]
# ## The order of events

# %%
run = first_week()
course = courses(run)
shown = ["progesterone_ng_per_ml", "prolactin_ng_per_ml", "stat5", "mrna", "junction_leak", "secretion_ml_per_h"]
print(course.loc[[-24, 0, 12, 24, 36, 48, 60, 72, 96, 144], shown].round(2).to_string())
print(f"onset of copious milk: {run.summary()['onset_h']:.0f} h after birth")

# %% mystnb={"image": {"alt": "From 48 h before birth to 144 h after it; numbers stand in the table above"}}
figure, (above, below) = plt.subplots(2, 1, figsize=(8, 5), sharex=True, layout="constrained")
above.plot(course.index, course["progesterone_ng_per_ml"], color="#d55e00", label="progesterone [ng/mL]")
above.plot(course.index, course["prolactin_ng_per_ml"], "--", color="#0072b2", label="prolactin [ng/mL]")
below.plot(course.index, course["mrna"], color="#009e73", label="mRNA of milk proteins")
below.plot(course.index, course["junction_leak"], "-.", color="#cc79a7", label="leak of the junctions")
below.plot(course.index, course["secretion_ml_per_h"] / 30, ":", color="0.2", label="secretion over 30 mL/h")
for axes, place in ((above, "upper left"), (below, "center left")):
    axes.axvline(0, color="0.6", linewidth=0.8)
    axes.legend(frameon=False, loc=place)
below.set(xlabel="hours from birth", xlim=(-48, 144))
plt.show()

# %% [markdown]
# STAT5, which prolactin activates, stands at its full value *before* birth: the accelerator is down. What holds the
# gland back sits on the genes: the receptor of progesterone. Progesterone falls within a day of the birth of the
# placenta, mRNA follows within a few days, junctions close, and then there is volume. In women, too, milk follows the
# withdrawal of progesterone (Kulski 1977, J Endocrinol 74:509-510).
#
# ## What the milk shows
#
# Through open junctions sodium comes into the milk, and lactose leaves it. So the milk itself reports the switch.

# %%
days = run.daily().set_index("day").loc[1:]
milk = ["removed_ml_per_day", "sodium_mmol_per_l", "lactose_g_per_l", "protein_g_per_l", "fat_g_per_l"]
print(days[milk].round(1).to_string())

# %% [markdown]
# ## What is necessary?
#
# One change at a time.

# %%
changes = {
    "as it is": {},
    "no progesterone receptor": {"knock_outs": ["progesterone_receptor"]},
    "no prolactin receptor": {"knock_outs": ["prolactin_receptor"]},
    "cabergoline at birth": {"interventions": [{"kind": "cabergoline", "start_day": 1, "dose_mg": 1}]},
    "retained placenta, to day 7": {
        "interventions": [{"kind": "retained_placenta", "start_day": 1, "end_day": 7, "share": 0.35}]
    },
    "junctions never close": {"knock_outs": ["tight_junction"]},
}
runs = {name: first_week(settings) for name, settings in changes.items()}
made = pd.DataFrame({name: each.daily().set_index("day")["made_ml_per_day"] for name, each in runs.items()}).T
print(made.round().astype(int).to_string())
print(pd.Series({name: each.summary()["onset_h"] for name, each in runs.items()}).round().to_string(na_rep="none"))

# %% [markdown]
# - **Without the receptor of progesterone** there is milk before birth, on the hormones of pregnancy; copious, which is
#   15 mL/h here, it is only later.
# - **Without prolactin**, or without its receptor, there is no milk; after a dose of cabergoline it comes when the drug
#   has left.
# - **A retained placenta** holds milk back, whatever the infant does, and it comes the day after the placenta has gone.
# - **Without closed junctions** milk comes in, and looks wrong: compare sodium.

# %%
compared = ("as it is", "junctions never close")
sodium = {name: runs[name].daily().set_index("day")["sodium_mmol_per_l"].loc[1:] for name in compared}
print(pd.DataFrame(sodium).T.round(1).to_string())

# %% [markdown]
# ## Nobody feeds
#
# `first-week` with bottles from the first hour on.

# %% mystnb={"image": {"alt": "mRNA rises alike whether anybody feeds or not; milk soon falls when nobody does"}}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that nobody takes milk is what we want to see
    bottles = first_week({"schedule": [{"kind": "none", "from_day": 1}]})
figure, (genes, volume) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for name, each, style in (("fed", run, "-"), ("nobody feeds", bottles, "--")):
    one = courses(each)
    genes.plot(one.index, one["mrna"], style, label=name)
    days = each.daily().set_index("day")["made_ml_per_day"]
    volume.plot(days.index, days, style, marker="o", label=name)
    milk_made = days.loc[1:].round().astype(int).tolist()
    mrna = ", ".join(f"{hour} h {one['mrna'].loc[hour]:.2f}" for hour in (48, 72, 120, 192))
    print(f"{name}: mRNA at {mrna}; milk made on days 1 to 8 {milk_made}")
genes.set(xlabel="hours from birth", ylabel="mRNA (0 to 1)")
volume.set(xlabel="day", ylabel="milk made [mL/day]")
genes.legend(frameon=False)
plt.show()

# %% [markdown]
# For the genes it makes no difference in the first three days: the switch is endocrine, and turns by itself. For the
# milk it makes all the difference from day 3 on: what is not removed stops secretion, and in time the genes too (lesson
# 4). Lactation is *started* by hormones that reach both breasts, and *kept* by what is taken out of each.
#
# ## Exercises
#
# **1.** Double the prolactin of pregnancy (`"endocrine.prolactin.term_ng_per_ml": 396`). Does milk come in before
# birth?
#
# <details><summary>Answer</summary>
#
# No. STAT5 is at its full value already, so there is nothing that more prolactin could add; the brake sits on the
# genes. That is the difference between an accelerator and a brake.
#
# </details>
#
# **2.** A mother with type 1 diabetes (`"mother.conditions": [{"kind": "diabetes", "type": 1}]`) and one with obesity
# (`["obesity"]`): when does milk come in?
#
# <details><summary>Answer</summary>
#
# After 81 and 68 h, against 66 h. `lactflow parameters` gives the quantities that these conditions change, with the
# papers they are from.
#
# </details>
#
# **3.** You have only a drop of milk and a meter for sodium. What could you say about a mother on day 4, and what could
# you not?
#
# <details><summary>Answer</summary>
#
# Low sodium says that the junctions are closed, so that the switch has turned. High sodium has several causes here:
# progesterone, no removal (lesson 4), inflammation. A drop says nothing about volume.
#
# </details>
