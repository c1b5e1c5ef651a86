"""Movement, contacts and their events. `step.PhysicsSystem` is the door; the rest are its stages."""
