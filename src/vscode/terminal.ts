import * as vscode from 'vscode';
import type { RunEvent } from '../core/events';
import type { Verdict } from '../core/sandbox/verdict';
import type { RunHeading, RunRecord } from '../report/record';
import { eventLines, headingLines, verdictLines } from '../report/terminalView';
import { harmless } from '../report/text';
import { wrapLine } from '../report/wrap';
import type { Question } from './question';
import type { RunView } from './runs';
import { TerminalLinks } from './terminalLinks';
import { failingPlace, placeLabel, type TestPlace } from './testPlace';

/** Lines that a terminal which is opened anew starts with. */
const KEPT = 2000;
/** How long a panel that is shown again takes to be drawn, in ms: until then there is nothing to scroll. */
const LAYOUT_MS = 400;
const CTRL_C = '\u0003';

/** A line of the terminal, and the test that a click on it shows. */
interface Line {
  readonly text: string;
  readonly place?: TestPlace;
}

/**
 * The "Solvent" terminal: plan, calls, test runs and result of every run in this window. It is read-only, takes no
 * focus, and is made anew with what it held when the user has closed it.
 */
export class RunTerminal implements RunView, vscode.Disposable {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closing: vscode.Disposable;
  readonly #links = new TerminalLinks((terminal) => terminal === this.#terminal);
  #question: Question | undefined;
  #terminal: vscode.Terminal | undefined;
  #open = false;
  #columns = Infinity;
  #lines: Line[] = [];
  #laidOut: NodeJS.Timeout | undefined;

  /** @param interrupt is called when the user types Ctrl+C. */
  constructor(private readonly interrupt: () => void) {
    this.#closing = vscode.window.onDidCloseTerminal((terminal) => {
      if (terminal === this.#terminal) this.#forget();
    });
  }

  begun({ heading }: RunRecord, question: Question): void {
    this.#question = question;
    this.show();
    this.#write(headingLines(heading).map(plainLine));
  }

  happened(event: RunEvent, { heading }: RunRecord): void {
    if (event.type === 'settled' && event.call === 1) this.#toEnd();
    this.#write(
      event.type === 'verdict' ? this.#verdictLines(event.verdict, heading) : eventLines(event, heading).map(plainLine),
    );
  }

  /** Adds lines of plain text. */
  write(lines: readonly string[]): void {
    this.#write(lines.map(plainLine));
  }

  /** Brings the terminal to the front, and its last lines into view; the focus stays where it is. */
  show(): void {
    this.#terminal ??= vscode.window.createTerminal({
      name: 'Solvent',
      iconPath: new vscode.ThemeIcon('beaker'),
      isTransient: true,
      pty: {
        onDidWrite: this.#written.event,
        open: (size: vscode.TerminalDimensions | undefined) => {
          this.#open = true;
          this.#fit(size);
          this.#print(this.#lines);
        },
        setDimensions: (size: vscode.TerminalDimensions) => {
          this.#fit(size);
        },
        close: () => {
          this.#forget();
        },
        handleInput: (typed: string) => {
          if (typed === CTRL_C) this.interrupt();
        },
      },
    });
    this.#terminal.show(true);
    this.#toEnd();
    clearTimeout(this.#laidOut);
    this.#laidOut = setTimeout(() => {
      this.#toEnd();
    }, LAYOUT_MS);
  }

  /** A terminal that was hidden meanwhile stays where it was, and would go on to show the run before. */
  #toEnd(): void {
    if (this.#terminal === undefined || vscode.window.activeTerminal !== this.#terminal) return;
    void vscode.commands.executeCommand('workbench.action.terminal.scrollToBottom');
  }

  dispose(): void {
    clearTimeout(this.#laidOut);
    this.#closing.dispose();
    this.#links.dispose();
    this.#terminal?.dispose();
    this.#written.dispose();
  }

  #forget(): void {
    this.#terminal = undefined;
    this.#open = false;
  }

  #fit(size: vscode.TerminalDimensions | undefined): void {
    this.#columns = size === undefined ? Infinity : Math.max(20, size.columns);
  }

  /** The lines of a verdict; a click on a failing test goes to the assertion. */
  #verdictLines(verdict: Verdict, heading: RunHeading): Line[] {
    const places = verdict.tests.map(({ ok, message }, index) => {
      const place = ok ? undefined : this.#question?.places[index];
      return place && failingPlace(place, message ?? '');
    });
    const labelOf = (index: number): string | undefined => {
      const place = places[index];
      return place && placeLabel(place);
    };
    return verdictLines(verdict, heading, labelOf).map(({ text, test }) => {
      const place = test === undefined ? undefined : places[test];
      return place === undefined ? { text } : { text, place };
    });
  }

  #write(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    this.#lines = [...this.#lines, ...lines].slice(-KEPT);
    if (this.#open) this.#print(lines);
  }

  #print(lines: readonly Line[]): void {
    const wrapped = lines.flatMap(({ text, place }) => {
      const parts = wrapLine(text, this.#columns);
      if (place !== undefined) for (const part of parts) this.#links.note(harmless(part), place);
      return parts;
    });
    this.#written.fire(wrapped.map((line) => `${line}\r\n`).join(''));
  }
}

function plainLine(text: string): Line {
  return { text };
}
