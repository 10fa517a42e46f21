import { describe, expect, it } from 'vitest';
import { FINDINGS } from '../../../src/doctor/catalogue.ts';
import { describeFix, diagnose, type Diagnosis, fixesOf } from '../../../src/doctor/diagnose.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import type { HostFactKey, HostFacts } from '../../../src/ports/host-facts.ts';
import { oddWording, oddWords } from '../../support/plain-words.ts';
import { punctuationFaults } from '../../support/punctuation.ts';
import { ABOUT, factsWith } from './healthy.ts';
import { HARMLESS } from './harmless.ts';
import type { Injection } from './injection.ts';
import { INJECTIONS } from './injections.ts';

const nameOf = ({ id, case: inside }: Finding): string => (inside === undefined ? id : `${id}[${inside}]`);

const diagnosisOf = ({ facts, about }: Pick<Injection, 'facts' | 'about'>): Diagnosis =>
  diagnose(factsWith(facts), { ...ABOUT, ...about });

/** Any remedy, or none, where an injection names none. */
const fits = (run: string | RegExp | undefined, remedy: string): boolean =>
  run instanceof RegExp ? run.test(remedy) : run === undefined || remedy === run;

const bad = ({ findings }: Diagnosis): readonly string[] =>
  findings.filter(({ state }) => !['ok', 'skip'].includes(state)).map(nameOf);

describe('a healthy machine', () => {
  const healthy = diagnose(factsWith(), ABOUT);

  it('has no finding, and every assertion is judged', () => {
    expect(bad(healthy)).toEqual([]);
    expect(healthy.summary).toMatchObject({ warn: 0, fatal: 0, unknown: 0, exitCode: 0 });
    const judged = new Set(healthy.findings.filter(({ state }) => state === 'ok').map(({ id }) => id));
    expect(FINDINGS.filter(({ id }) => !judged.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it.each(HARMLESS)('stays healthy with $cause', ({ ok, seen, ...injection }) => {
    const diagnosis = diagnosisOf(injection);
    expect(bad(diagnosis)).toEqual([]);
    const finding = diagnosis.findings.find((one) => nameOf(one) === ok);
    expect(finding).toMatchObject({ state: 'ok', seen: expect.stringMatching(seen) });
  });
});

describe('an injected cause', () => {
  it.each(INJECTIONS)('$cause', ({ finds, ...injection }) => {
    const diagnosis = diagnosisOf(injection);
    const wanted = finds.filter(({ state }) => !['ok', 'skip'].includes(state)).map(({ id }) => id);
    expect(new Set(bad(diagnosis))).toEqual(new Set(wanted));
    for (const { id, state, code, seen, run, fix } of finds) {
      const finding = diagnosis.findings.find((one) => nameOf(one) === id);
      expect(finding).toMatchObject({ state, seen: expect.stringMatching(seen) });
      expect(finding?.code).toBe(code);
      expect(finding?.remedies.filter((remedy) => fits(run, remedy))).not.toEqual(
        run === undefined ? undefined : [],
      );
      expect(finding?.fix === undefined ? undefined : describeFix(finding.fix)).toBe(fix);
    }
    expect(diagnosis.summary.exitCode).toBe(finds.some(({ state }) => state === 'fatal') ? 3 : 0);
  });

  it('is there for every finding, at its worst', () => {
    const injected = (state: string): ReadonlySet<string> =>
      new Set(
        INJECTIONS.flatMap(({ finds }) => finds.filter((one) => one.state === state)).map(
          ({ id }) => id.split('[')[0] ?? id,
        ),
      );
    for (const worst of ['warn', 'fatal'] as const)
      expect(
        FINDINGS.filter((kind) => kind.worst === worst && !injected(worst).has(kind.id)).map(({ id }) => id),
      ).toEqual([]);
    const most = FINDINGS.filter(({ worst }) => worst === 'warn').map(({ id }) => id);
    expect(most.filter((id) => injected('fatal').has(id))).toEqual([]);
  });

  it('comes with a repair, in words that are well put', () => {
    const findings = INJECTIONS.flatMap((one) => diagnosisOf(one).findings);
    const found = findings.filter(({ state }) => state === 'warn' || state === 'fatal');
    expect(found.filter(({ remedies }) => remedies.length === 0).map(nameOf)).toEqual([]);
    const texts = new Set(findings.flatMap(({ title, why, seen }) => [title, why, seen]));
    expect(
      [...texts].flatMap((text) => [...punctuationFaults(text), ...oddWords(text), ...oddWording(text)]),
    ).toEqual([]);
  });

  it('never shows the credentials of a proxy', () => {
    const shown = JSON.stringify(INJECTIONS.map((one) => diagnosisOf(one)));
    expect(shown).not.toContain('secret');
  });
});

/** The findings that need a fact; each of them is unknown without it, and no other one is. */
const NEEDS: Readonly<Record<HostFactKey, readonly string[]>> = {
  machine: [
    'MD-HOST-002',
    'MD-HOST-012',
    'MD-HOST-005[open-files]',
    'MD-HOST-025',
    'MD-HOST-026',
    'MD-HOST-008[node]',
    'MD-HOST-008[docker]',
  ],
  engineAnswer: ['MD-HOST-001'],
  engine: [
    'MD-HOST-014',
    'MD-HOST-015',
    'MD-HOST-002',
    'MD-HOST-003',
    'MD-HOST-016',
    'MD-HOST-017',
    'MD-HOST-018',
    'MD-HOST-004',
    'MD-HOST-007',
    'MD-HOST-011',
  ],
  containers: [],
  networks: ['MD-HOST-018', 'MD-HOST-007'],
  routes: ['MD-HOST-007', 'MD-HOST-024'],
  links: ['MD-HOST-024'],
  places: ['MD-HOST-019', 'MD-HOST-020', 'MD-HOST-012'],
  inotify: ['MD-HOST-005[inotify-instances]', 'MD-HOST-005[inotify-watches]'],
  port: ['MD-HOST-006'],
  names: ['MD-HOST-021'],
  clock: ['MD-HOST-022'],
  timeSync: ['MD-HOST-023'],
  modules: ['MD-HOST-009'],
  lost: ['MD-HOST-013'],
  lab: ['MD-HOST-008[meshdev]', 'MD-HOST-008[istioctl]'],
  trust: ['MD-HOST-027'],
};

describe('a fact that could not be read', () => {
  const without = (key: string, fact: HostFacts['machine']): Diagnosis =>
    diagnose({ ...factsWith(), [key]: fact }, ABOUT);

  it.each(Object.entries(NEEDS))(
    '%s makes what needs it unknown, with the reason, and nothing else',
    (key, ids) => {
      const diagnosis = without(key, { kind: 'unknown', because: 'EIO' });
      expect(bad(diagnosis)).toEqual(ids);
      const reasons = diagnosis.findings.filter(({ state }) => state === 'unknown').map(({ seen }) => seen);
      expect(reasons.every((reason) => reason === 'EIO')).toBe(true);
      expect(diagnosis.summary).toMatchObject({ unknown: ids.length, exitCode: 0 });
    },
  );

  it.each(Object.entries(NEEDS))('%s that there is none of is skipped', (key, ids) => {
    const diagnosis = without(key, { kind: 'absent', because: 'none here' });
    const skipped = diagnosis.findings.filter(({ seen }) => seen === 'none here');
    expect(skipped.map(nameOf)).toEqual(ids);
    expect(skipped.every(({ state }) => state === 'skip')).toBe(true);
  });
});

describe('the changes of --fix', () => {
  const lost = INJECTIONS.find(({ cause }) => cause === 'a lab whose state directory is lost');
  const inotify = INJECTIONS.find(({ cause }) => cause === 'few inotify instances');
  const diagnosis = diagnosisOf({ facts: { ...lost?.facts, ...inotify?.facts } });

  it('set limits of the kernel only as root', () => {
    expect(fixesOf(diagnosis, 0).map(({ kind }) => kind)).toEqual(['sysctl', 'remove-lab']);
    expect(fixesOf(diagnosis, 1000)).toEqual([{ kind: 'remove-lab', lab: 'old' }]);
  });

  it('do not remove a lab of which nothing records whose it is', () => {
    const unmarked = INJECTIONS.find(({ cause }) => cause.includes('nothing records'));
    expect(unmarked?.finds).toHaveLength(1);
    expect(fixesOf(diagnosisOf({ facts: unmarked?.facts ?? {} }), 0)).toEqual([]);
  });
});

it('ids are unique', () => {
  const ids = FINDINGS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});
