"""The formatter: a script in the one layout, with all its comments."""

from lang.format.formatter import WIDTH, FormatFault, format_text

__all__ = ["WIDTH", "FormatFault", "format_text"]
