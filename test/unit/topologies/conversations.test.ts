import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Mode, PROFILES, type Profile, TOPOLOGIES, type TopologyName } from '../../../src/core/plan';
import type { ChatRequest } from '../../../src/core/providers/chat';
import type { Script } from '../../support/scripted';
import { code, topologyRun } from './topologyRun';

const FOLDER = path.join(import.meta.dirname, 'conversations');

/** With this in the environment the conversations are written anew, to be looked at before they are committed. */
const isUpdate = process.env['UPDATE_CONVERSATIONS'] === '1';

const PLAN =
  '[{"do": "write", "note": "two words"}, "test", "critique", {"do": "revise", "note": "keep alpha"}, "stop"]';

/** A deterministic model: what it says depends on its name, its role and how much it was shown, and on nothing else. */
const model: Script = ({ role, model: { id }, messages }) => {
  if (role === 'planner') return PLAN;
  if (role === 'critic') return '{"approved": false, "issues": "It lacks beta."}';
  if (role === 'judge') return '{"best": 2, "why": "it is longer"}';
  const shown = messages.map(({ content }) => content).join('\n');
  if (id === 'strong' && messages.length > 1) return code('alpha beta');
  return code(`alpha, by ${id}, shown ${shown.split('\n').length} lines`);
};

/** One run, as it is read: every request whole, what was said to it, and how it ended. */
async function conversation(topology: TopologyName, profile: Profile, mode: Mode): Promise<string> {
  const said: string[] = [];
  const { requests, result, events } = await topologyRun(
    async (request, call, signal) => {
      const text = await model(request, call, signal);
      said.push(typeof text === 'string' ? text : text.kind);
      return text;
    },
    { topology, profile, mode, seed: 7 },
  );
  const ends = events.flatMap((event) => (event.type === 'evidence' ? [`evidence: ${event.end}`] : []));
  const ended = [`=== ${result.status} (${result.stop})`, ...ends, result.code];
  return `${[...requests.map((request, index) => spoken(request, said[index] ?? '', index + 1)), ended.join('\n')].join('\n\n')}\n`;
}

function spoken(
  { role, model, messages, maxTokens, temperature, seed }: ChatRequest,
  said: string,
  call: number,
): string {
  const head = `=== call ${call}: ${role} ${model.id}, at most ${maxTokens} tokens, temperature ${temperature}, seed ${seed ?? 'none'}`;
  return [head, ...messages.map(({ role, content }) => `--- ${role}\n${content}`), `--- says\n${said}`].join('\n');
}

describe('the conversations of every topology (a deterministic model)', () => {
  for (const topology of TOPOLOGIES) {
    for (const profile of PROFILES) {
      it(`${topology}, ${profile} profile, are word for word those that are kept`, async () => {
        const file = path.join(FOLDER, `${topology}-${profile}.txt`);
        const held = await conversation(topology, profile, 'balanced');
        if (isUpdate) {
          await mkdir(FOLDER, { recursive: true });
          await writeFile(file, held);
        }
        assert.equal(held, await readFile(file, 'utf8'), 'run with UPDATE_CONVERSATIONS=1, and read what has changed');
        assert.equal(await conversation(topology, profile, 'balanced'), held, 'the same every time');
      });
    }
  }
});
