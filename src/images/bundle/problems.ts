import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { hasCode, isFull } from '../../errors/system-error.ts';

/** What is not as it was made; the one way on is another copy. */
export function damaged(path: string, because: string): MeshdevError {
  return new MeshdevError('BUNDLE_DAMAGED', {
    message: `reading the bundle ${path}: ${because}; meshdev used nothing of it`,
    remedies: [
      `copy ${path} again from the machine that created it, and compare: sha256sum ${path}`,
      'meshdev bundle create FILE, on the machine that created it',
    ],
  });
}

/** Translates what the file system said while a bundle was read; ours pass. */
export function unreadable(path: string, error: unknown): MeshdevError {
  if (error instanceof MeshdevError) return error;
  return new MeshdevError('BUNDLE_UNREADABLE', {
    message: `reading the bundle ${path}: ${textOf(error)}`,
    remedies: [`ls -l ${path}`, 'meshdev up --bundle FILE'],
    cause: error,
  });
}

/** Translates what the file system said while `path` was written; ours pass. */
export function unwritable(path: string, error: unknown): MeshdevError {
  if (error instanceof MeshdevError) return error;
  if (isFull(error) || hasCode(error, 'EFBIG'))
    return new MeshdevError('DISK_FULL', {
      message: `writing ${path}: ${textOf(error)}; the incomplete file was removed`,
      remedies: [
        `df -h ${path.slice(0, path.lastIndexOf('/') + 1) || '.'}`,
        'meshdev bundle create /larger/disk/FILE',
      ],
      cause: error,
    });
  return new MeshdevError('BUNDLE_NOT_WRITABLE', {
    message: `writing ${path}: ${textOf(error)}`,
    remedies: [
      `ls -ld ${path.slice(0, path.lastIndexOf('/') + 1) || '.'}`,
      'meshdev bundle create /another/place/FILE',
    ],
    cause: error,
  });
}
