/** Of its limit: who crashes while this full has most likely been refused memory. */
const FULL = 0.8;
/** So many looks, the last ones, tell at what pace memory is taken. */
const RECENT = 5;

/** How much of the memory that its own limits leave it a process has taken, from one look to the next. */
export class Fullness {
  private fullest = 0;
  private recent: readonly number[] = [];

  /** @param share of its limit, from 0 to 1; 0 where it has no limit yet, or has ended */
  add(share: number): void {
    if (share <= 0) return;
    this.fullest = Math.max(this.fullest, share);
    this.recent = [...this.recent, share].slice(-RECENT);
  }

  /**
   * Whether it was as good as full at any look, or would have been at the next one, had it gone on at the pace of the last
   * ones: what takes all of its memory within a few looks has ended before it is seen to be full.
   */
  get reached(): boolean {
    const paces = this.recent.slice(1).map((share, index) => share - (this.recent[index] ?? 0));
    const next = (this.recent.at(-1) ?? 0) + Math.max(0, ...paces);
    return Math.max(this.fullest, next) >= FULL;
  }
}
