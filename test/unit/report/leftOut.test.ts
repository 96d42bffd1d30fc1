import assert from 'node:assert/strict';
import { leftOutText } from '../../../src/report/leftOut';

describe('tests that were left out', () => {
  it('are named with their reasons, many of them in part', () => {
    assert.equal(leftOutText([]), undefined);
    assert.equal(leftOutText([{ name: 'test_a', reason: 'it is empty' }]), '1 test is left out: test_a (it is empty).');
    const many = Array.from({ length: 6 }, (_, index) => ({ name: `test_${index}`, reason: 'it is empty' }));
    assert.match(leftOutText(many) ?? '', /^6 tests are left out: test_0 \(it is empty\), .*, 2 more\.$/);
  });

  it('cannot draw on the screen by their names', () => {
    const text = leftOutText([{ name: 'a\u001b[31m\nb', reason: 'x' }]) ?? '';
    assert.ok(!text.includes('\u001b') && !text.includes('\n'), text);
  });
});
