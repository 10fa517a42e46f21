import { describe, expect, it } from 'vitest';
import { keysInProxy, refetchKeySet, waitForKeySet } from '../../../src/mesh/key-set.ts';
import type { KubeObject, PodPortAnswer } from '../../../src/ports/cluster.ts';
import { createLab, DEFAULT_CHOICE, echoService } from '../../../src/topology/lab.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

const { signal } = new AbortController();
const lab = createLab(DEFAULT_CHOICE);
const service = echoService(lab);
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'httpbin-1', namespace: 'apps', labels: { app: 'httpbin' } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

/** The shape of Envoy's configuration dump, as far as it matters: the filter is repeated in each chain. */
function dumpOf(...keySets: readonly object[]): PodPortAnswer {
  const filters = keySets.map((keys) => ({
    providers: {
      'origins-0': { issuer: lab.issuer, local_jwks: { inline_string: JSON.stringify({ keys }) } },
    },
  }));
  const draining_state = { providers: { local_jwks: 'of no interest' } };
  return { status: 200, body: JSON.stringify({ configs: [{ chains: [filters, filters], draining_state }] }) };
}

function clusterWith(answer: PodPortAnswer) {
  const cluster = createFakeCluster({ getFromPod: () => answer });
  cluster.put(pod);
  return cluster;
}

describe('the keys in the proxy', () => {
  it('are read from its running filters, each set once', async () => {
    const cluster = clusterWith(dumpOf([{ kty: 'EC', kid: 'one', x: '1' }]));
    expect(await keysInProxy(cluster, service, signal)).toEqual([{ kty: 'EC', kid: 'one', x: '1' }]);
  });

  it('are awaited by their ids', async () => {
    const said: string[] = [];
    const run = { signal, progress: (message: string) => void said.push(message) };
    await waitForKeySet(clusterWith(dumpOf([{ kty: 'EC', kid: 'one' }])), { lab, service }, ['one'], run);
    expect(said).toEqual([]);
  });

  it('are called by their name when they are the placeholder', async () => {
    const said: string[] = [];
    const wait = waitForKeySet(clusterWith(dumpOf([{ kty: 'RSA' }])), { lab, service }, ['one'], {
      signal: AbortSignal.timeout(50),
      progress: (message) => void said.push(message),
    });
    await expect(wait).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(said).toEqual(["the proxy of httpbin validates tokens with istiod's placeholder"]);
  });

  it('cannot be read from a proxy that does not answer', async () => {
    const cluster = clusterWith({ status: 503, body: 'not today' });
    await expect(keysInProxy(cluster, service, signal)).rejects.toMatchObject({
      code: 'CLUSTER_CALL_FAILED',
      message: expect.stringMatching(
        /^reading config_dump.* from the proxy of apps\/httpbin-1: HTTP 503 not today$/,
      ),
    });
  });
});

describe('fetching the keys anew', () => {
  it('leaves the rules as they are wanted', async () => {
    const cluster = createFakeCluster();
    await refetchKeySet(cluster, { lab, service }, signal);
    expect([...cluster.objects.keys()]).toEqual(['RequestAuthentication apps/tokens']);
  });
});
