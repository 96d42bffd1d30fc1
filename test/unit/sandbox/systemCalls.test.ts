import assert from 'node:assert/strict';
import { systemCallFilter } from '../../../src/core/sandbox/systemCalls';

/** What the kernel looks at (`struct seccomp_data` in linux/seccomp.h). */
interface Call {
  readonly number: number;
  readonly audit?: number;
  readonly arguments?: readonly bigint[];
}

const X64 = 0xc000_003e;
const ARM64 = 0xc000_00b7;
const ALLOWED = 'allowed';

/** Runs a filter as the kernel does (classic BPF; seccomp(2)) and tells what it answers. */
function answer(filter: Uint8Array | undefined, { number, audit = X64, arguments: given = [] }: Call): string {
  assert.ok(filter !== undefined);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, audit, true);
  given.forEach((argument, index) => {
    data.setBigUint64(16 + index * 8, argument, true);
  });
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  let accumulator = 0;
  for (let at = 0; at < filter.length / 8; at++) {
    const code = program.getUint16(at * 8, true);
    const [whereTrue, whereFalse] = [program.getUint8(at * 8 + 2), program.getUint8(at * 8 + 3)];
    const operand = program.getUint32(at * 8 + 4, true);
    const jump = (holds: boolean): void => {
      at += holds ? whereTrue : whereFalse;
    };
    if (code === 0x20) accumulator = data.getUint32(operand, true);
    else if (code === 0x15) jump(accumulator === operand);
    else if (code === 0x35) jump(accumulator >= operand);
    else if (code === 0x45) jump((accumulator & operand) !== 0);
    else if (code === 0x06) return operand === 0x7fff_0000 ? ALLOWED : `error ${operand - 0x0005_0000}`;
    else assert.fail(`instruction ${code}`);
  }
  return assert.fail('the program has no end');
}

describe('the filter of system calls', () => {
  const x64 = systemCallFilter('x64');
  const arm64 = systemCallFilter('arm64');

  it('lets a program read, write, open, map, fork, run others and end', () => {
    for (const number of [0, 1, 2, 9, 57, 59, 60, 231, 257])
      assert.equal(answer(x64, { number }), ALLOWED, `${number}`);
    for (const number of [63, 64, 56, 222, 221, 93, 94]) {
      assert.equal(answer(arm64, { number, audit: ARM64 }), ALLOWED, `${number}`);
    }
  });

  it('denies namespaces, mounts, keys, and looking into other processes', () => {
    for (const number of [272, 308, 165, 428, 248, 250, 101, 310]) {
      assert.equal(answer(x64, { number }), 'error 1', `${number}`);
    }
    for (const number of [97, 268, 40, 428, 217, 219, 117, 270]) {
      assert.equal(answer(arm64, { number, audit: ARM64 }), 'error 1', `${number}`);
    }
  });

  it('lets threads and processes be made, but none in a namespace of its own', () => {
    const thread = 0x3d_0f00n;
    const process = 0x120_0011n;
    for (const [filter, number, audit] of [
      [x64, 56, X64],
      [arm64, 220, ARM64],
    ] as const) {
      for (const flags of [thread, process]) {
        assert.equal(answer(filter, { number, audit, arguments: [flags] }), ALLOWED);
      }
      for (const bit of [7, 17, 25, 26, 27, 28, 29, 30]) {
        const flags = process | (1n << BigInt(bit));
        assert.equal(answer(filter, { number, audit, arguments: [flags] }), 'error 1', `bit ${bit}`);
      }
      assert.equal(answer(filter, { number: 435, audit }), 'error 38');
    }
  });

  it('has sockets of Unix, both kinds of IP, and netlink, and no others', () => {
    for (let family = 0; family < 64; family++) {
      const expected = [1, 2, 10, 16].includes(family) ? ALLOWED : 'error 97';
      assert.equal(answer(x64, { number: 41, arguments: [BigInt(family), 1n] }), expected, `${family}`);
      assert.equal(answer(arm64, { number: 198, audit: ARM64, arguments: [BigInt(family), 1n] }), expected);
    }
  });

  it('lets a terminal be asked for its size, and not be typed into, whatever the upper half of the argument', () => {
    assert.equal(answer(x64, { number: 16, arguments: [0n, 0x5413n] }), ALLOWED);
    for (const request of [0x5412n, 0x541cn, 0x1_0000_5412n]) {
      assert.equal(answer(x64, { number: 16, arguments: [0n, request] }), 'error 1');
    }
  });

  it('has no memory without an owner', () => {
    for (const number of [319, 447, 29, 68, 425]) assert.equal(answer(x64, { number }), 'error 38', `${number}`);
  });

  it('answers none of the calls of another architecture', () => {
    for (const number of [0, 1, 60]) {
      assert.equal(answer(x64, { number, audit: 0x4000_0003 }), 'error 38');
      assert.equal(answer(x64, { number: number + 0x4000_0000 }), 'error 38');
      assert.equal(answer(arm64, { number, audit: X64 }), 'error 38');
    }
  });

  it('is known for x86-64 and arm64 only', () => {
    assert.equal(systemCallFilter('riscv64'), undefined);
  });
});
