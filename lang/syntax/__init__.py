"""Text to tree: the door is `parser.parse`, the nodes are in `ast`."""
