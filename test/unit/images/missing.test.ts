import { describe, expect, it } from 'vitest';
import { missingStages } from '../../../src/images/packages/missing.ts';
import { stage } from './stages-fixture.ts';

const stages = [
  stage('go'),
  stage('rootfs'),
  stage('image', { needs: ['go', 'rootfs'] }),
  stage('guest', { needs: ['image'] }),
  stage('tool'),
];

const missing = (targets: readonly string[], there: readonly string[]): readonly string[] =>
  missingStages(stages, targets, (id) => there.includes(id)).map((one) => one.id);

describe('what must be made', () => {
  it('is everything below a target when nothing is there', () => {
    expect(missing(['guest'], [])).toEqual(['go', 'rootfs', 'image', 'guest']);
  });

  it('is only the target when what it needs is there', () => {
    expect(missing(['guest'], ['image'])).toEqual(['guest']);
  });

  it('leaves out what only a finished stage would need', () => {
    expect(missing(['guest', 'tool'], ['guest'])).toEqual(['tool']);
  });

  it('is nothing without targets', () => {
    expect(missing([], [])).toEqual([]);
  });
});
