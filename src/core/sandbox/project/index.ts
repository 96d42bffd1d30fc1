/**
 * A project's own tests, for those that load them when they are first needed: the build makes a file of its own of what
 * is named here.
 */
export { placedAt, projectTask } from './answer';
export { tolerate } from './baseline';
export { confirmationKey, testCommand, valuesOf } from './command';
export { proposeCommands } from './detect';
export { folderOnDisk } from './folder';
export { openProject } from './open';
export { WEAKER_PROOF } from './projectSandbox';
