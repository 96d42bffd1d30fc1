'use strict';
/** Whether a process has anything left to wait for. */
const { process } = globalThis;

/** What keeps a process alive that waits for nothing but its own outputs. */
const OUTPUTS = /^(?:TTYWrap|PipeWrap|Immediate)$/;

/** Texts that start work which the process does not count among what it waits for. */
const UNSEEN =
  /\b(?:worker_threads|MessageChannel|BroadcastChannel|WebAssembly|waitAsync|FinalizationRegistry|import\s*\()/;

const resources = process.getActiveResourcesInfo.bind(process);

/** True when no timer, file, socket or child process is waited for. */
function isIdle() {
  return resources().every((name) => OUTPUTS.test(name));
}

module.exports = { isIdle, UNSEEN };
