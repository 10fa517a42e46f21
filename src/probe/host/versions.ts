import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ImageSeen, VersionsSeen } from '../../evidence/versions.ts';
import { isRecord } from '../../cluster/differences.ts';
import { kindConfigOf } from '../../cluster/kind.ts';
import { ISTIOD_PODS } from '../../mesh/manifests/names.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { NodeNetwork } from '../../profiles.ts';
import { nodeNeeds } from '../../lab/node-needs.ts';
import { labContainers } from './containers.ts';
import type { Needs } from '../probe-context.ts';

/** kind's network plugin, where it installs one. */
const KINDNET = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'kindnet' };
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';

/** What runs, in its own words; the templates are asked only what they should have become. */
export async function collectVersions(
  probeContext: Needs<'context' | 'engine' | 'signal'>,
): Promise<VersionsSeen> {
  const { context, engine, signal } = probeContext;
  const { lab, cluster } = context;
  const [caddy, kubelet, proxy, nodes, istiod, cni, images, patches, source] = await Promise.all([
    engine.containers.exec(lab.containers.edge, { argv: ['caddy', 'version'], timeoutMs: 10_000 }, signal),
    engine.containers.readFile(lab.cluster.node, KUBELET_CONFIG, signal),
    cluster.get(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'kube-proxy' },
      signal,
    ),
    cluster.list({ apiVersion: 'v1', kind: 'Node' }, signal),
    cluster.list({ apiVersion: 'v1', kind: 'Pod', ...ISTIOD_PODS }, signal),
    nodeNetwork(cluster, signal),
    labImages(probeContext),
    patchesOf(probeContext),
    context.images(signal),
  ]);
  const of = (kind: string): Patch =>
    Object.fromEntries(patches.filter((patch) => patch['kind'] === kind).flatMap(Object.entries));
  const { images: _pulled, ...profile } = source.profile;
  return {
    profile,
    cni,
    caddy: caddy.stdout.toString('utf8').trim().split(' ')[0],
    kubernetes: nodeShape.safeParse(nodes[0]).data?.status.nodeInfo.kubeletVersion,
    istiod: podShape.safeParse(istiod[0]).data?.spec.containers[0]?.image,
    images,
    kubelet: parseRecord(kubelet?.toString('utf8') ?? ''),
    kubeProxy: parseRecord(configMapShape.safeParse(proxy).data?.data['config.conf'] ?? ''),
    wantedKubelet: of('KubeletConfiguration'),
    wantedKubeProxy: of('KubeProxyConfiguration'),
  };
}

/** kind installs its plugin as a DaemonSet; a node image with a network of its own has none. */
export async function nodeNetwork(cluster: Pick<Cluster, 'get'>, signal: AbortSignal): Promise<NodeNetwork> {
  return (await cluster.get(KINDNET, signal)) === undefined ? 'static' : 'kindnet';
}

type Patch = Readonly<Record<string, unknown>>;

/** Patches that the node was made with: those of the template and those that this host needs. */
async function patchesOf({ context, signal }: Needs<'context' | 'signal'>): Promise<readonly Patch[]> {
  const config = await kindConfigOf({
    lab: context.lab,
    configDir: join(context.packageDir, 'kind-config'),
    layout: 'single-node',
    needs: await nodeNeeds(context, signal),
  });
  return config.kubeadmConfigPatches.map(parseRecord);
}

const nodeShape = z.looseObject({
  status: z.looseObject({ nodeInfo: z.looseObject({ kubeletVersion: z.string() }) }),
});
const podShape = z.looseObject({
  spec: z.looseObject({ containers: z.array(z.looseObject({ image: z.string() })) }),
});
const configMapShape = z.looseObject({ data: z.record(z.string(), z.string()) });

function parseRecord(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = parse(text);
  return isRecord(value) ? value : {};
}

/** Containers of the lab and its node, each beside the image that has its name now. */
async function labImages(
  probeContext: Needs<'context' | 'engine' | 'signal'>,
): Promise<readonly ImageSeen[]> {
  const { engine, signal } = probeContext;
  return Promise.all(
    (await labContainers(probeContext)).map(async ({ name, image, imageId }) => ({
      container: name,
      reference: image,
      running: imageId,
      named: (await engine.images.inspect(image, signal))?.id,
    })),
  );
}
