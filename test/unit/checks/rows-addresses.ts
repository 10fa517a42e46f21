import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { LookUp, Met } from '../../../src/evidence/names.ts';
import type { Lab } from '../../../src/topology/lab.ts';
import type { Break } from '../../support/break-evidence.ts';
import { row, type Row } from './expected.ts';

/** What resolvers of several systems answer for a name, and who is met there. */
export function addressRows(lab: Lab): readonly Row[] {
  const leaf = (all: EvidenceMap): string =>
    all.names.views.find(({ place }) => place === 'client')?.leaf ?? 'none';
  const nobody: Met = { ended: 'refused', code: 'ECONNREFUSED', leaf: undefined };
  const noV6: Met = { ended: 'unreachable', code: 'EADDRNOTAVAIL', leaf: undefined };
  const foreign: Met = { ended: 'data', code: undefined, leaf: 'cd'.repeat(32) };
  const mute: Met = { ended: 'timeout', code: undefined, leaf: undefined };
  const at =
    (met: Readonly<Record<string, Met | 'edge'>>): Break =>
    (all) => {
      const own: Met = { ended: 'data', code: undefined, leaf: leaf(all) };
      const filled = Object.entries(met).map(([address, one]) => [address, one === 'edge' ? own : one]);
      const addresses: LookUp = { addresses: Object.keys(met) };
      const { auth } = lab.hosts;
      const known = { ...all.names.host[auth], system: addresses, met: Object.fromEntries(filled) };
      const seen = { dotted: addresses, curl: undefined, ...known };
      return { ...all, names: { ...all.names, host: { ...all.names.host, [auth]: seen } } };
    };
  const red = { 'MD-NAME-006': 'fail NAME_OTHER_LISTENER' } as const;
  return [
    row(
      'Ubuntu and Fedora: systemd-resolved answers both, nobody on ::1',
      at({ '127.0.0.1': 'edge', '::1': nobody }),
      {},
    ),
    row('macOS: ::1 before 127.0.0.1, nobody on it', at({ '::1': nobody, '127.0.0.1': 'edge' }), {}),
    row('a hosts line for both, a machine without IPv6', at({ '127.0.0.1': 'edge', '::1': noV6 }), {}),
    row('the edge is published on both', at({ '127.0.0.1': 'edge', '::1': 'edge' }), {}),
    row('somebody else serves on ::1', at({ '127.0.0.1': 'edge', '::1': foreign }), red),
    row('somebody on ::1 says nothing', at({ '127.0.0.1': 'edge', '::1': mute }), red),
    row('a name is ::1 alone, and nobody is there', at({ '::1': nobody }), {
      ...red,
      'MD-NAME-002': 'warn NAME_RESOLVERS_DIFFER',
    }),
    row('nobody answers at another address of IPv4', at({ '127.0.0.1': 'edge', '127.0.0.2': nobody }), red),
    row('::1 could not be dialled', at({ '127.0.0.1': 'edge', '::1': { ...noV6, code: 'EMFILE' } }), {
      'MD-NAME-006': 'unknown NAME_NOT_SEEN',
    }),
  ];
}
