import type { EnvoyBuild } from '../../profiles.ts';
import type { Lab } from '../../topology/lab.ts';
import { REQUEST_LOG, STATS_INCLUSION } from './access-log.ts';
import { LOG_PROVIDER } from './names.ts';

/** Istio's MeshConfig of a lab. */
export function meshConfig(lab: Lab, envoy: EnvoyBuild) {
  return {
    trustDomain: lab.workloads.gateway.trustDomain,
    // A request that no service entry covers would leave the mesh without mTLS, and green.
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    meshMTLS: { minProtocolVersion: 'TLSV1_3' },
    // One request is one request: a retry would hide a refusal, and count twice.
    defaultHttpRetryPolicy: { attempts: 0 },
    // Policies judge the path that the application will see.
    pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' },
    extensionProviders: [
      { name: LOG_PROVIDER, envoyFileAccessLog: { path: '/dev/stdout', logFormat: { labels: REQUEST_LOG } } },
    ],
    defaultConfig: {
      holdApplicationUntilProxyStarts: true,
      // One hop in front of the gateway may be believed about the client's address: Caddy.
      gatewayTopology: { numTrustedProxies: 1 },
      proxyStatsMatcher: { inclusionRegexps: STATS_INCLUSION },
      // Connections from before a change of policy live on for this long, instead of 45 s.
      drainDuration: '3s',
      // Records are evidence: who asks for one should not wait a second for it.
      fileFlushInterval: '0.1s',
    },
    ...(envoy === 'upstream' ? { defaultProviders: { metrics: [] }, enablePrometheusMerge: false } : {}),
  };
}
