import { readFile } from 'node:fs/promises';
import { edgeAdminVolume } from '../../edge/edge-container.ts';
import type { Neighbour, Outside } from '../../evidence/outside.ts';
import type { Container } from '../../ports/container-engine.ts';
import type { Lab } from '../../topology/lab.ts';
import type { Needs } from '../probe-context.ts';

/** Containers beside the lab, and the root certificate that users are handed. */
export async function collectOutside({
  context: { lab, files },
  engine,
  signal,
}: Needs<'context' | 'engine' | 'signal'>): Promise<Outside> {
  const [containers, trustedPem] = await Promise.all([
    engine.containers.list({}, signal),
    readFile(files.edgeRoot, 'utf8').catch(() => undefined),
  ]);
  return {
    looked: containers.length,
    neighbours: neighboursOf(containers, lab, files.labDir),
    trustedPem,
  };
}

/** Pure: what containers share with the lab that its plan does not say. */
export function neighboursOf(
  containers: readonly Container[],
  lab: Lab,
  stateDir: string,
): readonly Neighbour[] {
  const { edge, idp, probe } = lab.containers;
  const planned = new Set([edge, idp, probe, lab.cluster.node]);
  const own = new Map(containers.filter(({ name }) => planned.has(name)).map(({ id, name }) => [id, name]));
  return containers
    .map((container): Neighbour => {
      const shares = planned.has(container.name)
        ? addedVolumes(container, lab)
        : sharedBy(container, lab, stateDir);
      return { name: container.name, shares: [...shares, ...joined(container, own)] };
    })
    .filter(({ shares }) => shares.length > 0);
}

function sharedBy({ networks, mounts }: Container, lab: Lab, stateDir: string): readonly string[] {
  const volume = edgeAdminVolume(lab);
  return [
    ...networks
      .filter(({ network }) => network === lab.network || network === lab.idpNetwork)
      .map(({ network }) => `network ${network}`),
    ...mounts.flatMap(({ kind, source }) => {
      if (kind === 'volume' && source === volume) return [`volume ${source}`];
      return kind === 'bind' && (isInside(stateDir, source) || isInside(source, stateDir))
        ? [`directory ${source} of this machine, which has keys of the lab`]
        : [];
    }),
  ];
}

/** Edge and probe share one volume; the node has an anonymous one of its own. */
function addedVolumes({ name, mounts }: Container, lab: Lab): readonly string[] {
  const { edge, probe } = lab.containers;
  const planned = name === edge || name === probe ? [edgeAdminVolume(lab)] : [];
  return mounts
    .filter(({ kind }) => kind === 'volume' && name !== lab.cluster.node)
    .filter(({ source }) => !planned.includes(source))
    .map(({ source, target }) => `volume ${source} at ${target}`);
}

function joined({ joins = [] }: Container, own: ReadonlyMap<string, string>): readonly string[] {
  return joins.flatMap(({ what, container }) => {
    const name = own.get(container) ?? [...own.values()].find((each) => each === container);
    return name === undefined ? [] : [`${what} of ${name}`];
  });
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}
