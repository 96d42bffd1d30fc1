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
