/**
 * How a provider broke its word with a call:
 * - `prompt above bound`: it counted more prompt tokens than were reserved.
 * - `completion above limit`: it wrote more tokens than the request allowed.
 * - `billed above reserved`: what it billed is above the reservation.
 * - `usage below answer`: it reported fewer completion tokens than it streamed.
 */
export const VIOLATIONS = [
  'prompt above bound',
  'completion above limit',
  'billed above reserved',
  'usage below answer',
] as const;
export type Violation = (typeof VIOLATIONS)[number];
