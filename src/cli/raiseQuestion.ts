import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { AskForRaise } from '../core/agents/exhaustion';
import { formatUsdUp, type Money } from '../core/money';
import { type Caps, type CapsNow, capsNow } from '../core/budget/caps';
import type { Ledger } from '../core/budget/ledger';
import { type Ceiling, ceilingOf } from '../report/allowance';
import { raiseChoices, type RaiseOffer, raiseOffer, raiseProblem, readAmount, stillRaised } from '../report/raiseView';
import { raiseLines } from './view/raiseLines';
import type { Output, Screen } from './view/screen';
import type { World } from './world';

/** What is asked with: a terminal that is both written to and read from. */
export interface Terminal {
  readonly stdin: World['stdin'];
  readonly stdout: Output;
  readonly screen: Screen;
}

/** How long what was typed before the question is given to arrive, in ms, so that it is not taken for the answer. */
const TYPED_AHEAD_MS = 50;

/**
 * Asks, on a terminal, whether an exhausted budget is raised: by the number of a choice or by an amount. Enter, the end
 * of the input and an interrupt stop the run with the best answer so far.
 */
export function raiseAsker(
  { ledger, caps, workspace }: { readonly ledger: Ledger; readonly caps: Caps | CapsNow; readonly workspace: string },
  terminal: Terminal,
  signal: AbortSignal,
): AskForRaise {
  return async (exhaustion) => {
    const ceiling = async (): Promise<Ceiling | undefined> => {
      const remainder = await ledger.remainder(workspace, await capsNow(caps));
      return ceilingOf(undefined, remainder, exhaustion.account.spent);
    };
    const offer = raiseOffer(exhaustion, await ceiling());
    const to = offer === undefined ? undefined : await askOnTerminal(offer, terminal, signal);
    if (offer === undefined || to === undefined) return undefined;
    const now = await ceiling();
    const raised = stillRaised(to, offer, now);
    if (raised === undefined && now !== undefined) terminal.screen.line(`     ${terminal.screen.paint.red(now.why)}`);
    return raised;
  };
}

/** An answer as it was typed. */
export type RaiseAnswer =
  | { readonly kind: 'raise'; readonly to: Money }
  | { readonly kind: 'stop' }
  | { readonly kind: 'again'; readonly why: string };

/** Reads an answer: nothing, the number of a choice, or a budget, which has a point or a dollar sign. */
export function readAnswer(typed: string, offer: RaiseOffer): RaiseAnswer {
  const text = typed.trim();
  if (text === '') return { kind: 'stop' };
  if (/^\d+$/.test(text)) {
    const choice = raiseChoices(offer)[Number(text) - 1];
    const why = `There is no choice ${text}. An amount is written with a dollar sign, such as $${text}.`;
    return choice === undefined ? { kind: 'again', why } : { kind: 'raise', to: choice.to };
  }
  const why = raiseProblem(text, offer);
  return why === undefined ? { kind: 'raise', to: readAmount(text) } : { kind: 'again', why };
}

async function askOnTerminal(
  offer: RaiseOffer,
  { stdin, stdout, screen }: Terminal,
  signal: AbortSignal,
): Promise<Money | undefined> {
  screen.status('');
  for (const line of raiseLines(offer, screen.width(), screen.paint)) screen.line(line);
  await dropTypedAhead(stdin);
  if (signal.aborted) return undefined;
  // The terminal edits and echoes the line itself, and turns Ctrl+C into the signal that it always is.
  const lines = createInterface({ input: stdin, terminal: false });
  const stop = (): void => {
    lines.close();
  };
  signal.addEventListener('abort', stop);
  const prompt = `     Raise to how much? A number, or a budget such as ${formatUsdUp(offer.least)} [Enter stops] `;
  try {
    stdout.write(prompt);
    for await (const typed of lines) {
      const answer = readAnswer(typed, offer);
      if (answer.kind === 'raise') return answer.to;
      if (answer.kind === 'stop') return undefined;
      screen.line(`     ${screen.paint.red(answer.why)}`);
      stdout.write(prompt);
    }
    // Neither the end of the input nor an interrupt ends the line that the prompt is on.
    screen.line();
    return undefined;
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
  }
}

/** What was typed while the run went on is no answer to a question that was not there yet. */
async function dropTypedAhead(stdin: World['stdin']): Promise<void> {
  stdin.resume();
  await pause(TYPED_AHEAD_MS);
  stdin.pause();
}
