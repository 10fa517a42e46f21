import { beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_JUDGES } from '../../../../src/checks/services/service-judges.ts';
import type { ServiceEvidenceMap } from '../../../../src/evidence/service-evidence.ts';
import { NOW } from '../../../support/certificates.ts';
import { healthyServiceEvidence, makeServiceMaterial } from '../../../support/healthy-service.ts';
import { healthyService, labWith } from '../../../support/own-service.ts';
import { verdictsOf } from './verdicts-of.ts';

const service = healthyService({ source: { kind: 'local', port: 8080 } });
const lab = labWith(service);
let healthy: ServiceEvidenceMap;
beforeAll(async () => {
  healthy = healthyServiceEvidence(service, lab, await makeServiceMaterial(service));
});

/** What the relay answers for its process. */
function absent(
  why: string,
  change: Partial<ServiceEvidenceMap['service.control']> = {},
): ServiceEvidenceMap {
  const control = healthy['service.control'];
  if (control === undefined) throw new Error('the service has no control request');
  const headers = { ...control.headers, 'meshdev-local': why };
  return { ...healthy, 'service.control': { ...control, status: 502, headers, ...change } };
}

const verdictOf = (id: string, found: ServiceEvidenceMap) =>
  verdictsOf(id, found, { lab, service, at: NOW })[0]?.verdict;

describe('a service whose process is on this machine', () => {
  it.each([
    ['no-tunnel', 'no tunnel to its process is open'],
    ['no-process', 'no process accepts connections on its port of this machine'],
  ])('is a warning while it is not there (%s), with the command that connects it', (why, words) => {
    expect(verdictOf('MD-WRK-001', absent(why))).toMatchObject({
      kind: 'warn',
      code: 'LOCAL_NOT_RUNNING',
      message: expect.stringContaining(words),
      remedies: ['meshdev expose orders'],
    });
  });

  it('passes while it is there, and says which hop is in plaintext', () => {
    expect(verdictOf('MD-WRK-001', healthy)).toMatchObject({
      kind: 'pass',
      because: expect.stringContaining('; from the relay to the process: plaintext on loopback'),
    });
  });

  it('has every other verdict all the same', () => {
    const found = absent('no-tunnel');
    const red = Object.keys(SERVICE_JUDGES)
      .filter((id) => id !== 'MD-WRK-001')
      .flatMap((id) =>
        verdictsOf(id, found, { lab, service, at: NOW }).map(({ verdict }) => ({ id, verdict })),
      )
      .filter(({ verdict }) => verdict.kind !== 'pass' && verdict.kind !== 'skip');
    expect(red).toEqual([]);
  });

  it('is not excused by the words of the relay where its sidecar refused, or has no record', () => {
    const control = healthy['service.control'];
    const refused = { ...control?.sidecar, response_code_details: 'rbac_access_denied_matched_policy[none]' };
    expect(verdictOf('MD-WRK-001', absent('no-tunnel', { status: 403, sidecar: refused }))).toMatchObject({
      kind: 'fail',
      code: 'WRK_CHAIN_BROKEN',
    });
    expect(verdictOf('MD-WRK-001', absent('no-tunnel', { sidecar: undefined }))?.kind).toBe('unknown');
  });
});
