import Mocha from 'mocha';
import { recordResult, RESULT_FILE_VARIABLE } from './suiteResult';

/** Mocha's `spec` for people; the result file for the summary of the whole run. */
export default class RecordingSpec extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env[RESULT_FILE_VARIABLE];
    if (file !== undefined) recordResult(runner, file);
  }
}
