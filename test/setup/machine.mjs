#!/usr/bin/env node
// Makes this machine ready for `npm test`: `node test/setup/machine.mjs`. Running it again costs next to nothing.
import { require } from 'tsx/cjs/api';

const { prepareMachine, unavailable } = require('./prepareMachine.ts', import.meta.url);

const machine = await prepareMachine({ log: console.log });
console.log(`extension host: ${machine.host.kind === 'none' ? machine.host.reason : machine.host.kind}`);
console.log(`workbench: ${machine.workbench.kind === 'none' ? machine.workbench.reason : machine.workbench.kind}`);
for (const problem of machine.problems) console.log(problem);
process.exitCode = unavailable(machine).length === 0 && machine.problems.length === 0 ? 0 : 1;
