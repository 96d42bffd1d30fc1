import { pythonTask, type Sample } from '../sample';

/** Neither model gets it right within the budget: each revision mends one thing and leaves another. */
export const justify: Sample = {
  task: pythonTask(
    'justify-text',
    'justify',
    `def justify(text: str, width: int) -> list[str]:
    """Break a text into lines of exactly width characters, as many words a line as fit.

    Spaces are spread evenly between the words; where that does not come out even, the gaps on the right
    get more. The last line and lines of one word are filled with spaces at the right.
    """
`,
    [
      "assert justify('aa bb cc', 8) == ['aa bb cc']",
      "assert justify('aa bb cc dd', 9) == ['aa bb  cc', 'dd       ']",
      "assert justify('aaa bb c d', 6) == ['aaa bb', 'c d   ']",
      "assert justify('', 4) == []",
    ],
  ),
  script: {
    first: { 'demo-cheap': 'ragged', 'demo-strong': 'leftHeavy' },
    drafts: {
      ragged: {
        code: `import textwrap

def justify(text: str, width: int) -> list[str]:
    return [line.ljust(width) for line in textwrap.wrap(text, width)]
`,
        critique:
          'The lines are only filled up at the right. Spread the missing spaces over the gaps of every line but the last.',
        revised: { 'demo-cheap': 'unfilled', 'demo-strong': 'leftHeavy' },
      },
      leftHeavy: {
        code: `import textwrap

def justify(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(text, width)
    result = []
    for index, line in enumerate(lines):
        words = line.split()
        gaps = len(words) - 1
        if index == len(lines) - 1 or gaps == 0:
            result.append(line.ljust(width))
            continue
        spaces = width - sum(map(len, words))
        small, extra = divmod(spaces, gaps)
        padded = [word + ' ' * (small + (i < extra)) for i, word in enumerate(words[:-1])]
        result.append(''.join(padded) + words[-1])
    return result
`,
        critique: 'The extra spaces go to the gaps on the left; the task wants them on the right.',
        revised: { 'demo-cheap': 'unfilled', 'demo-strong': 'lastOnly' },
      },
      lastOnly: {
        code: `import textwrap

def justify(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(text, width)
    result = []
    for index, line in enumerate(lines):
        words = line.split()
        gaps = len(words) - 1
        if gaps == 0:
            result.append(line.ljust(width))
            continue
        small, extra = divmod(width - sum(map(len, words)), gaps)
        padded = [word + ' ' * (small + (i >= gaps - extra)) for i, word in enumerate(words[:-1])]
        result.append((''.join(padded) + words[-1]).rjust(width))
        if index == len(lines) - 1:
            result[-1] = result[-1].strip()
    return result
`,
        critique: 'The last line is spread and then stripped instead of being filled at the right.',
        revised: { 'demo-cheap': 'unfilled', 'demo-strong': 'counted' },
      },
      counted: {
        code: `def justify(text: str, width: int) -> list[str]:
    lines, row, length = [], [], 0
    for word in text.split():
        if length + len(word) + len(row) > width:
            lines.append(row)
            row, length = [], 0
        row.append(word)
        length += len(word)
    lines.append(row)
    result = []
    for row in lines[:-1]:
        gaps = len(row) - 1
        if gaps == 0:
            result.append(row[0].ljust(width))
            continue
        small, extra = divmod(width - sum(map(len, row)), gaps)
        padded = [word + ' ' * (small + (i >= gaps - extra)) for i, word in enumerate(row[:-1])]
        result.append(''.join(padded) + row[-1])
    result.append(' '.join(lines[-1]).ljust(width))
    return result
`,
        critique: 'An empty text has no last line, but one line of spaces is returned for it.',
        revised: { 'demo-cheap': 'unfilled', 'demo-strong': 'leftHeavy' },
      },
      unfilled: {
        code: `import textwrap

def justify(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width)
`,
        critique:
          'The lines are only broken. They must be filled to the width, all but the last one between the words.',
        revised: { 'demo-cheap': 'ragged', 'demo-strong': 'leftHeavy' },
      },
    },
  },
};
