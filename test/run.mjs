#!/usr/bin/env node
// The entry of `npm test`. `npm test -- --fast` runs the lint and the unit tests only.
import { require } from 'tsx/cjs/api';

const { main } = require('./run/main.ts', import.meta.url);
process.exitCode = await main(process.argv.slice(2));
