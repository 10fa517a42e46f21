import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { type CheckReport, nameOf } from '../../../src/checks/verdict.ts';
import { ISSUER_SERVERS_UNSHOWN } from '../../../src/probe/certificates/verifiers.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { NOW } from '../../support/certificates.ts';
import { healthyEvidence, makeMaterial } from '../../support/healthy-evidence.ts';
import { besideRows } from './rows-beside.ts';
import { judge, redsOf, type Row, uncontrolled } from './expected.ts';
import { deliveryRows } from './rows-delivery.ts';
import { rotationRows } from './rows-rotation.ts';
import { accessRows } from './rows-access.ts';
import { corpusRows } from './rows-corpora.ts';
import { certificateRows } from './rows-certificates.ts';
import { edgeRows } from './rows-edge.ts';
import { exposureRows } from './rows-exposure.ts';
import { gatewayRows } from './rows-gateway.ts';
import { identityRows } from './rows-identity.ts';
import { loginRows } from './rows-login.ts';
import { meshRows } from './rows-mesh.ts';
import { policyRows } from './rows-policy.ts';
import { proxyRows } from './rows-proxies.ts';
import { partRows } from './rows-parts.ts';
import { tokenRows } from './rows-tokens.ts';

const lab = createLab(DEFAULT_CHOICE);
const material = await makeMaterial(lab);
const healthy = healthyEvidence(lab, material);
/** What a healthy lab does not have, and says so. */
const NOT_THERE: ReadonlySet<string> = new Set([
  'MD-CONT-008[grpc]',
  'MD-EGW-010[revoked]',
  'MD-MESH-008[revoked]',
  ...ISSUER_SERVERS_UNSHOWN.filter(({ tolerable }) => !tolerable).map(({ id }) => `MD-OIDC-012[${id}]`),
]);
const rows: readonly Row[] = [
  ...(await edgeRows(lab, material)),
  ...(await certificateRows(lab, material)),
  ...(await gatewayRows(lab, material)),
  ...(await meshRows(lab, material)),
  ...tokenRows(),
  ...policyRows(),
  ...identityRows(lab),
  ...(await besideRows(lab, material)),
  ...proxyRows(lab),
  ...deliveryRows(),
  ...rotationRows(),
  ...loginRows(),
  ...corpusRows(lab),
  ...accessRows(lab),
  ...partRows(lab),
  ...exposureRows(lab),
];

/**
 * Every check that reads the one honest request may turn when that request is broken, and so may the
 * negatives that lean on such a check; rows name the ones that matter.
 */
function followsTheChain(id: string, evidence: typeof healthy): boolean {
  if (evidence.walks['alice-read'] === healthy.walks['alice-read']) return false;
  const check = CATALOGUE.find((one) => one.id === id);
  const reads = check?.evidence.includes('walks') === true;
  return reads || (check?.control !== undefined && followsTheChain(check.control, evidence));
}

/** Skipping is for what stands behind a blocking check that failed, and for nothing else. */
function skippedWithoutGate(report: CheckReport): readonly string[] {
  const failed = new Set(report.checks.filter(({ verdict }) => verdict.kind === 'fail').map(({ id }) => id));
  const gates = new Set(
    CATALOGUE.filter(({ blocking, id }) => blocking && failed.has(id)).map(({ hop }) => hop),
  );
  return report.checks
    .filter(({ verdict, hop }) => verdict.kind === 'skip' && !gates.has(hop))
    .map(nameOf)
    .filter((name) => !NOT_THERE.has(name));
}

describe('a chain whose every link holds', () => {
  it('is green in every check', async () => {
    const { checks, summary } = await judge(lab, healthy);
    const rest = checks.filter(({ verdict }) => verdict.kind !== 'pass');
    expect(rest.filter((result) => !NOT_THERE.has(nameOf(result)))).toEqual([]);
    expect(rest.map(({ verdict }) => verdict.kind)).toEqual([...NOT_THERE].map(() => 'skip'));
    expect(new Set(checks.map(({ id }) => id)).size).toBe(CATALOGUE.length);
    expect(summary).toMatchObject({ pass: checks.length - NOT_THERE.size, exitCode: 0 });
  });
});

describe('one broken fact turns exactly the checks that speak of it', () => {
  it.each(rows)('$what', async ({ broken, reds }) => {
    const evidence = broken(healthy);
    const report = await judge(lab, evidence);
    const turned = redsOf(report);
    expect(turned).toMatchObject(reds);
    const others = Object.keys(turned).filter((id) => !(id in reds) && !followsTheChain(id, evidence));
    expect(others).toEqual([]);
    const { fail, unknown } = report.summary;
    expect(report.summary.exitCode).toBe(fail > 0 ? 1 : unknown > 0 ? 6 : 0);
    expect(skippedWithoutGate(report)).toEqual([]);
  });

  // Dozens of judgements of the whole catalogue: seconds of work on a busy machine.
  it('whatever the order of the checks', { timeout: 60_000 }, async () => {
    const everything = fc.shuffledSubarray([...CATALOGUE], { minLength: CATALOGUE.length });
    await fc.assert(
      fc.asyncProperty(everything, fc.constantFrom(...rows), async (shuffled, { broken }) => {
        const evidence = broken(healthy);
        const [usual, other] = [await judge(lab, evidence), await judge(lab, evidence, shuffled)];
        // As text: a deep comparison of a thousand verdicts takes longer than judging them.
        const inOrder = (report: typeof usual) =>
          report.checks.map((one) => `${nameOf(one)} ${JSON.stringify(one.verdict)}`).toSorted();
        expect(inOrder(other)).toEqual(inOrder(usual));
        expect(other.summary).toEqual(usual.summary);
      }),
      { numRuns: 30 },
    );
  });
});

it('a user of the lab without a token fails the check of tokens', async () => {
  const users = [...lab.users, { name: 'mallory', roles: [] }];
  expect(redsOf(await judge({ ...lab, users }, healthy))).toEqual({
    'MD-OIDC-004': 'fail OIDC_NO_TOKEN',
    'MD-OIDC-005': 'fail OIDC_NO_TOKEN',
    ...uncontrolled('MD-OIDC-004'),
  });
});

it.each([
  ['were got late', [{ at: NOW - 100_000, status: 200 }]],
  ['were asked for in vain', [{ at: NOW - 2_000, status: 502 }]],
])('keys that %s are a warning', async (_what, fetches) => {
  const trust = { ...healthy['istiod.trust'], fetches };
  const { checks, summary } = await judge(lab, { ...healthy, 'istiod.trust': trust });
  expect(checks.filter(({ verdict }) => verdict.kind !== 'pass' && verdict.kind !== 'skip')).toMatchObject([
    { id: 'MD-OIDC-013', verdict: { kind: 'warn', code: 'OIDC_KEYS_NOT_ASKED' } },
  ]);
  expect(summary.exitCode).toBe(0);
});

describe('the table', () => {
  it('has a row for every check of the catalogue, and no other check in it', () => {
    const turned = new Set(rows.flatMap(({ reds }) => Object.keys(reds)));
    expect([...turned].toSorted()).toEqual(CATALOGUE.map(({ id }) => id).toSorted());
  });

  it('has a row in which each check fails or is unknown for a reason of its own', () => {
    const own = rows.flatMap(({ reds }) =>
      Object.entries(reds).flatMap(([id, red]) => (red.endsWith('CONTROL_NOT_GREEN') ? [] : [id])),
    );
    expect([...new Set(own)].toSorted()).toEqual(CATALOGUE.map(({ id }) => id).toSorted());
  });

  it('accepts every forgery once, and each time its check fails', () => {
    const failing = new Set(
      rows.flatMap(({ reds }) =>
        Object.entries(reds).flatMap(([id, red]) =>
          red.startsWith('fail') && !red.includes('REFUSED_') ? [id] : [],
        ),
      ),
    );
    const negatives = CATALOGUE.filter(({ polarity }) => polarity === 'negative').map(({ id }) => id);
    expect(negatives.filter((id) => !failing.has(id))).toEqual([]);
  });

  it('has sixty rows and more, each of its own name', () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });
});
