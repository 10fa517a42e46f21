import { describe, expect, it } from 'vitest';
import { joinParts } from '../../../src/probe/requests/pod-logs.ts';

function read(...written: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const take = joinParts((line) => lines.push(line));
  for (const each of written) take(each);
  return lines;
}

describe('lines of a container runtime', () => {
  it('are the container’s own, blanks kept', () => {
    expect(read('2026-01-02T03:04:05.6Z stdout F {"a": 1} ', '2026-01-02T03:04:05.7Z stderr F ')).toEqual([
      '{"a": 1} ',
      '',
    ]);
  });

  it('are put together from their parts, stream by stream', () => {
    expect(
      read('t stdout P one ', 't stderr P other ', 't stdout P line ', 't stderr F line', 't stdout F here'),
    ).toEqual(['other line', 'one line here']);
  });

  it('are nothing where the runtime wrote something else', () => {
    expect(read('', 'no line of a runtime', 't elsewhere F text')).toEqual([]);
  });
});
