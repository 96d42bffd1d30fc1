import { pythonTask, type Sample } from '../sample';

/** The cheap model answers with the condition for "possible"; only the strong one counts the steps. */
export const jugs: Sample = {
  task: pythonTask(
    'water-jugs',
    'fewest_steps',
    `def fewest_steps(a: int, b: int, goal: int) -> int:
    """Two empty jugs hold a and b litres. A step fills one, empties one, or pours one into the other
    until the one is empty or the other is full. Return the fewest steps after which one of the jugs
    holds exactly goal litres, or -1 where that is impossible.
    """
`,
    [
      'assert fewest_steps(3, 5, 4) == 6',
      'assert fewest_steps(3, 5, 5) == 1',
      'assert fewest_steps(2, 6, 5) == -1',
      'assert fewest_steps(3, 5, 0) == 0',
    ],
  ),
  script: {
    first: { 'demo-cheap': 'oneWay', 'demo-strong': 'search' },
    drafts: {
      oneWay: {
        code: `from math import gcd

def fewest_steps(a: int, b: int, goal: int) -> int:
    if goal > max(a, b) or goal % gcd(a, b):
        return -1
    steps = x = y = 0
    while goal not in (x, y):
        if x == 0:
            x = a
        elif y == b:
            y = 0
        else:
            poured = min(x, b - y)
            x, y = x - poured, y + poured
        steps += 1
    return steps
`,
        critique:
          'It always fills the first jug and pours into the second, which reaches the goal but not by the shortest way. Search the states breadth first.',
        revised: { 'demo-cheap': 'oneWay', 'demo-strong': 'search' },
      },
      search: {
        code: `from collections import deque

def fewest_steps(a: int, b: int, goal: int) -> int:
    queue = deque([(0, 0, 0)])
    seen = {(0, 0)}
    while queue:
        x, y, steps = queue.popleft()
        if goal in (x, y):
            return steps
        to_y, to_x = min(x, b - y), min(y, a - x)
        for state in (
            (a, y), (x, b), (0, y), (x, 0), (x - to_y, y + to_y), (x + to_x, y - to_x),
        ):
            if state not in seen:
                seen.add(state)
                queue.append((*state, steps + 1))
    return -1
`,
        critique: 'A breadth-first search over the states finds the shortest way; I see nothing to mend.',
        revised: { 'demo-cheap': 'search', 'demo-strong': 'search' },
      },
    },
  },
};
