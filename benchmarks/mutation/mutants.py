"""
Small errors that can be made in a source file, one at a time.

A mutant is a change of one piece of the text; everything else, comments and line numbers included, stays as it is.
What no test could notice is left alone: annotations, docstrings, assertions, messages of errors, imports, tolerances of
round-off.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

_SWAPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),  # codespell:ignore notin
    ast.NotIn: (ast.In,),  # codespell:ignore notin
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
_ROUND_OFF = 1e-6
"""Numbers below this one are tolerances."""
_OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SKIPPED = (ast.Assert, ast.Raise, ast.Import, ast.ImportFrom, ast.JoinedStr, ast.Global, ast.Nonlocal)


@dataclass(frozen=True)
class Mutant:
    """
    One change of a source file.

    Attributes
    ----------
    file
        Path within the project.
    line, column
        Where the changed piece begins; lines count from 1, columns from 0, in bytes.
    end_line, end_column
        Where it ends.
    before, after
        The piece of text, and what takes its place.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    before: str
    after: str

    @property
    def key(self) -> str:
        """What distinguishes it from all other mutants of the same sources."""
        return f"{self.file}:{self.line}:{self.column}: {_short(self.before)} -> {_short(self.after)}"

    def applied(self, source: str) -> str:
        """
        The source with the change.

        Raises
        ------
        ValueError
            If the piece is not where it should be: the mutant is one of other sources.
        """
        lines = source.encode().splitlines(keepends=True)
        start, end = _span(lines, self.line, self.column, self.end_line, self.end_column)
        content = b"".join(lines)
        if content[start:end] != self.before.encode():
            msg = f"{self.file}:{self.line} does not read {self.before!r}"
            raise ValueError(msg)
        return (content[:start] + self.after.encode() + content[end:]).decode()


def mutants_of(file: str, source: str) -> list[Mutant]:
    """
    All mutants of a source file, in the order of their places.

    Parameters
    ----------
    file
        Path within the project, for the record.
    source
        Its text.
    """
    lines = source.encode().splitlines(keepends=True)
    found = []
    for node, after in _changes(ast.parse(source)):
        place = (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
        start, end = _span(lines, *place)
        found.append(Mutant(file, *place, b"".join(lines)[start:end].decode(), after))
    return sorted(set(found), key=lambda each: (each.line, each.column, each.end_line, each.end_column, each.after))


def _span(lines: list[bytes], line: int, column: int, end_line: int, end_column: int) -> tuple[int, int]:
    """Where a piece begins and ends within the whole text."""
    return sum(map(len, lines[: line - 1])) + column, sum(map(len, lines[: end_line - 1])) + end_column


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Pieces of the tree and their replacements, from the outside to the inside."""
    if isinstance(node, _SKIPPED) or _is_for_types_only(node):
        return
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    elif isinstance(node, ast.expr):
        yield from ((node, after) for after in _of_expression(node))
    for child in _parts(node):
        yield from _changes(child)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Children that are run: no annotations, no docstrings, no decorators, no names of classes."""
    if isinstance(node, ast.AnnAssign):
        return iter([node.value] if node.value is not None else [])
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = (default for default in chain(node.args.defaults, node.args.kw_defaults) if default is not None)
        return chain(defaults, node.body)
    if isinstance(node, ast.ClassDef):
        return iter(node.body)
    return ast.iter_child_nodes(node)


def _is_for_types_only(node: ast.AST) -> bool:
    """Whether nothing of it matters when the program runs."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id.startswith("__") for target in node.targets)
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _of_statement(node: ast.stmt) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    if isinstance(node, ast.Expr | ast.AugAssign | ast.Delete):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom)):
            yield node, "pass"
    elif isinstance(node, ast.Assign):
        if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            yield node, "pass"
    elif isinstance(node, ast.Continue):
        yield node, "break"
    elif isinstance(node, ast.Break):
        yield node, "continue"
    elif isinstance(node, ast.If | ast.While):
        yield node.test, f"(not ({ast.unparse(node.test)}))"


def _of_expression(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in _SWAPPED[type(node.ops[0])]:
            yield _text(ast.Compare(node.left, [other()], node.comparators))  # type: ignore[list-item]
    elif isinstance(node, ast.BoolOp):
        (other,) = _SWAPPED[type(node.op)]
        yield _text(ast.BoolOp(other(), node.values))  # type: ignore[arg-type]
    elif isinstance(node, ast.BinOp) and type(node.op) in _SWAPPED and not _is_text(node):
        (other,) = _SWAPPED[type(node.op)]
        yield _text(ast.BinOp(node.left, other(), node.right))  # type: ignore[arg-type]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield _text(node.operand)
    elif isinstance(node, ast.IfExp):
        yield _text(ast.IfExp(node.test, node.orelse, node.body))
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _OPPOSITES:
        yield _text(ast.Call(ast.Name(_OPPOSITES[node.func.id]), node.args, node.keywords))


def _of_constant(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, int):
        yield repr(value + 1)
    elif isinstance(value, float) and not 0.0 < value < _ROUND_OFF:
        yield repr(1.0 if value == 0.0 else 2.0 * value)


def _is_text(node: ast.BinOp) -> bool:
    """Whether texts are put together."""
    texts = (isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, node.right))
    return any(texts) or isinstance(node.left, ast.JoinedStr) or isinstance(node.right, ast.JoinedStr)


def _text(node: ast.expr) -> str:
    """An expression that can stand wherever the one before stood."""
    return f"({ast.unparse(node)})"


def _short(text: str) -> str:
    """On one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:97]}..."
