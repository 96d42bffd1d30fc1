import assert from 'node:assert/strict';
import { OverrunGuard } from '../../../src/core/budget/overrun';
import type { ChatOutcome } from '../../../src/core/providers/chat';

const CUT: ChatOutcome = { kind: 'cut', text: 'so far', message: 'Cancelled.', retryable: true };
const never = new AbortController().signal;

describe('an answer that goes on past its limit', () => {
  it('is ended as soon as its text cannot be fewer tokens than that', () => {
    const guard = new OverrunGuard((text) => Math.floor(text.length / 4), 100, never);
    guard.arrived('x'.repeat(403));
    assert.equal(guard.signal.aborted, false);
    guard.arrived('x'.repeat(60));
    assert.equal(guard.signal.aborted, true);
    const judged = guard.judged(CUT, 'm');
    assert.ok(judged.kind === 'cut' && !judged.retryable);
    assert.match(judged.message, /m went on past its limit of 100 tokens/);
  });

  it('is not one that stays within it, however it arrives', () => {
    const guard = new OverrunGuard((text) => Math.floor(text.length / 4), 100, never);
    for (let piece = 0; piece < 400; piece++) guard.arrived('x');
    assert.equal(guard.signal.aborted, false);
    assert.equal(guard.judged(CUT, 'm'), CUT);
  });

  it('costs little to watch: it is counted again only when it has grown by a tenth', () => {
    let counted = 0;
    const guard = new OverrunGuard(() => (counted++, 0), 100, never);
    for (let piece = 0; piece < 50_000; piece++) guard.arrived('x');
    assert.ok(counted > 10 && counted < 80, `counted ${counted} times`);
  });

  it('leaves to the user what the user cancels', () => {
    const user = new AbortController();
    const guard = new OverrunGuard(() => 0, 100, user.signal);
    user.abort();
    assert.equal(guard.signal.aborted, true);
    assert.equal(guard.judged(CUT, 'm'), CUT);
  });
});
