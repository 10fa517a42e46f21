import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTaskList } from '../../../src/report/task-list.ts';
import { planned, sampleEvents } from './events.ts';

const steps = ['network', 'cluster', 'edge'].map(planned);

describe('createTaskList', () => {
  const written = { out: '', err: '' };
  const listen = (stream: NodeJS.WriteStream, name: keyof typeof written): void => {
    written[name] = '';
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written[name] += String(chunk);
      return true;
    });
  };
  beforeEach(() => {
    listen(process.stdout, 'out');
    listen(process.stderr, 'err');
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('follows a run to its end, failed and unstarted steps included, and never throws for them', async () => {
    const list = createTaskList(steps, process.stderr);
    for (const event of sampleEvents()) list.emit(event);
    await expect(list.finish()).resolves.toBeUndefined();
  });

  it('ends each step with its name and what became of it, on stderr alone', async () => {
    const list = createTaskList(steps, process.stderr);
    for (const event of sampleEvents()) list.emit(event);
    await list.finish();
    const last = stripVTControlCharacters(written.err);
    expect(last).toMatch(/^✔ create {3}the network \(1\.2 s\): no network$/m);
    expect(last).toMatch(/^✖ create {3}the cluster: no cluster$/m);
    expect(last).toMatch(/^↓ the edge: not started, cluster is not there$/m);
    expect(written.out).toBe('');
  });

  it('ends although nothing more comes', async () => {
    const list = createTaskList(steps, process.stderr);
    list.emit({ kind: 'step-started', step: planned('network') });
    await expect(list.finish()).resolves.toBeUndefined();
  });

  it('passes over steps that it does not show', async () => {
    const list = createTaskList([], process.stderr);
    for (const event of sampleEvents()) list.emit(event);
    await expect(list.finish()).resolves.toBeUndefined();
  });

  it('leaves signals to the program', async () => {
    const before = process.listenerCount('SIGINT');
    const list = createTaskList(steps, process.stderr);
    expect(process.listenerCount('SIGINT')).toBe(before);
    await list.finish();
  });
});
