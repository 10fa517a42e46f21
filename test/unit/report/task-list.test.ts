import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTaskList } from '../../../src/report/task-list.ts';
import { planned, sampleEvents } from './events.ts';

const steps = ['network', 'cluster', 'edge'].map(planned);

describe('createTaskList', () => {
  beforeEach(() => {
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation(() => true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('follows a run to its end, failed and unstarted steps included, and never throws for them', async () => {
    const list = createTaskList(steps);
    for (const event of sampleEvents()) list.emit(event);
    await expect(list.finish()).resolves.toBeUndefined();
  });

  it('ends although nothing more comes', async () => {
    const list = createTaskList(steps);
    list.emit({ kind: 'step-started', step: planned('network') });
    await expect(list.finish()).resolves.toBeUndefined();
  });

  it('passes over steps that it does not show', async () => {
    const list = createTaskList([]);
    for (const event of sampleEvents()) list.emit(event);
    await expect(list.finish()).resolves.toBeUndefined();
  });

  it('leaves signals to the program', async () => {
    const before = process.listenerCount('SIGINT');
    const list = createTaskList(steps);
    expect(process.listenerCount('SIGINT')).toBe(before);
    await list.finish();
  });
});
