import { Answers } from './answers';
import { sandbox } from './bench';
import { findsForgers } from './forgers';

describe('That two answers in Python agree cannot be forged', function () {
  this.timeout(120_000);
  findsForgers(new Answers(sandbox));
});
