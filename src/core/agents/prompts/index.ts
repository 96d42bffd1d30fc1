/**
 * All that agents say to models, in one folder. Every token here is paid for with every call, so an executor's fixed
 * overhead stays within 60 tokens, and what is fixed in the other roles' prompts within theirs (held by a test).
 */
export { COUNTDOWN, MOST_TOLD } from './countdown';
export { auditMessages, critiqueMessages } from './critic';
export { NO_CODE_PROMPT, REVIEW_PROMPT, revisionPrompt, STYLES, taskPrompt } from './executor';
export { failureReport } from './failure';
export { type FixedWords, fixedWords, paperWords } from './fixedWords';
export { judgeMessages } from './judge';
export { auditedPrompt, mergePrompt } from './paper';
export { planMessages } from './planner';
export { PROMPT_VERSION } from './version';
