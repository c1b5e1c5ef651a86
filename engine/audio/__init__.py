"""Sound: files into samples, voices mixed by a kernel, what the game and its scripts ask for."""
