import assert from 'node:assert/strict';
import { languageOfFile, taskNamed } from '../../../src/core/task/named';

const PYTHON =
  'import math\n\n\nclass A:\n    def f(self, x):\n        raise NotImplementedError\n\n    def g(self):\n        return 1\n\n\nclass B:\n    def f(self):\n        pass\n\n\ndef g(x):\n    """Twice."""\n';

describe('a task that is told by the name of what is to be written', () => {
  const at = async (name: string, text = PYTHON): Promise<string> => {
    const found = await taskNamed({ text, fileName: 'src/a.py', name }, 'python');
    if (!found.ok) return found.message;
    return `${found.task.id} ${text.slice(found.target.start, found.target.end).split('\n')[0] ?? ''}`;
  };

  it('is the definition of that name, also in a class', async () => {
    assert.equal(await at('A.f'), 'a.py:f def f(self, x):');
    assert.equal(await at('B.f'), 'a.py:f def f(self):');
    assert.equal(await at('A'), 'a.py:A class A:');
    assert.equal(await at('A.f', PYTHON.replaceAll('\n', '\r\n')), 'a.py:f def f(self, x):\r');
  });

  it('is none where there is no such definition, or several', async () => {
    assert.equal(await at('h'), 'src/a.py defines no h.');
    assert.equal(await at('B.g'), 'src/a.py defines no B.g.');
    assert.match(await at('f'), /defines f 2 times\. Name it with its class/);
    assert.match(await at('g'), /defines g 2 times/);
  });

  it('is in the language of its file', () => {
    const files = ['a.py', 'b.mjs', 'c.JSX', 'd.cts', 'e.tsx', 'f.txt', 'py'];
    assert.deepEqual(files.map(languageOfFile), [
      'python',
      'javascript',
      'javascript',
      'typescript',
      'typescript',
      undefined,
      undefined,
    ]);
  });
});
