"""Movement, contacts and their events.

`step.PhysicsSystem` is the door; `joint_table` holds bodies together, `queries` asks where things are,
`character` moves what walks. The rest are stages of a step: `proxies`, `broad_phase`, `narrow_phase` (with
`toi`), `advance` (with `islands`, `constraints`, `joints`, `solver`), `contacts`, `events`.
"""
