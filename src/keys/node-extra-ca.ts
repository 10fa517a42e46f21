import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { textOf } from '../errors/meshdev-error.ts';
import { parseCertificates } from '../trust/certificate.ts';
import { labOfRoot } from '../trust/root-name.ts';

/** What NODE_EXTRA_CA_CERTS is to be. */
export interface ExtraCa {
  readonly path: string;
  /** Why what the shell had is left out. */
  readonly leftOut?: string;
}

/**
 * Node.js reads one file: what the shell already names is kept in a bundle with the edge root.
 * @param given the value in the shell
 * @param files of the lab: the root, and where the bundle goes
 */
export async function nodeExtraCa(
  given: string | undefined,
  files: { readonly edgeRoot: string; readonly nodeExtraCa: string },
  lab: string,
): Promise<ExtraCa> {
  const path = files.edgeRoot;
  if (given === undefined || given === '' || given === path) return { path };
  try {
    const rootPem = await readFile(path, 'utf8');
    const bundle = bundleOf(await readFile(given, 'utf8'), rootPem, lab);
    if (bundle === undefined) return { path };
    await writeBundle(files.nodeExtraCa, bundle);
    return { path: files.nodeExtraCa };
  } catch (error) {
    return { path, leftOut: `NODE_EXTRA_CA_CERTS=${given} is left out: ${textOf(error)}` };
  }
}

/** Foreign certificates and the root; undefined where there are no foreign ones. Older roots of the lab are dropped. */
function bundleOf(foreignPem: string, rootPem: string, lab: string): string | undefined {
  const foreign = parseCertificates(foreignPem).filter(({ facts }) => labOfRoot(facts.subject) !== lab);
  if (foreign.length === 0) return undefined;
  return [...foreign.map(({ x509 }) => x509.toString()), rootPem].join('');
}

/** No lock of the lab is held here, and several shells may start at once: each has a draft of its own. */
async function writeBundle(path: string, bundle: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, bundle, { flag: 'wx', mode: 0o644 });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
