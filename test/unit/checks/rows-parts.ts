import type { Lab } from '../../../src/topology/lab.ts';
import { NOW } from '../../support/certificates.ts';
import { container, podOf, pods } from '../../support/break-parts.ts';
import { row, type Row } from './expected.ts';

/** Half a lab: what is not there at all, by the word of somebody who still answers. */
export function partRows(lab: Lab): readonly Row[] {
  const { edge, idp, probe } = lab.containers;
  return [
    row('the edge is stopped', container(edge, { state: 'exited', exitCode: 137 }), {
      'MD-WRK-005': 'fail WRK_NOT_RUNNING',
    }),
    row('the IdP is gone', container(idp, { state: 'absent', networks: [lab.idpNetwork] }), {
      'MD-WRK-006': 'fail WRK_NOT_RUNNING',
    }),
    row('the probe is gone', container(probe, { state: 'absent' }), { 'MD-WRK-008': 'fail WRK_NOT_RUNNING' }),
    row('the IdP died a minute ago', container(idp, { restarts: 1 }), {
      'MD-WRK-006': 'warn WRK_RESTARTING',
    }),
    row('the edge died an hour ago', container(edge, { restarts: 3, startedAt: NOW - 3_600_000 }), {}),
    row('the node is paused', container(lab.cluster.node, { state: 'paused' }), {
      'MD-WRK-007': 'fail WRK_NOT_RUNNING',
    }),
    row(
      'no process listens on the port of the API server',
      (all) => ({ ...all, parts: { ...all.parts, api: 'refused' } }),
      { 'MD-WRK-007': 'fail WRK_API_DOWN' },
    ),
    row('the API server does not answer', (all) => ({ ...all, parts: { ...all.parts, api: 'silent' } }), {
      'MD-WRK-007': 'unknown TIMED_OUT',
    }),
    row(
      'the gateway has no pod',
      pods((state) => ({ pods: state.pods.filter((pod) => pod.workload !== 'gateway') })),
      {
        'MD-WRK-009': 'fail WRK_NO_READY_POD',
      },
    ),
    row(
      'istiod is not ready',
      podOf('istiod', () => ({ trouble: 'container discovery: CrashLoopBackOff' })),
      {
        'MD-WRK-010': 'fail WRK_NO_READY_POD',
      },
    ),
    ...sidecarRows(),
    ...appRows(),
  ];
}

function sidecarRows(): readonly Row[] {
  const noSidecar = { 'MD-MESH-001': 'fail MESH_NO_SIDECAR' } as const;
  return [
    row(
      'a pod was made without a sidecar',
      podOf('ledger', ({ containers }) => ({
        containers: containers.filter(({ name }) => name !== 'istio-proxy'),
      })),
      noSidecar,
    ),
    row(
      'a sidecar is of another revision',
      podOf('caller', () => ({ revision: 'canary' })),
      noSidecar,
    ),
    row(
      'a sidecar is of another version',
      podOf('httpbin', ({ containers }) => ({
        containers: containers.map((one) =>
          one.name === 'istio-proxy' ? { ...one, image: 'proxyv2:1.2.3' } : one,
        ),
      })),
      noSidecar,
    ),
    row(
      'a sidecar is not ready',
      podOf('caller', ({ containers }) => ({
        containers: containers.map((one) => (one.name === 'istio-proxy' ? { ...one, ready: false } : one)),
      })),
      noSidecar,
    ),
  ];
}

function appRows(): readonly Row[] {
  const strangers = { address: '10.244.0.99', pod: 'imposter-0', ready: true };
  return [
    row(
      'the app runs another image',
      podOf('httpbin', ({ containers }) => ({
        containers: containers.map((one) =>
          one.name === 'app' ? { ...one, program: 'httpbin:older' } : one,
        ),
      })),
      { 'MD-WRK-002': 'fail WRK_OTHER_IMAGE' },
    ),
    row(
      'the app is not ready',
      podOf('ledger', () => ({ trouble: 'container app: CrashLoopBackOff' })),
      {
        'MD-WRK-002': 'fail WRK_NO_READY_POD',
      },
    ),
    row(
      'a stranger stands behind the service too',
      pods(({ services }) => ({
        services: services.map((one) => ({ ...one, endpoints: [...one.endpoints, strangers] })),
      })),
      { 'MD-WRK-002': 'fail WRK_OTHER_ENDPOINT' },
    ),
    row(
      'the service leads to nobody',
      pods(({ services }) => ({ services: services.map((one) => ({ ...one, endpoints: [] })) })),
      { 'MD-WRK-002': 'fail WRK_OTHER_ENDPOINT' },
    ),
  ];
}
