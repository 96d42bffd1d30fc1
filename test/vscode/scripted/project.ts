import { ROMAN_STUB } from './samples';

/** A module of a Python project with a stub that is to be written, and something beside it that works. */
export const NUMERALS = `"""Numerals for a clock face."""


${ROMAN_STUB}

def is_numeral(text: str) -> bool:
    return text != "" and set(text) <= set("IVXLCDM")
`;

/** The project's tests of it: two fail as long as the stub is one, and one passes already. */
export const NUMERAL_TESTS = `import unittest

from numerals import is_numeral, to_roman


class TestNumerals(unittest.TestCase):
    def test_fours(self):
        self.assertEqual(to_roman(1994), "MCMXCIV")

    def test_hours(self):
        self.assertEqual([to_roman(hour) for hour in (1, 4, 9, 12)], ["I", "IV", "IX", "XII"])

    def test_is_numeral(self):
        self.assertTrue(is_numeral("XIV"))
        self.assertFalse(is_numeral(""))
`;

/** A small Python project whose tests are unittest cases. */
export const PYTHON_PROJECT: Readonly<Record<string, string>> = {
  'numerals.py': NUMERALS,
  'tests/test_numerals.py': NUMERAL_TESTS,
};

/** The command that is proposed for it. */
export const PYTHON_COMMAND = 'python3 -m unittest discover -s tests';
