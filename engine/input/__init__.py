"""Actions of a scene: names of inputs, their bindings, states between ticks, and rows for each tick.

No window is needed here: a scene is checked headless, and bots and replays feed the same rows.
"""
