import type { SyntaxNode } from '@lezer/common';
import { callExamples } from './examples';
import { loadGrammar, type Grammar } from './grammar';
import { hasError, nodesNamed, textOf } from './nodes';
import { entryPointOf } from './promptNames';
import { doctests } from './python/doctest';
import { BUILTINS } from './python/names';
import { scriptTests } from './script/asserts';
import { readSource } from './source';
import type { Language, Task } from './task';

/** Makes a task of a text that the user typed. An empty text gives a task with an empty prompt: ask again. */
export async function taskFromPrompt(text: string, language: Language): Promise<Task> {
  return promptTask(await loadGrammar(language), text);
}

/** {@link taskFromPrompt} with a grammar that is loaded already. */
export function promptTask(grammar: Grammar, text: string): Task {
  const typed = readSource(text).text.trim();
  const lines = grammar.language === 'python' ? pythonAsserts(grammar, typed) : scriptAsserts(grammar, typed);
  const entryPoint = entryPointOf(lines.rest) ?? lines.called;
  const examples = entryPoint === undefined ? [] : callExamples(grammar, typed, entryPoint);
  const compare = (call: string, result: string): string =>
    grammar.language === 'python' ? `assert ${call} == ${result}` : `assert.deepStrictEqual(${call}, ${result})`;
  const listed = grammar.language === 'python' ? doctests(grammar, typed, { entryPoint }) : [];
  const fromProse = examples.map(({ call, result }) => compare(call, result));
  const tests = [...new Set([...lines.tests, ...listed, ...fromProse])];
  const prompt =
    lines.rest.trim() === '' && entryPoint !== undefined
      ? `Write a function \`${entryPoint}\` that passes its tests.`
      : lines.rest;
  return { id: entryPoint ?? 'prompt', language: grammar.language, prompt, entryPoint, tests, setup: '' };
}

interface Asserts {
  readonly tests: readonly string[];
  /** The text without them. */
  readonly rest: string;
  /** The one function that they all call; undefined where that is not clear. */
  readonly called: string | undefined;
}

/** Takes out the assert statements, each starting a line or following the end of a sentence, whatever prose stands around. */
function pythonAsserts(grammar: Grammar, text: string): Asserts {
  const tests: string[] = [];
  const calls: Set<string>[] = [];
  let rest = '';
  let at = 0;
  for (const match of text.matchAll(/(?:^[ \t>*-]*|(?<=[.:;!?][ \t]))(?=assert\b)/gm)) {
    const start = match.index + match[0].length;
    if (start < at) continue;
    // A statement in brackets may go on for lines, but not for ever.
    const window = text.slice(start, start + 20_000);
    const line = window.slice(0, endOfLine(window));
    const node = [line, window]
      .map((w) => ({ w, first: firstStatement(grammar.parse(w).firstChild) }))
      .find(({ first }) => first?.name === 'AssertStatement' && !hasError(first));
    if (!node?.first) continue;
    const code = textOf(node.first, node.w).trimEnd();
    const called = nodesNamed(node.first, 'CallExpression')
      .map((call) => call.firstChild)
      .filter((callee) => callee?.name === 'VariableName')
      .map((callee) => (callee ? textOf(callee, node.w) : ''));
    tests.push(code);
    calls.push(new Set(called.filter((name) => !BUILTINS.has(name))));
    rest += text.slice(at, match.index);
    at = start + code.length;
  }
  return { tests, rest: joined(rest + text.slice(at)), called: commonCall(calls) };
}

/** Statements that share a line, with semicolons between them, stand in a group of their own. */
function firstStatement(node: SyntaxNode | null): SyntaxNode | null {
  return node?.name === 'StatementGroup' ? node.firstChild : node;
}

function scriptAsserts(grammar: Grammar, text: string): Asserts {
  const tests: string[] = [];
  const kept: string[] = [];
  const calls: Set<string>[] = [];
  for (const line of text.split('\n')) {
    const found = /^\s*(?:console\.)?assert\b/.test(line) ? scriptTests(grammar, line.trim(), undefined) : [];
    if (found.length === 0) kept.push(line);
    for (const { code } of found) {
      tests.push(code);
      const names = [...code.matchAll(/([\p{L}_$][\p{L}\p{N}_$]*)\s*\(/gu)].map((match) => match[1] ?? '');
      calls.push(
        new Set(names.filter((name) => !/^(?:assert|equal|ok|match|(?:deep|not|strict).*Equal)$/i.test(name))),
      );
    }
  }
  return { tests, rest: joined(kept.join('\n')), called: commonCall(calls) };
}

function commonCall(calls: readonly ReadonlySet<string>[]): string | undefined {
  const common = [...(calls[0] ?? [])].filter((name) => calls.every((names) => names.has(name)));
  return common.length === 1 ? common[0] : undefined;
}

function joined(text: string): string {
  return text
    .replace(/```\w*\s*```/g, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function endOfLine(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}
