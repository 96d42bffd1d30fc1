import type { ChatOutcome, ChatProvider, ChatRequest } from '../../src/core/providers/chat';
import type { Sandbox, TestRun } from '../../src/core/sandbox/sandbox';
import { DEFAULT_LIMITS, type Outcome, type TestOutcome, type Verdict } from '../../src/core/sandbox/verdict';

/** A text is a whole answer with honest usage. */
type Said = string | ChatOutcome;

/** What a scripted model does with a request: at once, or when its promise says so. The signal is that of the call. */
export type Script = (request: ChatRequest, call: number, signal: AbortSignal) => Said | Promise<Said>;

/** Tokens of the scripted world: one for every byte, and the chat format's own. */
export const byteTokens = (text: string): number => Buffer.byteLength(text);

/**
 * A scripted provider, for determinism: it answers by rule, keeps every request, and bills by its own count (a token a
 * byte, 3 a message and 3 to prime), cut at `maxTokens` as a provider would.
 */
export class ScriptedProvider implements ChatProvider {
  readonly requests: ChatRequest[] = [];

  constructor(private readonly script: Script) {}

  async complete(request: ChatRequest, onText: (delta: string) => void, signal: AbortSignal): Promise<ChatOutcome> {
    await Promise.resolve();
    if (signal.aborted) return { kind: 'unsent', message: 'cancelled', retryable: false };
    this.requests.push(request);
    const said = await this.script(request, this.requests.length, signal);
    if (typeof said !== 'string') return said;
    const text = said.slice(0, request.maxTokens);
    onText(text);
    return { kind: 'complete', text, truncated: text.length < said.length, usage: honestUsage(request, text) };
  }
}

export function honestUsage(request: ChatRequest, text: string) {
  return {
    promptTokens: request.messages.reduce((sum, { content }) => sum + byteTokens(content) + 3, 3),
    completionTokens: byteTokens(text),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
  };
}

/** What an answer does with an input that it is run on; undefined where that takes longer than it may. */
export type Behaviour = (code: string) => Outcome | undefined;

/** The outcome of what gives such a value. */
export function gives(value: string): Outcome {
  return { kind: 'value', exact: value, loose: value };
}

/**
 * A scripted sandbox: a test passes when the candidate's code contains the test's text, and an answer behaves as itself
 * and as no other, unless its behaviour is given. It runs nothing.
 */
export class ScriptedSandbox implements Sandbox {
  readonly kind = 'os';
  readonly languages = ['python'] as const;
  readonly description = 'scripted verdicts';
  /** Codes in the order in which they were tested. */
  readonly runs: string[] = [];
  /** Codes in the order in which they were run on inputs, to be compared. */
  readonly compared: string[] = [];

  constructor(private readonly behaviour: Behaviour = gives) {}

  async run({ task, code, outcomes }: TestRun): Promise<Verdict> {
    await Promise.resolve();
    (outcomes === true ? this.compared : this.runs).push(code);
    const tests = outcomes === true ? this.done(task.tests, code) : judged(task.tests, code);
    const isSlow = outcomes === true && tests.some(({ outcome }) => outcome === undefined);
    return {
      passed: tests.filter(({ ok }) => ok).length,
      total: tests.length,
      ran: tests.length > 0,
      sandbox: 'os',
      tests,
      limits: { seconds: DEFAULT_LIMITS.runSeconds, memoryMb: DEFAULT_LIMITS.memoryMb },
      ...(isSlow ? { killed: 'time' } : {}),
      stdout: '',
      stderr: '',
    };
  }

  private done(calls: readonly string[], code: string): TestOutcome[] {
    return calls.map((name) => {
      const outcome = this.behaviour(code);
      const common = { name, ok: outcome !== undefined, durationMs: 1 };
      return outcome === undefined ? { ...common, message: `${name}: it takes too long` } : { ...common, outcome };
    });
  }
}

function judged(tests: readonly string[], code: string): TestOutcome[] {
  return tests.map((name) =>
    code.includes(name)
      ? { name, ok: true, durationMs: 1 }
      : { name, ok: false, durationMs: 1, message: `${name}: it does not contain that` },
  );
}
