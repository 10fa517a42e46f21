import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { kindConfig, parseKindTemplate, type NodeNeeds } from '../../../src/cluster/kind-config.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { labelsOf } from '../../../src/topology/labels.ts';

const lab = createLab(DEFAULT_CHOICE);
const PLAIN: NodeNeeds = { cgroupV1: false, restrictedHost: false, ownCni: false };
const FULL: NodeNeeds = { cgroupV1: true, restrictedHost: true, ownCni: true };
const templateOf = async (layout: string) =>
  parseKindTemplate(
    parse(await readFile(join(import.meta.dirname, '../../../kind-config', `${layout}.yaml`), 'utf8')),
  );

describe.each(['single-node', 'multi-node'])('the kind configuration %s', (layout) => {
  it('names the cluster and labels every node', async () => {
    const config = kindConfig(lab, await templateOf(layout), PLAIN);
    expect(config['name']).toBe('meshdev-demo');
    expect(config.nodes.map((node) => node['labels'])).toEqual(
      config.nodes.map(() => labelsOf('demo', 'node')),
    );
  });

  it('adds no patch to those of the template where nothing is needed', async () => {
    const config = kindConfig(lab, await templateOf(layout), PLAIN);
    expect(Object.keys(config).sort()).toEqual([
      'apiVersion',
      'kind',
      'kubeadmConfigPatches',
      'name',
      'networking',
      'nodes',
    ]);
    expect(config.kubeadmConfigPatches).toEqual((await templateOf(layout)).kubeadmConfigPatches);
    expect(config.networking).toEqual({ apiServerAddress: '127.0.0.1', dnsSearch: [] });
  });

  it('elects no leader among one control plane, and keeps what kind itself asks for', async () => {
    const [text = ''] = kindConfig(lab, await templateOf(layout), PLAIN).kubeadmConfigPatches;
    expect(parse(text)).toMatchObject({
      kind: 'ClusterConfiguration',
      controllerManager: {
        extraArgs: expect.arrayContaining([
          { name: 'enable-hostpath-provisioner', value: 'true' },
          { name: 'leader-elect', value: 'false' },
        ]),
      },
      scheduler: { extraArgs: [{ name: 'leader-elect', value: 'false' }] },
    });
  });

  it('publishes no port but the API server, and that for this machine only', async () => {
    const text = JSON.stringify(kindConfig(lab, await templateOf(layout), FULL));
    expect(text).not.toContain('extraPortMappings');
    expect(text).not.toContain('0.0.0.0');
  });
});

describe('patches of the kind configuration', () => {
  const patchesFor = async (needs: NodeNeeds) => {
    const config = kindConfig(lab, await templateOf('single-node'), needs);
    const own = (await templateOf('single-node')).kubeadmConfigPatches.length;
    const all = config.kubeadmConfigPatches.map((text): unknown => parse(text));
    return { config, all, patches: all.slice(own) };
  };

  it('let the kubelet run on cgroup v1, and nothing else', async () => {
    const { config, patches } = await patchesFor({ ...PLAIN, cgroupV1: true });
    expect(patches).toEqual([{ kind: 'KubeletConfiguration', failCgroupV1: false }]);
    expect(config).not.toHaveProperty('containerdConfigPatches');
  });

  it('keep everything from lowering OOM scores on a restricted host', async () => {
    const { config, patches } = await patchesFor(FULL);
    expect(patches).toEqual([
      { kind: 'KubeletConfiguration', failCgroupV1: false, oomScoreAdj: 0 },
      { kind: 'KubeProxyConfiguration', oomScoreAdj: 0, conntrack: { maxPerCore: 0, min: 0 } },
    ]);
    expect(config['containerdConfigPatches']).toEqual([
      expect.stringContaining('restrict_oom_score_adj = true'),
    ]);
    expect(config.networking['disableDefaultCNI']).toBe(true);
  });

  it('never pin an apiVersion', async () => {
    const { all } = await patchesFor(FULL);
    for (const patch of all) expect(patch).not.toHaveProperty('apiVersion');
  });

  it('do not start from a template that listens for everybody', () => {
    expect(() =>
      parseKindTemplate({
        kind: 'Cluster',
        apiVersion: 'kind.x-k8s.io/v1alpha4',
        networking: { apiServerAddress: '0.0.0.0' },
        nodes: [{ role: 'control-plane' }],
      }),
    ).toThrow(/127\.0\.0\.1/);
  });
});
