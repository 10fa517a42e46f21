import type { EnvoyBuild } from '../../profiles.ts';
import type { Lab } from '../../topology/lab.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import { DIGEST_ANNOTATION, fingerprint, type MeshMaterial } from './material.ts';
import { meshConfig } from './mesh-config.ts';
import { ISTIO_NAMESPACE } from './names.ts';

/**
 * What `istioctl install` is given: istiod alone. The gateway is a Deployment of ours (gateway-pods.ts),
 * with a service account and a namespace of its own.
 */
export function istioOperator(lab: Lab, material: MeshMaterial, envoy: EnvoyBuild) {
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: lab.cluster.name, namespace: ISTIO_NAMESPACE },
    spec: {
      profile: 'minimal',
      hub: IN_CLUSTER_IMAGES.istioHub,
      tag: IN_CLUSTER_IMAGES.istioTag,
      meshConfig: meshConfig(lab, envoy),
      // The chart looks every 3 s; everything after istiod waits for that look.
      components: { pilot: { k8s: { readinessProbe: { periodSeconds: 1 }, overlays: [NO_PLAINTEXT_XDS] } } },
      values: { global: globalValues(), pilot: pilotValues(material, envoy) },
    },
  };
}

export type IstioOperator = ReturnType<typeof istioOperator>;

/**
 * Everybody who needs istiod shows a credential, over TLS on 15012. Without this it serves the same
 * configuration on 15010 in plaintext, to whoever asks. The chart's own value for arguments does not
 * pass the operator's schema, which wants objects.
 */
const NO_PLAINTEXT_XDS = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name: 'istiod',
  patches: [{ path: 'spec.template.spec.containers.[name:discovery].args.[-1]', value: '--grpcAddr=' }],
} as const;

/** A laptop's share: the chart's 500m and 2Gi would leave pods Pending on two cores. */
function globalValues() {
  return {
    imagePullPolicy: 'IfNotPresent',
    defaultPodDisruptionBudget: { enabled: false },
    proxy: {
      resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { cpu: '2', memory: '512Mi' } },
      readinessPeriodSeconds: 2,
    },
  };
}

function pilotValues({ edgeRootPem, istiodCa }: MeshMaterial, envoy: EnvoyBuild) {
  return {
    autoscaleEnabled: false,
    replicaCount: 1,
    resources: { requests: { cpu: '50m', memory: '128Mi' } },
    jwksResolverExtraRootCA: edgeRootPem,
    env: { ...ISTIOD_ENV, ...(envoy === 'upstream' ? UPSTREAM_ENVOY_ENV : {}) },
    podAnnotations: {
      // istiod reads both once, at its start.
      [DIGEST_ANNOTATION.edgeRoot]: fingerprint(edgeRootPem),
      [DIGEST_ANNOTATION.istiodCa]: fingerprint(istiodCa.certPem, istiodCa.chainPem, istiodCa.rootPem),
    },
  };
}

const ISTIOD_ENV = {
  /** A rotated signing key is known after seconds instead of 20 minutes. */
  PILOT_JWT_PUB_KEY_REFRESH_INTERVAL: '10s',
  /** Key sets are fetched from the edge on a private range, never from loopback or a metadata service. */
  BLOCKED_CIDRS_IN_JWKS_URIS: '127.0.0.0/8,169.254.0.0/16,::1/128,fe80::/10',
} as const;

/** Upstream's Envoy has none of Istio's own extensions. */
const UPSTREAM_ENVOY_ENV = {
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
} as const;
