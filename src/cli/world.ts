import type { Readable } from 'node:stream';
import type { Machine } from '../core/userData';
import type { Output } from './view/screen';

/** All that the command line has of the outside; built by the composition root, and by tests. */
export interface World extends Machine {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Folder of the language harnesses. */
  readonly harness: string;
  /** Folder of the files of Pyodide. */
  readonly pyodide: string;
  readonly version: string;
  /** Aborted when the user asks to stop (SIGINT, SIGTERM, SIGHUP). */
  readonly interrupt: AbortSignal;
}
