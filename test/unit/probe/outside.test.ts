import { describe, expect, it } from 'vitest';
import type { Container } from '../../../src/ports/container-engine.ts';
import { neighboursOf } from '../../../src/probe/host/outside.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const DIR = '/home/u/.local/state/meshdev/labs/demo';

function container(name: string, change: Partial<Container> = {}): Container {
  return {
    id: `id-of-${name}`,
    name,
    image: 'x',
    imageId: 'sha256:x',
    labels: {},
    state: 'running',
    health: 'none',
    exitCode: 0,
    outOfMemory: false,
    restarts: 0,
    startedAt: '2026-12-01T00:00:00Z',
    ports: [],
    networks: [],
    mounts: [],
    ...change,
  };
}

const place = (network: string) => ({ network, address: '', addressV6: '', aliases: [] });
const mount = (kind: string, source: string) => ({ kind, source, target: '/x', readOnly: true });
const own = [
  container('meshdev-demo-edge', {
    networks: [place(lab.network), place(lab.idpNetwork)],
    mounts: [mount('volume', 'meshdev-demo-edge-admin')],
  }),
  container('meshdev-demo-control-plane', {
    networks: [place(lab.network)],
    mounts: [mount('volume', 'a'.repeat(64))],
  }),
];

describe('a container beside the lab', () => {
  it.each<[string, Partial<Container>, readonly string[]]>([
    ['a network', { networks: [place(lab.network)] }, ['network meshdev-demo']],
    [
      'the socket of the edge',
      { mounts: [mount('volume', 'meshdev-demo-edge-admin')] },
      ['volume meshdev-demo-edge-admin'],
    ],
    [
      'the keys of the lab',
      { mounts: [mount('bind', '/home/u')] },
      ['directory /home/u of this machine, which has keys of the lab'],
    ],
    [
      'the network of the edge, by its id',
      { joins: [{ what: 'network', container: 'id-of-meshdev-demo-edge' }] },
      ['network of meshdev-demo-edge'],
    ],
    [
      'the processes of the edge, by its name',
      { joins: [{ what: 'processes', container: 'meshdev-demo-edge' }] },
      ['processes of meshdev-demo-edge'],
    ],
  ])('shares %s', (_what, change, shares) => {
    const other = container('other', change);
    expect(neighboursOf([...own, other], lab, DIR)).toEqual([{ name: 'other', shares }]);
  });

  it.each<[string, Partial<Container>]>([
    ['is on a network of its own', { networks: [place('bridge')] }],
    [
      'mounts a directory and a volume of its own',
      { mounts: [mount('bind', '/srv'), mount('volume', 'data')] },
    ],
    ['joins another container', { joins: [{ what: 'network', container: 'else' }] }],
  ])('shares nothing where it %s', (_what, change) => {
    expect(neighboursOf([...own, container('other', change)], lab, DIR)).toEqual([]);
  });
});

it('a container of the lab has no volume that is not planned', () => {
  const more = container('meshdev-demo-idp', { mounts: [mount('volume', 'data')] });
  expect(neighboursOf([more], lab, DIR)).toEqual([{ name: more.name, shares: ['volume data at /x'] }]);
});
