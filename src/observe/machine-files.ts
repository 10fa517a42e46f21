import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../topology/lab.ts';

/** What a lab could change on the machine of its user, and what of it speaks of that lab. */
export interface MachineFile {
  readonly path: string;
  /** SHA-256, or `absent`. */
  readonly digest: string;
  /** Marks of the lab that stand in it. */
  readonly mentions: readonly string[];
}

export interface MachineFilesQuery {
  readonly home: string;
  /** Beside the usual one. */
  readonly kubeconfigs: readonly string[];
  /** What only this lab would write: its names, its root. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Bundles of the usual systems; NSS databases of browsers. */
const STORES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** What only this lab would write: its context, its public names, its root. */
export async function machineMarks(lab: Lab, edgeRoot: string): Promise<Readonly<Record<string, string>>> {
  const pem = await readFile(edgeRoot, 'utf8').catch(() => undefined);
  const body = pem
    ?.split('\n')
    .filter((line) => !line.startsWith('-----'))
    .join('');
  return {
    [`context ${lab.cluster.context}`]: lab.cluster.context,
    [`the name ${lab.hosts.httpbin}`]: lab.hosts.httpbin,
    ...(body === undefined || body === '' ? {} : { 'the edge root of the lab': body }),
  };
}

export async function machineFiles({
  home,
  kubeconfigs,
  marks,
}: MachineFilesQuery): Promise<readonly MachineFile[]> {
  const paths = [
    '/etc/hosts',
    join(home, '.kube/config'),
    ...kubeconfigs,
    ...STORES,
    join(home, '.pki/nssdb/cert9.db'),
  ];
  return Promise.all(paths.map((path) => lookAt(path, marks)));
}

async function lookAt(path: string, marks: MachineFilesQuery['marks']): Promise<MachineFile> {
  const content = await readFile(path).catch(() => undefined);
  if (content === undefined) return { path, digest: 'absent', mentions: [] };
  // Line ends and folding of base64 differ between stores.
  const text = content.toString('latin1').replaceAll(/\s+/g, '');
  const mentions = Object.entries(marks).flatMap(([name, mark]) =>
    text.includes(mark.replaceAll(/\s+/g, '')) ? [name] : [],
  );
  return { path, digest: createHash('sha256').update(content).digest('hex'), mentions };
}
