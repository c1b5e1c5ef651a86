"""What the commands do: run a scene, check files, disassemble, run benchmarks."""
