#!/usr/bin/env node
import { homedir } from 'node:os';
import path from 'node:path';
import { version } from '../package.json';
import { main } from './cli/main';
import { exitWhenWritten, interruptSignal, reportUncaught, survivePipeEnd } from './cli/process';

reportUncaught();
survivePipeEnd();
void main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  platform: process.platform,
  home: homedir(),
  harness: path.join(__dirname, 'harness'),
  pyodide: path.join(__dirname, 'pyodide'),
  version,
  interrupt: interruptSignal(),
}).then(exitWhenWritten);
