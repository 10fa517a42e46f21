import { describe, expect, it } from 'vitest';
import { readSearch } from '../../../src/probe/exposure/node-log-search.ts';

const APP = 'apps_httpbin-1_0f0f/app';

describe('what the search in the node says', () => {
  it('becomes logs with their lines and sizes, without the runtime’s own words', () => {
    const output = [
      `${APP}\t2026-03-01T12:00:00.5Z stdout F GET /eyJx`,
      `=${APP}\t4096`,
      `=journal\t12`,
    ].join('\n');
    expect(readSearch(output)).toEqual([
      {
        log: { namespace: 'apps', pod: 'httpbin-1', container: 'app' },
        bytes: 4096,
        lines: [{ at: '2026-03-01T12:00:00.5Z', text: 'GET /eyJx' }],
      },
      { log: 'journal', bytes: 12, lines: [] },
    ]);
  });

  it('takes lines of the journal as they are', () => {
    const line = '2026-03-01T12:00:00+0000 node kubelet[1]: eyJ\twith a tab';
    expect(readSearch(`journal\t${line}\n=journal\t1`)[0]?.lines).toEqual([
      { at: '2026-03-01T12:00:00+0000', text: line },
    ]);
  });
});
