/** A listening TCP socket as the kernel lists it. */
export interface ListeningSocket {
  /** In the usual notation; IPv6 unabridged but for its leading zeros. */
  readonly address: string;
  readonly port: number;
  /** Number that leads to its owner: /proc/PID/fd/N is a link to `socket:[inode]`. */
  readonly inode: number;
  readonly uid: number;
}

const LISTEN = '0A';

/** Reads /proc/net/tcp or /proc/net/tcp6 (proc_pid_net(5)); other states than listening are left out. */
export function parseProcNetTcp(text: string): readonly ListeningSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => parseLine(line.trim().split(/\s+/)));
}

function parseLine(fields: readonly string[]): readonly ListeningSocket[] {
  const [, local, , state, , , , uid, , inode] = fields;
  const [hex, port] = (local ?? '').split(':');
  if (state !== LISTEN || hex === undefined || port === undefined) return [];
  return [
    { address: parseAddress(hex), port: Number.parseInt(port, 16), inode: Number(inode), uid: Number(uid) },
  ];
}

/** 32-bit words in the byte order of the machine, which is little-endian wherever meshdev runs. */
function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words
    .flatMap((word) => (word.match(/../g) ?? []).toReversed())
    .map((byte) => Number.parseInt(byte, 16));
  return bytes.length === 4 ? bytes.join('.') : groupsOf(bytes).join(':');
}

function groupsOf(bytes: readonly number[]): readonly string[] {
  const pairs = bytes
    .filter((_, index) => index % 2 === 0)
    .map((high, index) => high * 256 + (bytes[index * 2 + 1] ?? 0));
  return pairs.map((pair) => pair.toString(16));
}

const EVERY = ['0.0.0.0', '0:0:0:0:0:0:0:0'];
const LOOPBACK = ['127.0.0.1', '0:0:0:0:0:0:0:1', '0:0:0:0:0:ffff:7f00:1'];

/** Sockets that answer for this port on a loopback address. */
export function loopbackListeners(
  sockets: readonly ListeningSocket[],
  port: number,
): readonly ListeningSocket[] {
  return sockets.filter((socket) => socket.port === port && [...EVERY, ...LOOPBACK].includes(socket.address));
}
