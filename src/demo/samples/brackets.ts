import { pythonTask, type Sample } from '../sample';

/** Both models get it right at once. */
export const brackets: Sample = {
  task: pythonTask(
    'balanced-brackets',
    'is_balanced',
    `def is_balanced(text: str) -> bool:
    """Tell whether every bracket in text is closed by one of its own kind, in the right order.

    Brackets are (), [] and {}. All other characters are ignored.
    """
`,
    [
      "assert is_balanced('f(a[0], {1})') is True",
      "assert is_balanced('') is True",
      "assert is_balanced('(]') is False",
      "assert is_balanced('((') is False",
      "assert is_balanced(')(') is False",
    ],
  ),
  script: {
    first: { 'demo-cheap': 'stack', 'demo-strong': 'stack' },
    drafts: {
      stack: {
        code: `def is_balanced(text: str) -> bool:
    closing = {')': '(', ']': '[', '}': '{'}
    stack = []
    for char in text:
        if char in closing.values():
            stack.append(char)
        elif char in closing:
            if not stack or stack.pop() != closing[char]:
                return False
    return not stack
`,
        critique: 'The stack is used as it should be; I see nothing to mend.',
        revised: { 'demo-cheap': 'stack', 'demo-strong': 'stack' },
      },
    },
  },
};
