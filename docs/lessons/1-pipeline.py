# %% [markdown]
# # 1. The pipeline and its queues
#
# A secretory cell is a line of stations. Protein is folded in the rough endoplasmic reticulum (RER), vesicles are
# loaded with lactose in the Golgi, and they wait for a place at the membrane to fuse and empty themselves into the
# lumen. Fat goes another way: droplets grow, and bud off wrapped in apical membrane. Each station holds a finite number
# of packets, and a full one blocks the one before it.
#
# **Before you run anything, write down your answers.**
#
# 1. One breast is not emptied for 30 hours. What stops first: translation, the RER, the Golgi, or fusion? What comes
#    last?
# 2. Does the cell need to be told that the lumen is full?
# 3. Without lactose, what becomes of the volume of milk, and of the protein in a litre of it?
# 4. Fusion is blocked. Does fat still come out? For how long?

# %%
import matplotlib.pyplot as plt
import pandas as pd

import lactflow
from lactflow.analysis import blocking_over_time, littles_law

plt.rcParams["figure.dpi"] = 80

# %% [markdown]
# ## One breast is sealed
#
# The scenario `one-breast-sealed-then-emptied` leaves the left breast alone for 30 hours and then empties it with a
# pump. The right breast is fed every three hours, on the same hormones: it is the control.

# %%
run = lactflow.run("one-breast-sealed-then-emptied", days=1.5)


def by_hour(run, breast):
    """Means over the lobes of one breast, by hours from the start."""
    lobes = run["lobes"]
    hours = (lobes["time_min"] - lobes["time_min"].min()) / 60
    one = lobes.assign(hour=hours)[lobes["breast"] == breast]
    return one.groupby("hour").mean(numeric_only=True)


sealed, fed = by_hour(run, "left"), by_hour(run, "right")
shown = ["fullness", "fusion_rate_fraction", "golgi_queue", "rer_queue", "upr_adaptive"]
print(sealed.loc[[0, 6, 12, 18, 24, 30, 31, 34], shown].round(2).to_string())

# %% mystnb={"image": {"alt": "Four panels over 36 hours; the numbers of the sealed breast stand in the table above"}}
figure, panels = plt.subplots(4, 1, figsize=(8, 8), sharex=True, layout="constrained")
labels = {
    "fullness": "fullness",
    "fusion_rate_fraction": "rate of fusion\n(1: empty lumen)",
    "rer_queue": "packets in the RER\nof a lobe",
    "upr_adaptive": "unfolded protein\nresponse",
}
for axes, (name, label) in zip(panels, labels.items(), strict=True):
    axes.plot(sealed.index, sealed[name], color="#0072b2", label="left, sealed")
    axes.plot(fed.index, fed[name], "--", color="#d55e00", label="right, fed")
    axes.axvline(30, color="0.6", linewidth=0.8)
    axes.set_ylabel(label)
panels[0].legend(frameon=False, ncols=2)
panels[-1].set_xlabel("hours; the line is the pump")
plt.show()

# %% [markdown]
# ## What stops first?
#
# A packet that is done and cannot leave is *blocked*. `blocking_over_time` gives the share of the places of a station
# that blocked packets held, hour by hour.

# %%
blocking = blocking_over_time(run, every_h=1.0)
left = blocking[blocking["breast"] == "left"]
hours = (left["start_min"] - left["start_min"].min()) / 60
blocked = left.assign(hour=hours).pivot_table(index="hour", columns="station", values="blocked_share")


def first(series, above):
    """First hour at which a course is above a value."""
    return series[series > above].index.min()


order = pd.Series(
    {
        "fusion below half its rate": first(-sealed["fusion_rate_fraction"], -0.5),
        "places of the Golgi more than half blocked": first(blocked["golgi"], 0.5),
        "places of the RER more than half blocked": first(blocked["rer"], 0.5),
        "droplet growth more than half blocked": first(blocked["droplet_growth"], 0.5),
        "unfolded protein response above one half": first(sealed["upr_adaptive"], 0.5),
        "mRNA below 0.95": first(-sealed["mrna"], -0.95),
    },
    name="hour",
)
print(order.sort_values().astype(int).to_string())

# %% [markdown]
# The cascade runs *upstream*, from the membrane to the genes. No formula of the model takes fullness to the RER: the
# RER fills because the Golgi cannot hand on, and the Golgi cannot because vesicles wait. Look at the table again: an
# hour after the pump has emptied the breast the queues are gone, and the response follows over some hours.
#
# ## Does the cell need to be told?
#
# In the model a local inhibitor comes with the vesicles and leaves with the milk, and slows fusion. Take it away.

# %%
deaf = by_hour(
    lactflow.run("one-breast-sealed-then-emptied", days=1.5, settings={"knock_outs": ["feedback_inhibitor"]}), "left"
)
both = pd.concat({"as it is": sealed[shown], "no inhibitor": deaf[shown]}, axis=1).swaplevel(axis=1)
for name in ("fullness", "fusion_rate_fraction", "rer_queue", "upr_adaptive"):
    print(name)
    print(both[name].loc[[6, 12, 18, 21, 24, 30]].round(2).T.to_string())

# %% [markdown]
# Without the inhibitor fusion goes on at its full rate until the lumen is at its hard limit, 1.4 times its capacity.
# Then the same cascade happens, all at once and at higher pressure. So there are two brakes. The inhibitor is the early
# and gentle one; a full lumen by itself is the late one.
#
# ## Little's law, in a breast
#
# In any queue the mean number of packets is their throughput times the time they stay (Little 1961, Oper Res
# 9:383-387). The simulator counts packets at samples, and times each packet; the two know nothing of each other.

# %%
law = littles_law(run).set_index(["breast", "station"])
columns = ["sampled_packets", "throughput_per_h", "residence_min", "packets", "sampled_blocked"]
print(law[columns].round(2).to_string())

# %% [markdown]
# The last column parts two ways in which an RER becomes full. In the sealed breast most of its packets are blocked. In
# the fed breast, which now works for two, next to none are: its RER is full because much comes in, and you have seen in
# the figure that its unfolded protein response rises too. A long queue alone does not say where the trouble is.
#
# ## One station at a time
#
# Now remove one mechanism at a time from a mother who feeds every three hours, for three days, at the coarse
# resolution.

# %%
quick = {"resolution": "coarse", "record.visits": False}
names = [None, "lactose_synthase", "vesicle_fusion", "droplet_budding", "oxytocin_receptor"]
measures = ["made_ml_per_day", "removed_ml_per_day", "lactose_g_per_l", "protein_g_per_l", "fat_g_per_l"]
without = {}
for name in names:
    one = lactflow.run("every-three-hours", days=3, settings={**quick, "knock_outs": [name] if name else []}, workers=1)
    summary = one.summary()
    without[name or "nothing"] = {measure: summary[measure] for measure in measures}
print(pd.DataFrame(without).T.rename_axis("removed").round(1).to_string(na_rep="-"))

# %% [markdown]
# Without lactose synthase there is no sugar to draw water: volume falls to a quarter, and what is left is thick with
# protein and fat. Mice without alpha-lactalbumin, the other half of that enzyme, have no lactose and a viscous milk
# that their pups cannot get out (Stinnakre 1994, Proc Natl Acad Sci USA 91:6544). Without the receptor of oxytocin milk
# is made, and stays.
#
# ## Fat, when fusion is blocked
#
# The row of `vesicle_fusion` hides what happens in time. Follow the first day.

# %% mystnb={"image": {"alt": "Without fusion the membrane falls to half within two hours, and no droplet buds"}}
figure, (membrane, budding) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for name, color, style in ((None, "#0072b2", "-"), ("vesicle_fusion", "#d55e00", "--")):
    settings = {"knock_outs": [name] if name else [], "record.sample_min": 15}
    day = lactflow.run("every-three-hours", days=1, settings=settings)
    lobes, visits = day["lobes"], day["visits"]
    start_min = lobes["time_min"].min()
    course = lobes.groupby((lobes["time_min"] - start_min) / 60)["apical_membrane_fraction"].mean()
    membrane.plot(course.index, course, style, color=color, label="fusion blocked" if name else "as it is")
    left_h = (visits.loc[visits["station"] == "droplet_budding", "left_min"].dropna() - start_min) / 60
    by_two_hours = left_h.groupby(left_h // 2 * 2).size().reindex(range(0, 24, 2), fill_value=0)
    budding.step(by_two_hours.index, by_two_hours, style, color=color, where="post")
    later = by_two_hours.iloc[1:].sum()
    print(f"{name or 'as it is'}: {by_two_hours.iloc[0]} packets of fat in the first two hours, {later} later")
membrane.set(xlabel="hours", ylabel="apical membrane\n(1: at rest)", ylim=(0, None))
budding.set(xlabel="hours", ylabel="packets of fat\nin two hours", ylim=(0, None))
membrane.legend(frameon=False)
plt.show()

# %% [markdown]
# The two lines meet in the apical membrane: fusion brings it, budding spends it. Without fusion fat goes on until too
# little membrane is left to wrap a droplet. Here that takes less than two hours.
#
# ## Exercises
#
# **1.** Why does the queue of the RER rise *after* the Golgi is blocked, and not before? What would you have to see in
# `blocked` to reject the claim that the cascade runs upstream?
#
# <details><summary>Answer</summary>
#
# A packet of the RER is blocked only when the Golgi has no room, so the Golgi must be full first. If the RER were
# blocked in an hour in which the Golgi was not, something else than the queue would have stopped it. Look at
# `blocked.loc[14:20, ["golgi", "rer"]]`: both are 0 until hour 17, when the Golgi is blocked more than the RER.
#
# </details>
#
# **2.** Remove droplet budding. Volume hardly changes, yet fat all but vanishes from the milk. Where is the fat? Use
# `run["balance"]` and the queues of `run["lobes"]`.
#
# <details><summary>Answer</summary>
#
# Nowhere: it is not made. In `run["balance"]` the fat that is `made` falls from 99 g to 4 g in three days. Growing
# droplets fill their station, the station blocks fat synthesis, and synthesis stops: backpressure in the other line.
#
# </details>
#
# **3.** Give the sealed breast half as much room again: `settings={"gland.lumen.capacity_ml": 300}`. Does the order of
# the cascade change, or only its hours?
#
# <details><summary>Answer</summary>
#
# Only its hours: fusion is below half its rate in hour 9 instead of 5, the Golgi is blocked in hour 18 instead of 17.
# The order does not depend on the size of the store. The hours rest on sizes of queues that nobody has measured in
# women.
#
# </details>
#
# **4.** Without the inhibitor the breast made *more* milk in the first day. Why is it nevertheless a poor bargain?
#
# <details><summary>Answer</summary>
#
# The lumen stands at its limit from hour 21 on. A distended breast releases more LIF (0.63 against 0.57 after a day),
# and lesson 4 shows what follows from LIF.
#
# </details>
