import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logLines } from '../../../src/adapters/dockerode/logs.ts';
import { demux, type Frame } from '../../../src/adapters/dockerode/stream.ts';

const mux = ({ stream, data }: Frame): Buffer => {
  const header = Buffer.from([stream === 'stdout' ? 1 : 2, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
};
const anyFrame = fc.record({
  stream: fc.constantFrom('stdout' as const, 'stderr' as const),
  data: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
});

describe('demux', () => {
  it('gives back every frame, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.array(anyFrame), (frames) => {
        expect(demux(Buffer.concat(frames.map(mux)))).toEqual(frames);
      }),
    );
  });

  it('keeps what came of a frame that was cut off', () => {
    const cut = mux({ stream: 'stdout', data: Buffer.from('whole') }).subarray(0, 11);
    expect(demux(cut).map(({ data }) => data.toString())).toEqual(['who']);
    expect(demux(cut.subarray(0, 5))).toEqual([]);
  });
});

describe('logLines', () => {
  const frame = (stream: Frame['stream'], text: string): Frame => ({ stream, data: Buffer.from(text) });

  it('splits stamp and text, in the order written', () => {
    expect(
      logLines([frame('stdout', 'T1 one\n'), frame('stderr', 'T2 two words\n'), frame('stdout', 'T3 \n')]),
    ).toEqual([
      { stream: 'stdout', at: 'T1', text: 'one' },
      { stream: 'stderr', at: 'T2', text: 'two words' },
      { stream: 'stdout', at: 'T3', text: '' },
    ]);
  });

  it('joins the parts of a long line, also around the other stream', () => {
    const frames = [
      frame('stdout', 'T1 aaa'),
      frame('stderr', 'T2 err\n'),
      frame('stdout', 'T3 bbb'),
      frame('stdout', 'T4 ccc\n'),
    ];
    expect(logLines(frames)).toEqual([
      { stream: 'stderr', at: 'T2', text: 'err' },
      { stream: 'stdout', at: 'T1', text: 'aaabbbccc' },
    ]);
  });

  it('shows a line that is still being written', () => {
    expect(logLines([frame('stdout', 'T1 prompt>')])).toEqual([
      { stream: 'stdout', at: 'T1', text: 'prompt>' },
    ]);
  });

  it('reads the unframed log of a terminal', () => {
    expect(logLines([frame('stdout', 'T1 one\r\nT2 two\r\n')]).map((line) => line.text)).toEqual([
      'one',
      'two',
    ]);
  });
});
