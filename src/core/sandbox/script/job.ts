import { type Grammar, loadGrammar } from '../../task/grammar';
import type { Task } from '../../task/task';
import type { TestRun } from '../sandbox';
import { asScript } from './modules';
import type { Stripped, Stripper } from './stripTypes';
import { type Helper, readStub } from './stub';
import { Unreadable } from './unreadable';

/** Characters of code that are looked at. No answer of a model is that long, and reading takes its time. */
const LONGEST = 512 * 1024;
/** A prompt that ends in an open body is a stub once that is closed. */
const TAILS = ['', '\n}', '\n}}'];

/** What the judge of scripts is told. */
export interface ScriptJob {
  readonly code: Stripped;
  readonly helpers: readonly Helper[];
  /** Names that mean the code's own, even where JavaScript has one of that name. */
  readonly declared: readonly string[];
  readonly entry: string | null;
  readonly setup: Stripped;
  readonly tests: readonly Stripped[];
  /** Whether the tests are calls of which is told what they come to. */
  readonly outcomes: boolean;
}

/**
 * Makes scripts of a task and the code for it: types stripped, imports and exports resolved. Runs none of it.
 * @param seconds how long taking types away may take
 * @throws Unreadable
 */
export async function scriptJob(run: TestRun, stripper: Stripper, seconds: number): Promise<ScriptJob> {
  const { task, code, outcomes = false } = run;
  if (code.length > LONGEST) throw new Unreadable(`the code is longer than ${LONGEST} characters`);
  const grammar = await loadGrammar('javascript');
  const strip =
    task.language === 'typescript'
      ? await stripped(task, code, stripper, seconds)
      : (text: string): Stripped => ({ text });
  const script = (text: string, whole: boolean): Stripped => {
    const stripped = strip(text);
    return stripped.problem === undefined ? { ...stripped, text: asScript(grammar, stripped.text, whole) } : stripped;
  };
  const answer = script(code, true);
  const { helpers, declared } = stubOf(task, grammar, strip, answer.text);
  return {
    code: answer,
    helpers: helpers.map((helper) => ({ ...helper, text: asScript(grammar, helper.text, false) })),
    declared: task.entryPoint === undefined ? declared : [...declared, task.entryPoint],
    entry: task.entryPoint ?? null,
    setup: script(task.setup, false),
    tests: task.tests.map((text) => script(text, false)),
    outcomes,
  };
}

/** All texts of a task without types. The function knows no others. */
async function stripped(
  { setup, tests, prompt }: Task,
  code: string,
  stripper: Stripper,
  seconds: number,
): Promise<(text: string) => Stripped> {
  const texts = [code, setup, ...tests, ...TAILS.map((tail) => prompt + tail)];
  const results = await stripper.strip(texts, seconds);
  const known = new Map(texts.map((text, at) => [text, results[at]]));
  return (text) => known.get(text) ?? { text };
}

/** The stub, also of a prompt that ends in an open body; none where its types cannot be stripped. */
function stubOf(
  { prompt, entryPoint }: Task,
  grammar: Grammar,
  strip: (text: string) => Stripped,
  code: string,
): ReturnType<typeof readStub> {
  for (const tail of TAILS) {
    const { text, problem } = strip(prompt + tail);
    if (problem === undefined) return readStub(grammar, text, entryPoint, code);
  }
  return { helpers: [], declared: [] };
}
