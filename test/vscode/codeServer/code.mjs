#!/usr/bin/env node
// Stands in for the executable of VS Code: `@vscode/test-electron` starts it where no desktop VS Code can be had.
import { require } from 'tsx/cjs/api';

const { runShim } = require('./shim.ts', import.meta.url);
process.exit(await runShim(process.argv.slice(2)));
