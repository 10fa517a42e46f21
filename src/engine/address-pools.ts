import { MeshdevError } from '../errors/meshdev-error.ts';
import { cut, overlap, parseSubnet, type Subnet } from '../host/judges/subnet.ts';
import type { EngineInfo, Network } from '../ports/container-engine.ts';
import type { AddressPool } from '../ports/engine-resources.ts';

/** What Docker takes subnets from when its daemon.json names no pools. */
const BUILT_IN: readonly AddressPool[] = [
  ...Array.from({ length: 15 }, (_, index) => ({ base: `172.${index + 17}.0.0/16`, size: 16 })),
  { base: '192.168.0.0/16', size: 20 },
];

/** A pool of more subnets than this is never used up. */
const MANY = 4096;

/** Subnets that the engine can still give to new networks. Pure. */
export function freeSubnets(
  { addressPools }: Pick<EngineInfo, 'addressPools'>,
  taken: readonly string[],
): readonly Subnet[] {
  const used = taken.flatMap((text) => parseSubnet(text) ?? []);
  return (addressPools.length === 0 ? BUILT_IN : addressPools)
    .flatMap(({ base, size }) => subnetsOf(base, size))
    .filter((subnet) => !used.some((other) => overlap(subnet, other)));
}

function subnetsOf(base: string, size: number): readonly Subnet[] {
  const whole = parseSubnet(base);
  // Pools of IPv6 do not count: the networks of a lab are IPv4.
  return whole === undefined ? [] : cut(whole, Math.min(size, whole.prefix + Math.log2(MANY)));
}

/**
 * Why the engine cannot make so many networks more; undefined when it can. Routes through a router do not count:
 * some versions of Docker ignore them. Pure.
 */
export function poolProblem(
  info: Pick<EngineInfo, 'addressPools'>,
  networks: readonly Pick<Network, 'subnets'>[],
  wanted: number,
): MeshdevError | undefined {
  const free = freeSubnets(
    info,
    networks.flatMap(({ subnets }) => subnets),
  );
  if (free.length >= wanted) return undefined;
  return new MeshdevError('ENGINE_NOT_FIT', {
    message: `looking for ${wanted} free subnets in the address pools of the engine: ${networks.length} networks leave ${free.length}`,
    remedies: [
      'docker network prune',
      'add "default-address-pools": [{ "base": "10.210.0.0/16", "size": 24 }] to /etc/docker/daemon.json, then restart Docker',
    ],
  });
}
