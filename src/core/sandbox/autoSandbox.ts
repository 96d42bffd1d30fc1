import { LANGUAGES, type Language } from '../task/task';
import { type Sandbox, SandboxError, type TestRun } from './sandbox';
import type { Verdict } from './verdict';

/** A sandbox that may be had, and is looked at when it is first needed. */
export interface Backend {
  readonly kind: Sandbox['kind'];
  /** The languages that it could test at best. */
  readonly languages: readonly Language[];
  /** Why it is where it is among the others, as the end of "because"; it is the strongest where nothing is said. */
  readonly because?: string;
  /** Why it cannot test a language, as far as that is known without trying; undefined where it may. */
  missing(language: Language): string | undefined;
  /**
   * The sandbox, always the same while it works.
   * @param language the one that it is needed for; undefined where any will do
   * @throws SandboxError that says what to install
   */
  open(language: Language | undefined): Promise<Sandbox>;
  /** The sandbox has failed: the next {@link open} looks again. */
  failed(): void;
}

/** A sandbox, and why it is this one. */
interface Chosen {
  readonly backend: Backend;
  readonly sandbox: Sandbox;
  readonly because: string;
}

const STRONGEST = 'it is the strongest that works here';

/**
 * Several backends as one sandbox: each language is tested in the first of them that works for it. What works is found
 * out once, and again after a failure, so that what a message says to install can be installed.
 */
export class AutoSandbox implements Sandbox {
  private readonly choices = new Map<Language, Promise<Chosen>>();
  private readonly opened: Chosen[] = [];

  /** @param backends the strongest first */
  constructor(private readonly backends: readonly Backend[]) {}

  /** The kind of the sandbox that was opened first. */
  get kind(): Sandbox['kind'] {
    return this.opened[0]?.sandbox.kind ?? this.backends[0]?.kind ?? 'os';
  }

  /** What was opened so far, and why it is that. */
  get description(): string {
    return this.opened.map(described).join('; ');
  }

  get languages(): readonly Language[] {
    return LANGUAGES.filter((language) => this.missing(language) === undefined);
  }

  missing(language: Language): string | undefined {
    const reasons = this.candidates(language).map((backend) => backend.missing(language));
    if (reasons.length === 0) return `There is no sandbox for ${language}.`;
    return reasons.includes(undefined) ? undefined : reasons.join(' ');
  }

  /**
   * Makes sure that there is a sandbox for a language, or for any.
   * @throws SandboxError with what each backend lacks
   */
  async open(language: Language | undefined): Promise<void> {
    if (language === undefined) await this.firstThatWorks(this.backends, undefined);
    else await this.choose(language);
  }

  async describe(language: Language): Promise<string> {
    const { sandbox, because } = await this.choose(language);
    return `${(await sandbox.describe?.(language)) ?? sandbox.description}, because ${because}`;
  }

  async withoutPytest(): Promise<string | undefined> {
    return (await this.choose('python')).sandbox.withoutPytest?.();
  }

  async run(request: TestRun, signal?: AbortSignal): Promise<Verdict> {
    const { language } = request.task;
    const { backend, sandbox } = await this.choose(language);
    try {
      return await sandbox.run(request, signal);
    } catch (error) {
      if (error instanceof SandboxError) this.forget(backend);
      throw error;
    }
  }

  warmUp(): void {
    for (const { sandbox } of this.opened) sandbox.warmUp?.();
  }

  dispose(): void {
    for (const { backend, sandbox } of [...this.opened]) {
      this.forget(backend);
      sandbox.dispose?.();
    }
  }

  private choose(language: Language): Promise<Chosen> {
    const known = this.choices.get(language);
    if (known !== undefined) return known;
    const choice = this.firstThatWorks(this.candidates(language), language);
    this.choices.set(language, choice);
    choice.catch(() => this.choices.delete(language));
    return choice;
  }

  private async firstThatWorks(backends: readonly Backend[], language: Language | undefined): Promise<Chosen> {
    const problems: string[] = [];
    for (const backend of backends) {
      try {
        const sandbox = await backend.open(language);
        const known = this.opened.find((one) => one.sandbox === sandbox);
        if (known !== undefined) return known;
        const because = problems.length === 0 ? (backend.because ?? STRONGEST) : lower(problems.join(' '));
        const chosen = { backend, sandbox, because };
        this.opened.push(chosen);
        return chosen;
      } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        problems.push(error.message);
      }
    }
    throw new SandboxError(problems.join(' ') || `There is no sandbox for ${language ?? 'any language'}.`);
  }

  private forget(backend: Backend): void {
    backend.failed();
    this.choices.clear();
    const at = this.opened.findIndex((one) => one.backend === backend);
    if (at >= 0) this.opened.splice(at, 1);
  }

  private candidates(language: Language): readonly Backend[] {
    return this.backends.filter(({ languages }) => languages.includes(language));
  }
}

function described({ sandbox, because }: Chosen): string {
  return `${sandbox.description}, because ${because}`;
}

/** A sentence as the end of another one. */
function lower(sentence: string): string {
  const [first = '', second = ''] = sentence;
  const name = second !== second.toLowerCase() || /^Python\b/.test(sentence);
  return (name ? sentence : first.toLowerCase() + sentence.slice(1)).replace(/\.$/, '');
}
