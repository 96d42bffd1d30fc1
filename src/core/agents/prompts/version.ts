/**
 * The version of all that agents say to models. It stands in every plan and in the journal, as what was learned from
 * calls holds for the prompts that they were made with. A test holds that no text changes without it.
 */
export const PROMPT_VERSION = 3;
