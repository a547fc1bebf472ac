"""Sums, worked out on the syntax tree: numbers and five operators, nothing else."""

import ast
import operator
from collections.abc import Callable

from personal_assistant.tools.tool import Context

_MAX_LENGTH = 200
_MAX_SIZE = 1e15  # no power is among the operators, so one step cannot grow without bound
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}


class NoSum(Exception):
    """Not something that can be worked out."""


def tell(given: str, _: Context) -> str:
    try:
        return f"{given} = {_written(work_out(given))}"
    except NoSum as error:
        return f"I cannot work out {given}: {error}."


def work_out(given: str) -> float:
    if len(given) > _MAX_LENGTH:
        raise NoSum("it is too long")
    try:
        return _value(ast.parse(given.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NoSum("it is not a sum") from error
    except ZeroDivisionError as error:
        raise NoSum("it divides by zero") from error


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _bounded(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _bounded(_OPERATORS[type(sign)](_value(left), _value(right)))
        case _:
            raise NoSum("it is not a sum")


def _bounded(number: float) -> float:
    if abs(number) > _MAX_SIZE:
        raise NoSum("it is too large")
    return number


def _written(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.10g}"
