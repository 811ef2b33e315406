"""Draws a trace with vidigi: python docs/trace.py log.csv animation.html [DAYS]

Tried with vidigi 2.0.0 (pip install vidigi). See docs/trace.md.
"""

import sys

import pandas as pd
from vidigi.animation import animate_activity_log
from vidigi.utils import EventPosition, create_event_position_df

log, page = sys.argv[1:3]
days = int(sys.argv[3]) if len(sys.argv) > 3 else 2

events = pd.read_csv(log)
# What vidigi draws: people who arrive, wait, are visited, and go. Where somebody is follows from their last event, so the
# end of a visit is the moment at which they are by themselves again, and not the moment at which the notes are written.
drawn = events[events.event_type.isin(["arrival_departure", "queue", "resource_use"])]
drawn = drawn[drawn.time <= days * 1440]

# One row of the picture for each thing that happens to people; the workers of a role stand in a row of their own.
waits = sorted(name for name in drawn.event.unique() if name.startswith("wait for "))
visits = sorted(name for name in drawn.event.unique() if name.startswith("visit by "))
packages = sorted(name for name in drawn.event.unique() if name.startswith("package "))
# The many who are at home stand on top, where there is room for more lines of them.
rows = ["between visits", *packages, "arrival", *waits, *visits]
workers = drawn[drawn.event_type == "resource_use"].groupby("event").resource_id.max().astype(int)


class Staff:
    """The most workers of each role that are at visits at one time, under names that vidigi looks up."""


places = []
for place, event in enumerate([*rows, "depart"]):
    resource = None
    if event in workers.index:
        resource = event.replace(" ", "_").replace("-", "_")
        setattr(Staff, resource, int(workers[event]))
    places.append(EventPosition(event=event, x=350, y=60 * (len(rows) - place) + 40, label=event, resource=resource))

figure = animate_activity_log(
    event_log=drawn,
    event_position_df=create_event_position_df(places),
    scenario=Staff,
    every_x_time_units=30,
    limit_duration=days * 1440,
    simulation_time_unit="minutes",
    start_date=events.timestamp[events.time >= 0].min()[:10],
    time_display_units="dhm",
    step_snapshot_max=100,
    override_x_max=600,
    override_y_max=60 * len(rows) + 240,
)
figure.write_html(page)
print(f"{page}: {len(figure.frames)} pictures of {drawn.entity_id.nunique()} cases")
