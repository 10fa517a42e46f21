import { describe, expect, it } from 'vitest';
import { podNamePattern } from '../../../src/probe/requests/component-logs.ts';
import { byPod, filesOf, joinParts } from '../../../src/probe/requests/pod-logs.ts';

function read(...written: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const take = joinParts((line) => lines.push(line));
  for (const each of written) take(each);
  return lines;
}

describe('lines of a container runtime', () => {
  it('are the container’s own, blanks kept', () => {
    expect(read('2026-01-02T03:04:05.6Z stdout F {"a": 1} ', '2026-01-02T03:04:05.7Z stderr F ')).toEqual([
      '{"a": 1} ',
      '',
    ]);
  });

  it('are put together from their parts, stream by stream', () => {
    expect(
      read('t stdout P one ', 't stderr P other ', 't stdout P line ', 't stderr F line', 't stdout F here'),
    ).toEqual(['other line', 'one line here']);
  });

  it('are nothing where the runtime wrote something else', () => {
    expect(read('', 'no line of a runtime', 't elsewhere F text')).toEqual([]);
  });
});

describe('lines of several pods', () => {
  it('come with the pod that wrote them, each put together by itself', () => {
    const seen: string[] = [];
    const take = byPod([
      { onLine: () => undefined },
      { onLine: (line, pod) => seen.push(`${pod}: ${line}`) },
    ]);
    for (const line of [
      '1.0 = /var/log/pods/apps_orders-5b8c-x7k2p_6f1e-77/istio-proxy/0.log',
      '1.1 = /var/log/pods/apps_orders-5b8c-aaaaa_6f1f-77/istio-proxy/0.log',
      '1.0 t stdout P one ',
      '1.1 t stdout F of the other',
      '1.0 t stdout F line',
    ])
      take(line);
    expect(seen).toEqual(['orders-5b8c-aaaaa: of the other', 'orders-5b8c-x7k2p: one line']);
  });
});

describe('files of pods', () => {
  const files = (pods: Parameters<typeof filesOf>[0]['pods']) =>
    filesOf({ namespace: 'apps', pods, container: 'istio-proxy', expected: 'optional' });

  it('are those of a Deployment, and of none whose name begins alike', () => {
    const [expected, glob, pattern = ''] = files({ deployment: 'orders' }).split(' ');
    expect({ expected, glob }).toEqual({
      expected: 'optional',
      glob: '/var/log/pods/apps_orders-*/istio-proxy/*.log',
    });
    const isOf = (pod: string) => new RegExp(pattern).test(`/var/log/pods/apps_${pod}_uid/istio-proxy/0.log`);
    expect(['orders-5b8c-x7k2p', 'orders-more-5b8c-x7k2p', 'orders-0'].map(isOf)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('are those of pods with these names', () => {
    const [, glob, pattern = ''] = files({ named: 'stock-[0-9]+|one' }).split(' ');
    expect(glob).toBe('/var/log/pods/apps_*/istio-proxy/*.log');
    const isOf = (pod: string) => new RegExp(pattern).test(`/var/log/pods/apps_${pod}_uid/istio-proxy/0.log`);
    expect(['stock-0', 'stock-0-x', 'one', 'two'].map(isOf)).toEqual([true, false, true, false]);
  });
});

describe('the names of a service’s pods', () => {
  const pod = (name: string, kind?: string, owner = '', hash?: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(hash === undefined ? {} : { labels: { 'pod-template-hash': hash } }),
      ...(kind === undefined ? {} : { ownerReferences: [{ kind, name: owner }] }),
    },
  });

  it.each([
    [
      'of a Deployment, the next ReplicaSet’s too',
      pod('web-5b8c-x7k2p', 'ReplicaSet', 'web-5b8c', '5b8c'),
      'web-77ff-aaaaa',
    ],
    ['of a StatefulSet', pod('web-0', 'StatefulSet', 'web'), 'web-7'],
    ['of nobody', pod('web'), 'web'],
  ])('%s', (_, one, later) => {
    const pattern = new RegExp(`^(?:${podNamePattern('orders', [one])})$`);
    expect(pattern.test(one.metadata.name)).toBe(true);
    expect(pattern.test(later)).toBe(true);
    expect(pattern.test(`${later}-more-of-it`)).toBe(false);
  });

  it('are those of a Deployment called like the service where it has no pod', () => {
    expect(podNamePattern('orders', [])).toBe('orders-[a-z0-9]+-[a-z0-9]{5}');
  });
});
