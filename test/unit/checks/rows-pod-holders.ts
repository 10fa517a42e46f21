import type { HeldContainer } from '../../../src/evidence/pod-holders.ts';
import { extended, holder, holders, pod } from '../../support/healthy-holders.ts';
import { type Red, row, type Row } from './expected.ts';

const turned = (red: Red) => ({ 'MD-EXPO-014': red });
const MORE: HeldContainer = { name: 'more', as: 'ephemeral', argv: ['sh'], env: [], hooks: false };

/** Pods that hold something of the chain. */
export function podHolderRows(): readonly Row[] {
  const node = turned('fail EXPO_NODE_REACHED');
  const more = turned('fail EXPO_POD_EXTENDED');
  return [
    row(
      'another Deployment runs under the account of the gateway',
      pod(holder('istio-ingress', 'second', { account: 'gateway' })),
      turned('fail EXPO_IDENTITY_SHARED'),
    ),
    row(
      'a pod runs under an account of a controller of Kubernetes',
      pod(holder('kube-system', 'x', { account: 'clusterrole-aggregation-controller' })),
      turned('fail EXPO_IDENTITY_SHARED'),
    ),
    row(
      'another pod mounts the CA of istiod',
      pod(holder('istio-system', 'backup', { secrets: ['cacerts'] })),
      turned('fail EXPO_SECRET_MOUNTED'),
    ),
    row(
      'a pod mounts a secret of that name in its own namespace',
      pod(holder('shop', 'x', { secrets: ['cacerts'] })),
      {},
    ),
    row(
      'a pod mounts the kubelet’s directory',
      pod(holder('shop', 'x', { reach: ['hostPath /var/lib'] })),
      node,
    ),
    row('a pod mounts the whole disk of the node', pod(holder('shop', 'x', { reach: ['hostPath /'] })), node),
    row('a pod shares the network of the node', pod(holder('shop', 'x', { reach: ['hostNetwork'] })), node),
    row('a pod sees the processes of the node', pod(holder('shop', 'x', { reach: ['hostPID'] })), node),
    row('a pod is privileged', pod(holder('shop', 'x', { reach: ['privileged app'] })), node),
    row(
      'the node runs a static pod more',
      pod(
        holder('kube-system', 'x', {
          owner: { kind: 'Node', namespace: 'kube-system', name: 'meshdev-demo-control-plane' },
          pod: 'x-meshdev-demo-control-plane',
          reach: ['hostPath /etc'],
        }),
      ),
      node,
    ),
    row(
      'somebody debugs the app with an ephemeral container',
      extended('httpbin', ({ containers }) => ({ containers: [...containers, MORE] })),
      more,
    ),
    row(
      'the app has a variable more',
      extended('httpbin', ({ containers }) => ({
        containers: containers.map((one) => ({ ...one, env: ['PORT', 'LD_PRELOAD'] })),
      })),
      more,
    ),
    row(
      'the app runs another program',
      extended('httpbin', ({ containers }) => ({
        containers: containers.map((one) => ({ ...one, argv: ['run', '--debug'] })),
      })),
      more,
    ),
    row(
      'the app runs a hook',
      extended('httpbin', ({ containers }) => ({
        containers: containers.map((one) => ({ ...one, hooks: true })),
      })),
      more,
    ),
    row(
      'the app has a token for the API server',
      extended('httpbin', () => ({ apiToken: true })),
      more,
    ),
    row(
      'the app reads another ConfigMap',
      extended('httpbin', () => ({ configMaps: ['more'] })),
      more,
    ),
    row(
      'the app mounts a claim',
      extended('httpbin', () => ({ reach: ['claim data'] })),
      more,
    ),
    row(
      'no pod could be listed',
      holders(() => ({ seen: [] })),
      turned('unknown EVIDENCE_MISSING'),
    ),
  ];
}
