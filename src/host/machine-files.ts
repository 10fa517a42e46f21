import { APP_ID } from '../sample/names.ts';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../topology/lab.ts';
import type { MachineFile } from '../ports/machine-files.ts';

export interface MachineFilesQuery {
  readonly home: string;
  /** Beside the usual one. */
  readonly kubeconfigs: readonly string[];
  readonly marks: MachineMarks;
}

/** What only this lab would write: its names, its root. */
export type MachineMarks = Readonly<Record<string, MachineMark>>;

export type MachineMark =
  /** A whole name: `kind-meshdev-demo` does not stand in `kind-meshdev-demo2`. */
  | { readonly kind: 'name'; readonly text: string }
  /** Base64 of a certificate, which every store folds in its own way. */
  | { readonly kind: 'certificate'; readonly text: string };

/** Bundles of trusted roots of the usual systems. */
export const SYSTEM_STORES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** What only this lab would write: its context, its public names, its root. */
export async function machineMarks(lab: Lab, edgeRoot: string): Promise<MachineMarks> {
  const pem = await readFile(edgeRoot, 'utf8').catch(() => undefined);
  const body = pem
    ?.split('\n')
    .filter((line) => !line.startsWith('-----'))
    .join('');
  return {
    [`context ${lab.cluster.context}`]: { kind: 'name', text: lab.cluster.context },
    [`the name ${lab.hosts[APP_ID]}`]: { kind: 'name', text: lab.hosts[APP_ID] },
    ...(body === undefined || body === ''
      ? {}
      : { 'the edge root of the lab': { kind: 'certificate', text: body } }),
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
    ...SYSTEM_STORES,
    join(home, '.pki/nssdb/cert9.db'),
  ];
  return Promise.all(paths.map((path) => lookAt(path, marks)));
}

async function lookAt(path: string, marks: MachineMarks): Promise<MachineFile> {
  const content = await readFile(path).catch(() => undefined);
  if (content === undefined) return { path, digest: 'absent', mentions: [] };
  return {
    path,
    digest: createHash('sha256').update(content).digest('hex'),
    mentions: mentionsIn(content.toString('latin1'), marks),
  };
}

/** Pure: the marks that stand in a text. */
export function mentionsIn(text: string, marks: MachineMarks): readonly string[] {
  const unfolded = withoutSpace(text);
  return Object.entries(marks).flatMap(([name, mark]) => {
    const stands =
      mark.kind === 'name' ? wholeWord(mark.text).test(text) : unfolded.includes(withoutSpace(mark.text));
    return stands ? [name] : [];
  });
}

/** Neither a part of a longer name nor of a longer domain. */
function wholeWord(name: string): RegExp {
  const literal = name.replaceAll(/[^\w-]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\w.-])${literal}(?![\w.-])`);
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
