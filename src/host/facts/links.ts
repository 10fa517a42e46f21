import { access, readdir, readFile } from 'node:fs/promises';
import { subnetText } from '../judges/subnet.ts';
import type { Fact, Link, Route } from '../../ports/host-facts.ts';
import { absent, seen } from './read-fact.ts';

const ROUTES = '/proc/net/route';
const LINKS = '/sys/class/net';

export async function readRoutes(platform: string): Promise<Fact<readonly Route[]>> {
  if (platform !== 'linux') return absent(`meshdev reads routes on Linux only`);
  return seen(parseRoutes(await readFile(ROUTES, 'utf8')));
}

/** IPv4 routes of /proc/net/route; addresses there are in the byte order of the machine. Pure. */
export function parseRoutes(text: string): readonly Route[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [device, destination, , , , , , mask] = line.trim().split(/\s+/);
      if (device === undefined || destination === undefined || mask === undefined) return [];
      const first = littleEndian(destination);
      const prefix = littleEndian(mask).toString(2).replaceAll('0', '').length;
      const net = subnetText({ first, last: first, prefix });
      return [{ destination: net, device }];
    });
}

function littleEndian(hex: string): number {
  const bytes = (hex.match(/../g) ?? []).toReversed();
  return Number.parseInt(bytes.join(''), 16);
}

export async function readLinks(platform: string): Promise<Fact<readonly Link[]>> {
  if (platform !== 'linux') return absent('containers have their network in a virtual machine');
  const names = await readdir(LINKS);
  return seen(await Promise.all(names.map(readLink)));
}

async function readLink(name: string): Promise<Link> {
  const mtu = Number.parseInt(await readFile(`${LINKS}/${name}/mtu`, 'utf8').catch(() => '0'), 10);
  const bridge = await access(`${LINKS}/${name}/bridge`).then(
    () => true,
    () => false,
  );
  return { name, mtu, bridge };
}
