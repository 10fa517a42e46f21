import type { Repair } from './seen.ts';

/** The steps of `up`, in the order in which people think of them. */
export const UP_STEP_IDS = [
  'engine',
  'images',
  'keys',
  'network',
  'idp',
  'edge',
  'probe',
  'cluster',
  'mesh',
  'policies',
  'workloads',
  'builds',
  'services',
] as const;

export type UpStepId = (typeof UP_STEP_IDS)[number];

export interface UpStepShape {
  readonly title: string;
  readonly needs: readonly UpStepId[];
  readonly repair: Repair;
  /** Steps whose result goes into this one: when they are made anew, this one is out of date too. */
  readonly follows: readonly UpStepId[];
  /** What ends for people when it is made anew; nobody is connected to the others. */
  readonly ends?: string;
}

/**
 * Shape of the plan, apart from effects. `policies` need edge and IdP: istiod fetches the key set through
 * them the moment it sees the RequestAuthentication, and forgets an issuer it could not reach. Workloads
 * come after the policies, so that no pod is ever up without them.
 */
export const UP_STEPS: Readonly<Record<UpStepId, UpStepShape>> = {
  engine: { title: 'container engine', needs: [], repair: 'update', follows: [] },
  images: { title: 'images and tools', needs: ['engine'], repair: 'update', follows: [] },
  keys: { title: 'CAs and keys', needs: [], repair: 'update', follows: [] },
  network: { title: 'container network', needs: ['engine'], repair: 'replace', follows: [] },
  idp: {
    title: 'identity provider',
    ends: 'its sessions and codes become invalid',
    needs: ['images', 'keys', 'network'],
    repair: 'replace',
    follows: ['keys', 'network'],
  },
  edge: {
    title: 'edge (Caddy)',
    ends: 'open connections are closed',
    needs: ['images', 'keys', 'network'],
    repair: 'replace',
    follows: ['keys', 'network'],
  },
  probe: { title: 'probe on the lab network', needs: ['edge'], repair: 'replace', follows: ['network'] },
  cluster: {
    title: 'cluster (kind)',
    ends: 'everything deployed in it is deleted',
    needs: ['images', 'network'],
    repair: 'replace',
    follows: ['network'],
  },
  mesh: { title: 'mesh (Istio)', needs: ['cluster', 'keys'], repair: 'update', follows: ['keys', 'cluster'] },
  policies: {
    title: 'routes and policies',
    needs: ['mesh', 'idp', 'edge'],
    repair: 'update',
    follows: ['cluster'],
  },
  workloads: {
    title: 'gateway and sample workloads',
    needs: ['policies'],
    repair: 'update',
    follows: ['cluster'],
  },
  // A bundle brings them with the images of the lab.
  builds: { title: 'images of your services', needs: ['images'], repair: 'update', follows: [] },
  services: {
    title: 'your services',
    needs: ['policies', 'builds'],
    repair: 'update',
    follows: ['cluster'],
  },
};
