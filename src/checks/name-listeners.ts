import type { Lab } from '../topology/lab.ts';
import { fail, pass, skip, unknown } from './check.ts';
import type { LookUp, NamesSeen } from './evidence/names.ts';
import { addressesOf, firstUnanswered, firstUnansweredBelow, told } from './look-up.ts';
import type { Verdict } from './verdict.ts';

/** At every address that this machine has for a name, the edge’s own leaf is served. */
export function sameListener(host: string, { host: hosts }: NamesSeen, served: string): Verdict {
  const { system, leaves = {} } = hosts[host] ?? {};
  const met = Object.entries(leaves);
  if (met.length === 0) return nobodyMet(host, system);
  const odd = met.find(([, leaf]) => leaf !== served);
  if (odd === undefined) return pass(Object.keys(leaves).join(', '));
  const [address, leaf] = odd;
  return fail(
    'NAME_OTHER_LISTENER',
    `${host} is ${address} too, where ${leaf === undefined ? 'nobody answers' : `another certificate is served (${leaf.slice(0, 16)})`}`,
  );
}

/** Where this machine has no address for the name, there is no listener to compare: MD-NAME-001 says whether one is needed. */
function nobodyMet(host: string, system: LookUp | undefined): Verdict {
  const who = `which listeners ${host} has on this machine`;
  if (system === undefined || addressesOf(system).length > 0)
    return unknown('NAME_NOT_SEEN', `${who}: ${told(system)}`);
  return (
    firstUnansweredBelow(host, [[who, system]]) ??
    skip(`this machine’s resolver has no address for ${host} (${told(system)})`)
  );
}

/** What the system says where it has no IPv6, or none on loopback. */
const NO_V6: ReadonlySet<string | undefined> = new Set([
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

/** Browsers and curl try `[::1]` for names below `localhost`, whatever a resolver says. */
export function v6({ loopbackV6: { ended, code, leaf } }: NamesSeen, served: string, lab: Lab): Verdict {
  if (leaf === served) return pass('the edge itself');
  if (ended === 'refused') return pass('nobody listens on [::1]');
  if (ended === 'unreachable')
    return NO_V6.has(code)
      ? pass(`this machine has no [::1] (${code ?? ''})`)
      : unknown('NAME_NOT_SEEN', `who listens on [::1]:${lab.httpsPort}: ${code ?? 'not asked'}`);
  return fail(
    'NAME_OTHER_LISTENER',
    `on [::1]:${lab.httpsPort} somebody else listens (${leaf?.slice(0, 16) ?? ended})`,
  );
}

/** The lab’s network has IPv4 only: a record of the other family leads out of it. */
export function noSixInside({ inside }: NamesSeen): Verdict {
  const odd = inside.find(({ aaaa }) => addressesOf(aaaa).length > 0);
  if (odd !== undefined)
    return fail(
      'NAME_OTHER_LISTENER',
      `${odd.place}: ${odd.name} has AAAA ${told(odd.aaaa)}; the edge has IPv4 only`,
    );
  if (inside.length === 0) return unknown('NAME_NOT_SEEN', 'nobody asked for AAAA records');
  return (
    firstUnanswered(inside.map(({ place, name, aaaa }) => [`${place}: AAAA of ${name}`, aaaa])) ??
    pass('no AAAA record')
  );
}
