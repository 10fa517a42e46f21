import { BlockList, isIP } from 'node:net';

/** The variables of proxies, as programs read them; lower case wins, as for curl. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** This machine is never reached through a proxy. */
const ALWAYS_DIRECT = ['localhost', '127.0.0.0/8', '::1'];

/**
 * The proxy for a URL, or undefined for a direct connection.
 * @param direct names, suffixes and subnets beside those of NO_PROXY: Docker's own networks
 */
export function proxyFor(url: URL, env: ProxyEnvironment, direct: readonly string[]): string | undefined {
  const read = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const proxy = (url.protocol === 'https:' ? read('HTTPS_PROXY') : read('HTTP_PROXY')) ?? read('ALL_PROXY');
  if (proxy === undefined || proxy === '') return undefined;
  const listed = (read('NO_PROXY') ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isDirect = [...ALWAYS_DIRECT, ...listed, ...direct].some((entry) => covers(entry, host, url.port));
  if (isDirect) return undefined;
  return /^[a-z]+:\/\//.test(proxy) ? proxy : `http://${proxy}`;
}

/** `*`, `host`, `.suffix`, `suffix`, `host:port`, an address, or a subnet in CIDR notation. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return inSubnet(entry, host);
  const [, name = entry, only] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  const wanted = (name === '' ? entry : name).replace(/^\*?\./, '').toLowerCase();
  if (only !== undefined && only !== port) return false;
  return host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`));
}

function inSubnet(subnet: string, host: string): boolean {
  const [address = '', length] = subnet.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family) return false;
  const list = new BlockList();
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(address, Number(length), kind);
  return list.check(host, kind);
}
