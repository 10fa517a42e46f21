import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { KeyCopies, KeyFound } from '../../evidence/exposure.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { Container } from '../../ports/container-engine.ts';
import { labContainers } from '../host/containers.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** Looks for private keys wherever the lab keeps files or secrets; only fingerprints leave this function. */
export async function collectKeyCopies(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'signal'>,
): Promise<KeyCopies> {
  const containers = await labContainers(probeContext);
  const [files, objects] = await Promise.all([
    Promise.all(containers.map((container) => keysInContainer(probeContext, container))),
    keysInCluster(probeContext),
  ]);
  return {
    authorities: authorities(probeContext.keys),
    found: [...files.flatMap((each) => each.found), ...objects.found],
    searched: [...files.map((each) => each.searched), objects.searched],
    places: PLACES,
  };
}

function authorities({ edge, mesh }: LabKeys): KeyCopies['authorities'] {
  return {
    'edge-root': ofCertificate(edge.rootPem),
    'edge-intermediate': ofCertificate(edge.intermediatePem),
    'mesh-root': ofCertificate(mesh.rootPem),
    'istiod-ca': ofCertificate(mesh.cacerts['ca-cert.pem']),
  };
}

function ofCertificate(pem: string): string {
  return fingerprint(new X509Certificate(pem).publicKey);
}

/** Of the public half, so that a key is found in whatever form it was written down. */
function fingerprint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Where programs and people put files; images of other containers and binary databases are left out. */
const PLACES = [
  '/etc',
  '/run',
  '/data',
  '/config',
  '/root',
  '/home',
  '/tmp',
  '/opt',
  '/srv',
  '/kind',
  '/usr/local',
  '/var/lib/kubelet',
  '/var/tmp',
] as const;
/** Prints each text file that holds a key, after a line with its path. */
const SEARCH = `grep -rlsI -e '-----BEGIN [A-Z ]*PRIVATE KEY-----' ${PLACES.join(' ')} 2>/dev/null | while read -r file; do
  echo "@@ $file"; cat "$file"; echo; done; echo '@@ done'`;

/** One that does not run cannot be searched: that is said, not left out. */
export async function keysInContainer(
  { engine, signal }: Needs<'engine' | 'signal'>,
  { name, state }: Container,
): Promise<{ readonly found: readonly KeyFound[]; readonly searched: string }> {
  if (state !== 'running')
    return { found: [], searched: `only a part of the lab: container ${name} is ${state}` };
  const { stdout } = await engine.containers.exec(
    name,
    { argv: ['sh', '-c', SEARCH], user: '0', timeoutMs: 15_000 },
    signal,
  );
  const parts = stdout.toString('utf8').split(/^@@ (.*)$/m);
  const files = parts.flatMap((part, at) => (at % 2 === 1 ? [[part, parts[at + 1] ?? ''] as const] : []));
  const ended = files.at(-1)?.[0] === 'done';
  return {
    found: files.flatMap(([path, text]) => keysIn(text, `container ${name} ${path}`)),
    searched: `${ended ? 'container' : 'only a part of container'} ${name}`,
  };
}

const objectShape = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().default('') }),
  data: z.record(z.string(), z.string()).default({}),
});

async function keysInCluster({
  context: { cluster },
  signal,
}: Needs<'context' | 'signal'>): Promise<{ readonly found: readonly KeyFound[]; readonly searched: string }> {
  const [secrets, maps] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Secret' }, signal),
    cluster.list({ apiVersion: 'v1', kind: 'ConfigMap' }, signal),
  ]);
  const inSecrets = secrets.flatMap((object) =>
    keysOf(object, 'secret', (value) => Buffer.from(value, 'base64').toString('latin1')),
  );
  return {
    found: [...inSecrets, ...maps.flatMap((object) => keysOf(object, 'config map', (value) => value))],
    searched: `${secrets.length} secrets and ${maps.length} config maps`,
  };
}

function keysOf(object: unknown, kind: string, decode: (value: string) => string): readonly KeyFound[] {
  const { metadata, data } = readAnswer(objectShape, object, `reading a ${kind}`);
  return Object.entries(data).flatMap(([file, value]) =>
    keysIn(decode(value), `${kind} ${metadata.namespace}/${metadata.name} ${file}`),
  );
}

/** Pure: fingerprints of the keys in a text. One that cannot be read is none that could be used. */
export function keysIn(text: string, where: string): readonly KeyFound[] {
  const blocks =
    text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/g) ?? [];
  return blocks.flatMap((pem) => {
    try {
      return [{ where, fingerprint: fingerprint(createPublicKey(createPrivateKey(pem))) }];
    } catch {
      return [];
    }
  });
}
