import { pythonTask, type Sample } from '../sample';

/** The cheap model forgets the empty text, and is told. */
export const runLength: Sample = {
  task: pythonTask(
    'run-length',
    'pack',
    `def pack(text: str) -> list[tuple[str, int]]:
    """Run-length encode a text: one (character, count) pair for each run, in order."""
`,
    [
      "assert pack('aaab') == [('a', 3), ('b', 1)]",
      "assert pack('abc') == [('a', 1), ('b', 1), ('c', 1)]",
      "assert pack('zz') == [('z', 2)]",
      "assert pack('') == []",
    ],
  ),
  script: {
    first: { 'demo-cheap': 'unguarded', 'demo-strong': 'guarded' },
    drafts: {
      unguarded: {
        code: `def pack(text: str) -> list[tuple[str, int]]:
    pairs = []
    current = text[0]
    count = 1
    for char in text[1:]:
        if char == current:
            count += 1
        else:
            pairs.append((current, count))
            current, count = char, 1
    pairs.append((current, count))
    return pairs
`,
        critique:
          'text[0] is read before anything is known about the text, so an empty one fails. Return an empty list for it first.',
        revised: { 'demo-cheap': 'guarded', 'demo-strong': 'guarded' },
      },
      guarded: {
        code: `def pack(text: str) -> list[tuple[str, int]]:
    pairs: list[tuple[str, int]] = []
    for char in text:
        if pairs and pairs[-1][0] == char:
            pairs[-1] = (char, pairs[-1][1] + 1)
        else:
            pairs.append((char, 1))
    return pairs
`,
        critique: 'Every run is extended in place and an empty text gives an empty list; I see nothing to mend.',
        revised: { 'demo-cheap': 'guarded', 'demo-strong': 'guarded' },
      },
    },
  },
};
