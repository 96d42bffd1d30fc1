import type { Language } from '../../task/task';

/** The languages as they are called in prompts. */
export const NAMES: Readonly<Record<Language, string>> = {
  python: 'Python',
  javascript: 'JavaScript',
  typescript: 'TypeScript',
};
