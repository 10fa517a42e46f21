import { describe, expect, it } from 'vitest';
import { judgeSpace } from '../../../src/images/packages/disk.ts';

const need = (purpose: string, path: string, gigabytes: number, device = 1, free = 10) => ({
  purpose,
  path,
  bytes: gigabytes * 1e9,
  device,
  available: free * 1e9,
});

describe('free disk', () => {
  it('is enough when every file system holds what goes to it', () => {
    expect(
      judgeSpace([need('the stages', '/cache', 8), need('the engine', '/var/lib/docker', 8, 2)]),
    ).toBeUndefined();
  });

  it('is judged together for paths of one file system', () => {
    const problem = judgeSpace([need('the stages', '/cache', 6), need('the engine', '/var/lib/docker', 5)]);
    expect(problem?.code).toBe('DISK_FULL');
    expect(problem?.message).toContain('needs 11.0 GB, and the disk has 10.0 GB free');
    expect(problem?.message).toContain(
      '6.0 GB for the stages in /cache, 5.0 GB for the engine in /var/lib/docker',
    );
    expect(problem?.remedies[0]).toBe('meshdev images prune');
  });

  it('finds the file system that is full among several', () => {
    const problem = judgeSpace([need('the stages', '/cache', 1), need('the engine', '/docker', 5, 2, 4)]);
    expect(problem?.details).toMatchObject({ needed: 5e9, available: 4e9, paths: ['/docker'] });
  });

  it('does not matter when nothing is written', () => {
    expect(judgeSpace([need('the stages', '/cache', 0, 1, 0)])).toBeUndefined();
  });
});
