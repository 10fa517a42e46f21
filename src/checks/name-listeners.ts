import type { Lab } from '../topology/lab.ts';
import { fail, pass, skip, unknown } from './check.ts';
import type { LookUp, Met, NamesSeen } from '../evidence/names.ts';
import { addressesOf, firstUnanswered, firstUnansweredBelow, lookUpText } from './look-up.ts';
import type { Verdict } from './verdict.ts';

/**
 * No address that this machine has for a name leads to another program. The edge is published on 127.0.0.1
 * alone: on `[::1]`, which systemd-resolved and browsers answer too, a refused connection is as good, since
 * clients go on to the next address at once.
 */
export function sameListener(host: string, { host: hosts }: NamesSeen, served: string, lab: Lab): Verdict {
  const { system, met = {} } = hosts[host] ?? {};
  const all = Object.entries(met);
  if (all.length === 0) return nobodyMet(host, system);
  const verdicts = all.map(([address, one]) => atAddress(host, address, one, { served, lab }));
  const odd = verdicts.find(({ kind }) => kind === 'fail') ?? verdicts.find(({ kind }) => kind !== 'pass');
  if (odd !== undefined) return odd;
  const at = all.filter(([, { leaf }]) => leaf === served).map(([address]) => address);
  if (at.length > 0)
    return pass(`the edge at ${at.join(', ')}${all.length > at.length ? '; no process at ::1' : ''}`);
  return fail(
    'NAME_OTHER_LISTENER',
    `${host} resolves only to ::1 on this machine, where the edge does not listen`,
    ['meshdev env'],
  );
}

interface Expected {
  /** Fingerprint of the leaf that the edge serves. */
  readonly served: string;
  readonly lab: Lab;
}

/** Shows which program listens; ending it is for whoever started it. */
function whoListens({ httpsPort }: Lab): readonly string[] {
  return [`ss -ltnp 'sport = :${httpsPort}'`];
}

function atAddress(host: string, address: string, met: Met, { served, lab }: Expected): Verdict {
  if (met.leaf === served) return pass('the edge itself');
  if (address === V6 && isNobody(met)) return pass(`no process listens (${met.code ?? met.ended})`);
  if (met.ended === 'unreachable' || met.ended === 'broken')
    return unknown('NAME_NOT_SEEN', `connecting to ${address} for ${host}: ${met.code ?? met.ended}`);
  const seen =
    met.ended === 'refused'
      ? 'no process listens'
      : met.leaf === undefined
        ? `another program answers, without a certificate (${met.ended})`
        : `another certificate is served (${met.leaf.slice(0, 16)})`;
  return fail('NAME_OTHER_LISTENER', `${host} also resolves to ${address}, where ${seen}`, whoListens(lab));
}

/** Where this machine has no address for the name, there is no listener to compare: MD-NAME-001 says whether one is needed. */
function nobodyMet(host: string, system: LookUp | undefined): Verdict {
  const who = `looking for the listeners of ${host} on this machine`;
  if (system === undefined || addressesOf(system).length > 0)
    return unknown('NAME_NOT_SEEN', `${who}: ${lookUpText(system)}`);
  return (
    firstUnansweredBelow(host, [[who, system]]) ??
    skip(`the resolver of this machine has no address for ${host} (${lookUpText(system)})`)
  );
}

const V6 = '::1';

/** What the system says where it has no IPv6, or none on loopback. */
const NO_V6: ReadonlySet<string | undefined> = new Set([
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

function isNobody({ ended, code }: Met): boolean {
  return ended === 'refused' || (ended === 'unreachable' && NO_V6.has(code));
}

/** Browsers and curl try `[::1]` for names below `localhost`, whatever a resolver says. */
export function v6({ loopbackV6: met }: NamesSeen, served: string, lab: Lab): Verdict {
  if (met.leaf === served) return pass('the edge itself');
  if (isNobody(met))
    return pass(
      met.ended === 'refused'
        ? 'no process listens on [::1]'
        : `this machine has no [::1] (${met.code ?? ''})`,
    );
  if (met.ended === 'unreachable' || met.ended === 'broken')
    return unknown('NAME_NOT_SEEN', `connecting to [::1]:${lab.httpsPort}: ${met.code ?? 'not tried'}`);
  return fail(
    'NAME_OTHER_LISTENER',
    `another process listens on [::1]:${lab.httpsPort} (${met.leaf?.slice(0, 16) ?? met.ended})`,
    whoListens(lab),
  );
}

/** The lab’s network has IPv4 only: a record of the other family leads out of it. */
export function noSixInside({ inside }: NamesSeen): Verdict {
  const odd = inside.find(({ aaaa }) => addressesOf(aaaa).length > 0);
  if (odd !== undefined)
    return fail(
      'NAME_OTHER_LISTENER',
      `${odd.place}: ${odd.name} has AAAA ${lookUpText(odd.aaaa)}; the edge has IPv4 only`,
    );
  if (inside.length === 0) return unknown('NAME_NOT_SEEN', 'no AAAA records were requested');
  return (
    firstUnanswered(inside.map(({ place, name, aaaa }) => [`${place}: AAAA of ${name}`, aaaa])) ??
    pass('no AAAA record')
  );
}
