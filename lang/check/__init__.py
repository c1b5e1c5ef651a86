"""Everything that can be told about a script without running it."""

from lang.check.checker import check_source
from lang.check.finding import Finding

__all__ = ["Finding", "check_source"]
