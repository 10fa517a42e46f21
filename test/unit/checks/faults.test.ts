import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { nameOf } from '../../../src/checks/verdict.ts';
import { ACCEPTED } from '../../support/accept-forgeries.ts';
import type { Break } from '../../support/break-evidence.ts';
import { NOW } from '../../support/certificates.ts';
import { judge, redsOf, uncontrolled } from './expected.ts';
import { badlyPut, healthy, lab, LINK_ROWS, NOT_THERE, REQUEST_ROWS } from './fault-table.ts';

const rows = [...LINK_ROWS, ...REQUEST_ROWS];

/**
 * Of negative checks, what is no forgery: honest spellings of the host and reads that have to arrive, and
 * counters, which a row lets stand still (then somebody else refused).
 */
const NO_FORGERY =
  /^MD-(EDGE-010\[(h2-)?(own|other-port|no-port)\]|RBAC-004\[(alice|bob)-head-(headers|anything-read)\]|EGW-0(08|09|10|11)\[counters\])$/;

describe('a chain whose every link holds', () => {
  it('is green in every check', async () => {
    const { checks, summary } = await judge(lab, healthy);
    const rest = checks.filter(({ verdict }) => verdict.kind !== 'pass');
    expect(rest.filter((result) => !NOT_THERE.has(nameOf(result)))).toEqual([]);
    expect(rest.map(({ verdict }) => verdict.kind)).toEqual([...NOT_THERE].map(() => 'skip'));
    expect(new Set(checks.map(({ id }) => id)).size).toBe(CATALOGUE.length);
    expect(summary).toMatchObject({ pass: checks.length - NOT_THERE.size, exitCode: 0 });
  });

  it('says so in well-put words', async () => {
    expect(badlyPut(await judge(lab, healthy))).toEqual([]);
  });
});

describe('the verdicts of a broken chain', () => {
  // Dozens of judgements of the whole catalogue: seconds of work on a busy machine.
  it('are the same whatever the order of the checks', { timeout: 240_000 }, async () => {
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

it('a public name that this machine does not know has no listeners to compare', async () => {
  const { auth } = lab.hosts;
  const none = { error: 'ENOTFOUND' };
  const unknown = { system: none, dotted: none, met: {}, curl: undefined };
  const names = { ...healthy.names, host: { ...healthy.names.host, [auth]: unknown } };
  const { checks } = await judge(lab, { ...healthy, names });
  const told = checks.filter(({ id }) => id === 'MD-NAME-006').map((one) => [one.case, one.verdict.kind]);
  expect(Object.fromEntries(told)).toEqual({
    auth: 'skip',
    httpbin: 'pass',
    'loopback-v6': 'pass',
    inside: 'pass',
  });
});

it.each([
  ['mesh.localhost', 'skip'],
  ['mesh.test', 'unknown'],
])('offline nothing is proved of names that nobody made; below %s: %s', async (domain, kind) => {
  const silent = { error: 'EAI_AGAIN' };
  const { random } = healthy.names;
  const inside = random.inside.map((one) => ({ ...one, name: `r0.${domain}`, library: silent, a: silent }));
  const names = { ...healthy.names, random: { name: `r0.${domain}`, host: silent, inside } };
  const { checks } = await judge(lab, { ...healthy, names });
  const told = checks.filter(({ id }) => id === 'MD-NAME-007').map((one) => [one.case, one.verdict.kind]);
  expect(Object.fromEntries(told)).toMatchObject({ 'hosts-file': 'pass', 'random-here': kind });
  expect(new Set(told.map(([, seen]) => seen))).toEqual(new Set(['pass', kind]));
});

it('a search for keys says where it looked', async () => {
  const { checks } = await judge(lab, healthy);
  const told = checks.filter(({ id }) => id === 'MD-EXPO-009').map(({ verdict }) => verdict);
  for (const verdict of told)
    expect(verdict).toMatchObject({ because: expect.stringMatching(/container .+ below \/etc, \/run$/) });
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

/** Cases that fail because somebody took what is to be refused. */
async function failingCases(breaks: readonly Break[]): Promise<Set<string>> {
  const failing = new Set<string>();
  for (const broken of breaks)
    for (const check of (await judge(lab, broken(healthy))).checks) {
      const { verdict } = check;
      if (verdict.kind === 'fail' && !verdict.code.startsWith('REFUSED_')) failing.add(nameOf(check));
    }
  return failing;
}

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

  it('accepts every forgery once, and each time its own case fails', { timeout: 240_000 }, async () => {
    const proved = (await judge(lab, healthy)).checks.filter(
      ({ polarity, verdict }) => polarity === 'negative' && verdict.kind === 'pass',
    );
    expect(proved.length).toBeGreaterThan(1_500);
    const failing = await failingCases(Object.values(ACCEPTED));
    // Corpora first: of the rows only those are judged that speak of what is left.
    const left = new Set(proved.filter((one) => !failing.has(nameOf(one))).map(({ id }) => id));
    const speaking = rows.filter(({ reds }) =>
      CATALOGUE.some(({ id }) => left.has(id) && reds[id]?.startsWith('fail') === true),
    );
    for (const name of await failingCases(speaking.map(({ broken }) => broken))) failing.add(name);
    const untested = proved.map(nameOf).filter((name) => !failing.has(name));
    expect(untested.filter((name) => !NO_FORGERY.test(name))).toEqual([]);
  });

  it('has sixty rows and more, each of its own name', () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });
});
