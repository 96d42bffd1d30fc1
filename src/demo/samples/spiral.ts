import { pythonTask, type Sample } from '../sample';

/** Off by one: a single row or column is walked twice. */
export const spiral: Sample = {
  task: pythonTask(
    'matrix-spiral',
    'spiral',
    `def spiral(grid: list[list[int]]) -> list[int]:
    """Read a rectangular grid in a clockwise spiral that begins at the upper left."""
`,
    [
      'assert spiral([[1, 2], [4, 3]]) == [1, 2, 3, 4]',
      'assert spiral([[1, 2, 3], [8, 9, 4], [7, 6, 5]]) == [1, 2, 3, 4, 5, 6, 7, 8, 9]',
      'assert spiral([[1, 2, 3]]) == [1, 2, 3]',
      'assert spiral([[1], [2], [3]]) == [1, 2, 3]',
      'assert spiral([]) == []',
    ],
  ),
  script: {
    first: { 'demo-cheap': 'walked', 'demo-strong': 'peeled' },
    drafts: {
      walked: {
        code: `def spiral(grid: list[list[int]]) -> list[int]:
    result = []
    top, bottom = 0, len(grid) - 1
    left, right = 0, len(grid[0]) - 1
    while top <= bottom and left <= right:
        for col in range(left, right + 1):
            result.append(grid[top][col])
        for row in range(top + 1, bottom + 1):
            result.append(grid[row][right])
        for col in range(right - 1, left - 1, -1):
            result.append(grid[bottom][col])
        for row in range(bottom - 1, top, -1):
            result.append(grid[row][left])
        top, bottom, left, right = top + 1, bottom - 1, left + 1, right - 1
    return result
`,
        critique:
          'When one row or one column is left, the way back walks it a second time. Only go back where top < bottom and left < right; and an empty grid has no grid[0].',
        revised: { 'demo-cheap': 'walked', 'demo-strong': 'peeled' },
      },
      peeled: {
        code: `def spiral(grid: list[list[int]]) -> list[int]:
    rows = [list(row) for row in grid]
    result = []
    while rows:
        result.extend(rows.pop(0))
        # Turning what is left by a quarter puts its right side on top.
        rows = [list(row) for row in zip(*rows)][::-1]
    return result
`,
        critique: 'The grid is peeled row by row and turned, which holds for any shape; I see nothing to mend.',
        revised: { 'demo-cheap': 'peeled', 'demo-strong': 'peeled' },
      },
    },
  },
};
