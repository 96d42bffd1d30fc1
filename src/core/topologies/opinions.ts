import type { Attempt, Crew } from '../agents/crew';
import { STYLES } from '../agents/prompts';
import type { Model } from '../catalogue/model';
import type { PricedModel } from '../provisioning/tier';
import { conversation, DIVERSE } from './topology';

/** The longest of the styles: what is affordable with it is so with any. */
const LONGEST = STYLES.reduce((longest, style) => (style.length > longest.length ? style : longest), '');

/** Answers in words of its own that are known, after which a model is not asked again. */
const MOST_ECHOES = 2;

/**
 * Asks for opinions: answers to the task alone, written without sight of any other. No model that has
 * repeated itself is asked the same thing twice before it was asked in every way.
 */
export class Opinions {
  /** Answers of a model in the very words that it had used before. */
  readonly #echoes = new Map<string, number>();
  #asked = 0;

  constructor(private readonly crew: Crew) {}

  /** Opinions that were asked for, also those that could not be had. */
  get asked(): number {
    return this.#asked;
  }

  /** The models that an opinion can be paid of, cheapest first. */
  async affordable(): Promise<readonly PricedModel[]> {
    const { models, left } = await this.crew.means(conversation(this.crew.task, undefined, { style: LONGEST }));
    return models.filter(({ callCost }) => callCost <= left);
  }

  /**
   * Whether a model came back twice with code that it had written before, asked in another way and not greedily: it has
   * nothing more to say. Once may be chance.
   */
  isRepeating({ id }: Model): boolean {
    return (this.#echoes.get(id) ?? 0) >= MOST_ECHOES;
  }

  /** An answer; undefined where it could not be had. */
  async ask(model: Model): Promise<Attempt | undefined> {
    const style = this.#styleFor(model, ++this.#asked);
    const messages = conversation(this.crew.task, undefined, { style });
    const step = await this.crew.another(model, messages, { temperature: DIVERSE, optional: true });
    if (step.kind === 'stop') return undefined;
    if (step.value?.echoed === true) this.#echoes.set(model.id, (this.#echoes.get(model.id) ?? 0) + 1);
    return step.value;
  }

  /** The `asked`-th style; for a model that has repeated itself the first from there on in which it was not asked yet. */
  #styleFor(model: Model, asked: number): string {
    const styles = STYLES.map((_, index) => STYLES[(asked + index) % STYLES.length] ?? '');
    const { crew } = this;
    if (!this.#echoes.has(model.id)) return styles[0] ?? '';
    return (
      styles.find((style) => !crew.wasAsked(model, conversation(crew.task, undefined, { style }))) ?? styles[0] ?? ''
    );
  }
}
