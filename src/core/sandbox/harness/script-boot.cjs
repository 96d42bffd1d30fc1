'use strict';
/** The trusted first steps of both processes: give up privileges, make outputs wait. The limits were set before this program started. */
const { chmodSync } = require('node:fs');

/** Applies and returns the settings given in the first argument. Call before anything else. */
function enter() {
  const settings = JSON.parse(process.argv[2]);
  process.argv.length = 1;
  process.execArgv.length = 0;
  const { uid, scratch } = settings;
  if (uid !== null) {
    chmodSync('/tmp', 0o1777);
    process.setgroups([]);
    process.setgid(uid);
    process.setuid(uid);
  }
  process.chdir(scratch);
  // What waits to be printed would fill the memory, and be lost when the process ends.
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
  return settings;
}

module.exports = { enter };
