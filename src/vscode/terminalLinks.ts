import * as vscode from 'vscode';
import { reveal, type TestPlace } from './testPlace';

/** Lines that links are kept for, of which a terminal may show several for one that was wrapped. */
const KEPT = 4000;
/** What a line has in front of the text that a link is put on. */
const LEAD = /^\s*(?:✗ )?/u;

/** A link from a failing test in the terminal to the assertion that failed. */
export class PlaceLink extends vscode.TerminalLink {
  constructor(
    startIndex: number,
    length: number,
    readonly place: TestPlace,
  ) {
    super(startIndex, length, 'Show the failing assertion');
  }
}

/**
 * The links of the "Solvent" terminal. A line is a link only where Solvent has noted that very line when it wrote it,
 * and leads to the place that was noted with it: whatever a model or a test prints, it cannot make a link to elsewhere.
 */
export class TerminalLinks implements vscode.TerminalLinkProvider<PlaceLink>, vscode.Disposable {
  readonly #registration = vscode.window.registerTerminalLinkProvider(this);
  /** Undefined where one line was noted for places in several documents. */
  readonly #places = new Map<string, TestPlace | undefined>();

  /** @param isOurs tells the "Solvent" terminal from others */
  constructor(private readonly isOurs: (terminal: vscode.Terminal) => boolean) {}

  /** Makes a line a link. @param line as it is drawn, without its colours */
  note(line: string, place: TestPlace): void {
    const key = line.trimEnd();
    const known = this.#places.get(key);
    const ambiguous = this.#places.has(key) && known?.source.toString() !== place.source.toString();
    this.#places.delete(key);
    this.#places.set(key, ambiguous ? undefined : place);
    const [oldest] = this.#places.keys();
    if (this.#places.size > KEPT && oldest !== undefined) this.#places.delete(oldest);
  }

  provideTerminalLinks({ terminal, line }: Pick<vscode.TerminalLinkContext, 'terminal' | 'line'>): PlaceLink[] {
    const text = line.trimEnd();
    const place = this.isOurs(terminal) ? this.#places.get(text) : undefined;
    if (place === undefined) return [];
    const startIndex = LEAD.exec(text)?.[0].length ?? 0;
    return [new PlaceLink(startIndex, text.length - startIndex, place)];
  }

  handleTerminalLink({ place }: PlaceLink): Promise<void> {
    return reveal(place);
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
