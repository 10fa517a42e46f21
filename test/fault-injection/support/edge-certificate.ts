import { readPair } from '../../../src/keys/key-store.ts';
import type { CertificateSpec, SigningPair, Validity } from '../../../src/ports/certificate-authority.ts';
import type { Bench } from './bench.ts';
import { changeCaddyfile } from './caddy.ts';
import type { Restore } from './fault-injection.ts';

const DAY_MS = 86_400_000;
const LEAF = '/data/sabotage.crt';
const KEY = '/data/sabotage.key';

/** From `from` to `to`, in days from now. */
export function days(from: number, to: number): Validity {
  const at = (day: number): Date => new Date(Date.now() + day * DAY_MS);
  return { notBefore: at(from), notAfter: at(to) };
}

/** What Caddy asks its own authority for, for httpbin's site. */
export function edgeLeaf({ lab }: Bench): CertificateSpec {
  return { commonName: '', names: { dns: [lab.hosts.httpbin] }, extendedKeyUsage: ['serverAuth'] };
}

/** A leaf of the lab's own edge intermediate, and the chain that goes with it. */
export async function issueAtEdge(
  { context }: Bench,
  spec: CertificateSpec,
  validity: Validity,
): Promise<SigningPair> {
  const issuer = await readPair(context.keyStore, 'edge-intermediate');
  const { certificatePem, keyPem } = await context.authority.issue({ spec, validity, issuer });
  return { certificatePem: certificatePem + issuer.certificatePem, keyPem };
}

/** One site, httpbin's unless said otherwise, serves this chain; the others keep what Caddy issued. */
export async function serveChain(
  bench: Bench,
  { certificatePem, keyPem }: SigningPair,
  host: string = bench.lab.hosts.httpbin,
): Promise<Restore> {
  await putIntoEdge(bench, LEAF, certificatePem);
  await putIntoEdge(bench, KEY, keyPem);
  const restore = await changeSiteTls(bench, `tls ${LEAF} ${KEY} {\n\t\tprotocols tls1.3\n\t}`, host);
  return async () => {
    await restore();
    await bench.docker(['exec', '-u', '0', bench.lab.containers.edge, 'rm', '-f', LEAF, KEY]);
  };
}

/** All sites share one `tls` block; this gives one of them, httpbin's unless said otherwise, another one. */
export async function changeSiteTls(
  bench: Bench,
  block: string,
  host: string = bench.lab.hosts.httpbin,
): Promise<Restore> {
  return changeCaddyfile(bench, (caddyfile) => {
    const shared = /\ttls \{[\s\S]*?\n\t\}\n/.exec(caddyfile)?.[0] ?? '';
    return caddyfile
      .replace(shared, '')
      .replaceAll(/^https:\/\/(\S+):\d+ \{\n\timport edge\n/gm, (site: string, name: string) =>
        name === host ? `${site}\t${block}\n` : site + shared,
      );
  });
}

/** A file that only the edge's own user may read. */
export async function putIntoEdge(bench: Bench, path: string, text: string): Promise<void> {
  const write = ['sh', '-c', 'umask 077; cat > "$0"', path];
  await bench.docker(['exec', '-i', '-u', '0', bench.lab.containers.edge, ...write], text);
}
