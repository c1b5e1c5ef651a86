"""The loop of hot instructions, and one file of kernels for each family."""
