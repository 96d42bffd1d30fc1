/** What an executor is told that merges the answers of others. */
export function mergePrompt(codes: readonly string[]): string {
  const answers = codes.map((code, index) => `Answer ${index + 1}:\n${code.trim()}`).join('\n\n');
  return `Others have answered:\n\n${answers}\n\nWrite the final code, whole, in one code block.`;
}

/** What an executor is told of its previous answer by a critic, where nothing was run. */
export function auditedPrompt(issues: string): string {
  return `A reviewer says:\n${issues}\n\nWrite the corrected code, whole, in one code block.`;
}
