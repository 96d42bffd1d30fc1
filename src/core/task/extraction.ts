import type { Task } from './task';
import type { Pytest } from './testFile';

/** A range of a document in UTF-16 offsets, as editors count them. Equal ends mean a cursor. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What the editor knows when the user asks. */
export interface ExtractionInput {
  /** The whole document. */
  readonly text: string;
  readonly selection: Range;
  /** The editor's name of the language, such as `python` or `typescriptreact`. */
  readonly languageId: string;
  /** Names the task; only the last part of a path is used. */
  readonly fileName: string;
  /** Whether tests can be run by pytest itself; without it, those that need that are left out. */
  readonly pytest?: Pytest;
}

/** Where the visible tests of a task were found. */
export type TestOrigin = 'selection' | 'docstring' | 'file' | 'none';

/** The place in the document that an answer goes to. */
export interface Target extends Range {
  /** `replace` puts the answer in place of the range; `insert` puts it at the (empty) range, on lines of its own. */
  readonly mode: 'replace' | 'insert';
  /** White space before the first line of what is replaced; the answer is indented so. */
  readonly indent: string;
  /** What the target stands in. A member of a class is cut out of an answer that brings the whole class. */
  readonly container: 'module' | 'class' | 'function';
  /** The definition to be replaced; undefined where there is none yet. */
  readonly name: string | undefined;
}

/** Why nothing was extracted. `not-defined`: a file does not define what was named. */
export type RefusalKind = 'nothing-here' | 'not-defined' | 'blank' | 'too-large' | 'language';

/** No task can be made of this input. */
export interface Refusal {
  readonly ok: false;
  readonly kind: RefusalKind;
  /** A sentence for the user that says what to do. */
  readonly message: string;
}

/** A task and where its answer goes. */
export interface Extracted {
  readonly ok: true;
  readonly task: Task;
  readonly target: Target;
  readonly testOrigin: TestOrigin;
  /** Where each of the task's tests stands in the document, in their order; undefined where that cannot be told. */
  readonly testPlaces: readonly (Range | undefined)[];
}

export type Extraction = Extracted | Refusal;

/** What a language's analysis finds; offsets are those of the LF text. */
export interface Draft {
  readonly prompt: string;
  readonly entryPoint: string | undefined;
  readonly tests: readonly string[];
  readonly testPlaces: readonly (Range | undefined)[];
  readonly setup: string;
  readonly testOrigin: TestOrigin;
  readonly target: Target;
}

export function refuse(kind: RefusalKind, message: string): Refusal {
  return { ok: false, kind, message };
}
