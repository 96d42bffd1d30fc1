"""Rewrites `assert` so that a failure says what was compared, without evaluating anything twice."""

import ast

SHOWN = 200
FAIL = '@fail'
_LEFT, _RIGHT = '@left', '@right'


def cut(text, size=SHOWN):
    """The text in at most `size` characters, with a marker where something was left out."""
    return text if len(text) <= size else text[: size - 20] + '... (%d characters)' % len(text)


def show(value):
    """repr(), whatever happens."""
    try:
        text = repr(value)
    except Exception as error:
        text = '<no repr: %s>' % type(error).__name__
    return cut(text if type(text) is str else '<no repr>')


class Failures:
    """Makes the messages of failed assertions. `opaque` names the type of what is no plain data, else None."""

    def __init__(self, opaque):
        self.opaque = opaque

    def shown(self, value):
        name = self.opaque(value)
        return show(value) if name is None else 'a %s object, which is not plain data: %s' % (name, show(value))

    def __call__(self, source, form, note, *values):
        if form == '==':
            text = '%s: got %s' % (source, self.shown(values[0]))
        elif form == 'swapped':
            text = '%s: got %s' % (source, self.shown(values[1]))
        elif form == 'both':
            text = '%s: left is %s, right is %s' % (source, self.shown(values[0]), self.shown(values[1]))
        else:
            text = '%s: got %s' % (source, self.shown(values[0]))
        return AssertionError(text if note is None else '%s (%s)' % (text, cut(str(note))))


class Rewriter(ast.NodeTransformer):
    """Replaces every assert statement of a piece of test code."""

    def __init__(self, source):
        self.lines = source.replace('\r\n', '\n').replace('\r', '\n').split('\n')

    def text(self, node):
        lines = self.lines[node.lineno - 1 : node.end_lineno]
        joined = ' '.join(line.strip() for line in lines)
        return cut(joined)

    def visit_Assert(self, node):
        test = node.test
        body = []
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            right = test.comparators[0]
            body += [_store(_LEFT, test.left), _store(_RIGHT, right)]
            form = 'both'
            if isinstance(test.ops[0], (ast.Eq, ast.Is)):
                form = '==' if _literal(right) else 'swapped' if _literal(test.left) else 'both'
            condition = ast.Compare(_load(_LEFT), test.ops, [_load(_RIGHT)])
            values = [_load(_LEFT), _load(_RIGHT)]
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            body.append(_store(_LEFT, test.operand))
            form, condition, values = 'value', ast.UnaryOp(ast.Not(), _load(_LEFT)), [_load(_LEFT)]
        else:
            body.append(_store(_LEFT, test))
            form, condition, values = 'value', _load(_LEFT), [_load(_LEFT)]
        note = node.msg if node.msg is not None else ast.Constant(None)
        arguments = [ast.Constant(self.text(node)), ast.Constant(form), note] + values
        failure = ast.Raise(ast.Call(_load(FAIL), arguments, []), None)
        body.append(ast.If(ast.UnaryOp(ast.Not(), condition), [failure], []))
        return [_at(statement, node) for statement in body]


def compile_tests(source, tree, name, flags=0):
    """The code objects of the top-level statements of a tree, asserts rewritten."""
    tree = Rewriter(source).visit(tree)
    return [compile(ast.Module([node], []), name, 'exec', flags, True) for node in tree.body]


def _literal(node):
    return not any(isinstance(part, (ast.Call, ast.Name, ast.Attribute, ast.Subscript)) for part in ast.walk(node))


def _load(name):
    return ast.Name(name, ast.Load())


def _store(name, value):
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _at(statement, node):
    for part in ast.walk(statement):
        if not hasattr(part, 'lineno') and isinstance(part, (ast.stmt, ast.expr)):
            ast.copy_location(part, node)
    return statement
