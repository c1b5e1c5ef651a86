"""Tree to program: statements, expressions and calls become instructions."""
