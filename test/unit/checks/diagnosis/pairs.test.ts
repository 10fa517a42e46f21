import { describe, expect, it } from 'vitest';
import { type CheckReport, nameOf } from '../../../../src/checks/verdict.ts';
import { policyMissing, tokenConsumed } from '../../../support/break-chain.ts';
import type { Break } from '../../../support/break-evidence.ts';
import { judge } from '../expected.ts';
import { healthy, lab, LINK_ROWS, REQUEST_ROWS } from '../fault-table.ts';

/** One fault, and what its cause names. */
interface Fault {
  readonly what: string;
  readonly broken: Break;
  readonly names: RegExp;
  /** Two faults of one place hide each other: they make no pair. */
  readonly place: string;
}

const ROWS = [...LINK_ROWS, ...REQUEST_ROWS];

/** The row of the fault table with these words. */
function row(what: string): Break {
  const found = ROWS.find((one) => one.what === what);
  if (found === undefined) throw new RangeError(`the fault table has no row: ${what}`);
  return found.broken;
}

function drift(...differences: readonly string[]): Break {
  return (all) => {
    const { 'mesh.state': state } = all;
    return { ...all, 'mesh.state': { ...state, drift: [...state.drift, ...differences] } };
  };
}

const caddy: Break = (all) => ({
  ...all,
  'edge.running': {
    ...all['edge.running'],
    drift:
      'meshdev-demo-edge runs a configuration that is not the planned one: it sets protocol_min to tls1.2 for TLS',
  },
});

const both =
  (...breaks: readonly Break[]): Break =>
  (all) =>
    breaks.reduce((found, each) => each(found), all);

const FAULTS: readonly Fault[] = [
  {
    what: 'a foreign RequestAuthentication takes tokens',
    broken: tokenConsumed('RequestAuthentication istio-ingress/takes-tokens'),
    names: /istio-ingress\/takes-tokens/,
    place: 'requests',
  },
  {
    what: 'a policy is missing',
    broken: policyMissing('AuthorizationPolicy apps/httpbin-admin', (uri) =>
      uri.startsWith('/anything/admin'),
    ),
    names: /apps\/httpbin-admin is missing/,
    place: 'requests',
  },
  {
    what: 'Caddy speaks TLS 1.2',
    broken: both(caddy, row('TLS 1.2 is accepted')),
    names: /Caddy.*protocol_min to tls1\.2/,
    place: 'edge',
  },
  {
    what: 'the Gateway takes TLS 1.2',
    broken: both(
      drift(
        'Gateway istio-ingress/public: spec.servers[0].tls.minProtocolVersion is TLSV1_2, expected TLSV1_3',
      ),
      row('the gateway accepts TLS 1.2'),
    ),
    names: /Gateway istio-ingress\/public.*TLSV1_2/,
    place: 'gateway',
  },
  {
    what: 'a hosts line leads elsewhere',
    broken: row('a hosts line sends a name elsewhere'),
    names: /loopback|resolve/,
    place: 'names',
  },
  {
    what: 'the kubelet is configured otherwise',
    broken: row('the kubelet’s patch was ignored'),
    names: /a setting of the node/,
    place: 'node',
  },
  {
    what: 'a container mounts the socket of the engine',
    broken: row('a container mounts the engine’s socket'),
    names: /docker\.sock|socket/,
    place: 'containers',
  },
  {
    what: 'a port is open',
    broken: row('a port is published on every address'),
    names: /network|0\.0\.0\.0/,
    place: 'ports',
  },
  {
    what: 'refresh tokens do not rotate',
    broken: row('a refresh token does not rotate'),
    names: /refresh/,
    place: 'idp',
  },
  {
    what: 'the kubelet answers everybody',
    broken: row('MD-EXPO-006: kubelet-pods gives something away'),
    names: /kubelet-pods/,
    place: 'kubelet',
  },
];

const report = (broken: Break): Promise<CheckReport> => judge(lab, broken(healthy));

const told = ({ causes = [] }: CheckReport): readonly string[] =>
  causes.map(({ title, seen }) => `${title}: ${seen ?? ''}`);

/** What is not green, without the check that tells differences of the plan: two causes share it. */
function redIn({ checks }: CheckReport): readonly string[] {
  return checks
    .filter(({ id, verdict }) => 'remedies' in verdict && id !== 'MD-DRIFT-001')
    .map((one) => nameOf(one));
}

/** What the causes with these words explain. */
function explained({ causes = [] }: CheckReport, names: RegExp): readonly string[] {
  const own = causes.filter(({ title, seen }) => names.test(`${title}: ${seen ?? ''}`));
  const all = own.flatMap(({ explains }) => explains).filter(({ id }) => id !== 'MD-DRIFT-001');
  return [...new Set(all.map((one) => nameOf(one)))];
}

const PAIRS = FAULTS.flatMap((a, at) =>
  FAULTS.slice(at + 1).flatMap((b) => (a.place === b.place ? [] : [[a, b] as const])),
);

describe('two faults in different places', () => {
  it('are more than thirty pairs', () => {
    expect(PAIRS.length).toBeGreaterThan(30);
  });

  it.each(PAIRS.map(([a, b]) => ({ name: `${a.what}, and ${b.what}`, a, b })))(
    'are both named: $name',
    async ({ a, b }) => {
      const seen = await report(both(a.broken, b.broken));
      for (const { names } of [a, b]) expect(told(seen)).toContainEqual(expect.stringMatching(names));
      expect(seen.causes).toHaveLength(2);
    },
  );

  it.each(PAIRS.map(([a, b]) => ({ name: `${a.what}, beside ${b.what}`, a, b })))(
    'when one is repaired, exactly its verdicts turn green: $name',
    async ({ a, b }) => {
      const seen = await report(both(a.broken, b.broken));
      const after = new Set(redIn(await report(b.broken)));
      const turned = redIn(seen).filter((name) => !after.has(name));
      expect(explained(seen, a.names).toSorted()).toEqual(turned.toSorted());
    },
  );
});

describe.each(FAULTS)('one fault alone: $what', ({ broken, names }) => {
  it('has one cause, which explains all that is not green', async () => {
    const seen = await report(broken);
    expect(told(seen)).toEqual([expect.stringMatching(names)]);
    expect(explained(seen, names).toSorted()).toEqual(redIn(seen).toSorted());
  });
});
