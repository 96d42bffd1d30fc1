import { lineMap } from './lineMap';

/** A text of JavaScript, or why there is none. */
export interface Stripped {
  readonly text: string;
  /** Set where the text is none of the language, such as "Expression expected (line 3)"; then it is unchanged. */
  readonly problem?: string;
  /** For each line of the text, counted from 0, its line in the source; absent where they are the same. */
  readonly lines?: readonly number[];
}

/** What the library throws: a plain object, not an error. */
interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly startLine: number;
}

/**
 * Loads the library that takes types away. Where that is all there is to do, blanks stand in their place and every
 * character keeps its position; enums, namespaces, parameter properties and casts in angle brackets are translated, and
 * may move lines.
 */
export async function loadStripper(): Promise<(source: string) => Stripped> {
  const { transformSync } = await import('@swc/wasm-typescript');
  return (source) => {
    try {
      return { text: transformSync(source, { mode: 'strip-only', filename: 'code.ts' }).code };
    } catch (complaint) {
      if (!isComplaint(complaint)) return { text: source, problem: String(complaint) };
      if (complaint.code !== 'UnsupportedSyntax') return { text: source, problem: saying(complaint) };
    }
    try {
      const { code, map } = transformSync(source, {
        mode: 'transform',
        filename: 'code.ts',
        sourceMap: true,
        transform: { verbatimModuleSyntax: true, noEmptyExport: true },
      });
      const { mappings } = JSON.parse(map ?? '{"mappings":""}') as { mappings: string };
      return { text: code, lines: lineMap(mappings) };
    } catch (complaint) {
      return { text: source, problem: isComplaint(complaint) ? saying(complaint) : String(complaint) };
    }
  };
}

function saying({ message, startLine }: Complaint): string {
  return `${message} (line ${startLine})`;
}

function isComplaint(value: unknown): value is Complaint {
  return typeof value === 'object' && value !== null && 'code' in value && 'startLine' in value;
}
