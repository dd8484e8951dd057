# %% [markdown]
# # 2. Supply and demand
#
# Two breasts have the same hormones. Yet each makes about as much milk as is taken from it. This lesson asks how, and
# takes the mechanisms away one by one.
#
# **Write down your answers first.**
#
# 1. In a mother who feeds on demand, is a fuller breast a slower one? How would you find out?
# 2. An infant wants a fifth more, or there are two of them. What changes in the gland, and in what order?
# 3. An infant begins seven feeds of ten at the left breast. Which mechanism makes the left breast make more?
# 4. A mother who only pumps drops the two pumpings of the night. Does she lose a quarter of her milk?

# %%
import matplotlib.pyplot as plt
import pandas as pd

import lactflow

plt.rcParams["figure.dpi"] = 80
quick = {"resolution": "coarse", "record.visits": False}

# %% [markdown]
# ## A day on demand

# %% mystnb={"image": {"alt": "Milk in both breasts over a day on demand: it rises between feeds and falls in each"}}
run = lactflow.run("on-demand", settings=quick, workers=1)
run.plot.day(40)
plt.show()
sessions = run.sessions()
print(f"{len(sessions) / 14:.1f} feeds a day, {sessions['intake_ml'].mean():.0f} mL each,", end=" ")
print(f"{100 * sessions['emptied_fraction'].mean():.0f} % of the available milk taken")

# %% [markdown]
# ## Is a fuller breast a slower one?
#
# Take every interval between two feeds at one breast: how full was it, and how much milk came in an hour?

# %%
intervals = pd.concat(
    [
        sessions[[f"fullness_between_{side}", f"secretion_ml_per_h_{side}"]].set_axis(["fullness", "ml_per_h"], axis=1)
        for side in ("left", "right")
    ]
).dropna()
print(f"{len(intervals)} intervals, correlation {intervals['fullness'].corr(intervals['ml_per_h']):.2f}")

# %% [markdown]
# The correlation has the wrong sign. On demand, nothing is held constant: secretion varies from hour to hour by chance,
# and in an hour in which much milk comes a breast becomes full. Fullness is effect and cause. An *experiment* decides:
# leave one breast alone from a feed on, and watch it.

# %% mystnb={"image": {"alt": "Secretion falls as a sealed breast fills; without the inhibitor it does not at first"}}
figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
for name, style in (("as it is", "o-"), ("without the inhibitor", "s--")):
    knocked = [] if name == "as it is" else ["feedback_inhibitor"]
    sealed = lactflow.run(
        "one-breast-sealed-then-emptied", days=1.3, settings={**quick, "knock_outs": knocked}, workers=1
    )
    left = sealed["breasts"].query("breast == 'left'")
    hours = (left["time_min"] - left["time_min"].min()) / 60
    left = left.assign(fullness=left["volume_ml"] / left["capacity_ml"])[(hours > 0) & (hours <= 30)]
    by_three_hours = left.groupby((hours - 0.01) // 3 * 3)[["fullness", "secretion_ml_per_h"]].mean()
    axes.plot(by_three_hours["fullness"], by_three_hours["secretion_ml_per_h"], style, label=name)
    print(f"{name}:", by_three_hours["secretion_ml_per_h"].round(1).tolist(), "mL/h, each of three hours")
axes.set(xlabel="fullness (volume over capacity)", ylabel="secretion [mL/h]", ylim=(0, None))
axes.legend(frameon=False)
plt.show()

# %% [markdown]
# Now the answer is plain: with the inhibitor secretion falls as the breast fills. Without it the breast goes on, with
# its ups and downs of chance, until the lumen is at its limit, and stops at once. The strength of the inhibitor is set
# so that rate goes with interval as it was measured in women (Daly 1996, Exp Physiol 81:861-875). What the inhibitor
# *is* the model leaves open.
#
# ## More demand
#
# Three weeks from birth, with infants of less and more appetite, and twins.

# %%
infants = {
    "less appetite": [{"appetite": 0.8}],
    "usual": [{"appetite": 1.0}],
    "more appetite": [{"appetite": 1.2}],
    "twins": [{"birth_weight_kg": 2.6}, {"birth_weight_kg": 2.6}],
}
rows = {}
for name, each in infants.items():
    days = lactflow.run("twins", days=21, settings={**quick, "infants": each}, workers=1).daily().set_index("day")
    last = days.loc[15:21].mean()
    rows[name] = last[["sessions_per_day", "emptied_fraction", "fullness", "inhibitor", "active_cells_fraction"]]
    rows[name]["made_ml_per_day"] = last["made_ml_per_day"]
print(pd.DataFrame(rows).T.astype(float).round(2).to_string())

# %% [markdown]
# Read the columns from left to right. Who wants more empties the breasts further, or comes more often; they stand
# emptier, there is less inhibitor, and more cells are active. The inhibitor follows within hours, the cells over days.
#
# ## One breast more than the other
#
# In `preferred-breast` the infant begins seven feeds of ten at the left breast. Both breasts have the same blood.
# Remove what could carry the difference, one mechanism after the other.

# %%
gone: list[str] = []
rows = {}
for name in (None, "feedback_inhibitor", "plasticity", "unfolded_protein_response", "lif"):
    gone += [name] if name else []
    settings = {**quick, "knock_outs": gone}
    run = lactflow.run("preferred-breast", days=20, replicates=3, settings=settings, workers=1)
    days, lobes = run.daily().query("day >= 20"), run["lobes"].query("time_min >= 19 * 1440")
    row = {side: days[f"made_ml_per_day_{side}"].mean() for side in ("left", "right")}
    row["left / right"] = row["left"] / row["right"]
    for measure in ("fullness", "active_cells"):
        means = lobes.groupby("breast")[measure].mean()
        row |= {f"{measure}, {side}": means[side] for side in ("left", "right")}
    rows["as it is" if name is None else f"and no {name}"] = row
print(pd.DataFrame(rows).T.round({"left": 0, "right": 0}).round(2).to_string())

# %% [markdown]
# The breast that is preferred makes more in every row, also in the last one, in which none of these signals is left.
# What remains is the store itself: a lumen that is full takes no more milk, and a line whose end is full stops. Look at
# the fullness of the right breast in the last row. The signals do not *create* the balance of supply and demand. They
# hold it at a low fullness, where cells are safe (lesson 4), and they move tissue to where it is wanted.
#
# ## Missed sessions
#
# A mother who only pumps, eight times a day or without the two pumpings of the night, with the same random numbers: six
# pairs of replicates.

# %%
comparison = lactflow.compare(
    ["pumping", "pumping-no-nights"],
    replicates=6,
    days=20,
    settings={**quick, "record.warm_up_days": 10},
    workers=1,
)
measures = ["made_ml_per_day", "fullness", "hours_above_80_percent_full_per_day", "active_cells_fraction"]
shown = comparison.differences.set_index("measure").loc[measures]
print(shown[["baseline_mean", "mean", "difference", "low", "high"]].round(2).to_string())

# %% [markdown]
# A quarter of the pumpings are gone and about a tenth of the milk: the six that are left find fuller breasts. Capacity
# decides how far that goes.

# %%
rows = {}
for capacity_ml in (100, 205, 400):
    rows[f"{capacity_ml} mL a breast"] = {}
    for per_day in (8, 5, 3):
        pumped = lactflow.run(
            "pumping",
            days=15,
            settings={**quick, "gland.lumen.capacity_ml": capacity_ml, "schedule.0.per_day": per_day},
            workers=1,
        )
        taken = pumped.daily()["removed_ml_per_day"].iloc[-5:].mean()
        rows[f"{capacity_ml} mL a breast"][f"{per_day} a day"] = taken
table = pd.DataFrame(rows).T
print((100 * table.div(table["8 a day"], axis=0)).round().astype(int).to_string())

# %% [markdown]
# Percent of what eight pumpings a day take. With a small capacity every pumping counts; with a large one a mother may
# drop some. Capacities of 74 to 382 mL were measured in women (Kent 2006, Pediatrics 117:e387-e395).
#
# ## Exercises
#
# **1.** Miss one night: `settings={"schedule": [{"kind": "every", "hours": 3, "miss": [{"days": [40], "from": "00:00",
# "to": "06:00"}]}]}` with `every-three-hours`. How much milk is lost on day 40, and is any of it made up on day 41?
#
# <details><summary>Answer</summary>
#
# The breasts make 122 mL less on day 40 and about the same as without the gap from day 41 on: what was not made while
# they were full is not made up for. Compare `run.daily()` with and without `miss`.
#
# </details>
#
# **2.** Which of the correlations that you know from the literature on "fullness and rate" come from feeds on demand?
# What would you ask their authors?
#
# <details><summary>Answer</summary>
#
# Whether the intervals were set or chosen. Where the infant chooses, hunger, secretion and fullness move together, and
# the slope is not that of the inhibitor. Intervals that are set, or one breast against the other, are experiments.
#
# </details>
#
# **3.** Give twins to a mother with a small gland (`"mother.gland_size": 0.5`). Which column of the table of demand
# stops following, and why?
#
# <details><summary>Answer</summary>
#
# Milk: less than half of that of the usual gland. The breasts stand emptier than in any row of the table, the inhibitor
# is lower and most cells are active, but there are half as many. The gland itself is now the limit.
#
# </details>
