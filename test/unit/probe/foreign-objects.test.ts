import { describe, expect, it } from 'vitest';
import { ruleObjects } from '../../../src/mesh/manifests/mesh-objects.ts';
import { decoyHost, decoyIssuers } from '../../../src/mesh/manifests/decoys.ts';
import { foreignObjects } from '../../../src/probe/gateway/cluster-state.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const rules = ruleObjects(lab);
const beside = { lab, pods: [], declared: new Set<string>() };

function object(kind: string, namespace: string, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: kind.endsWith('Policy') ? 'security.istio.io/v1' : 'networking.istio.io/v1',
    kind,
    metadata: { name: 'x', namespace },
    spec,
  };
}

/** Of a run `seconds` ago. */
function decoy(seconds: number): KubeObject {
  const made = decoyIssuers(lab, 'r1', []);
  const creationTimestamp = new Date(Date.now() - seconds * 1000).toISOString();
  return { ...made, metadata: { ...made.metadata, creationTimestamp } };
}

function renamed(kind: string, name: string): KubeObject {
  const found = rules.find((one) => one.kind === kind);
  if (found === undefined) throw new RangeError(`the lab has no ${kind}`);
  return { ...found, metadata: { ...found.metadata, name } };
}

describe('foreign objects', () => {
  it('are none among the rules of the lab and the twins of this moment', () => {
    expect(foreignObjects([...rules, decoy(5)], beside)).toEqual([]);
  });

  it.each<[string, KubeObject]>([
    ['a copy of a policy, with all its labels', renamed('AuthorizationPolicy', 'copy')],
    ['a twin that is left from long ago', decoy(600)],
    ['an EnvoyFilter in a namespace of the lab', object('EnvoyFilter', 'apps')],
    ['anything in Istio’s root namespace', object('Telemetry', 'istio-system')],
    [
      'a Gateway from elsewhere for the lab’s gateway',
      object('Gateway', 'default', { selector: { istio: 'gateway' } }),
    ],
    ['a Gateway from elsewhere for every gateway', object('Gateway', 'default')],
    [
      'a route from elsewhere at the lab’s gateway',
      object('VirtualService', 'default', {
        hosts: [decoyHost(lab, 'x')],
        gateways: ['istio-ingress/public'],
      }),
    ],
  ])('are %s', (_, one) => {
    expect(foreignObjects([...rules, one], beside).map(({ name }) => name)).toEqual([
      `${one.kind} ${one.metadata.namespace}/${one.metadata.name}`,
    ]);
  });

  it.each<[string, KubeObject]>([
    ['a policy of a namespace that is the user’s', object('AuthorizationPolicy', 'shop')],
    [
      'a Gateway for a gateway of the user’s',
      object('Gateway', 'shop', { selector: { istio: 'shop-gateway' } }),
    ],
    ['a route at a gateway of the user’s', object('VirtualService', 'shop', { gateways: ['shop/own'] })],
  ])('are not %s', (_, one) => {
    expect(foreignObjects([one], beside)).toEqual([]);
  });

  it('are none that a service declares in its manifests', () => {
    const one = object('EnvoyFilter', 'apps');
    expect(foreignObjects([one], { ...beside, declared: new Set(['EnvoyFilter apps/x']) })).toEqual([]);
  });
});
