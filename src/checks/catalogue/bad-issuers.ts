import { ISSUER_SERVERS, ISSUER_SERVERS_UNSHOWN } from '../../cases/certificates/verifiers.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, skip, unknown } from '../check.ts';
import { wireSeen } from '../describe.ts';
import type { IssuerProbe, IssuerDecoys } from '../../evidence/bad-certificates.ts';
import { RBAC_DENIED } from '../../records/rbac-words.ts';
import { nothingSeen } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

type Named = readonly [id: string, verdict: Verdict];

export const ISSUER_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-OIDC-014',
    title: 'istiod accepts the keys of an issuer with a valid certificate (control of the invalid ones)',
    impact: 'istiod currently accepts no keys, so its refusals are not evidence',
    hint: '`meshdev check MD-OIDC-010`',
    hop: 'istiod->idp',
    polarity: 'positive',
    mode: 'twin',
    blocking: false,
    evidence: ['issuer.twins'],
    judge: ({ 'issuer.twins': { control } }) => {
      const { keyTaken, token } = control;
      const unseen = nothingSeen(token, 'a token of a valid issuer');
      if (unseen !== undefined) return unseen;
      if (!keyTaken && token.body === NO_SUCH_ISSUER)
        return unknown(
          'NOT_REACHED',
          'the proxy of caller does not have the rule of the valid issuer yet; istiod sends it',
        );
      // Past the token filter there is only the default deny: the caller admits nobody.
      return keyTaken && token.status === 403 && token.body === RBAC_DENIED
        ? pass('the proxy has its key, its token reaches the policies')
        : fail(
            'OIDC_GOOD_ISSUER_REFUSED',
            `a valid issuer: its key is ${keyTaken ? '' : 'not '}in the proxy of caller; its token: ${wireSeen(token)} ${token.body.slice(0, 80)}`.trimEnd(),
          );
    },
  }),
  defineCheck({
    id: 'MD-OIDC-012',
    title: 'istiod refuses the keys of an issuer with an untrusted certificate',
    impact:
      'istiod fetches keys without verifying the server: an attacker on the network path can issue tokens',
    hint: '`meshdev check MD-OIDC-011`; `JWKS_RESOLVER_INSECURE_SKIP_VERIFY` of istiod',
    hop: 'istiod->idp',
    polarity: 'negative',
    refuser: 'istiod',
    control: 'MD-OIDC-014',
    mode: 'twin',
    blocking: false,
    evidence: ['issuer.twins'],
    judge: ({ 'issuer.twins': decoys }) =>
      eachCase([
        ...ISSUER_SERVERS.map(({ id }): Named => [id, notTaken(decoys, id)]),
        ...ISSUER_SERVERS_UNSHOWN.filter(({ tolerable }) => !tolerable).map(({ id }): Named => [
          id,
          skip('istiod delays its pushes after six failed fetches: meshdev does not present this kind'),
        ]),
      ]),
  }),
];

/** Envoy's words for a token of an issuer that no rule of its names. */
const NO_SUCH_ISSUER = 'Jwt issuer is not configured';

function notTaken({ probes }: IssuerDecoys, id: string): Verdict {
  const probe = probes.find((each) => each.case.id === id);
  if (probe === undefined) return unknown('CASE_NOT_RUN', `no issuer presented ${id}`);
  return judgeIssuer(probe, probe.case.says, `an issuer that presented ${id} (${probe.case.why})`);
}

function judgeIssuer({ seen, keyTaken, token, record }: IssuerProbe, says: string, who: string): Verdict {
  if (keyTaken) return fail('OIDC_BAD_ISSUER_ACCEPTED', `the proxy of caller has the key of ${who}`);
  if ((seen?.requests ?? 0) > 0)
    return fail('OIDC_BAD_ISSUER_ACCEPTED', `istiod requested the keys of ${who}`);
  if (seen === undefined || seen.error !== undefined)
    return unknown('NO_RECORD', `${who} could not listen: ${seen?.error ?? 'no error message'}`);
  if (seen.connections === 0) return unknown('NOT_REACHED', `istiod did not connect to ${who}`);
  const unseen = nothingSeen(token, `a token of ${who}`);
  if (unseen !== undefined) return unseen;
  if (token.status !== 401)
    return fail('OIDC_BAD_ISSUER_ACCEPTED', `a token of ${who} should get 401: ${wireSeen(token)}`);
  if (record === undefined) return unknown('NO_RECORD', `the log of istiod has no record of ${who}`);
  return record.includes(says)
    ? pass(`401; istiod: ${says}`)
    : fail(
        'REFUSED_FOR_OTHER_REASON',
        `${who} should be refused because of "${says}"; istiod logged: ${record}`,
      );
}
