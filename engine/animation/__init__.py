"""Animation: clips of frames and property tracks, and state machines between them, in columns."""
