import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { type AnyCheck, defineCheck, fail, pass, unknown } from '../../../src/checks/check.ts';
import type { EvidenceKey } from '../../../src/evidence/evidence-map.ts';
import type { Collect } from '../../../src/evidence/collect.ts';
import { runChecks, type RunChecksOptions } from '../../../src/checks/run-checks.ts';
import { select } from '../../../src/checks/select.ts';
import { type CheckResult, type Verdict, worstOf } from '../../../src/checks/verdict.ts';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { NOW } from '../../support/certificates.ts';

const lab = createLab(DEFAULT_CHOICE);
const healthy = healthyEvidence(lab, await makeMaterial(lab));
const collect: Collect = async (key) => healthy[key];

async function run(
  checks: readonly AnyCheck[],
  options: Partial<RunChecksOptions> = {},
): Promise<readonly CheckResult[]> {
  const given = { lab, collect, now: () => NOW, interrupted: () => false as const };
  return (await runChecks(checks, { ...given, ...options })).checks;
}

function made(id: AnyCheck['id'], verdict: Verdict, more: Partial<AnyCheck> = {}): AnyCheck {
  const check = defineCheck({
    id,
    title: id,
    impact: 'nothing',
    hint: 'nowhere',
    hop: 'client->edge',
    polarity: 'positive',
    blocking: false,
    evidence: ['listeners'],
    judge: () => verdict,
  });
  return { ...check, ...more };
}

const negative = (verdict: Verdict, control?: AnyCheck['id']): AnyCheck =>
  made('MD-TEST-900', verdict, { polarity: 'negative', ...(control === undefined ? {} : { control }) });

const kinds = (results: readonly CheckResult[]) =>
  results.map(({ verdict }) => ('code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind));

describe('evidence', () => {
  it('is asked for once, however many checks want it', async () => {
    const asked: EvidenceKey[] = [];
    const counting: Collect = async (key) => {
      asked.push(key);
      return healthy[key];
    };
    await run(CATALOGUE, { collect: counting });
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
  });

  it.each(CATALOGUE.flatMap(({ evidence }) => evidence).filter((key, at, all) => all.indexOf(key) === at))(
    '%s that cannot be had makes its checks unknown, never failed, and no other check red',
    async (lost) => {
      const failing: Collect = async (key) => {
        if (key === lost) throw new MeshdevError('STEP_FAILED', { message: 'the probe is gone' });
        return healthy[key];
      };
      const results = await run(CATALOGUE, { collect: failing });
      const blind = ({ id, control, evidence }: AnyCheck): boolean =>
        evidence.includes(lost) ||
        results.some((one) => one.id === control && one.id !== id && one.verdict.kind === 'unknown');
      const wanted = CATALOGUE.map((check) => [check.id, blind(check) ? 'unknown' : 'pass']);
      const kindOf = (id: string) =>
        worstOf(results.filter((one) => one.id === id).map((one) => one.verdict.kind));
      expect(CATALOGUE.map(({ id }) => [id, kindOf(id)])).toEqual(wanted);
    },
  );

  it('says which evidence is missing and why', async () => {
    const [result] = await run(select(CATALOGUE, ['MD-EXPO-001']), {
      collect: async () => Promise.reject(new Error('the engine is gone')),
    });
    expect(result?.verdict).toMatchObject({
      code: 'EVIDENCE_MISSING',
      message: 'no evidence: listeners: the engine is gone',
    });
  });

  it('that a judge cannot read makes that check unknown and leaves the others', async () => {
    const broken = {
      ...made('MD-TEST-001', pass()),
      judge: (): Verdict => {
        throw new Error('not a certificate');
      },
    };
    expect(kinds(await run([broken, made('MD-TEST-002', pass())]))).toEqual([
      'unknown EVIDENCE_UNREADABLE',
      'pass',
    ]);
  });
});

describe('a negative', () => {
  const control = (verdict: Verdict) => made('MD-TEST-001', verdict);
  const accepted = fail('JWT_UNSIGNED_ACCEPTED', 'it reached the app');
  const elsewhere = fail('REFUSED_ELSEWHERE', 'the edge refused');
  const otherwise = fail('REFUSED_FOR_OTHER_REASON', 'a reset');
  const reds = [
    fail('EDGE_NOT_SERVING', ''),
    unknown('TIMED_OUT', ''),
    { kind: 'skip', because: 'x' },
  ] as const;

  it.each(reds)('proves nothing while its control is $kind', async (red) => {
    for (const verdict of [pass(), elsewhere, otherwise]) {
      const [result] = await run([negative(verdict, 'MD-TEST-001'), control(red)]);
      expect(result?.verdict).toMatchObject({ kind: 'unknown', code: 'CONTROL_NOT_GREEN' });
    }
  });

  it.each(reds)('that was accepted fails even when its control is $kind', async (red) => {
    const [result] = await run([negative(accepted, 'MD-TEST-001'), control(red)]);
    expect(result?.verdict).toEqual(accepted);
  });

  it('keeps its verdict when its control is green', async () => {
    for (const verdict of [pass(), accepted, elsewhere, unknown('TIMED_OUT', '')]) {
      const [result] = await run([negative(verdict, 'MD-TEST-001'), control(pass())]);
      expect(result?.verdict).toEqual(verdict);
    }
  });

  it('proves nothing when its control was not judged, or is not named', async () => {
    expect(kinds(await run([negative(pass(), 'MD-TEST-001')]))).toEqual(['unknown CONTROL_NOT_JUDGED']);
    expect(kinds(await run([negative(pass())]))).toEqual(['unknown CONTROL_NOT_JUDGED']);
  });
});

describe('a blocking check that failed', () => {
  const gate = made('MD-TEST-002', fail('EDGE_NOT_SERVING', 'down'), { blocking: true });

  it('skips what is green on its hop, explains what is unknown behind it, and claims nothing of other hops', async () => {
    const results = await run([
      made('MD-TEST-001', pass()),
      gate,
      made('MD-TEST-003', unknown('NO_CERTIFICATE', '')),
      made('MD-TEST-004', fail('EDGE_ALPN', '')),
      made('MD-TEST-005', pass(), { hop: 'lab' }),
    ]);
    expect(kinds(results)).toEqual([
      'skip',
      'fail EDGE_NOT_SERVING',
      'unknown BEHIND_BROKEN_LINK',
      'fail EDGE_ALPN',
      'pass',
    ]);
    expect(results[0]?.verdict).toEqual({ kind: 'skip', because: 'MD-TEST-002 failed on this hop' });
  });

  it('does not hide another blocking check', async () => {
    expect(kinds(await run([gate, made('MD-TEST-003', pass(), { blocking: true })]))).toEqual([
      'fail EDGE_NOT_SERVING',
      'pass',
    ]);
  });

  it('is named by the smallest id, whatever the order', async () => {
    const second = made('MD-TEST-003', fail('CERT_EXPIRED', ''), { blocking: true });
    const rest = made('MD-TEST-004', pass());
    for (const checks of [
      [gate, second, rest],
      [rest, second, gate],
    ]) {
      const skipped = (await run(checks)).find(({ id }) => id === rest.id);
      expect(skipped?.verdict).toEqual({ kind: 'skip', because: 'MD-TEST-002 failed on this hop' });
    }
  });

  it('skips nothing while it is only unknown', async () => {
    const unsure = made('MD-TEST-002', unknown('TIMED_OUT', ''), { blocking: true });
    expect(kinds(await run([unsure, made('MD-TEST-003', pass())]))).toEqual(['unknown TIMED_OUT', 'pass']);
  });
});

describe('the exit code', () => {
  const codeOf = async (...verdicts: readonly Verdict[]): Promise<number> => {
    const checks = verdicts.map((verdict, at) => made(`MD-TEST-${at}`, verdict));
    const options = { lab, collect, now: () => NOW, interrupted: () => false as const };
    return (await runChecks(checks, options)).summary.exitCode;
  };

  it('is 0 for green, 1 when something failed, 6 when something stayed unknown and nothing failed', async () => {
    const red = fail('EDGE_ALPN', '');
    expect(await codeOf(pass())).toBe(0);
    expect(await codeOf(pass(), { kind: 'skip', because: 'x' })).toBe(0);
    expect(await codeOf(pass(), red)).toBe(1);
    expect(await codeOf(pass(), red, unknown('TIMED_OUT', ''))).toBe(1);
    expect(await codeOf(pass(), unknown('TIMED_OUT', ''))).toBe(6);
  });

  it('is 6 for a run that judged nothing', async () => {
    expect(await codeOf()).toBe(6);
    expect(await codeOf({ kind: 'skip', because: 'x' })).toBe(6);
  });
});

describe('a run that is over', () => {
  const red = made('MD-TEST-001', fail('EDGE_ALPN', 'cut off'));

  it('holds nothing against anybody that came after it was interrupted, and has the code of the signal', async () => {
    const options = { lab, collect, now: () => NOW, interrupted: () => 130 as const, isOver: () => true };
    const report = await runChecks([red], options);
    expect(kinds(report.checks)).toEqual(['unknown INTERRUPTED']);
    expect(report).toMatchObject({ interrupted: true, summary: { exitCode: 130 } });
  });

  it('nor after its deadline', async () => {
    expect(kinds(await run([red], { isOver: () => true }))).toEqual(['unknown TIMED_OUT']);
  });

  it('keeps what was judged before', async () => {
    const over = { now: false };
    const late = Promise.withResolvers<void>();
    const slow: Collect = async (key) => {
      if (key === 'names') await late.promise;
      return healthy[key];
    };
    const running = runChecks([red, made('MD-TEST-002', pass(), { evidence: ['names'] })], {
      lab,
      collect: slow,
      now: () => NOW,
      interrupted: () => over.now && 143,
      progress: ({ judged }) => {
        if (judged !== 1) return;
        over.now = true;
        late.resolve();
      },
    });
    const { checks, summary } = await running;
    expect(kinds(checks)).toEqual(['fail EDGE_ALPN', 'unknown INTERRUPTED']);
    expect(summary).toMatchObject({ fail: 1, exitCode: 143 });
  });
});

describe('progress', () => {
  it('begins at none of all, counts each check once, and says which hops are open', async () => {
    const seen: string[] = [];
    await run([made('MD-TEST-001', pass()), made('MD-TEST-002', pass(), { hop: 'lab' })], {
      progress: ({ judged, checks, open }) =>
        seen.push(`${judged}/${checks} ${[...open].map((entry) => entry.join(' ')).join(', ')}`),
    });
    expect(seen[0]).toBe('0/2 client->edge 1, lab 1');
    expect(seen.at(-1)).toBe('2/2 ');
    expect(seen).toHaveLength(3);
  });
});

describe('remedies', () => {
  it('name a lab that is not the default one', async () => {
    const red = fail('EDGE_ALPN', '', ['meshdev up', 'meshdev kubectl get pods']);
    const other = createLab({ ...DEFAULT_CHOICE, name: 'blue' });
    const [result] = await run([made('MD-TEST-001', red)], { lab: other });
    expect(result?.verdict).toMatchObject({
      remedies: ['meshdev up --name blue', 'meshdev kubectl --name blue get pods'],
    });
    expect((await run([made('MD-TEST-001', red)]))[0]?.verdict).toEqual(red);
  });
});

describe('behind a blocking check that failed', () => {
  const gate = made('MD-TEST-001', fail('WRK_CHAIN_BROKEN', 'x'), { blocking: true });

  it('what was green is skipped, and a warning stays: it may name the cause', async () => {
    const warning: Verdict = { kind: 'warn', code: 'DRIFT_FOREIGN_OBJECT', message: 'x', remedies: [] };
    const results = await run([gate, made('MD-TEST-002', pass()), made('MD-TEST-003', warning)]);
    expect(kinds(results)).toEqual(['fail WRK_CHAIN_BROKEN', 'skip', 'warn DRIFT_FOREIGN_OBJECT']);
  });
});
