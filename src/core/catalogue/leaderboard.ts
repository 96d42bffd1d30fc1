/**
 * Where the tiers of the bundled models come from: how much of aider's public leaderboards a model has solved in two
 * tries. `polyglot`: 225 exercises in six languages (`polyglot_leaderboard.yml`); `edit`: 133 in Python, for models that
 * are not on the former (`edit_leaderboard.yml`), both in the repository Aider-AI/aider under aider/website/_data.
 */
export type Board = 'polyglot' | 'edit';

/** What a leaderboard says of a model. */
export interface Rank {
  readonly board: Board;
  /** Its entry there; that of the version before where the model itself is not on it. */
  readonly entry: string;
  /** Exercises solved after two tries, in percent. */
  readonly solvedPercent: number;
}

/** What catalogues say of the origin of these tiers. */
export const TIERS_FROM = "tiers from aider's leaderboards as of 2025-04-30";

/**
 * The least that a model of each tier has solved, in percent, by board; the last tier takes all others. `edit` is the
 * easier board: gpt-4o and gpt-4o-mini, which are on both, come to the same tier by either.
 */
const LEAST: Readonly<Record<Board, readonly number[]>> = {
  polyglot: [45, 15, 10, 0],
  edit: [Infinity, 70, 57, 45, 0],
};

/** The tier, 1 for the strongest, that a place on a leaderboard comes to. */
export function tierOf({ board, solvedPercent }: Rank): number {
  return 1 + LEAST[board].findIndex((least) => solvedPercent >= least);
}
