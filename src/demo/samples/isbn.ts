import { pythonTask, type Sample } from '../sample';

/** The cheap model gets it right at once. */
export const isbn: Sample = {
  task: pythonTask(
    'isbn-check',
    'is_isbn10',
    `def is_isbn10(text: str) -> bool:
    """Check a ten-digit ISBN. Hyphens are ignored.

    The digits, times 10, 9, 8 ... 1 from left to right, must add up to a multiple of 11.
    The last place may be an X, which counts 10.
    """
`,
    [
      "assert is_isbn10('0-306-40615-3') is False",
      "assert is_isbn10('0-306-40615-2') is True",
      "assert is_isbn10('0-8044-2957-X') is True",
      "assert is_isbn10('X-8044-2957-0') is False",
      "assert is_isbn10('12345') is False",
    ],
  ),
  script: {
    first: { 'demo-cheap': 'weighted', 'demo-strong': 'weighted' },
    drafts: {
      weighted: {
        code: `def is_isbn10(text: str) -> bool:
    chars = text.replace('-', '')
    if len(chars) != 10 or not chars[:9].isdigit():
        return False
    if not (chars[9].isdigit() or chars[9] == 'X'):
        return False
    digits = [int(c) for c in chars[:9]]
    digits.append(10 if chars[9] == 'X' else int(chars[9]))
    total = sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits))
    return total % 11 == 0
`,
        critique: 'Weights and the X in the last place are handled; I see nothing to mend.',
        revised: { 'demo-cheap': 'weighted', 'demo-strong': 'weighted' },
      },
    },
  },
};
