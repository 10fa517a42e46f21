import type { IdpClosed } from '../../../src/evidence/idp-closed.ts';
import { type Break, discovery } from '../../support/break-evidence.ts';
import { type Red, row, type Row } from './expected.ts';

const turned = (red: Red) => ({ 'MD-OIDC-015': red });

/** Keys, clients and programs that nobody declared. */
export function idpClosedRows(): readonly Row[] {
  return [
    row(
      'the key set has a key that the lab did not make',
      closed({ declaredKeys: ['other'] }),
      turned('fail OIDC_FOREIGN_KEY'),
    ),
    row(
      'clients can register themselves',
      discovery({ registration_endpoint: 'https://auth.mesh.localhost/reg' }),
      turned('fail OIDC_REGISTRATION_OPEN'),
    ),
    row(
      'the IdP knows a client that nobody declared',
      closed({ configuration: ['it also knows the client x'] }),
      turned('fail OIDC_OTHER_CONFIGURATION'),
    ),
    row(
      'a file of the IdP is not that of its image',
      closed({ program: [{ path: '/opt/meshdev/guest/idp/accounts.js', how: 'changed' }] }),
      turned('fail OIDC_OTHER_PROGRAM'),
    ),
    row(
      'the files of the IdP could not be compared',
      closed({ program: undefined }),
      turned('unknown EVIDENCE_MISSING'),
    ),
  ];
}

function closed(change: Partial<IdpClosed>): Break {
  return (all) => ({ ...all, 'idp.closed': { ...all['idp.closed'], ...change } });
}
