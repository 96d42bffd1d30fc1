import { pythonTask, type Sample } from '../sample';

/** The cheap model knows no subtractive pairs, and learns only half of them by itself. */
export const roman: Sample = {
  task: pythonTask(
    'roman-numerals',
    'to_roman',
    `def to_roman(number: int) -> str:
    """Write a whole number from 1 to 3999 in Roman numerals, as in 1994 -> MCMXCIV."""
`,
    [
      "assert to_roman(3) == 'III'",
      "assert to_roman(58) == 'LVIII'",
      "assert to_roman(9) == 'IX'",
      "assert to_roman(1994) == 'MCMXCIV'",
      "assert to_roman(3999) == 'MMMCMXCIX'",
    ],
  ),
  script: {
    first: { 'demo-cheap': 'additive', 'demo-strong': 'paired' },
    drafts: {
      additive: {
        code: `def to_roman(number: int) -> str:
    symbols = [(1000, 'M'), (500, 'D'), (100, 'C'), (50, 'L'), (10, 'X'), (5, 'V'), (1, 'I')]
    result = ''
    for value, symbol in symbols:
        result += symbol * (number // value)
        number %= value
    return result
`,
        critique:
          'Fours and nines come out as four letters in a row. Put the pairs CM, CD, XC, XL, IX and IV into the table, each before the smaller letter.',
        revised: { 'demo-cheap': 'halfPaired', 'demo-strong': 'paired' },
      },
      halfPaired: {
        code: `def to_roman(number: int) -> str:
    symbols = [
        (1000, 'M'), (500, 'D'), (100, 'C'), (90, 'XC'), (50, 'L'), (40, 'XL'),
        (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I'),
    ]
    result = ''
    for value, symbol in symbols:
        result += symbol * (number // value)
        number %= value
    return result
`,
        critique: 'The pairs for 900 and 400 are still missing: add CM and CD.',
        revised: { 'demo-cheap': 'halfPaired', 'demo-strong': 'paired' },
      },
      paired: {
        code: `def to_roman(number: int) -> str:
    symbols = [
        (1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'),
        (50, 'L'), (40, 'XL'), (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I'),
    ]
    result = ''
    for value, symbol in symbols:
        count, number = divmod(number, value)
        result += symbol * count
    return result
`,
        critique: 'All thirteen values are there in falling order; I see nothing to mend.',
        revised: { 'demo-cheap': 'paired', 'demo-strong': 'paired' },
      },
    },
  },
};
