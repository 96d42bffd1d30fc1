import type { Sample } from './sample';
import { brackets } from './samples/brackets';
import { duration } from './samples/duration';
import { intervals } from './samples/intervals';
import { isbn } from './samples/isbn';
import { jugs } from './samples/jugs';
import { justify } from './samples/justify';
import { roman } from './samples/roman';
import { runLength } from './samples/runLength';
import { spiral } from './samples/spiral';
import { topWords } from './samples/topWords';

/** The sample tasks, in the order in which the demo solves them. */
export const SAMPLES: readonly Sample[] = [
  brackets,
  roman,
  runLength,
  intervals,
  isbn,
  duration,
  topWords,
  spiral,
  justify,
  jugs,
];
