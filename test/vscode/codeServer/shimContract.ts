import { type CodeServer } from '../../setup/editors';

/** The environment variable by which the runner tells the shim what its command line has no words for. */
export const SHIM_VARIABLE = 'SOLVENT_TEST_SHIM';

/** What the runner tells the shim, as JSON. */
export interface ShimInput {
  readonly editor: CodeServer;
  /** Home and temporary folder of the run; the others come on the command line. */
  readonly home: string;
  readonly temp: string;
  /** What the extension host gets in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the console of the workbench and of the extension host is written. */
  readonly logFile: string;
}
