/**
 * What is asked, for those that load it when it is first needed: the build makes a file of its own of what is named here.
 */
export { currentCode } from './current';
export { extractTask, languageOf } from './extract';
export { languageOfFile, taskNamed } from './named';
export { placeAnswer } from './place';
export { taskFromPrompt } from './prompt';
export { testsFromFile } from './testFile';
