import { type Money, usd, ZERO } from '../core/money';
import { EXPORT_FORMATS, type ExportFormat } from '../report/ledgerExport';
import { CommandError } from './exitCode';
import type { OptionName } from './options';

/** What `ledger` is to do. Ids may be beginnings of ids. */
export type LedgerAction =
  | { readonly kind: 'report'; readonly json: boolean }
  | { readonly kind: 'run'; readonly run: string; readonly json: boolean }
  /** Without a file, to standard output. */
  | { readonly kind: 'export'; readonly format: ExportFormat; readonly file: string | undefined }
  | { readonly kind: 'clear'; readonly call: string; readonly billed: Money }
  | { readonly kind: 'forget'; readonly model: string }
  | { readonly kind: 'repair'; readonly assume: Money };

/** The options as they were typed. */
export interface TypedOptions {
  text(name: OptionName): string | undefined;
  is(name: OptionName): boolean;
}

/** What each option that is no action of its own belongs to. */
const BELONGS = [
  ['billed', 'clear'],
  ['out', 'export'],
  ['assume', 'repair'],
] as const satisfies readonly (readonly [OptionName, OptionName])[];

const ACTIONS = ['run', 'export', 'clear', 'forget', 'repair'] as const satisfies readonly OptionName[];

/** Reads the options of `ledger`. @throws CommandError where they do not go together */
export function readLedgerAction(typed: TypedOptions): LedgerAction {
  const isThere = (name: OptionName): boolean => typed.is(name) || typed.text(name) !== undefined;
  const [action, other] = ACTIONS.filter(isThere);
  if (action !== undefined && other !== undefined) {
    throw new CommandError(`--${action} and --${other} do not go together: run one after the other.`);
  }
  for (const [option, needed] of BELONGS) {
    if (isThere(option) && action !== needed) throw new CommandError(`--${option} is for --${needed}: add that.`);
  }
  const json = typed.is('json');
  if (json && action !== undefined && action !== 'run') {
    const instead = action === 'export' ? ': --export json is what you may mean' : '';
    throw new CommandError(`--json and --${action} do not go together${instead}.`);
  }
  const text = (name: OptionName): string => typed.text(name) ?? '';
  switch (action) {
    case 'run':
      return { kind: 'run', run: text('run'), json };
    case 'export':
      return { kind: 'export', format: readFormat(text('export')), file: typed.text('out') };
    case 'clear': {
      const billed = typed.text('billed');
      if (billed === undefined) {
        throw new CommandError(
          '--clear needs --billed USD: what the provider billed for the call, 0 where it was free.',
        );
      }
      return { kind: 'clear', call: text('clear'), billed: readAmount('billed', billed) };
    }
    case 'forget':
      return { kind: 'forget', model: text('forget') };
    case 'repair': {
      const assume = typed.text('assume');
      return { kind: 'repair', assume: assume === undefined ? ZERO : readAmount('assume', assume) };
    }
    default:
      return { kind: 'report', json };
  }
}

function readFormat(text: string): ExportFormat {
  const format = EXPORT_FORMATS.find((name) => name === text);
  if (format !== undefined) return format;
  throw new CommandError(`--export must be ${EXPORT_FORMATS.join(' or ')}, but is '${text}'.`);
}

function readAmount(option: OptionName, text: string): Money {
  try {
    return usd(text);
  } catch {
    throw new CommandError(`--${option} must be an amount of USD such as 0.002, but is '${text}'.`);
  }
}
