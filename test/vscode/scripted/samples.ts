import { pythonTask, type Sample, type Script } from '../../../src/demo/sample';

/** A stub whose docstring holds its tests. The cheap model gets it wrong, the strong one right. */
export const ROMAN_STUB = `def to_roman(number: int) -> str:
    """Write a whole number from 1 to 3999 in Roman numerals.

    >>> to_roman(3)
    'III'
    >>> to_roman(58)
    'LVIII'
    >>> to_roman(1994)
    'MCMXCIV'
    """
`;

/** The stub with the strong model's answer in its place: what Accept has to leave in the file. */
export const ROMAN_SOLVED = `${ROMAN_STUB}    symbols = [
        (1000, "M"), (900, "CM"), (500, "D"),
        (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]
    result = ""
    for value, symbol in symbols:
        count, number = divmod(number, value)
        result += symbol * count
    return result
`;

/** A stub that the cheap model never gets right, whatever it is told; the strong one does at once. */
export const MEDIAN_STUB = `def median(values: list[float]) -> float:
    """Return the middle one of the sorted values, or the mean of the two middle ones.

    >>> median([3, 1, 2])
    2
    >>> median([7])
    7
    >>> median([4, 1, 3, 2])
    2.5
    """
`;

/** It takes the long way, so that three calls use the budget up. */
const MEDIAN_WRONG = `    ordered: list[float] = []
    for value in values:
        position = 0
        while position < len(ordered) and ordered[position] < value:
            position = position + 1
        ordered.insert(position, value)
    if len(ordered) == 0:
        raise ValueError("There is no median of no values")
    if len(ordered) == 1:
        return ordered[0]
    middle = len(ordered) // 2
    return ordered[middle]
`;

const MEDIAN_RIGHT = `    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
`;

/** The stub with the cheap model's last answer in its place, and with the strong model's. */
export const MEDIAN_BEST = `${MEDIAN_STUB}${MEDIAN_WRONG}`;
export const MEDIAN_SOLVED = `${MEDIAN_STUB}${MEDIAN_RIGHT}`;

/**
 * A budget that admits three calls of the cheap model for this stub: after these the next one costs more, at its worst,
 * than is left.
 */
export const MEDIAN_BUDGET = 0.00012;

/** A stub without any test. Both models answer it alike. */
export const SHOUT_STUB = `def shout(text: str) -> str:
    """Return the text in capital letters, with an exclamation mark."""
`;

export const SHOUT_SOLVED = `${SHOUT_STUB}    return text.upper() + "!"
`;

/** A task as it is typed where no editor is open, and the whole answer. */
export const TYPED_TASK = 'Write a function initials(name) that returns the first letters of all words.';

export const TYPED_ANSWER = `def initials(name):
    return "".join(word[0].upper() for word in name.split())
`;

/** What the scripted models know. */
export const SAMPLES: readonly Sample[] = [
  {
    task: pythonTask('roman', 'to_roman', ROMAN_STUB, []),
    script: {
      first: { 'demo-cheap': 'additive', 'demo-strong': 'paired' },
      drafts: {
        additive: {
          code: `def to_roman(number: int) -> str:
    symbols = [(1000, "M"), (500, "D"), (100, "C"), (50, "L"), (10, "X"), (5, "V"), (1, "I")]
    result = ""
    for value, symbol in symbols:
        result += symbol * (number // value)
        number %= value
    return result
`,
          critique:
            'Fours and nines come out as four letters in a row. Add the pairs CM, CD, XC, XL, IX and IV, each before the smaller letter.',
          revised: { 'demo-cheap': 'paired', 'demo-strong': 'paired' },
        },
        paired: {
          code: ROMAN_SOLVED.replace(/ {4}"""[^]*?"""\n/, ''),
          critique: 'All thirteen values are there in falling order.',
          revised: { 'demo-cheap': 'paired', 'demo-strong': 'paired' },
        },
      },
    },
  },
  {
    task: pythonTask('median', 'median', MEDIAN_STUB, []),
    script: {
      first: { 'demo-cheap': 'upper', 'demo-strong': 'mean' },
      drafts: {
        upper: {
          code: `def median(values: list[float]) -> float:\n${MEDIAN_WRONG}`,
          critique: 'An even number of values has two in the middle, and their mean is asked for.',
          revised: { 'demo-cheap': 'lower', 'demo-strong': 'mean' },
        },
        lower: {
          code: `def median(values: list[float]) -> float:\n${MEDIAN_WRONG.replace('len(ordered) // 2', '(len(ordered) - 1) // 2')}`,
          critique: 'An even number of values has two in the middle, and their mean is asked for.',
          revised: { 'demo-cheap': 'upper', 'demo-strong': 'mean' },
        },
        mean: {
          code: `def median(values: list[float]) -> float:\n${MEDIAN_RIGHT}`,
          critique: 'Both cases are there.',
          revised: { 'demo-cheap': 'mean', 'demo-strong': 'mean' },
        },
      },
    },
  },
  {
    task: pythonTask('shout', 'shout', SHOUT_STUB, []),
    script: always(SHOUT_SOLVED),
  },
  {
    task: pythonTask('initials', 'initials', TYPED_TASK, []),
    script: always(TYPED_ANSWER),
  },
];

/** Both models write this and stay with it. */
function always(code: string): Script {
  const only = { 'demo-cheap': 'only', 'demo-strong': 'only' } as const;
  return { first: only, drafts: { only: { code, critique: 'That is as it should be.', revised: only } } };
}
