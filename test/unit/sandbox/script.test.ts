import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { lineMap } from '../../../src/core/sandbox/script/lineMap';
import { asScript } from '../../../src/core/sandbox/script/modules';
import { type Stripped, Stripper } from '../../../src/core/sandbox/script/stripTypes';
import { readStub } from '../../../src/core/sandbox/script/stub';
import { type Grammar, loadGrammar } from '../../../src/core/task/grammar';

describe('A module becomes a script', () => {
  let grammar: Grammar;
  before(async () => {
    grammar = await loadGrammar('javascript');
  });

  for (const [module, script] of [
    ["import fs from 'node:fs';\nfs;", "const fs = require('node:fs');\nfs;"],
    ["import * as path from 'path';\npath;", "const path = require('path');\npath;"],
    ["import { a, b as c } from 'm';\na(c);", "const { a, b: c } = require('m');\na(c);"],
    ["import d, { a } from './m';\na(d);", "const d = require('./m').default; const { a } = require('./m');\na(d);"],
    ["import {\n  a,\n} from 'm';\na();", "const { a } = require('m');\n\n\na();"],
    ["import 'm';", "require('m');"],
    ["import { unused } from 'm';", ''],
    ['export const a = 1;', '       const a = 1;'],
    ['export async function f() {}', '       async function f() {}'],
    ['export default class A {}', '               class A {} exports.default = A;'],
    ['export default (x) => x;', 'exports.default = (x) => x;'],
    ['const text = "import x from y";', 'const text = "import x from y";'],
    ['const a = await import("m");', 'const a = await import("m");'],
  ] as const) {
    it(module.replaceAll('\n', ' '), () => {
      assert.equal(asScript(grammar, module, true), script);
    });
  }

  it('keeps imports that another text may use', () => {
    assert.equal(asScript(grammar, "import { a } from 'm';", false), "const { a } = require('m');");
  });

  it('exports what is defined further down', () => {
    const script = asScript(grammar, 'export { a as b };\nconst a = 1;', true);
    const exports: Record<string, unknown> = {};
    runInNewContext(script, { exports });
    assert.equal(exports['b'], 1);
  });
});

describe('Types are stripped', () => {
  const stripper = new Stripper(join(process.cwd(), 'src/core/sandbox/harness'));
  const strip = async (text: string, seconds = 60): Promise<Stripped> => {
    const [stripped] = await stripper.strip([text], seconds);
    assert.ok(stripped);
    return stripped;
  };

  it('leaving blanks where they stood', async () => {
    assert.deepEqual(await strip('const a: number = 1 as number;'), { text: 'const a         = 1          ;' });
  });

  it('with a map of lines where statements had to be translated', async () => {
    const { text, lines, problem } = await strip('enum A {\n  B,\n}\ntype X = 1;\n\nconst last = A.B;');
    assert.equal(problem, undefined);
    const at = text.split('\n').findIndex((line) => line.startsWith('const last'));
    assert.equal(lines?.[at], 5);
  });

  it('or with the reason and the line why not', async () => {
    assert.match((await strip('const a = 1;\nconst b: = 2;')).problem ?? '', /\(line 2\)$/);
  });
});

describe('Types of hostile code', () => {
  const stripper = new Stripper(join(process.cwd(), 'src/core/sandbox/harness'));

  for (const [what, code, expected] of [
    ['that takes for ever to read', `x = ${'<T>('.repeat(60)}1${')'.repeat(60)}`, /longer than 1 s/],
    ['that is nested too deeply', `type A = ${'B<'.repeat(100_000)}1${'>'.repeat(100_000)}`, /nested too deeply/],
  ] as const) {
    it(`${what} are refused, and the next code is read as ever`, async () => {
      await assert.rejects(stripper.strip([code], 1), expected);
      assert.deepEqual(await stripper.strip(['let a: B', 'enum A {'], 60), [
        { text: 'let a   ' },
        { text: 'enum A {', problem: 'Expected ident (line 1)' },
      ]);
    });
  }
});

describe('A line map', () => {
  it('reads the mappings of a source map', () => {
    assert.deepEqual(lineMap('AAAA;AACA,SAAS;;AAEA;AADA'), [0, 1, 1, 3, 2]);
  });

  it('is empty lines where nothing is mapped', () => {
    assert.deepEqual(lineMap(''), [0]);
  });
});

describe('A stub in a script', () => {
  let grammar: Grammar;
  before(async () => {
    grammar = await loadGrammar('javascript');
  });
  const told = (prompt: string, code = ''): { helpers: string[]; declared: readonly string[] } => {
    const { helpers, declared } = readStub(grammar, prompt, 'f', code);
    return { helpers: helpers.map(({ text }) => text), declared };
  };

  it('gives its imports, constants, and what is written already', () => {
    const prompt =
      "import x from 'x';\nconst A = 1;\nfunction help() { return A }\nfunction later() {}\nfunction f() {\n";
    const { helpers, declared } = told(prompt);
    assert.deepEqual(helpers, ["import x from 'x';", 'const A = 1;', 'function help() { return A }']);
    assert.deepEqual(declared, ['help', 'later', 'f']);
  });

  it('is not found in free text', () => {
    for (const prompt of ['Write f.', 'Write a function f that adds.', 'sum', 'f(1) returns 2; f(2) returns 3']) {
      assert.deepEqual(told(prompt), { helpers: [], declared: [] });
    }
  });

  it('says which helpers the code has brought along', () => {
    const { helpers } = readStub(
      grammar,
      'function help() { return 1 }\nfunction f() {}',
      'f',
      'const help = () => 2;',
    );
    assert.deepEqual(
      helpers.map(({ answered }) => answered),
      [true],
    );
  });
});
