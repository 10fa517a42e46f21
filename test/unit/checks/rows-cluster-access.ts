import type { AccessReview } from '../../../src/evidence/cluster-access.ts';
import { access, account, granted, group, rule } from '../../support/healthy-access.ts';
import { row, type Row } from './expected.ts';

const GRANTED = { 'MD-EXPO-013': 'fail EXPO_ACCESS_GRANTED' } as const;
const SOMEBODY = account('shop', 'cart');

/** Who reaches the chain through the API server. */
export function clusterAccessRows(): readonly Row[] {
  return [
    row(
      'every service account may read secrets',
      granted({
        name: 'reader',
        subjects: [group('system:serviceaccounts')],
        rules: [rule('', 'secrets', 'list')],
      }),
      GRANTED,
    ),
    row(
      'an account may enter the pods of the gateway',
      granted({
        name: 'debug',
        namespace: 'istio-ingress',
        subjects: [SOMEBODY],
        rules: [rule('', 'pods/exec', 'create')],
      }),
      GRANTED,
    ),
    row(
      'an account may issue tokens for the gateway alone',
      granted({
        name: 'issuer',
        namespace: 'istio-ingress',
        subjects: [SOMEBODY],
        rules: [rule('', 'serviceaccounts/token', 'create', ['gateway'])],
      }),
      GRANTED,
    ),
    row(
      'an account of the lab has more than it needs',
      granted({
        name: 'more',
        subjects: [account('istio-system', 'istiod')],
        rules: [rule('', 'pods/exec', 'create')],
      }),
      GRANTED,
    ),
    row(
      'an account may change pods of its own namespace',
      granted({ name: 'edit', namespace: 'shop', subjects: [SOMEBODY], rules: [rule('*', '*', '*')] }),
      {},
    ),
    row(
      'a service declares an access in its manifests',
      granted({ name: 'declared', subjects: [SOMEBODY], rules: [rule('', 'secrets', 'get')] }, true),
      {},
    ),
    row(
      'the roles could not be listed',
      access(() => ({ roles: [] })),
      {
        'MD-EXPO-013': 'unknown EVIDENCE_MISSING',
      },
    ),
    row('the API server permits everything to everybody', reviews({ allowed: true }), {
      'MD-EXPO-013': 'fail EXPO_OTHER_AUTHORIZER',
    }),
    row('the API server answers no question', reviews({ allowed: undefined }), {
      'MD-EXPO-013': 'unknown EVIDENCE_MISSING',
    }),
    row('the API server refuses its administrator', reviews({ allowed: false }), {
      'MD-EXPO-013': 'unknown CONTROL_NOT_GREEN',
    }),
  ];
}

function reviews(change: Pick<AccessReview, 'allowed'>) {
  return access((seen) => ({ reviews: seen.reviews.map((review) => ({ ...review, ...change })) }));
}
