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
    now = 15_000;
    progress.finished('kind');
    progress.started('kubernetes');
    progress.started('rootfs');
    now = 50_000;
    expect(progress.line()).toBe('stage 2/3 kubernetes, rootfs · 50 s · about 250 s remain');
  });

  describe('learns how much longer than thought this machine takes', () => {
    const stages = ['kind', 'kubernetes', 'istio'].map((id) => stage(id, { slot: 'cpu', seconds: 100 }));
    const begun = () => {
      const clock = { now: 0 };
      return { clock, progress: trackProgress(taskShapes(stages), () => clock.now) };
    };

    it('from what is done', () => {
      const { clock, progress } = begun();
      progress.started('kind');
      clock.now = 260_000;
      progress.finished('kind');
      progress.started('kubernetes');
      expect(progress.line()).toBe('stage 2/3 kubernetes · 260 s · about 400 s remain');
    });

    it('from what runs longer than thought, and from nothing that does not', () => {
      const { clock, progress } = begun();
      progress.started('kind');
      clock.now = 100_000;
      expect(progress.line()).toBe('stage 1/3 kind · 100 s · about 200 s remain');
      clock.now = 260_000;
      expect(progress.line()).toBe('stage 1/3 kind · 260 s · about 400 s remain');
    });

    it('apart for what computes and for what waits', () => {
      let now = 0;
      const mixed = [
        stage('fetched', { seconds: 100 }),
        stage('rootfs', { seconds: 100, needs: ['fetched'] }),
        stage('kind', { slot: 'cpu', seconds: 300 }),
      ];
      const progress = trackProgress(taskShapes(mixed), () => now);
      progress.started('fetched');
      now = 260_000;
      progress.finished('fetched');
      progress.started('kind');
      expect(progress.line()).toBe('stage 2/3 kind · 260 s · about 300 s remain');
    });
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
