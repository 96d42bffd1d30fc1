import type { Account } from '../../core/budget/account';
import { add, formatUsd, type Money, ZERO } from '../../core/money';
import type { Status } from '../../core/result';
import { counted, duration } from '../../report/text';
import type { ResultLine } from '../resultLine';
import { exact } from '../view/money';
import type { Paint } from '../view/paint';

const WORDS: Readonly<Record<Status, string>> = {
  solved: 'solved',
  unsolved: 'unsolved',
  exhausted: 'exhausted',
  infeasible: 'infeasible',
  error: 'failed',
};

/** How far a batch is. Mutable: one object counts for the whole batch, so that memory stays flat. */
export class Progress {
  readonly #counts = new Map<Status, number>();
  readonly #open = new Map<string, Account>();
  #finished = 0;
  #spent: Money = ZERO;
  #unconfirmed: Money = ZERO;
  #interrupted = 0;

  /** @param total tasks to run, without those that have their line already */
  constructor(
    readonly total: number,
    private readonly now: () => number = () => performance.now(),
    private readonly started: number = now(),
  ) {}

  get finished(): number {
    return this.#finished;
  }

  get interrupted(): number {
    return this.#interrupted;
  }

  /** Takes note of the money of a run under way. */
  running(id: string, account: Account): void {
    this.#open.set(id, account);
  }

  /** Takes note of a result. An interrupted task has spent, but has no result yet. */
  ended(result: ResultLine, interrupted = false): void {
    this.#open.delete(result.id);
    this.#spent = add(this.#spent, result.costUsd);
    this.#unconfirmed = add(this.#unconfirmed, result.unconfirmedUsd);
    if (interrupted) {
      this.#interrupted++;
      return;
    }
    this.#finished++;
    this.#counts.set(result.status, (this.#counts.get(result.status) ?? 0) + 1);
  }

  /** "12 solved, 3 unsolved, 1 failed"; empty before the first result. */
  counts(): string {
    const statuses = Object.keys(WORDS) as Status[];
    return statuses
      .flatMap((status) => {
        const count = this.#counts.get(status) ?? 0;
        return count === 0 ? [] : [`${count} ${WORDS[status]}`];
      })
      .join(', ');
  }

  /** One line without a live part, for files and pipes. */
  plainLine(): string {
    const counts = this.counts();
    const spent = formatUsd(this.#spentSoFar());
    return `${this.#finished} of ${counted(this.total, 'task')}${counts === '' ? '' : `: ${counts}`}; ${spent} spent`;
  }

  /** The live line: a bar, the counts, the money, and how long the rest may take. */
  liveLine(paint: Paint, width: number): string {
    const cells = Math.max(8, Math.min(24, width - 76));
    const full = this.total === 0 ? cells : Math.floor((this.#finished * cells) / this.total);
    const bar = paint.cyan('▓'.repeat(full)) + paint.dim('░'.repeat(cells - full));
    const counts = this.counts();
    const left = this.#left();
    return (
      `${bar} ${paint.bold(`${this.#finished}/${this.total}`)}  ${paint.bold(formatUsd(this.#spentSoFar()))}` +
      (counts === '' ? '' : `  ${counts}`) +
      paint.dim(`  ${this.#open.size} running${left === undefined ? '' : `, ${duration(left)} left`}`)
    );
  }

  /** What the batch came to. */
  summary(paint: Paint): string[] {
    const counts = this.counts();
    const unconfirmed = this.#unconfirmed === 0n ? '' : paint.yellow(`, ${exact(this.#unconfirmed)} of it unconfirmed`);
    return [
      `${paint.bold(counted(this.#finished, 'task'))}${counts === '' ? '' : `: ${counts}`}`,
      `${paint.bold(exact(this.#spent))} spent${unconfirmed}, ${duration(this.now() - this.started)}`,
    ];
  }

  #spentSoFar(): Money {
    return [...this.#open.values()].reduce((sum, { spent }) => add(sum, spent), this.#spent);
  }

  /** ms that the rest will take at the pace so far; undefined before there is one. */
  #left(): number | undefined {
    if (this.#finished < 3 || this.#finished === this.total) return undefined;
    return ((this.now() - this.started) / this.#finished) * (this.total - this.#finished);
  }
}
