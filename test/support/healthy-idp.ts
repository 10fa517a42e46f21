import type { TokenFacts } from '../../src/evidence/tokens.ts';
import type { ClientAnswers, IdpFlows, IdpLogins, IdpRefusals } from '../../src/evidence/idp.ts';
import type { IstiodTrust } from '../../src/evidence/istiod-trust.ts';
import type { PublishedKey } from '../../src/evidence/idp-keys.ts';
import { FORGED_ANSWERS } from '../../src/cases/providers/forged-answers.ts';
import { CODE_CASES, type IdpCase, REDIRECT_CASES } from '../../src/cases/providers/idp-cases.ts';
import type { Profile } from '../../src/profiles.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { NOW } from './certificates.ts';

const CALLBACK = 'http://127.0.0.1:1/callback';

export const PRESENT_KEY: PublishedKey = {
  kid: 'present-key',
  thumbprint: 'thumbprint-of-the-present-key',
  kty: 'EC',
  isPrivate: false,
  alg: 'ES256',
  use: 'sig',
  crv: 'P-256',
  bits: undefined,
};

export function healthyLogins(lab: Lab): IdpLogins {
  return Object.fromEntries(
    lab.users.map(({ name, roles }) => [
      name,
      {
        kind: 'seen',
        value: {
          subject: name,
          issuer: lab.issuer,
          audience: [lab.clients.cli],
          hasNonce: true,
          access: tokenFacts(lab, name, roles),
        },
      },
    ]),
  );
}

export function healthyFlows(lab: Lab): IdpFlows {
  return {
    device: { kind: 'seen', value: 'bob' },
    machine: { kind: 'seen', value: lab.clients.machine },
    session: {
      kind: 'seen',
      value: {
        rotated: true,
        reuse: { status: 400, error: 'invalid_grant' },
        whileSignedIn: { status: 303, redirect: CALLBACK },
        afterLogout: { status: 200 },
      },
    },
  };
}

export function healthyRefusals(): IdpRefusals {
  const answer = ({ id, expected: { status, error } }: IdpCase) => ({
    meshdevId: `id-${id}`,
    recorded: status,
    status,
    error,
    ...(status === 303 ? { redirect: CALLBACK } : {}),
  });
  return {
    honest: { status: 200, recorded: 200, meshdevId: 'id-honest' },
    code: CODE_CASES.map((each) => ({ id: each.id, answer: answer(each) })),
    redirect: REDIRECT_CASES.map((each) => ({ id: each.id, answer: answer(each) })),
  };
}

export function healthyClientAnswers(): ClientAnswers {
  return {
    honest: 'accepted',
    forged: FORGED_ANSWERS.map(({ id, about }) => ({ id, outcome: { refused: `unexpected ${about}` } })),
  };
}

export function healthyIstiodTrust(edgeRootPem: string, { versions }: Profile): IstiodTrust {
  return {
    environment: { PILOT_JWT_PUB_KEY_REFRESH_INTERVAL: '10s' },
    extraRootPem: edgeRootPem,
    version: versions.istio,
    fetches: [
      { at: NOW - 14_000, status: 200 },
      { at: NOW - 4_000, status: 200 },
    ],
  };
}

/** What a good token of the sample service says. */
export function tokenFacts(lab: Lab, subject: string, roles: readonly string[]): TokenFacts {
  return {
    subject,
    roles,
    audience: [lab.audience],
    issuer: lab.issuer,
    expiresAt: NOW + 600_000,
    algorithm: 'ES256',
    keyId: 'present-key',
  };
}
