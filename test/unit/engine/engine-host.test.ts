import { describe, expect, it } from 'vitest';
import { parseCapabilityBounds, parseOsRelease } from '../../../src/engine/engine-host.ts';
import { pickLastWords } from '../../../src/engine/last-words.ts';
import { isRunning, parseProcess } from '../../../src/engine/process-identity.ts';

describe('parseOsRelease', () => {
  it('reads quoted and bare values', () => {
    const ubuntu =
      'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n# comment\n';
    expect(parseOsRelease(ubuntu)).toEqual({
      id: 'ubuntu',
      like: ['debian'],
      version: 24.04,
      name: 'Ubuntu 24.04.1 LTS',
    });
  });
  it('does without', () => {
    expect(parseOsRelease('')).toEqual({
      id: 'unknown',
      like: [],
      version: undefined,
      name: 'an unknown system',
    });
  });
});

describe('parseCapabilityBounds', () => {
  it('reads the bounding set', () => {
    expect(parseCapabilityBounds('CapEff:\t0\nCapBnd:\t000001fffeffffff\n')).toBe(0x1fffeffffffn);
    expect(parseCapabilityBounds('')).toBeUndefined();
  });
});

describe('parseProcess', () => {
  const fields = 'S 1 9517 9517 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 17 0 154966 1493877760 18941';
  it('finds the start time behind names with brackets and spaces', () => {
    expect(parseProcess(9, `9 (tmux: (a) b) ${fields}`, 'dockerd\0--host\0unix:///x\0')).toEqual({
      pid: 9,
      startTicks: 154_966,
      name: 'tmux: (a) b',
      state: 'S',
      argv: ['dockerd', '--host', 'unix:///x'],
      parent: 1,
      session: 9517,
    });
  });
  it('takes a zombie for ended', () => {
    expect(isRunning(parseProcess(9, `9 (x) ${fields}`, ''))).toBe(true);
    expect(isRunning(parseProcess(9, `9 (x) ${fields.replace('S', 'Z')}`, ''))).toBe(false);
    expect(isRunning(undefined)).toBe(false);
  });
  it('refuses what is not a stat line', () => {
    expect(parseProcess(9, 'nonsense', '')).toBeUndefined();
  });
});

describe('pickLastWords', () => {
  it('prefers what was above info', () => {
    const log =
      'time=1 level=info msg=a\ntime=2 level=warning msg=b\nfailed to start daemon: no\ntime=3 level=info msg=c\n';
    expect(pickLastWords(log)).toBe('time=2 level=warning msg=b\nfailed to start daemon: no');
  });
  it('else the last line, else nothing', () => {
    expect(pickLastWords('level=info a\nlevel=info b\n')).toBe('level=info b');
    expect(pickLastWords('\n')).toBeUndefined();
  });
});
