import { appendFile, chmod, copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesBelow, namesIn } from '../digest.ts';

const UNITS = ['kubelet.service', 'containerd.service', 'undo-mount-hacks.service'];

/** Directories whose entries make systemd start things a node has no use for. */
const EMPTIED = [
  { dir: 'lib/systemd/system/multi-user.target.wants', matches: /./ },
  { dir: 'etc/systemd/system', matches: /\.wants$/ },
  { dir: 'lib/systemd/system/local-fs.target.wants', matches: /./ },
  { dir: 'lib/systemd/system/sockets.target.wants', matches: /udev|initctl/ },
  { dir: 'lib/systemd/system/basic.target.wants', matches: /./ },
  { dir: 'lib/systemd/system/sysinit.target.wants', matches: /^systemd-tmpfiles-setup\.service$/ },
];

/** Does to a Debian tree what images/base/Dockerfile of kind does with its own files and units. */
export async function makeKindNode(tree: string, kindFiles: string): Promise<void> {
  for (const file of await filesBelow(kindFiles)) await place(tree, kindFiles, file);
  for (const { dir, matches } of EMPTIED) await removeEntries(join(tree, dir), matches);
  await appendFile(join(tree, 'etc/systemd/journald.conf'), 'ReadKMsg=no\n');
  const system = join(tree, 'etc/systemd/system');
  await mkdir(join(system, 'multi-user.target.wants'), { recursive: true });
  for (const unit of UNITS)
    await symlink(`/etc/systemd/system/${unit}`, join(system, 'multi-user.target.wants', unit));
  // It would register things in binfmt_misc, which belongs to the whole kernel.
  await symlink('/dev/null', join(system, 'systemd-binfmt.service'));
  await mkdir(join(tree, 'etc/kubernetes/manifests'), { recursive: true });
}

async function place(tree: string, from: string, file: string): Promise<void> {
  const target = join(tree, file);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(join(from, file), target);
  await chmod(target, /(^|\/)bin\//.test(file) ? 0o755 : 0o644);
}

async function removeEntries(dir: string, matches: RegExp): Promise<void> {
  for (const name of (await namesIn(dir)).filter((entry) => matches.test(entry))) {
    await rm(join(dir, name), { recursive: true, force: true });
  }
}
