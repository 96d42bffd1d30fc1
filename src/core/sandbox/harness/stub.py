"""Reads the task's prompt where it is a Python stub: what it gives the code, and which names it declares."""

import ast
import __future__


class Stub:
    """`kept`: (statement's source, its kind) in order, without the entry point and functions left to be written."""

    def __init__(self, prompt, entry):
        self.kept = []
        self.functions = set()
        self.classes = set()
        self.flags = 0
        tree, text = _parse(prompt)
        if tree is None or not any(isinstance(node, _TELLING) for node in tree.body):
            return
        lines = text.split('\n')
        for node in tree.body:
            self.add(node, lines, entry)

    def add(self, node, lines, entry):
        if isinstance(node, _FUNCTIONS):
            self.functions.add(node.name)
        elif isinstance(node, ast.ClassDef):
            self.classes.add(node.name)
        if isinstance(node, ast.ImportFrom) and node.module == '__future__':
            for alias in node.names:
                self.flags |= getattr(getattr(__future__, alias.name, None), 'compiler_flag', 0)
            return
        if isinstance(node, _FUNCTIONS + (ast.ClassDef,)):
            if node.name == entry or (isinstance(node, _FUNCTIONS) and _unwritten(node)):
                return
        elif isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call):
            return
        first = min([node.lineno] + [mark.lineno for mark in getattr(node, 'decorator_list', ())])
        self.kept.append(('\n'.join(lines[first - 1 : node.end_lineno]), type(node).__name__))


def _parse(prompt):
    """The prompt's tree, also when it ends in a signature whose body is still to come."""
    text = prompt.replace('\r\n', '\n').replace('\r', '\n')
    for tail in ('', '\n    pass\n', '\n        pass\n'):
        try:
            return ast.parse(text + tail), text + tail
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None, ''


def _unwritten(node):
    """True for a body of nothing but a docstring, `pass`, `...` or `raise NotImplementedError`."""
    for part in node.body:
        if isinstance(part, ast.Pass) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            continue
        if isinstance(part, ast.Raise) and 'NotImplementedError' in ast.dump(part):
            continue
        return False
    return True


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Free text may parse by accident ("sum" is an expression): only these tell of a stub.
_TELLING = _FUNCTIONS + (ast.ClassDef, ast.Import, ast.ImportFrom)
