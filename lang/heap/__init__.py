"""The memory of an instance: layout, strings, arrays, maps, copying."""
