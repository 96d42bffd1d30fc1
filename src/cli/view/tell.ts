import type { Screen } from './screen';
import { wrapped } from './wrap';

/** How a sentence is printed. */
export interface Telling {
  /** Colours each line; as it is where absent. */
  readonly shade?: (text: string) => string;
  /** What each line begins with. */
  readonly indent?: string;
}

/** Prints a sentence: over as many lines as it takes on a terminal, as one line in a file or pipe. */
export function tell(screen: Screen, text: string, { shade = (line) => line, indent = '' }: Telling = {}): void {
  // The last cell stays free, as it does below the live line.
  const lines = screen.live ? wrapped(text, screen.width() - 1 - indent.length) : [text];
  for (const line of lines) screen.line(indent + shade(line));
}
