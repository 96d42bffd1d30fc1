import { type Grammar, loadGrammar } from '../../task/grammar';
import type { Task } from '../../task/task';
import { asScript } from './modules';
import { loadStripper, type Stripped } from './stripTypes';
import { type Helper, readStub } from './stub';

/** What the judge of scripts is told. */
export interface ScriptJob {
  readonly code: Stripped;
  readonly helpers: readonly Helper[];
  /** Names that mean the code's own, even where JavaScript has one of that name. */
  readonly declared: readonly string[];
  readonly entry: string | null;
  readonly setup: Stripped;
  readonly tests: readonly Stripped[];
}

/** Makes scripts of a task and its code: types stripped, imports and exports resolved. Runs none of it. */
export async function scriptJob(task: Task, code: string): Promise<ScriptJob> {
  const grammar = await loadGrammar('javascript');
  const strip = task.language === 'typescript' ? await loadStripper() : (text: string): Stripped => ({ text });
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
  };
}

/** The stub, also of a prompt that ends in an open body; none where its types cannot be stripped. */
function stubOf(
  { prompt, entryPoint }: Task,
  grammar: Grammar,
  strip: (text: string) => Stripped,
  code: string,
): ReturnType<typeof readStub> {
  for (const tail of ['', '\n}', '\n}}']) {
    const { text, problem } = strip(prompt + tail);
    if (problem === undefined) return readStub(grammar, text, entryPoint, code);
  }
  return { helpers: [], declared: [] };
}
