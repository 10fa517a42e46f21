import { isDirectoryWithin } from './directory-name.ts';
import { isHostName } from './dns-name.ts';
import { type GeneralName, ipOctets, parseNetwork } from './general-name.ts';

/**
 * Whether a name lies within a limit. `unclear` where verifiers differ or the name is not understood: then it
 * is neither permitted nor free of being excluded.
 */
export type Match = 'yes' | 'no' | 'unclear';

export function matchName(name: GeneralName, limit: GeneralName): Match {
  if (name.kind === 'directory')
    return limit.kind === 'directory' ? match(isDirectoryWithin(name, limit)) : 'no';
  if (name.kind !== limit.kind) return 'no';
  switch (name.kind) {
    case 'dns':
      return matchDns(name.value.toLowerCase(), limit.value.toLowerCase());
    case 'email':
      return matchEmail(name.value, limit.value);
    case 'uri':
      return matchHost(hostOfUri(name.value), limit.value.toLowerCase());
    case 'ip':
      return matchIp(name.value, limit.value);
    case 'other':
      return 'unclear';
  }
}

function match(is: boolean): Match {
  return is ? 'yes' : 'no';
}

/** The name itself and everything below; with a leading dot only what is below. */
function matchDns(name: string, limit: string): Match {
  const base = name.replace(/^(\*\.)+/, '');
  if (!isHostName(base)) return 'unclear';
  if (limit === '' || name === limit || name.endsWith(limit.startsWith('.') ? limit : `.${limit}`))
    return 'yes';
  // A wildcard may stand for the very label that makes the difference.
  const [wild, more] = [labels(name) - labels(base), labels(limit) - labels(base)];
  return limit.endsWith(`.${base}`) && more <= wild ? 'unclear' : 'no';
}

function labels(name: string): number {
  return name.split('.').length;
}

const MAILBOX = /^([\w!#$%&'*+/=?^`{|}~.-]+)@([^@]+)$/;

/** A mailbox exactly, with its local part letter by letter; or the host of it. */
function matchEmail(name: string, limit: string): Match {
  const [, local, host = ''] = MAILBOX.exec(name) ?? [];
  if (local === undefined || !isHostName(host)) return 'unclear';
  const [, limitLocal, limitHost] = MAILBOX.exec(limit) ?? [];
  if (limitLocal !== undefined)
    return match(local === limitLocal && host.toLowerCase() === limitHost?.toLowerCase());
  return matchHost(host.toLowerCase(), limit.toLowerCase());
}

/**
 * Hosts of e-mail addresses and URIs: exactly that host, or below it with a leading dot. RFC 5280 takes the first
 * word by word, other verifiers take what is below as well.
 */
function matchHost(host: string | undefined, limit: string): Match {
  if (host === undefined) return 'unclear';
  if (limit.startsWith('.')) return match(host.endsWith(limit));
  if (host === limit) return 'yes';
  return host.endsWith(`.${limit}`) ? 'unclear' : 'no';
}

/**
 * RFC 5280 §4.2.1.10: a URI without a host by name cannot be compared. Nor is one with user information,
 * where some read the user as the host.
 */
function hostOfUri(uri: string): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/([^/?#:@]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1]?.toLowerCase();
  return host !== undefined && isHostName(host) ? host : undefined;
}

function matchIp(address: string, limit: string): Match {
  const [octets, network] = [ipOctets(address), parseNetwork(limit)];
  if (octets === undefined || network === undefined) return 'unclear';
  const masked = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.map((byte, at) => byte & (network.mask[at] ?? 0)));
  return match(octets.length === network.mask.length && masked(octets).equals(masked(network.address)));
}
