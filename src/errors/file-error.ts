import { dirname } from 'node:path';
import { MeshdevError } from './meshdev-error.ts';
import { isFull } from './system-error.ts';

const REFUSED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * What a file system call said about the machine, so that a full disk is not taken for our bug: DISK_FULL or
 * FILE_NOT_USABLE. Undefined for anything else, a refusal without a path among it: sockets and processes
 * are refused with the same codes. Pure.
 */
export function fileError(thrown: unknown): MeshdevError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const [code, path] = [textIn(thrown, 'code'), textIn(thrown, 'path')];
  const { message } = thrown;
  if (isFull(thrown)) {
    // A write to an open file does not say which.
    const df = path === undefined ? 'df -h' : `df -h ${dirname(path)}`;
    return new MeshdevError('DISK_FULL', { message, remedies: [df], cause: thrown });
  }
  if (code === undefined || path === undefined || !REFUSED.has(code)) return undefined;
  return new MeshdevError('FILE_NOT_USABLE', { message, remedies: [`ls -ld ${path}`], cause: thrown });
}

function textIn(error: Error, field: 'code' | 'path'): string | undefined {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : undefined;
}
