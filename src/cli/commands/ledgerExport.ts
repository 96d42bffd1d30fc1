import path from 'node:path';
import { exportRows, exportText } from '../../report/ledgerExport';
import { inChunks, writeExport } from '../../report/exportFile';
import { counted } from '../../report/text';
import { CommandError } from '../exitCode';
import { whyNot } from '../files';
import { makeFolder } from '../folders';
import type { LedgerAction } from '../ledgerAction';
import { pour } from '../pour';
import type { World } from '../world';

/** Writes every call to a file or to standard output, however many there are. What cannot be read is told. */
export async function exportLedger(
  folder: string,
  { format, file }: LedgerAction & { readonly kind: 'export' },
  { stdout, stderr, interrupt }: World,
): Promise<void> {
  await makeFolder(folder);
  let unreadable = 0;
  const rows = exportRows(folder, () => (unreadable += 1));
  const text = exportText(rows, format);
  if (file === undefined) await pour(stdout, inChunks(text), interrupt);
  else {
    const target = path.resolve(file);
    if (path.dirname(target) === folder) {
      throw new CommandError(`--out ${file} is in the folder of the ledger: name a file elsewhere.`);
    }
    try {
      await writeExport(target, text, interrupt);
    } catch (error) {
      if (interrupt.aborted) throw error;
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      throw new CommandError(
        `--out ${file} cannot be written: ${missing ? 'there is no such folder' : whyNot(error)}.`,
      );
    }
    stdout.write(`The ledger was exported to ${target}.\n`);
  }
  if (unreadable > 0) {
    stderr.write(`solvent: ${counted(unreadable, 'line')} of the ledger cannot be read: missing in the export.\n`);
  }
}
