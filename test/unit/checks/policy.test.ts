import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { nameOf } from '../../../src/checks/verdict.ts';
import { parseConfig } from '../../../src/config/read.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { policyFrom, policyText } from '../../support/healthy-policy.ts';
import { judge } from './expected.ts';

const lab = createLab(DEFAULT_CHOICE);
const healthy = {
  ...healthyEvidence(lab, await makeMaterial(lab)),
  policy: policyFrom(policyText(lab)),
};
const own = CATALOGUE.filter(({ id }) => id === 'MD-DRIFT-005');

describe('MD-DRIFT-005', () => {
  it('is skipped, with the way to one, where nothing is declared', async () => {
    const { checks } = await judge(lab, { ...healthy, policy: { rules: undefined } }, own);
    expect(checks.map(({ verdict }) => verdict)).toEqual([
      { kind: 'skip', because: expect.stringContaining('declares no policy') },
    ]);
  });

  it('judges each line of the policy by itself', async () => {
    const { checks } = await judge(lab, healthy, own);
    expect(checks.map((check) => `${check.verdict.kind} ${nameOf(check)}`)).toEqual([
      'pass MD-DRIFT-005[min-tls-client-edge]',
      'pass MD-DRIFT-005[min-tls-edge-gateway]',
      'pass MD-DRIFT-005[min-tls-gateway-sidecar]',
      'pass MD-DRIFT-005[certificate-age]',
      'pass MD-DRIFT-005[key-types]',
      'pass MD-DRIFT-005[alpn]',
      'pass MD-DRIFT-005[listeners]',
    ]);
  });

  it('names the line that is violated, and what was seen instead', async () => {
    const text = policyText(lab).replace('[P-256]', '[RSA-2048]');
    const { checks } = await judge(lab, { ...healthy, policy: policyFrom(text) }, own);
    const failed = checks.filter(({ verdict }) => verdict.kind === 'fail').map(({ verdict }) => verdict);
    expect(failed).toEqual([
      expect.objectContaining({
        code: 'DRIFT_POLICY',
        message: expect.stringMatching(
          /^meshdev\.yaml:7:13: the certificate of the edge for the app has a P-256 key, allowed types are RSA-2048/,
        ),
      }),
    ]);
  });

  it('is not proved while one certificate was not seen, however good the others are', async () => {
    const mesh = healthy['mesh.state'];
    const secrets = mesh.secrets.filter(({ workload }) => workload !== 'ledger');
    const { checks } = await judge(lab, { ...healthy, 'mesh.state': { ...mesh, secrets } }, own);
    const unproved = checks.filter(({ verdict }) => verdict.kind === 'unknown');
    expect(unproved.map((check) => check.case)).toEqual(['certificate-age', 'key-types']);
    expect(unproved[0]?.verdict).toMatchObject({
      code: 'NO_CERTIFICATE',
      message: expect.stringContaining('workload ledger'),
    });
  });

  it('is not proved on a hop where nobody recorded a version', async () => {
    const walks = Object.fromEntries(
      Object.entries(healthy.walks).map(([id, traced]) => [id, { ...traced, sidecar: undefined }]),
    );
    const { checks } = await judge(lab, { ...healthy, walks: { ...healthy.walks, ...walks } }, own);
    const hop = checks.find((check) => check.case === 'min-tls-gateway-sidecar');
    expect(hop?.verdict).toMatchObject({ kind: 'unknown', code: 'NO_RECORD' });
  });
});

describe('policy: in meshdev.yaml', () => {
  it.each([
    ['minTlsVersion: { client->edge: TLSv1.1 }', /2:34 policy\.minTlsVersion/],
    ['minTlsVersion: { edge->idp: TLSv1.3 }', /policy\.minTlsVersion/],
    ['maxCertificateAge: 3 weeks', /2:22 policy\.maxCertificateAge: must be in hours or days/],
    ['keyTypes: []', /2:13 policy\.keyTypes: must have at least one entry/],
    ['keyTypes: [DSA]', /2:14 policy\.keyTypes\.0/],
    ['listeners: [localhost]', /2:15 policy\.listeners\.0: must be address:port/],
    ['certificates: 1', /2:3 policy: Unrecognized key: "certificates"/],
  ])('refuses %s with line and column', (line, message) => {
    expect(() => parseConfig('meshdev.yaml', `policy:\n  ${line}\n`)).toThrow(message);
  });
});
