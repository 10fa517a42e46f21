import { describe } from 'vitest';
import { labelsOf } from '../../../src/topology/labels.ts';
import { CONTRACT_IMAGE, engineContract } from '../../support/engine-contract.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

describe('the fake engine keeps the contract of the port', () => {
  const image = {
    id: 'sha256:1',
    tags: ['meshdev.local/contract:fake'],
    labels: labelsOf('fake', CONTRACT_IMAGE),
    sizeBytes: 1,
  };
  const engine = createFakeEngine({ images: [image] });
  engineContract(() => ({ engine, image: 'meshdev.local/contract:fake', prefix: 'fake' }));
});
