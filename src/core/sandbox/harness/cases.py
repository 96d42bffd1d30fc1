"""Runs what a text of tests only defines: test functions, test classes and TestCases; and reads doctests as asserts."""

import ast
import inspect
import sys

import proxies

NOTHING = 'the test checks nothing: %s'


def plain(source):
    """The text itself, or where it is a doctest, asserts that say the same. Raises ValueError where there are none."""
    if not source.lstrip().startswith('>>>'):
        return source
    import doctest

    examples = doctest.DocTestParser().get_examples(source)
    return ''.join('%s\n' % example_code(example) for example in examples)


def example_code(example):
    source, want = example.source.strip(), example.want.strip()
    if example.exc_msg is not None:
        kind = example.exc_msg.split(':')[0].strip()
        body = source.replace('\n', '\n    ')
        return 'try:\n    %s\nexcept %s:\n    pass\nelse:\n    raise AssertionError(%r)' % (
            *(body, kind.split('.')[-1]),
            '%s did not raise %s' % (source, kind),
        )
    if want == '':
        return source
    left, right = operand(source), operand(want)
    if left is None or right is None:
        raise ValueError('`%s` is to print `%s`, and only values can be compared' % (source, want))
    return 'assert %s == %s' % (left, right)


def operand(text):
    """An expression as it stands in a comparison; None where it is none, or prints."""
    try:
        node = ast.parse(text, mode='eval').body
    except SyntaxError:
        return None
    if any(isinstance(part, ast.Name) and part.id == 'print' for part in ast.walk(node)):
        return None
    alone = (ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.List, ast.Dict, ast.Set, ast.UnaryOp)
    return text if isinstance(node, alone) and not is_negation(node) else '(%s)' % text


def is_negation(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def without_main(tree):
    """Takes out the calls that would run the cases of a text, which are run here."""
    tree.body = [node for node in tree.body if not is_main(node)]
    return tree


def is_main(node):
    call = node.value if isinstance(node, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and function.attr == 'main'
        and isinstance(function.value, ast.Name)
        and function.value.id in ('unittest', 'pytest')
    )


def defined(tree, space):
    """What a text defines at its top and does not itself run: (name, value) of functions and classes of pytest's kind, and
    of TestCases.
    """
    used = {name.id for node in tree.body if not is_definition(node) for name in ast.walk(node) if is_read(name)}
    plain_ones, test_cases = {}, {}
    for node in tree.body:
        if not is_definition(node) or node.name in used or node.name not in space:
            continue
        value = space[node.name]
        if not isinstance(node, ast.ClassDef):
            if node.name.startswith('test') and not is_fixture(value):
                plain_ones[node.name] = value
        elif is_test_case(value):
            test_cases[node.name] = value
        elif node.name.startswith('Test') and isinstance(value, type):
            plain_ones[node.name] = value
    return plain_ones, test_cases


def is_fixture(value):
    """Whether a value is a fixture of pytest. Its versions mark them in different ways."""
    if proxies.ref_of(value) is not None:
        return False
    return type(value).__name__ == 'FixtureFunctionDefinition' or hasattr(value, '_pytestfixturefunction')


def looks_like_test(name, value):
    """Whether pytest would take a value for a test. `value` is none of the code's."""
    if isinstance(value, type):
        return name.startswith('Test') or is_test_case(value)
    return name.startswith('test') and callable(value) and not is_fixture(value)


def wants(value):
    """Why a function or class of tests needs pytest itself, None where it does not."""
    if getattr(value, 'pytestmark', None):
        return 'is marked by pytest'
    if not isinstance(value, type):
        lost = lacking(value, ())
    else:
        methods = [one for name, one in vars(value).items() if name.startswith('test') and inspect.isfunction(one)]
        reasons = [wants(one) for one in methods if getattr(one, 'pytestmark', None)]
        if reasons:
            return reasons[0]
        lost = [name for one in methods for name in lacking(one, ('self',))]
    return 'takes %s, which %s of pytest' % (', '.join(lost), 'is a fixture' if len(lost) == 1 else 'are fixtures') if lost else None


def lacking(function, given):
    """The parameters of a function that nobody gives."""
    return [
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and one.name not in given
    ]


def is_definition(node):
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def is_read(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def is_test_case(value):
    unittest = sys.modules.get('unittest')
    return unittest is not None and isinstance(value, type) and issubclass(value, unittest.TestCase)


def of_plain(name, value):
    """Cases of a function or class of pytest's kind that needs nothing of pytest: [name, function without parameters]."""
    if isinstance(value, type):
        return of_class(value)
    return [(name, lambda: finished(value()))]


def finished(result):
    if inspect.iscoroutine(result):
        import asyncio

        asyncio.run(result)


def of_class(kind):
    """A class of pytest's kind: each method in an instance of its own."""

    def case(method):
        def run():
            instance = kind()
            prepare = getattr(instance, 'setup_method', None)
            clear = getattr(instance, 'teardown_method', None)
            if prepare is not None:
                prepare(*[method] * len(inspect.signature(prepare).parameters))
            try:
                finished(getattr(instance, method)())
            finally:
                if clear is not None:
                    clear(*[method] * len(inspect.signature(clear).parameters))

        return run

    names = [name for name in vars(kind) if name.startswith('test') and callable(getattr(kind, name))]
    return [('%s.%s' % (kind.__name__, name), case(name)) for name in names]


def of_test_case(kind):
    """A TestCase, run by unittest as a whole, so that what prepares the class is run once."""
    import unittest

    def run():
        outcome = unittest.TestResult()
        thrown = []

        def note(test, error):
            thrown.append((test, error[1]))

        outcome.addError = outcome.addFailure = note
        outcome.addSubTest = lambda test, inner, error: error is not None and note(inner, error)
        outcome.addUnexpectedSuccess = lambda test: thrown.append((test, AssertionError('it was expected to fail')))
        unittest.defaultTestLoader.loadTestsFromTestCase(kind).run(outcome)
        if thrown:
            test, error = thrown[0]
            raise Case(test.id().rpartition('.')[2] if '(' not in test.id() else str(test), error)
        if outcome.testsRun == len(outcome.skipped):
            raise AssertionError(NOTHING % ('all of it is skipped' if outcome.testsRun else 'it has no test methods'))

    return [(kind.__name__, run)]


class Case(Exception):
    """What a case within a case has thrown."""

    def __init__(self, name, error):
        super().__init__(name)
        self.name = name
        self.error = error
