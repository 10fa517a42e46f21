import { describe, expect, it } from 'vitest';
import { taskShapes } from '../../../src/images/packages/build-all.ts';
import { trackProgress } from '../../../src/images/packages/progress.ts';
import { stage } from './stages-fixture.ts';

describe('the progress line', () => {
  it('names the stages at work, the time and what remains', () => {
    let now = 0;
    const stages = [
      stage('kind', { slot: 'cpu', seconds: 15 }),
      stage('kubernetes', { slot: 'cpu', seconds: 285 }),
      stage('rootfs', { seconds: 40 }),
    ];
    const progress = trackProgress(taskShapes(stages), () => now);
    progress.started('kind');
    progress.finished('kind');
    progress.started('kubernetes');
    progress.started('rootfs');
    now = 35_000;
    expect(progress.line()).toBe('stage 2/3 kubernetes, rootfs · 35 s · about 250 s remain');
  });

  it('counts a stage and its downloads once', () => {
    const progress = trackProgress(
      taskShapes([stage('kind', { slot: 'cpu', seconds: 15, fetches: true })]),
      () => 0,
    );
    progress.started('kind:fetch');
    expect(progress.line()).toBe('stage 1/1 kind · 0 s · about 25 s remain');
  });
});
