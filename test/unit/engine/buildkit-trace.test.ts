import { describe, expect, it } from 'vitest';
import { readTrace } from '../../../src/adapters/dockerode/buildkit-trace.ts';

const message = (field: number, bytes: readonly number[]): number[] => {
  const size = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return [field * 8 + 2, ...size, ...bytes];
};
const text = (field: number, value: string): number[] => message(field, [...Buffer.from(value)]);

describe('messages of BuildKit', () => {
  it('name steps that begin and that fail, and what they print', () => {
    const long = 'x'.repeat(300);
    const started = message(5, [8, 1, 16, 2]);
    const trace = [
      ...message(1, [...text(1, 'sha256:1'), ...text(2, 'sha256:0'), ...text(3, '[1/2] FROM a'), 32, 1]),
      ...message(1, [
        ...text(1, 'sha256:2'),
        ...text(3, '[2/2] RUN b'),
        ...started,
        ...text(7, 'exit code: 1'),
      ]),
      ...message(2, text(1, 'status')),
      ...message(3, [...text(1, 'sha256:2'), 24, 1, ...text(4, `${long}\n`)]),
      125,
      1,
      2,
      3,
      4,
      113,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      ...message(3, text(4, 'last')),
    ];
    expect(readTrace(Buffer.from(trace))).toEqual({
      vertexes: [
        { digest: 'sha256:1', name: '[1/2] FROM a', started: false, error: '' },
        { digest: 'sha256:2', name: '[2/2] RUN b', started: true, error: 'exit code: 1' },
      ],
      logs: [`${long}\n`, 'last'],
    });
  });

  it('that an engine sent', () => {
    const sent =
      'CooBCkdzaGEyNTY6MmZiNjZhMTI4YTM1YThhNDA1YzczMDRkM2ZhMzI3ZWZkMjcyMTBmZDg0OTQ3YWRkMmQ3M2UyYzQ3ZDQ5N2U2ZhokW2ludGVybmFsXSBsb2FkIHJlbW90ZSBidWlsZCBjb250ZXh0KgwIvaK42AYQz5uX0gMyCwi+orjYBhCkgrIH';
    expect(readTrace(Buffer.from(sent, 'base64'))).toEqual({
      vertexes: [
        {
          digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          name: '[internal] load remote build context',
          started: true,
          error: '',
        },
      ],
      logs: [],
    });
  });

  it('that are cut off end with their last whole field', () => {
    const whole = Buffer.from([...message(3, text(4, 'first')), ...message(3, text(4, 'second'))]);
    expect(readTrace(whole.subarray(0, -1)).logs).toEqual(['first']);
    expect(readTrace(Buffer.alloc(0))).toEqual({ vertexes: [], logs: [] });
    expect(readTrace(Buffer.from([0x0f, 1, 2])).logs).toEqual([]);
  });
});
