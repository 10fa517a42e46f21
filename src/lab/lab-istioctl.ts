import { access, constants, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/*
 * The istioctl that a lab was made with: `check` asks it, and must not open an image source for that, which may
 * read gigabytes or ask the network.
 */

/** Leaves a link to the program beside the lab's files. */
export async function rememberIstioctl(link: string, program: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true, mode: 0o700 });
  const draft = `${link}.new`;
  await rm(draft, { force: true });
  await symlink(program, draft);
  await rename(draft, link);
}

/** Whether it leads to a program still: caches are swept. */
export async function hasIstioctl(link: string): Promise<boolean> {
  return access(link, constants.X_OK).then(
    () => true,
    () => false,
  );
}
