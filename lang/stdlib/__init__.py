"""What scripts can call: one table of natives a topic."""
