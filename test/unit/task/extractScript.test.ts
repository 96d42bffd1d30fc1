import assert from 'node:assert/strict';
import { extracted, grammars, refused, targetText, type Grammars } from './support';

describe('a task from a JavaScript or TypeScript selection', () => {
  let loaded: Grammars;
  before(async () => {
    loaded = await grammars();
  });

  it('is a function with its comment, whose examples are its tests', () => {
    const result = extracted(
      loaded.typescript,
      "import { a, b } from 'x';\n\n/**\n * Adds one.\n * f(1) // => 2\n * f(2) => 3\n */\nexport function f(n: typeof b): number {\n  ¦\n}\n",
    );
    assert.equal(result.task.language, 'typescript');
    assert.equal(result.task.entryPoint, 'f');
    assert.deepEqual(result.task.tests, ['assert.deepStrictEqual(f(1), 2);', 'assert.deepStrictEqual(f(2), 3);']);
    assert.equal(result.testOrigin, 'docstring');
    assert.match(result.task.prompt, /^import \{ a, b \} from 'x';\n\n\/\*\*[^]*\*\/\nfunction f/);
    assert.equal(targetText(result), 'function f(n: typeof b): number {\n  \n}');
  });

  it('takes selected asserts as tests', () => {
    const result = extracted(
      loaded.javascript,
      '‹const f = (x) => {\n  throw new Error("later");\n};\n\nassert.equal(f(1), 2);\nconsole.assert(f(2) === 3);\nassert(f(3) === 4)›\n',
    );
    assert.equal(result.task.entryPoint, 'f');
    assert.deepEqual(result.task.tests, ['assert.equal(f(1), 2);', 'assert(f(2) === 3);', 'assert(f(3) === 4);']);
    assert.equal(result.testOrigin, 'selection');
    assert.doesNotMatch(result.task.prompt, /assert|Mend/);
  });

  it('finds the asserts of its file, also in tests with expect, but only self-contained ones', () => {
    const result = extracted(
      loaded.javascript,
      "function f(x) { return¦ x; }\nlet y;\ntest('f', () => {\n  expect(f(1)).toBe(2);\n  expect(f([1])).toEqual([2]);\n  expect(f(y)).toBe(2);\n});\n",
    );
    assert.deepEqual(result.task.tests, ['assert.strictEqual(f(1), 2);', 'assert.deepStrictEqual(f([1]), [2]);']);
    assert.equal(result.testOrigin, 'file');
    assert.match(result.task.prompt, /^\/\/ Mend this code/);
  });

  it('shows a method inside the header of its class', () => {
    const result = extracted(
      loaded.typescript,
      'class A extends B {\n  x = 1;\n\n  f(a: number): number {\n    ¦\n  }\n}\n',
    );
    assert.equal(result.task.prompt, 'class A extends B {\n  f(a: number): number {\n    \n  }\n}\n');
    assert.equal(result.target.container, 'class');
  });

  it('is the free text of a comment', () => {
    for (const comment of ['// Write a function `add`\n// that adds.', '/* Write a function `add`\n * that adds. */']) {
      const result = extracted(loaded.javascript, `const x = 1;\n\n‹${comment}›\n`);
      assert.equal(result.task.entryPoint, 'add');
      assert.match(result.task.prompt, /^Write a function `add`\nthat adds\.\n$/);
      assert.equal(result.target.mode, 'insert');
    }
  });

  it('is refused where there is nothing', () => {
    assert.equal(refused(loaded.javascript, 'const x = 1;\n\n¦\n').kind, 'nothing-here');
  });
});
