/** The part that an agent plays in a topology. */
export const ROLES = ['executor', 'critic', 'planner', 'judge'] as const;
export type Role = (typeof ROLES)[number];

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}
