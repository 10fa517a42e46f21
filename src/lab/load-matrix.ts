import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessMatrix } from '../cases/matrix/access-matrix.ts';
import { readMatrix } from '../cases/matrix/read-matrix.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { LabContext } from './lab-context.ts';

/** The matrix of the sample service, for those who have none of their own. */
const SAMPLE = 'templates/rbac/access-matrix.yaml';

/**
 * Reads a file that says who may do what; the sample's own when none is named.
 * @throws MeshdevError CONFIG_INVALID
 */
export async function loadMatrix({ lab, packageDir }: LabContext, path?: string): Promise<AccessMatrix> {
  const file = path ?? join(packageDir, SAMPLE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new MeshdevError('CONFIG_INVALID', { message: `reading ${file}: it cannot be read`, cause });
  }
  return readMatrix(file, text, lab);
}
