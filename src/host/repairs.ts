import { chmod, writeFile } from 'node:fs/promises';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';

/** Sets a limit of the kernel until the machine restarts. @throws MeshdevError FILE_NOT_USABLE */
export async function setSysctl(key: string, value: number): Promise<void> {
  const path = `/proc/sys/${key.replaceAll('.', '/')}`;
  await change(`setting ${key}`, `sudo sysctl -w ${key}=${value}`, () => writeFile(path, `${value}\n`));
}

/** @throws MeshdevError FILE_NOT_USABLE */
export async function setMode(path: string, mode: number): Promise<void> {
  await change(`setting the mode of ${path}`, `ls -ld ${path}`, () => chmod(path, mode));
}

async function change(doing: string, remedy: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new MeshdevError('FILE_NOT_USABLE', {
      message: `${doing}: ${textOf(cause)}`,
      remedies: [remedy],
      cause,
    });
  }
}
