import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createAptAccess } from '../../../src/images/packages/apt.ts';
import { packTree } from '../../../src/images/packages/layer.ts';
import type { Stage, StageWork } from '../../../src/images/packages/stage.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import { DEBIAN_SUITE } from '../../../src/versions.ts';

/** What the official images stand on where they do not stand on Debian or Ubuntu. */
export function baseStages(runner: ProcessRunner): readonly Stage[] {
  return [busyboxStage(runner), nodeProgramStage()];
}

const PASSWD = ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65534:nobody:/:/sbin/nologin', ''].join(
  '\n',
);
const GROUP = ['root:x:0:root', 'nobody:x:65534:', ''].join('\n');
/** Alpine has a getent of its own; this one comes with the C library of Debian. */
const FROM_DEBIAN = [
  './etc/ssl/certs/ca-certificates.crt',
  './usr/bin/getent',
  './usr/lib*/ld-linux*',
  './usr/lib/*/libc.so.6',
];

/** A root file system whose shell and tools are BusyBox, as Alpine's are. */
function busyboxStage(runner: ProcessRunner): Stage {
  return {
    id: 'busybox',
    needs: ['rootfs-base'],
    slot: 'io',
    aboutSeconds: 10,
    aboutBytes: 10e6,
    inputs: { recipe: 1, suite: DEBIAN_SUITE, passwd: PASSWD, group: GROUP, from: FROM_DEBIAN },
    build: async (work) => {
      const [packages, tree] = [join(work.scratch, 'packages'), join(work.scratch, 'tree')];
      const { sources, options } = await createAptAccess(runner)(work.signal);
      const mmdebstrap = [
        '--mode=root',
        '--format=directory',
        '--variant=extract',
        '--include=busybox-static',
      ];
      await work.run('mmdebstrap', [...mmdebstrap, ...options, DEBIAN_SUITE, packages, '-'], {
        stdin: `${sources.join('\n')}\n`,
      });
      await placeBusybox(work, join(packages, 'bin/busybox'), tree);
      for (const dir of ['etc', 'root', 'tmp', 'usr/local/bin', 'usr/local/sbin', 'var/tmp'])
        await mkdir(join(tree, dir), { recursive: true });
      for (const dir of ['tmp', 'var/tmp']) await chmod(join(tree, dir), 0o1777);
      await writeFile(join(tree, 'etc/passwd'), PASSWD);
      await writeFile(join(tree, 'etc/group'), GROUP);
      const base = join(work.of('rootfs-base'), 'layer.tar');
      await work.run('tar', ['-C', tree, '--wildcards', '-xf', base, ...FROM_DEBIAN]);
      for (const dir of ['lib', 'lib64']) await symlink(`usr/${dir}`, join(tree, dir));
      await packTree(work, tree, join(work.out, 'layer.tar'));
    },
  };
}

async function placeBusybox(work: StageWork, program: string, tree: string): Promise<void> {
  await mkdir(join(tree, 'bin'), { recursive: true });
  await copyFile(program, join(tree, 'bin/busybox'));
  await chmod(join(tree, 'bin/busybox'), 0o755);
  const { stdout } = await work.run(program, ['--list-full']);
  for (const applet of stdout.split('\n').filter((path) => path !== '' && path !== 'bin/busybox')) {
    await mkdir(dirname(join(tree, applet)), { recursive: true });
    await symlink('/bin/busybox', join(tree, applet));
  }
}

const ENTRYPOINT = '#!/bin/sh\nset -e\nexec "$@"\n';

/** Node.js and nothing else: the official base has no package of ours. */
function nodeProgramStage(): Stage {
  return {
    id: 'node-program',
    needs: ['guest-base'],
    slot: 'io',
    aboutSeconds: 2,
    aboutBytes: 130e6,
    inputs: { recipe: 1, entrypoint: ENTRYPOINT },
    build: async (work) => {
      const bin = join(work.out, 'bin');
      await mkdir(bin, { recursive: true });
      const layer = join(work.of('guest-base'), 'layer.tar');
      await work.run('tar', ['-C', bin, '--strip-components=4', '-xf', layer, './usr/local/bin/node']);
      await writeFile(join(bin, 'docker-entrypoint.sh'), ENTRYPOINT, { mode: 0o755 });
    },
  };
}
