import { APP_ID } from '../../sample/names.ts';
import { type Lab, publicHosts } from '../../topology/lab.ts';
import {
  type AnyCheck,
  type Cases,
  defineCheck,
  eachCase,
  fail,
  pass,
  skip,
  unknown,
  warn,
} from '../check.ts';
import type { EdgeState } from '../../evidence/edge-state.ts';
import type { InsideName, LookUp, NamesSeen } from '../../evidence/names.ts';
import { addressesOf, firstUnansweredBelow, sameAnswer, lookUpText } from '../look-up.ts';
import { isBelowLocalhost, isLoopback } from '../../topology/loopback.ts';
import { noSixInside, sameListener, v6 } from '../name-listeners.ts';
import type { Verdict } from '../verdict.ts';

export const NAME_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-NAME-001',
    title: 'each public name resolves to loopback on this host',
    impact: 'programs that do not resolve names below `localhost` themselves do not find the edge',
    hint: `\`getent ahosts ${APP_ID}.mesh.localhost\`; \`meshdev env\` prints what curl needs`,
    hop: 'host',
    polarity: 'positive',
    blocking: true,
    evidence: ['names'],
    judge: ({ names }, { lab }) => ofEachHost(lab, (host) => toLoopback(host, names.host[host]?.system)),
  }),
  defineCheck({
    id: 'MD-NAME-002',
    title: 'the resolvers of the system, Node.js and curl on this host agree',
    impact: 'some programs find the edge and others do not',
    hint: '`/etc/hosts`, `/etc/nsswitch.conf`, `/etc/resolv.conf`',
    hop: 'host',
    polarity: 'positive',
    blocking: false,
    evidence: ['names'],
    judge: ({ names }, { lab }) =>
      ofEachHost(lab, (host) => {
        const seen = names.host[host];
        const answers = [seen?.system, seen?.dotted, seen?.curl].filter((one) => addressesOf(one).length > 0);
        // A resolver that does not know the name leads nobody astray; two that know different ones do.
        return answers.every((one) => sameAnswer(one, answers[0]))
          ? pass(answers.map(lookUpText)[0])
          : warn(
              'NAME_RESOLVERS_DIFFER',
              `${host} is ${lookUpText(seen?.system)}, with a trailing dot ${lookUpText(seen?.dotted)}, for curl ${lookUpText(seen?.curl)}`,
            );
      }),
  }),
  defineCheck({
    id: 'MD-NAME-003',
    title: 'in pods, each name resolves to the edge, never to the loopback of the pod',
    impact: 'a library resolves the name itself, or the DNS of the cluster returns another address',
    hint: 'ConfigMap `kube-system/coredns`; another `--domain`',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['names'],
    judge: ({ names }) =>
      eachCase(
        names.inside
          .filter(({ place }) => place !== EDGE_NETWORK)
          .map((one) => [caseOf(one), isEdge(one, names.edgeAddresses)]),
      ),
  }),
  defineCheck({
    id: 'MD-NAME-004',
    title: 'istiod resolves the issuer to the edge, and the edge resolves the gateway to the current node',
    impact: 'istiod cannot fetch key sets, or every request gets a 502 after a restart',
    hint: 'ConfigMap `kube-system/coredns`, `/etc/hosts` of the edge',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['names', 'edge.state'],
    judge: ({ names, 'edge.state': state }, { lab }) =>
      eachCase([
        ['istiod', istiodKnows(names, lab)],
        ['edge', edgeKnows(state)],
      ]),
  }),
  defineCheck({
    id: 'MD-NAME-005',
    title:
      'client, edge network and pod get the same issuer, the same `jwks_uri` and the same leaf certificate',
    impact: 'DNS is split-horizon: tokens are refused in one place',
    hint: 'the place that the message names',
    hop: 'lab',
    polarity: 'positive',
    blocking: true,
    evidence: ['names'],
    judge: ({ names }, { lab }) => oneIssuer(names, lab),
  }),
  defineCheck({
    id: 'MD-NAME-006',
    title: 'A and AAAA records resolve to the same listener',
    impact: 'clients of one address family connect to another program',
    hint: 'the record that the message names; the process that listens on `[::1]`',
    hop: 'host',
    polarity: 'positive',
    blocking: false,
    evidence: ['names', 'edge.wire'],
    judge: ({ names, 'edge.wire': { auth } }, { lab }) => {
      const served = names.views.find(({ place }) => place === 'client')?.leaf;
      if (served === undefined || auth.peerChain.length === 0)
        return unknown('NO_CERTIFICATE', 'the edge served no certificate to compare with');
      return eachCase([
        ...publicHosts(lab).map((host): readonly [string, Verdict] => [
          labelOf(host),
          sameListener(host, names, served, lab),
        ]),
        ['loopback-v6', v6(names, served, lab)],
        ['inside', noSixInside(names)],
      ]);
    },
  }),
  defineCheck({
    id: 'MD-NAME-007',
    title: 'no search domain, wildcard record or foreign line of the hosts file resolves the names',
    impact: 'a resolver or a stale line resolves the names to another host',
    hint: 'the line that the message names; `search` in `/etc/resolv.conf`',
    hop: 'host',
    polarity: 'positive',
    blocking: false,
    evidence: ['names'],
    judge: ({ names }) =>
      eachCase([
        ['hosts-file', hostsFile(names)],
        ['random-here', randomHere(names)],
        ...names.random.inside.map((one): readonly [string, Verdict] => [
          `random-${slug(one.place)}`,
          randomInside(one),
        ]),
      ]),
  }),
];

const EDGE_NETWORK = 'edge network';

function ofEachHost(lab: Lab, judge: (host: string) => Verdict): Verdict | Cases {
  return eachCase(publicHosts(lab).map((host) => [labelOf(host), judge(host)]));
}

function labelOf(host: string): string {
  return host.split('.')[0] ?? host;
}

function slug(text: string): string {
  return text.replaceAll(' ', '-');
}

function caseOf({ place, name }: InsideName): string {
  return `${slug(place)}-${labelOf(name)}`;
}

/** Below `localhost` a resolver without an answer leads nobody astray. Any other zone needs its answer. */
export function toLoopback(host: string, found: LookUp | undefined): Verdict {
  const addresses = addressesOf(found);
  if (addresses.length === 0 && isBelowLocalhost(host))
    return skip(
      `the resolver of this machine has no address for ${host} (${lookUpText(found)}); programs that do not resolve names below localhost themselves need the output of \`meshdev env\``,
    );
  if (addresses.length === 0)
    return fail(
      'NAME_UNKNOWN_HERE',
      `the resolver of this machine has no address for ${host}: ${lookUpText(found)}`,
      ['meshdev env'],
    );
  const strangers = addresses.filter((address) => !isLoopback(address));
  return strangers.length === 0
    ? pass(addresses.join(', '))
    : fail('NAME_NOT_LOOPBACK', `${host} is ${strangers.join(', ')} on this machine, expected loopback`);
}

/** By both libraries: one reads the hosts file and knows `localhost`, the other asks the server alone. */
export function isEdge({ place, name, library, a }: InsideName, edge: readonly string[]): Verdict {
  for (const [who, found] of [
    ['getaddrinfo', library],
    ['DNS', a],
  ] as const) {
    const addresses = addressesOf(found);
    if ('error' in found && found.error.includes('TIMEOUT'))
      return unknown('TIMED_OUT', `${place}, ${who}: ${name}: no answer before the deadline`);
    if (addresses.length === 0)
      return fail('NAME_UNKNOWN_IN_POD', `${place}, ${who}: ${name}: ${lookUpText(found)}`);
    const strangers = addresses.filter((address) => !edge.includes(address));
    if (strangers.length > 0)
      return fail(
        'NAME_NOT_THE_EDGE',
        `${place}, ${who}: ${name} is ${strangers.join(', ')}; the edge has ${edge.join(', ')}`,
      );
  }
  return pass(edge.join(', '));
}

function istiodKnows({ istiod, edgeAddresses }: NamesSeen, lab: Lab): Verdict {
  const addresses = addressesOf(istiod);
  if (addresses.length === 0)
    return unknown('NAME_NOT_SEEN', `the address of ${lab.hosts.auth} for istiod: ${lookUpText(istiod)}`);
  return addresses.every((address) => edgeAddresses.includes(address))
    ? pass(addresses.join(', '))
    : fail(
        'NAME_NOT_THE_EDGE',
        `istiod: ${lab.hosts.auth} is ${addresses.join(', ')}; the edge has ${edgeAddresses.join(', ')}`,
      );
}

function edgeKnows({ dials, nodeAddresses }: EdgeState): Verdict {
  const wrong = dials.find(
    ({ addresses }) => addresses.length === 0 || addresses.some((one) => !nodeAddresses.includes(one)),
  );
  if (dials.length === 0) return unknown('EGW_NO_UPSTREAM', 'Caddy has no upstream in the mesh');
  return wrong === undefined
    ? pass(nodeAddresses.join(', '))
    : fail(
        'EGW_NAME_STALE',
        `inside the edge ${wrong.dial} is ${wrong.addresses.join(', ') || 'not resolved'}; the node has ${nodeAddresses.join(', ')}`,
      );
}

/** No client is in istiod’s image: it is judged by the address it dials (MD-NAME-004) and the keys it brought (MD-OIDC-010). */
function oneIssuer(names: NamesSeen, lab: Lab): Verdict | Cases {
  const first = names.views.find(({ place }) => place === 'client');
  const views = names.views.map(({ place, leaf, issuer, jwksUri, because }): readonly [string, Verdict] => {
    if (issuer === undefined || leaf === undefined)
      return [slug(place), unknown('NO_ANSWER', `${place}: discovery of ${lab.issuer}: ${because}`)];
    const wanted = [lab.issuer, `${lab.issuer}/jwks`, first?.leaf ?? leaf];
    const seen = [issuer, jwksUri ?? 'none', leaf];
    return [
      slug(place),
      seen.join() === wanted.join()
        ? pass(issuer)
        : fail(
            'NAME_SPLIT_HORIZON',
            `${place} gets issuer ${issuer}, keys at ${jwksUri ?? 'none'}, leaf ${leaf.slice(0, 16)}; expected ${wanted.join(', ')}`,
          ),
    ];
  });
  return eachCase(views);
}

function hostsFile({ hostsLines }: NamesSeen): Verdict {
  const foreign = hostsLines.filter((line) => !isLoopback(line.split(/\s+/)[0] ?? ''));
  return foreign.length === 0
    ? pass(hostsLines.join(' · ') || undefined)
    : fail('NAME_CAUGHT', `the hosts file contains ${foreign.join(' · ')}`);
}

/** Below `localhost` resolvers may answer loopback for everything; anything else is somebody’s wildcard. */
function randomHere({ random: { name, host } }: NamesSeen): Verdict {
  const strangers = addressesOf(host).filter((address) => !isLoopback(address));
  if (strangers.length > 0)
    return fail('NAME_CAUGHT', `${name}, which does not exist, is ${strangers.join(', ')} on this machine`);
  return (
    firstUnansweredBelow(name, [[`${name} on this machine`, host]]) ?? pass(`${name}: ${lookUpText(host)}`)
  );
}

function randomInside({ place, name, library, a }: InsideName): Verdict {
  const caught = [...addressesOf(library), ...addressesOf(a)];
  if (caught.length > 0)
    return fail(
      'NAME_CAUGHT',
      `${place}: ${name}, which does not exist, is ${[...new Set(caught)].join(', ')}`,
    );
  return (
    firstUnansweredBelow(name, [
      [`${place}, getaddrinfo: ${name}`, library],
      [`${place}, DNS: ${name}`, a],
    ]) ?? pass(`${lookUpText(library)}, ${lookUpText(a)}`)
  );
}
