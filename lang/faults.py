"""What can go wrong while a script runs: one line each.

The kind is the name that the conformance kit uses. Templates are filled in by `lang.explain`, only
when somebody looks: `{left}`, `{right}` are displayed operands, `{types}` argument types.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Self


@unique
class Fault(IntEnum):
    """Status code, kind, message."""

    _value_: int
    kind: str
    message: str

    def __new__(cls, code: int, kind: str = "", message: str = "") -> Self:
        """Make a member of its row, or find one by its code alone."""
        fault = int.__new__(cls, code)
        fault._value_ = code
        fault.kind = kind
        fault.message = message
        return fault

    ADD_OVERFLOW = 16, "ErrorArithmetic", "Addition overflow: {left} + {right}"
    SUB_OVERFLOW = 17, "ErrorArithmetic", "Subtraction overflow: {left} - {right}"
    MUL_OVERFLOW = 18, "ErrorArithmetic", "Multiplication overflow: {left} * {right}"
    DIV_OVERFLOW = 19, "ErrorArithmetic", "Division overflow: {left} / {right}"
    DIV_ZERO = 20, "ErrorArithmetic", "Division by zero: {left} / {right}"
    MOD_OVERFLOW = 21, "ErrorArithmetic", "Modulo division overflow: {left} % {right}"
    MOD_ZERO = 22, "ErrorArithmetic", "Modulo division by zero or overflow: {left} % {right}"
    POW_OVERFLOW = 23, "ErrorArithmetic", "Exponential overflow: {left} ** {right}"
    POW_NEGATIVE = 24, "ErrorArithmetic", "Integer raised to a negative power: {left} ** {right}"
    NEGATE_OVERFLOW = 25, "ErrorArithmetic", "Negation overflow: -{left}"
    ABS_OVERFLOW = 26, "ErrorArithmetic", "Negation overflow: -{left}"
    MATH = 27, "ErrorArithmetic", "{text}"
    SIGN_OF_NAN = 28, "ErrorArithmetic", "Sign of NaN is undefined"
    TO_INT_OVERFLOW = 29, "ErrorArithmetic", "Integer overflow: to_int({left})"
    FUNCTION_NOT_FOUND = 30, "ErrorFunctionNotFound", "Function not found: {name} ({types})"
    VARIABLE_NOT_FOUND = 31, "ErrorVariableNotFound", "Variable not found: {name}"
    NOT_BOOL = 32, "ErrorMismatchDataType", "Data type incorrect: {type} (expecting bool)"
    WRONG_TYPE = 33, "ErrorMismatchDataType", "Data type incorrect: {text}"
    ARRAY_BOUNDS = 34, "ErrorArrayBounds", "Array index {index} out of bounds: {length}"
    STRING_BOUNDS = 35, "ErrorStringBounds", "String index {index} out of bounds: {length}"
    BIT_BOUNDS = 36, "ErrorBitFieldBounds", "Bit-field index {index} out of bounds: only 64 bits in bit-field"
    INDEXING_TYPE = 37, "ErrorIndexingType", "Indexer unavailable: {indexed}"
    FOR_TYPE = 38, "ErrorFor", "For loop expects iterable type"
    CONSTANT_ASSIGNED = 39, "ErrorAssignmentToConstant", "Cannot modify constant {name}"
    CONSTANT_METHOD = (
        40,
        "ErrorNonPureMethodCallOnConstant",
        "Non-pure method '{name}' cannot be called on constant",
    )
    UNBOUND_THIS = 41, "ErrorUnboundThis", "'this' not bound"
    DATA_RACE = 42, "ErrorDataRace", "Data race detected"
    PROPERTY_UNKNOWN = (
        44,
        "ErrorDotExpr",
        "Unknown property '{name}' - a getter is not registered for type '{type}'",
    )
    THROWN = 45, "ErrorRuntime", "Runtime error: {text}"
    NO_MODULE = 46, "ErrorModuleNotFound", "Module not found: {name}"
    IMPORT_PATH = 43, "ErrorMismatchDataType", "Data type incorrect: the path of an import is a string"
    VECTOR_READONLY = (
        47,
        "ErrorDotExpr",
        "a vector cannot be changed in place; assign a new one, as in `v = (1.0, v.y)`",
    )
    FUNCTION_POINTER = 48, "ErrorMismatchDataType", "Data type incorrect: {type} (expecting Fn)"
    VECTOR_COMPONENT = 49, "ErrorMismatchDataType", "Data type incorrect: {type} (a vector takes numbers)"
    INDEX_NOT_INT = 50, "ErrorMismatchDataType", "Data type incorrect: {type} (expecting i64)"
    INDEX_NOT_STRING = 51, "ErrorMismatchDataType", "Data type incorrect: {type} (expecting string)"
    NOT_CHAR = 52, "ErrorMismatchDataType", "Data type incorrect: {type} (expecting char)"
    SETTER_UNKNOWN = (
        53,
        "ErrorDotExpr",
        "No writable property '{name}' - a setter is not registered for type '{type}' to handle '{value}'",
    )
    NOT_SORTABLE = (
        55,
        "ErrorFunctionNotFound",
        "Function not found: elements of different types cannot be sorted",
    )
    STEP_ZERO = 56, "ErrorArithmetic", "step value cannot be zero\nin call to function 'range'"
    OUTPUT_TYPE = 57, "ErrorMismatchOutputType", "Output type incorrect: {text}"
    MISSING_NAME = 58, "ErrorFunctionNotFound", "Function not found: {text}"
    REFUSED = 60, "ErrorRuntime", "{text}"  # DETAIL is the embedder's reason
    # not to be caught by a script
    STACK_OVERFLOW = 70, "ErrorStackOverflow", "Stack overflow"
    TOO_MANY_OPERATIONS = 71, "ErrorTooManyOperations", "Too many operations"
    MEMORY = 72, "ErrorDataTooLarge", "Script memory exceeds maximum limit"
    STRING_TOO_LARGE = 73, "ErrorDataTooLarge", "Length of string too large"
    ARRAY_TOO_LARGE = 74, "ErrorDataTooLarge", "Size of array/BLOB too large"
    MAP_TOO_LARGE = 75, "ErrorDataTooLarge", "Size of object map too large"
    TERMINATED = 76, "ErrorTerminated", "Script terminated"
    TOO_DEEP = 77, "ErrorDataTooLarge", "Values nested too deeply"
    EXIT = 78, "Exit", "exit"
    PARSING = 79, "Parsing", "Syntax error: {text}"
    INTERNAL = 80, "ErrorSystem", "{text}"
    EMBEDDER_LIMIT = 81, "ErrorDataTooLarge", "{text}"


FIRST_UNCATCHABLE = Fault.STACK_OVERFLOW
