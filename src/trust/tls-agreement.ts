/** Ascending. Names as Node.js and Envoy’s access log write them. */
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** What one end of a hop is ready to speak; lists in its own order of preference. */
export interface TlsOffer {
  readonly versions: readonly string[];
  /** Suites of all versions: `TLS_AES_128_GCM_SHA256`, `ECDHE-ECDSA-AES128-GCM-SHA256`. */
  readonly ciphers: readonly string[];
  /** Key exchange groups. */
  readonly groups: readonly string[];
  /** Empty: this end does not speak of protocols at all. */
  readonly alpn: readonly string[];
}

/** What two ends have in common, or the first thing of which they have nothing in common. */
export type Agreement =
  | {
      readonly kind: 'agreed';
      /** The highest that both speak; TLS never goes lower when something else fails. */
      readonly version: string;
      readonly ciphers: readonly string[];
      readonly groups: readonly string[];
      /** Undefined where one side does not speak of it. */
      readonly alpn: string | undefined;
    }
  | {
      readonly kind: 'mismatch';
      readonly of: 'version' | 'cipher' | 'group' | 'alpn';
      readonly client: readonly string[];
      readonly server: readonly string[];
    };

/**
 * What a client and a server would agree on, in the order in which a handshake decides it: the version
 * first, then a suite of that version, a group, a protocol. The server's order of preference counts.
 */
export function agree(client: TlsOffer, server: TlsOffer): Agreement {
  const version = VERSIONS.findLast((one) => client.versions.includes(one) && server.versions.includes(one));
  if (version === undefined) return mismatch('version', client.versions, server.versions);
  const [own, theirs] = [suitesOf(client, version), suitesOf(server, version)];
  const ciphers = common(theirs, own);
  if (ciphers.length === 0) return mismatch('cipher', own, theirs);
  const groups = common(server.groups, client.groups);
  if (groups.length === 0 && needsGroup(version, ciphers))
    return mismatch('group', client.groups, server.groups);
  const usable = groups.length > 0 ? ciphers : ciphers.filter((cipher) => !needsGroup(version, [cipher]));
  const alpn = common(server.alpn, client.alpn);
  if (alpn.length === 0 && client.alpn.length > 0 && server.alpn.length > 0)
    return mismatch('alpn', client.alpn, server.alpn);
  return { kind: 'agreed', version, ciphers: usable, groups, alpn: alpn[0] };
}

/** `the client offers cipher A, B; the server takes C`: the sentence that a 502 does not say. */
export function agreementText(found: Agreement): string {
  if (found.kind === 'mismatch')
    return `no common TLS ${found.of}: the client offers ${list(found.client)}, the server accepts ${list(found.server)}`;
  const { version, ciphers, groups, alpn } = found;
  return `${version}, ${ciphers.length} suites, groups ${list(groups)}, ${alpn ?? 'no'} ALPN`;
}

/** The versions from one to another, both included; what is not said is not limited. */
export function versionRange(min: string | undefined, max: string | undefined): readonly string[] {
  const from = min === undefined ? 0 : VERSIONS.findIndex((one) => one === min);
  const to = max === undefined ? VERSIONS.length - 1 : VERSIONS.findIndex((one) => one === max);
  return from < 0 || to < 0 ? [] : VERSIONS.slice(from, to + 1);
}

function suitesOf({ ciphers }: TlsOffer, version: string): readonly string[] {
  return ciphers.filter((cipher) => isTls13(cipher) === (version === 'TLSv1.3'));
}

/** Suites of TLS 1.3 name no key exchange: `TLS_AES_…`, `TLS_CHACHA20_…`. */
function isTls13(cipher: string): boolean {
  return /^TLS_(?:AES|CHACHA20)_/.test(cipher);
}

/** All but the old exchange by RSA alone, which names no key exchange and has none. */
function needsGroup(version: string, ciphers: readonly string[]): boolean {
  return version === 'TLSv1.3' || ciphers.every((cipher) => /^(?:ECDHE|TLS_ECDHE)/.test(cipher));
}

function common(preferred: readonly string[], other: readonly string[]): readonly string[] {
  return preferred.filter((one) => other.includes(one));
}

function mismatch(
  of: Extract<Agreement, { kind: 'mismatch' }>['of'],
  client: readonly string[],
  server: readonly string[],
): Agreement {
  return { kind: 'mismatch', of, client, server };
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
