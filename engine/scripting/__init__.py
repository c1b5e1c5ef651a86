"""Scripts of entities: compiling, instances, callbacks in batches, the API, reload."""

from engine.scripting.compiling import check_script, compile_script

__all__ = ["check_script", "compile_script"]
