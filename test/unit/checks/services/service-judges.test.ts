import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../src/checks/catalogue.ts';
import { SERVICE_JUDGES } from '../../../../src/checks/services/service-judges.ts';
import type { ServiceEvidenceMap } from '../../../../src/evidence/service-evidence.ts';
import type { Service } from '../../../../src/topology/service.ts';
import { NOW } from '../../../support/certificates.ts';
import {
  healthyServiceEvidence,
  makeServiceMaterial,
  type ServiceMaterial,
} from '../../../support/healthy-service.ts';
import { healthyService, labWith } from '../../../support/own-service.ts';
import { verdictsOf } from './verdicts-of.ts';

const service = healthyService();
let material: ServiceMaterial;
beforeAll(async () => {
  material = await makeServiceMaterial(service);
});

function healthy(of: Service = service): ServiceEvidenceMap {
  return healthyServiceEvidence(healthyService(of), labWith(of), material);
}

describe('judges of services', () => {
  it.each(Object.entries(SERVICE_JUDGES))(
    '%s is of a check that exists, with a control of services',
    (id, judge) => {
      const check = CATALOGUE.find((each) => each.id === id);
      expect(check?.id).toBe(id);
      // A positive needs none; a negative one is held against a positive of the same service.
      const wanted = check?.polarity === 'negative' ? (judge?.control ?? check.control) : 'MD-MESH-018';
      expect(Object.keys(SERVICE_JUDGES)).toContain(wanted);
      expect(CATALOGUE.find((each) => each.id === wanted)?.polarity).toBe('positive');
    },
  );

  it.each(Object.keys(SERVICE_JUDGES))('%s passes for a service whose every link holds', (id) => {
    const verdicts = verdictsOf(id, healthy(), { service, lab: labWith(service), at: NOW });
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts.filter(({ verdict }) => verdict.kind !== 'pass')).toEqual([]);
  });

  it.each(['MD-WRK-001', 'MD-JWT-001', 'MD-JWT-002', 'MD-JWT-016', 'MD-MESH-002', 'MD-EGW-007'])(
    '%s says what to add to meshdev.yaml where no valid request is described',
    (id) => {
      const { control: _, ...without } = service;
      const context = { service: without, lab: labWith(without), at: NOW };
      const found = { ...healthy(), 'service.control': undefined, 'service.tokens': [] };
      expect(verdictsOf(id, found, context)[0]?.verdict).toMatchObject({
        kind: 'skip',
        because: expect.stringContaining('services.orders in meshdev.yaml: check: { path: /PATH, as: USER }'),
      });
    },
  );
});
