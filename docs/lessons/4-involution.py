# %% [markdown]
# # 4. Involution
#
# When nobody takes milk any more, the gland goes back. For a time it can return; then it cannot. This lesson follows
# the signals, and looks for the point of no return.
#
# **Write down your answers first.**
#
# 1. Feeding ends from one day to the next. Order these: the lumen is full, STAT5 falls, STAT3 rises, the unfolded
#    protein response is at work, cells are lost, junctions open.
# 2. After which pause does a gland give less than before: half a day, two days, a week?
# 3. One breast is sealed, the other is fed. Does the sealed one go?
# 4. Without STAT3, do cells survive? Without the unfolded protein response?

# %%
import matplotlib.pyplot as plt
import pandas as pd

import lactflow

plt.rcParams["figure.dpi"] = 80
quick = {"resolution": "coarse", "record.visits": False}


def hours_after(run, day, columns):
    """Means over all lobes, by hours after the beginning of a day."""
    lobes = run["lobes"]
    return lobes.groupby((lobes["time_min"] / 60 - 24 * (day - 1)).rename("hour"))[columns].mean()


# %% [markdown]
# ## The last feed
#
# In `abrupt-weaning` feeding on demand ends on day 62.

# %%
signals = ["fullness", "upr_adaptive", "upr_terminal", "lif", "stat3", "stat5", "mrna", "lost_cells", "junction_leak"]
run = lactflow.run("abrupt-weaning", days=16, settings=quick, workers=1)
course = hours_after(run, 62, signals)
print(course.loc[[0, 6, 12, 18, 24, 36, 48, 72, 96, 192, 335]].round(2).to_string())

# %% mystnb={"image": {"alt": "Signals of the sealed gland over six days; numbers stand in the table above"}}
figure, axes = plt.subplots(figsize=(9, 3.6), layout="constrained")
styles = {"fullness": ":", "upr_adaptive": "--", "lif": "-.", "stat3": "-", "stat5": "-", "lost_cells": "-"}
widths = {"stat3": 2.5, "lost_cells": 3.5}
for name, style in styles.items():
    axes.plot(course.index / 24, course[name], style, linewidth=widths.get(name, 1.2), label=name)
axes.set(xlabel="days after the end of feeding", xlim=(-0.5, 6), ylabel="signal (0 to 1), fullness")
axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
plt.show()


# %%
def first(series, above):
    """First hour after the end at which a course is above a value."""
    after = series[series.index >= 0]
    return after[after > above].index.min()


order = pd.Series(
    {
        "lumen above its capacity": first(course["fullness"], 1.0),
        "adaptive response above one half": first(course["upr_adaptive"], 0.5),
        "LIF above one half": first(course["lif"], 0.5),
        "STAT3 above one half": first(course["stat3"], 0.5),
        "STAT5 below one half": first(-course["stat5"], -0.5),
        "mRNA below one half": first(-course["mrna"], -0.5),
        "terminal response above one half": first(course["upr_terminal"], 0.5),
        "one cell of a hundred lost": first(course["lost_cells"], 0.01),
        "junctions open by a tenth": first(course["junction_leak"], 0.1),
    },
    name="hour",
)
print(order.sort_values().astype(int).to_string())

# %% [markdown]
# First queues and lumen, then signals and genes, then the cells. STAT5 kept the cell alive; LIF, which a distended cell
# releases, turns it off and turns STAT3 on (Watson 2006, Breast Cancer Res 8:203). The hours are those of the mouse,
# slowed down to what is known of women: trust the order more than the digits.
#
# ## The point of no return
#
# A mother who pumps eight times a day pauses on day 62, for half a day to two weeks, and then pumps as before.

# %%
pumping = {"start_day": 60, "days": 30, "infants": [], "resolution": "coarse", "record": {"visits": False}}
rows = {}
for pause in (0, 0.5, 1, 2, 3, 4, 7, 14):
    missed = [{"days": list(range(62, 62 + int(pause)))}] if pause >= 1 else []
    missed = [{"days": [62], "to": "12:00"}] if pause == 0.5 else missed
    schedule = [{"kind": "pump", "per_day": 8, "minutes": 15, "miss": missed}]
    paused = lactflow.run({**pumping, "schedule": schedule}, workers=1)
    at_end = hours_after(paused, 62, ["stat3", "mrna", "lost_cells"]).loc[int(24 * pause)]
    days = paused.daily().set_index("day")["made_ml_per_day"]
    rows[f"{pause:g} days"] = {**at_end, "milk on days 87 to 89 [mL/day]": days.loc[87:89].mean()}
table = pd.DataFrame(rows).T.rename_axis("pause")
print(table.round(2).to_string())

# %% mystnb={"image": {"alt": "Milk four weeks later, over the days of the pause: flat up to a day, then falling"}}
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
pauses = [float(name.split()[0]) for name in table.index]
axes.plot(pauses, table["milk on days 87 to 89 [mL/day]"], "o-", color="#0072b2")
axes.set(xlabel="days of the pause", ylabel="milk on days 87 to 89\n[mL/day]", ylim=(0, None))
plt.show()

# %% [markdown]
# After a day STAT3 is on already, and yet the milk comes back: the signal is reversible. What does not come back within
# weeks are cells. So *reversible* and *irreversible* are no two kinds of signal. It is the same signal, and what counts
# is how long it lasted. In mice the first phase lasts two days (Jaggi 1996, J Dairy Sci 79:1074-1084).
#
# ## One breast
#
# The right breast is fed, the left one is sealed from day 61 on. Prolactin and all other hormones are the same for
# both.

# %%
sealed = lactflow.run("one-breast-sealed", settings={**quick, "start_day": 60, "days": 16}, workers=1)
lobes = sealed["lobes"]
last_min = lobes["time_min"].max()
print(lobes[lobes["time_min"] == last_min].groupby("breast")[signals].mean().round(2).T.to_string())

# %% [markdown]
# So stasis is local. The milk of a breast, and not the blood of the mother, decides whether it stays.
#
# ## Who kills?

# %%
rows = {}
for gone in ([], ["stat3"], ["lif"], ["unfolded_protein_response"], ["feedback_inhibitor"]):
    one = lactflow.run("abrupt-weaning", days=16, settings={**quick, "knock_outs": gone}, workers=1)
    after = hours_after(one, 62, ["stat5", "mrna", "active_cells", "lost_cells"]).loc[[96, 335]]
    name = gone[0] if gone else "nothing"
    rows[name] = {
        f"{column}, day {day}": after[column].loc[hour] for column in after for day, hour in ((4, 96), (14, 335))
    }
print(pd.DataFrame(rows).T.rename_axis("removed").round(2).to_string())

# %% [markdown]
# Loss needs *both*, the signal and lasting stress: without STAT3 few cells are lost, without the unfolded protein
# response hardly one. In mice without STAT3 in the gland, involution is delayed (Chapman 1999, Genes Dev 13:2604).
# Making milk is another matter: with or without STAT3 the genes go off. LIF turns STAT5 off within two days, and
# without LIF it goes off when nobody has suckled for so long that prolactin has fallen.
#
# ## Exercises
#
# **1.** Wean in two weeks instead of a day. Why are hours above 80 % of the capacity the right measure of what that
# spares the mother? Use `gradual-weaning` and `lactflow compare gradual-weaning --vary schedule.1.days=42,14,1`.
#
# <details><summary>Answer</summary>
#
# The signals of this lesson all begin with a lumen near its capacity, and so does what the mother feels. The slower the
# weaning, the fewer such hours there are; the page about worked experiments has the differences with their intervals.
#
# </details>
#
# **2.** In the table of pauses STAT3 is 0 at the end of two weeks, and the milk is least. Why is that no contradiction?
#
# <details><summary>Answer</summary>
#
# STAT3 follows distension, and after two weeks the milk has been resorbed: the signal has gone since its cause has
# gone. The cells have gone with it.
#
# </details>
#
# **3.** The sodium of milk rises in involution. By which of the signals above, and how would you tell it from mastitis?
#
# <details><summary>Answer</summary>
#
# By the junctions: `junction_leak` rises after a day and a half of stasis. The intervention `mastitis` opens junctions
# too, in one breast and while milk is still taken; here stasis comes first, and fullness is high.
#
# </details>
#
# **4.** Take `lif` away. Genes stay on for days longer. Is that good for the cells?
#
# <details><summary>Answer</summary>
#
# Not in this model: with `lif` removed mRNA is still 0.91 after four days, but more cells become inactive or are lost
# than without `stat3`, since a pipeline that is driven and cannot deliver is under stress.
#
# </details>
