"""Entities, components and queries, all state in flat arrays that compiled code reaches."""
