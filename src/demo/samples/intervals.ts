import { pythonTask, type Sample } from '../sample';

/** The cheap model forgets that an interval may lie inside the one before it. */
export const intervals: Sample = {
  task: pythonTask(
    'merge-intervals',
    'merge',
    `def merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans (start, end) that overlap or touch. The result is sorted by start."""
`,
    [
      'assert merge([(1, 3), (2, 5)]) == [(1, 5)]',
      'assert merge([(6, 8), (1, 2)]) == [(1, 2), (6, 8)]',
      'assert merge([(1, 2), (2, 4)]) == [(1, 4)]',
      'assert merge([(1, 9), (2, 3)]) == [(1, 9)]',
      'assert merge([]) == []',
    ],
  ),
  script: {
    first: { 'demo-cheap': 'shrinking', 'demo-strong': 'growing' },
    drafts: {
      shrinking: {
        code: `def merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result
`,
        critique:
          'A span inside its predecessor shortens it: keep the larger of both ends. And with < spans that only touch stay apart; use <=.',
        revised: { 'demo-cheap': 'touching', 'demo-strong': 'growing' },
      },
      touching: {
        code: `def merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result
`,
        critique: 'A span inside its predecessor still shortens it: keep the larger of both ends.',
        revised: { 'demo-cheap': 'growing', 'demo-strong': 'growing' },
      },
      growing: {
        code: `def merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            first, last = result[-1]
            result[-1] = (first, max(last, end))
        else:
            result.append((start, end))
    return result
`,
        critique: 'Touching and nested spans are both joined; I see nothing to mend.',
        revised: { 'demo-cheap': 'growing', 'demo-strong': 'growing' },
      },
    },
  },
};
