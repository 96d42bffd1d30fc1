import assert from 'node:assert/strict';
import fc from 'fast-check';
import { extractCode } from '../../../src/core/agents/extractCode';
import type { Task } from '../../../src/core/task/task';

const STUB = 'def double(x: int) -> int:\n    """Twice x."""\n';
const task = (more: Partial<Task> = {}): Task => ({
  ...{ id: 't', language: 'python', prompt: STUB, entryPoint: 'double', tests: [], setup: '' },
  ...more,
});
const SOLUTION = 'def double(x: int) -> int:\n    return 2 * x';

describe('the code in an answer', () => {
  it('is the fenced block, whatever stands around it', () => {
    for (const answer of [
      `\`\`\`python\n${SOLUTION}\n\`\`\``,
      `Sure! Here is the function:\n\n\`\`\`py\n${SOLUTION}\n\`\`\`\n\nIt doubles x.`,
      `~~~\n${SOLUTION}\n~~~`,
      `\`\`\`python\r\n${SOLUTION.replaceAll('\n', '\r\n')}\r\n\`\`\`\r\n`,
    ]) {
      assert.equal(extractCode(answer, task()), `${SOLUTION}\n`, answer);
    }
  });

  it('is the block that defines the entry point, not a longer one that uses it', () => {
    const usage = `print(double(1))\n${'print(double(2))\n'.repeat(20)}`;
    const answer = `\`\`\`\n${SOLUTION}\n\`\`\`\nUse it so:\n\`\`\`\n${usage}\`\`\``;
    assert.equal(extractCode(answer, task()), `${SOLUTION}\n`);
  });

  it('is the last definition where an answer corrects itself', () => {
    const wrong = SOLUTION.replace('2 * x', 'x * x');
    const answer = `\`\`\`python\n${wrong}\n\`\`\`\nWait, that is wrong:\n\`\`\`python\n${SOLUTION}\n\`\`\``;
    assert.equal(extractCode(answer, task()), `${SOLUTION}\n`);
  });

  it('is what arrived of a block that was cut off', () => {
    assert.equal(extractCode(`\`\`\`python\n${SOLUTION}\n    # and th`, task()), `${SOLUTION}\n    # and th\n`);
  });

  it('is found without fences, between prose', () => {
    const answer = `Here is the function you asked for.\n\n${SOLUTION}\n\nThis function returns twice its argument.`;
    assert.equal(extractCode(answer, task()), `${SOLUTION}\n`);
    assert.equal(extractCode(`import math\n\n${SOLUTION}`, task()), `import math\n\n${SOLUTION}\n`);
  });

  it('is put behind the stub where the answer only continues it', () => {
    assert.equal(extractCode('    return 2 * x', task()), `${STUB}    return 2 * x\n`);
    assert.equal(extractCode('```python\n    return 2 * x\n```', task()), `${STUB}    return 2 * x\n`);
    assert.equal(extractCode('return 2 * x', task()), `${STUB}    return 2 * x\n`);
  });

  it('is left as it is where it defines something else', () => {
    const other = 'def twice(x):\n    return 2 * x';
    assert.equal(extractCode(other, task()), `${other}\n`);
  });

  it('is not there in prose, in an empty answer, or in an empty block', () => {
    for (const answer of ['', '   \n', 'I am sorry, I cannot help with that.', '```python\n```', '```python\n\n']) {
      assert.equal(extractCode(answer, task()), undefined, JSON.stringify(answer));
    }
  });

  it('takes classes, async functions, assignments, and JavaScript', () => {
    const named = (entryPoint: string, code: string, language: Task['language'] = 'python'): void => {
      const answer = `\`\`\`\n${code}\n\`\`\`\n\`\`\`\n# a much longer block that defines nothing of interest here\n\`\`\``;
      assert.equal(extractCode(answer, task({ entryPoint, language, prompt: 'free text' })), `${code}\n`);
    };
    named('Stack', 'class Stack:\n    pass');
    named('go', 'async def go():\n    pass');
    named('go', 'go = lambda x: x');
    named('go', 'const go = (x) => x;', 'javascript');
    named('go', 'export function go(x: number): number {\n  return x;\n}', 'typescript');
  });

  it('never throws, and survives any fenced text around unchanged code', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        extractCode(`${before}\n${after}`, task());
        const clean = (text: string): string => text.replaceAll(/[`~]/g, '');
        const answer = `${clean(before)}\n\`\`\`python\n${SOLUTION}\n\`\`\`\n${clean(after)}`;
        assert.equal(extractCode(answer, task()), `${SOLUTION}\n`);
      }),
    );
  });
});
