import * as vscode from 'vscode';
import type { RunEvent } from '../core/events';
import type { RunRecord } from '../report/record';
import { eventLines, headingLines } from '../report/terminalView';
import { wrapLine } from '../report/wrap';
import type { RunView } from './runs';

/** Lines that a terminal which is opened anew starts with. */
const KEPT = 2000;
const CTRL_C = '\u0003';

/**
 * The "Solvent" terminal: plan, calls, test runs and result of every run in this window. It is read-only, takes no
 * focus, and is made anew with what it held when the user has closed it.
 */
export class RunTerminal implements RunView, vscode.Disposable {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closing: vscode.Disposable;
  #terminal: vscode.Terminal | undefined;
  #open = false;
  #columns = Infinity;
  #lines: string[] = [];

  /** @param interrupt is called when the user types Ctrl+C. */
  constructor(private readonly interrupt: () => void) {
    this.#closing = vscode.window.onDidCloseTerminal((terminal) => {
      if (terminal === this.#terminal) this.#forget();
    });
  }

  begun({ heading }: RunRecord): void {
    this.show();
    this.#write(headingLines(heading));
  }

  happened(event: RunEvent, { heading }: RunRecord): void {
    this.#write(eventLines(event, heading));
  }

  /** Brings the terminal to the front; the focus stays where it is. */
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
  }

  dispose(): void {
    this.#closing.dispose();
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

  #write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#lines = [...this.#lines, ...lines].slice(-KEPT);
    if (this.#open) this.#print(lines);
  }

  #print(lines: readonly string[]): void {
    const wrapped = lines.flatMap((line) => wrapLine(line, this.#columns));
    this.#written.fire(wrapped.map((line) => `${line}\r\n`).join(''));
  }
}
