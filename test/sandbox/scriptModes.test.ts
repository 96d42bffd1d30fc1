import assert from 'node:assert/strict';
import { NO_CAPS } from '../../src/core/budget/caps';
import { TokenCounter } from '../../src/core/budget/tokens';
import { parseModelList } from '../../src/core/catalogue/modelList';
import type { RunEvent } from '../../src/core/events';
import { usd } from '../../src/core/money';
import type { Mode } from '../../src/core/plan';
import { OpenAiProvider } from '../../src/core/providers/openai';
import type { RunResult } from '../../src/core/result';
import { solve } from '../../src/core/solve';
import type { Language, Task } from '../../src/core/task/task';
import { headline } from '../../src/report/outcome';
import { receiptMarkdown } from '../../src/report/receipt';
import { openRecord, recorded } from '../../src/report/record';
import { BILLING_HEADERS, startHostileServer } from '../servers/hostileServer';
import { inFolder, openLedger } from '../support/ledger';
import { planned } from '../unit/topologies/topologyRun';
import { sandbox } from './bench';

const MODELS = JSON.stringify({
  asOf: '2026-11-20',
  models: [
    { id: 'strong', tier: 1, inputUsdPerMTok: 10, outputUsdPerMTok: 30 },
    { id: 'weak', tier: 3, inputUsdPerMTok: 0.1, outputUsdPerMTok: 0.3 },
  ].map((model) => ({ ...model, contextWindow: 8192, maxOutputTokens: 4096, tokenizer: 'o200k_base' })),
});

/** Answers to one task: two that are right, and two that pass the tests, are wrong on negative numbers, and differ there. */
interface Asked {
  readonly task: Task;
  readonly right: string;
  readonly rightToo: string;
  readonly wrong: string;
  readonly wrongToo: string;
}

const fenced = (language: Language, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

function asked(language: 'javascript' | 'typescript'): Asked {
  const [parameter, type] = language === 'typescript' ? ['x: number', ': number'] : ['x', ''];
  const answer = (body: string): string => fenced(language, `function f(${parameter})${type} {\n  return ${body};\n}`);
  return {
    task: {
      ...{ id: 'square', language, prompt: 'Write f(x), the square of x.', entryPoint: 'f', setup: '' },
      tests: [
        'assert.strictEqual(f(1), 1);',
        "test('four', () => {\n  const x = 2;\n  assert.strictEqual(f(x), 4);\n});",
      ],
    },
    right: answer('x * x'),
    rightToo: fenced(language, `export const f = (${parameter})${type} => x ** 2;`),
    wrong: answer('x > 0 ? x * x : 0'),
    wrongToo: answer('Math.abs(x) * x'),
  };
}

interface Ended {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  readonly receipt: string;
  /** "executor weak", in the order in which the calls were billed. */
  readonly calls: readonly string[];
  readonly prompts: readonly string[];
}

/** A run over the real client and a real server, whose models give the answers in turn; the last is repeated. */
function run(task: Task, answers: readonly string[], mode: Mode = 'balanced'): Promise<Ended> {
  return inFolder(async (folder) => {
    const calls: string[] = [];
    const prompts: string[] = [];
    const server = await startHostileServer({
      models: MODELS,
      answers: ({ role, model, messages }) => {
        calls.push(`${role} ${model}`);
        prompts.push(messages.map(({ content }) => content).join('\n'));
        return role === 'judge' ? '{"best": 1}' : answers[Math.min(calls.length, answers.length) - 1];
      },
    });
    try {
      const key = (): Promise<undefined> => Promise.resolve(undefined);
      const provider = new OpenAiProvider({ baseUrl: server.baseUrl, key, headers: BILLING_HEADERS });
      const budget = usd(1);
      const events: RunEvent[] = [];
      const heading = { run: '1', task: task.id, language: task.language, tests: '', sandbox: '', startedAt: 0 };
      let record = openRecord(heading, budget);
      const result = await solve(
        { task, budget, profile: 'verified', topology: 'linear', mode },
        {
          ...{ catalogue: parseModelList(MODELS, 'test'), tokens: new TokenCounter(), provider, caps: NO_CAPS },
          ...{ sandbox: await sandbox(), ledger: await openLedger(folder), workspace: '' },
        },
        (event) => {
          events.push(event);
          record = recorded(record, event);
        },
        new AbortController().signal,
      );
      return { result, events, receipt: receiptMarkdown(record).replaceAll('\\', ''), calls, prompts };
    } finally {
      await server.stop();
    }
  });
}

for (const language of ['javascript', 'typescript'] as const) {
  describe(`the mode of a run in ${language} (real client, real server, real sandbox)`, function () {
    this.timeout(180_000);
    const { task, right, rightToo, wrong, wrongToo } = asked(language);

    it('balanced ends as agreed where a second, independent answer does the same', async () => {
      const { result, calls, prompts, receipt, events } = await run(task, [right, rightToo]);
      assert.deepEqual([result.status, result.stop], ['solved', 'agreed']);
      assert.deepEqual(calls, ['executor weak', 'executor weak']);
      assert.doesNotMatch(prompts[1] ?? '', /x \* x/, 'the second answer is written without sight of the first');
      assert.equal(events.filter(({ type }) => type === 'compared').length, 1);
      assert.match(receipt, /## Evidence\n\n- The answers of calls 1 and 2 do the same on all \d+ inputs/);
      assert.match(headline(result), /^Solved: 2 of 2 tests pass, and an independent answer agrees$/);
    });

    it('balanced takes the side that a stronger model is on', async () => {
      const { result, calls, receipt } = await run(task, [wrong, right, rightToo]);
      assert.deepEqual([result.status, result.stop], ['solved', 'agreed']);
      assert.deepEqual(calls, ['executor weak', 'executor weak', 'executor strong']);
      assert.match(result.code, /return x \* x;/);
      assert.match(receipt, /do otherwise on \d+ of \d+ inputs, such as f\(-\(\d\)\)/);
    });

    it('balanced ends as disputed, with the answer of the strongest, where all three do otherwise', async () => {
      const { result, calls } = await run(task, [wrong, wrongToo, right]);
      assert.deepEqual([result.status, result.stop, calls.length], ['solved', 'disputed', 3]);
      assert.match(result.code, /return x \* x;/);
      assert.match(headline(result), /^Solved, but disputed: 2 of 2 tests pass/);
    });

    it('thorough asks on until three answers do the same', async () => {
      const { result, calls } = await run(task, [right, rightToo, right], 'thorough');
      assert.deepEqual([result.stop, calls.length], ['agreed', 3]);
    });

    it('buys nothing where the tests hold no call that can be varied, and the plan says why', async () => {
      const bare = { ...task, tests: ['assert.strictEqual(f("a".length), 1);'] };
      for (const mode of ['balanced', 'thorough'] as const) {
        const { result, calls } = await run(bare, [right], mode);
        assert.deepEqual([result.stop, calls.length], ['solved', 1]);
        const { explanation } = await planned({ task: bare, mode });
        assert.ok(
          explanation.some((line) => line.includes('no evidence is bought beyond the tests, as the tests hold')),
        );
      }
    });

    it('says in the plan what evidence costs, and what for', async () => {
      const { explanation } = await planned({ task, mode: 'balanced', topology: 'linear' });
      assert.ok(
        explanation.some((line) => /^Mode balanced: \$0\.\d+ of that is for a second, independent answer/.test(line)),
      );
    });

    it('buys nothing for an answer that is another with every call, and says so', async () => {
      const tests = ['assert.ok(f(1) < 1);', 'assert.ok(f(2) < 1);'];
      const random = (body: string): string => right.replace('x * x', body);
      const answers = [random('Math.random()'), random('1 - Math.random() || 0.5')];
      const { result, calls, receipt } = await run({ ...task, tests }, answers);
      assert.deepEqual([result.status, result.stop, calls.length], ['solved', 'solved', 1]);
      assert.match(receipt, /No further answer was asked for: on the inputs made from the tests, this answer does not/);
    });

    it('is neither agreed nor disputed where the second is another with every call, and pays no one to decide', async () => {
      const tests = ['assert.ok(f(1) < 2);', 'assert.ok(f(2) < 3);'];
      const answers = [right.replace('x * x', 'x'), right.replace('x * x', 'x + Math.random() / 2')];
      const { result, calls, receipt } = await run({ ...task, tests }, answers);
      assert.deepEqual([result.status, result.stop, calls.length], ['solved', 'solved', 2]);
      assert.match(receipt, /on the others, a result is not the same twice/);
      assert.match(receipt, /No further answer was asked for: comparisons were ended half way or told nothing/);
    });
  });
}
