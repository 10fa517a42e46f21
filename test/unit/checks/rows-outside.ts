import type { Outside } from '../../../src/evidence/outside.ts';
import type { Break } from '../../support/break-evidence.ts';
import { row, type Row } from './expected.ts';

/** What leads into the lab from beside it. */
export function outsideRows(): readonly Row[] {
  return [
    row(
      'another container mounts the socket of the edge',
      outside({ neighbours: [{ name: 'other', shares: ['volume meshdev-demo-edge-admin'] }] }),
      { 'MD-EXPO-015': 'fail EXPO_NEIGHBOUR' },
    ),
    row('the engine lists no container', outside({ looked: 0 }), {
      'MD-EXPO-015': 'unknown EVIDENCE_MISSING',
    }),
    row('there is no file with the root for clients', outside({ trustedPem: undefined }), {
      'MD-EXPO-015': 'unknown EVIDENCE_MISSING',
    }),
    row('the file with the root for clients is empty', outside({ trustedPem: '' }), {
      'MD-EXPO-015': 'fail EXPO_FOREIGN_ANCHOR',
    }),
    row(
      'the file with the root for clients has a CA more',
      (all) => outside({ trustedPem: `${all.outside.trustedPem ?? ''}${all.anchors.meshRootPem}` })(all),
      { 'MD-EXPO-015': 'fail EXPO_FOREIGN_ANCHOR' },
    ),
  ];
}

function outside(change: Partial<Outside>): Break {
  return (all) => ({ ...all, outside: { ...all.outside, ...change } });
}
