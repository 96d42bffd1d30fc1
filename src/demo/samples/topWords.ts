import { pythonTask, type Sample } from '../sample';

/** The cheap model sorts by count and leaves ties to chance. */
export const topWords: Sample = {
  task: pythonTask(
    'top-words',
    'top_words',
    `def top_words(text: str, k: int) -> list[str]:
    """Return the k most frequent words of a text, in lower case.

    Words are runs of letters. Among equally frequent words the alphabet decides.
    """
`,
    [
      "assert top_words('a rose is a rose', 1) == ['a']",
      "assert top_words('Pear, apple. pear!', 2) == ['pear', 'apple']",
      "assert top_words('b a c', 2) == ['a', 'b']",
      "assert top_words('', 3) == []",
    ],
  ),
  script: {
    first: { 'demo-cheap': 'split', 'demo-strong': 'ranked' },
    drafts: {
      split: {
        code: `from collections import Counter

def top_words(text: str, k: int) -> list[str]:
    counts = Counter(text.lower().split())
    return [word for word, _ in counts.most_common(k)]
`,
        critique:
          'split leaves the punctuation on the words, and most_common keeps ties in order of appearance. Find runs of letters, and sort by falling count and then by word.',
        revised: { 'demo-cheap': 'letters', 'demo-strong': 'ranked' },
      },
      letters: {
        code: `import re
from collections import Counter

def top_words(text: str, k: int) -> list[str]:
    counts = Counter(re.findall('[a-z]+', text.lower()))
    return [word for word, _ in counts.most_common(k)]
`,
        critique: 'most_common keeps ties in order of appearance. Sort by falling count and then by word.',
        revised: { 'demo-cheap': 'ranked', 'demo-strong': 'ranked' },
      },
      ranked: {
        code: `import re
from collections import Counter

def top_words(text: str, k: int) -> list[str]:
    counts = Counter(re.findall('[a-z]+', text.lower()))
    return sorted(counts, key=lambda word: (-counts[word], word))[:k]
`,
        critique: 'Count and alphabet decide, in that order; I see nothing to mend.',
        revised: { 'demo-cheap': 'ranked', 'demo-strong': 'ranked' },
      },
    },
  },
};
