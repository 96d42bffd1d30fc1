import { pythonTask, type Sample } from '../sample';

/** The cheap model reads only what looks right and ignores the rest; the strong one checks the whole text. */
export const duration: Sample = {
  task: pythonTask(
    'parse-duration',
    'seconds_of',
    `def seconds_of(text: str) -> int:
    """Read a duration such as "1h30m", "45s" or "2d4h" and return its seconds.

    Units are d, h, m and s, each at most once and in that order.
    Anything else, the empty text included, raises ValueError.
    """
`,
    [
      "assert seconds_of('1h30m') == 5400",
      "assert seconds_of('45s') == 45",
      "assert seconds_of('2d4h') == 187200",
      "try:\n    seconds_of('30m1h')\nexcept ValueError:\n    pass\nelse:\n    assert False, 'the order is wrong'",
      "try:\n    seconds_of('')\nexcept ValueError:\n    pass\nelse:\n    assert False, 'there is nothing to read'",
    ],
  ),
  script: {
    first: { 'demo-cheap': 'findall', 'demo-strong': 'optional' },
    drafts: {
      findall: {
        code: `import re

def seconds_of(text: str) -> int:
    sizes = {'d': 86400, 'h': 3600, 'm': 60, 's': 1}
    parts = re.findall('([0-9]+)([dhms])', text)
    return sum(int(number) * sizes[unit] for number, unit in parts)
`,
        critique:
          'findall takes the parts that fit and passes over the rest, so neither order nor emptiness is checked. Match the whole text with one optional group for each unit.',
        revised: { 'demo-cheap': 'optional', 'demo-strong': 'optional' },
      },
      optional: {
        code: `import re

def seconds_of(text: str) -> int:
    match = re.fullmatch('(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?', text)
    if match is None:
        raise ValueError(f'not a duration: {text!r}')
    sizes = (86400, 3600, 60, 1)
    return sum(int(part) * size for part, size in zip(match.groups(), sizes) if part)
`,
        critique: 'All four groups are optional, so the empty text matches too. Refuse it before matching.',
        revised: { 'demo-cheap': 'optional', 'demo-strong': 'strict' },
      },
      strict: {
        code: `import re

def seconds_of(text: str) -> int:
    match = re.fullmatch('(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?', text)
    if not text or match is None:
        raise ValueError(f'not a duration: {text!r}')
    sizes = (86400, 3600, 60, 1)
    return sum(int(part) * size for part, size in zip(match.groups(), sizes) if part)
`,
        critique: 'Order and emptiness are both checked; I see nothing to mend.',
        revised: { 'demo-cheap': 'strict', 'demo-strong': 'strict' },
      },
    },
  },
};
