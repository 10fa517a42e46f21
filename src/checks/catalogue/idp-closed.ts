import type { IdpClosed } from '../../evidence/idp-closed.ts';
import type { IdpState } from '../../evidence/idp-keys.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type { Verdict } from '../verdict.ts';

/** So many differences are told. */
const TOLD = 6;

/** Nobody but the declared users and clients gets a token. */
export const IDP_CLOSED_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-OIDC-015',
    title:
      'the IdP publishes only the keys of the lab, registers no clients, and runs the planned configuration and the program of its image',
    impact: 'a client or user that is not declared can get tokens, or a foreign key signs them',
    hint: '`docker diff meshdev-demo-idp`',
    hop: 'client->idp',
    polarity: 'positive',
    blocking: false,
    evidence: ['idp.state', 'idp.closed'],
    judge: ({ 'idp.state': state, 'idp.closed': closed }) =>
      eachCase([
        ['keys', onlyDeclaredKeys(state, closed)],
        ['registration', noRegistration(state)],
        ['configuration', asPlanned(closed)],
        ['program', asInImage(closed)],
      ]),
  }),
];

const RECREATE = ['meshdev up', 'meshdev down', 'meshdev up'] as const;

function onlyDeclaredKeys({ keys }: IdpState, { declaredKeys }: IdpClosed): Verdict {
  if (keys.length === 0) return unknown('EVIDENCE_MISSING', 'the IdP publishes no key');
  const foreign = keys.filter(
    ({ thumbprint }) => thumbprint === undefined || !declaredKeys.includes(thumbprint),
  );
  return foreign.length === 0
    ? pass(`${keys.length} keys`)
    : fail(
        'OIDC_FOREIGN_KEY',
        `the key set has ${foreign.map(({ kid, thumbprint }) => `${kid} (thumbprint ${thumbprint ?? 'unknown'})`).join(', ')}, which the lab did not make: every service accepts tokens that are signed with it`,
        RECREATE,
      );
}

function noRegistration({ discovery }: IdpState): Verdict {
  const endpoint = discovery['registration_endpoint'];
  return endpoint === undefined
    ? pass()
    : fail(
        'OIDC_REGISTRATION_OPEN',
        `discovery names the registration endpoint ${JSON.stringify(endpoint)}: any program that reaches it can register a client`,
        RECREATE,
      );
}

function asPlanned({ configuration }: IdpClosed): Verdict {
  return configuration.length === 0
    ? pass()
    : fail('OIDC_OTHER_CONFIGURATION', configuration.slice(0, TOLD).join(' · '), RECREATE);
}

function asInImage({ program }: IdpClosed): Verdict {
  if (program === undefined)
    return unknown(
      'EVIDENCE_MISSING',
      'the files of the IdP could not be compared: the probe does not run the same image, or gave no answer',
    );
  const told = program.slice(0, TOLD).map(({ path, how }) => `${path} is ${how}`);
  return program.length === 0
    ? pass('as in the image')
    : fail(
        'OIDC_OTHER_PROGRAM',
        `the program of the IdP is not that of its image: ${told.join(' · ')}; it may accept any password and sign any token`,
        RECREATE,
      );
}
