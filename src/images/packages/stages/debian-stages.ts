import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { USERS } from '../../../profiles.ts';
import { DEBIAN_SUITE } from '../../../versions.ts';
import type { AptAccess } from '../apt.ts';
import { EPOCH, packTree } from '../layer.ts';
import type { Json, Stage, StageWork } from '../stage.ts';
import { makeKindNode } from './kind-node.ts';

/** Below what every image but the smallest stands on. */
const BASE_PACKAGES = [
  'iptables',
  'conntrack',
  'ca-certificates',
  'curl',
  'openssl',
  'libstdc++6',
  'libgcc-s1',
  'libatomic1',
];

/** What kind's node base image has, for systemd, kubelet, containerd and networking. */
const NODE_PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'bash',
  'ca-certificates',
  'curl',
  'jq',
  'procps',
  'hostname',
  'openssl',
  'gettext-base',
  'rsync',
  'iproute2',
  'iptables',
  'nftables',
  'ebtables',
  'ipset',
  'conntrack',
  'ethtool',
  'socat',
  'kmod',
  'util-linux',
  'mount',
  'e2fsprogs',
  'libseccomp2',
  'pigz',
];

/** Users of the images that stand on the base: Istio's proxy, and whatever else needs no root. */
const BASE_USERS = [
  { name: 'istio-proxy', id: USERS.proxy },
  { name: 'nonroot', id: USERS.nobody },
];

/** Device nodes and what a running system makes have no place in an image. */
const RUNTIME_ONLY = ['./dev/*', './proc/*', './sys/*', './run/*'];

/**
 * Namespaces of its own: what mmdebstrap mounts into the tree, and what apt and dpkg started, is gone
 * when it ends, however it ends. unshare sits out SIGTERM for its child; `timeout`, here without a
 * limit, turns the signal into SIGKILL after a second.
 */
const ISOLATED = [
  'timeout',
  '--kill-after=1',
  '0',
  'unshare',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
] as const;

const MMDEBSTRAP = [
  '--mode=root',
  '--format=directory',
  '--variant=essential',
  '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
  ...['doc', 'man', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
];

/** `rootfs-base`, shared by most images, and `rootfs-node`, which boots systemd; each one layer.tar. */
export function debianStages(apt: AptAccess): readonly Stage[] {
  return [
    debianStage({
      id: 'rootfs-base',
      needs: [],
      packages: BASE_PACKAGES,
      finish: async (tree) => {
        for (const user of BASE_USERS) await addUser(tree, user.name, user.id);
      },
      finishInputs: BASE_USERS,
      apt,
      aboutSeconds: 40,
      aboutBytes: 350e6,
    }),
    debianStage({
      id: 'rootfs-node',
      needs: ['kind'],
      packages: NODE_PACKAGES,
      finish: (tree, work) => makeKindNode(tree, join(work.of('kind'), 'share')),
      finishInputs: 1,
      apt,
      aboutSeconds: 50,
      aboutBytes: 450e6,
    }),
  ];
}

interface DebianRecipe {
  readonly id: string;
  readonly needs: readonly string[];
  readonly packages: readonly string[];
  /** What is done to the tree after the packages are in it. */
  readonly finish: (tree: string, work: StageWork) => Promise<void>;
  /** Data (or a number to raise) that stands for `finish` in the key. */
  readonly finishInputs: Json;
  readonly apt: AptAccess;
  readonly aboutSeconds: number;
  readonly aboutBytes: number;
}

function debianStage(recipe: DebianRecipe): Stage {
  return {
    id: recipe.id,
    needs: recipe.needs,
    slot: 'io',
    aboutSeconds: recipe.aboutSeconds,
    aboutBytes: recipe.aboutBytes,
    inputs: {
      recipe: 2,
      suite: DEBIAN_SUITE,
      packages: recipe.packages,
      finish: recipe.finishInputs,
      options: MMDEBSTRAP,
    },
    build: async (work) => {
      const tree = join(work.scratch, 'tree');
      // usr-is-merged keeps usrmerge away, which would bring all of Perl.
      const include = `--include=${['usr-is-merged', ...recipe.packages].join(',')}`;
      const { sources, options } = await recipe.apt(work.signal);
      const args = [...MMDEBSTRAP, ...options, include, DEBIAN_SUITE, tree, '-'];
      await work.run(ISOLATED[0], [...ISOLATED.slice(1), 'mmdebstrap', ...args], {
        stdin: `${sources.join('\n')}\n`,
        env: { SOURCE_DATE_EPOCH: String(EPOCH) },
      });
      await recordPackages(work, tree);
      await forgetThisMachine(tree);
      await recipe.finish(tree, work);
      await packTree(work, tree, join(work.out, 'layer.tar'), RUNTIME_ONLY);
    },
  };
}

/** Debian packages cannot be pinned by digest: what came is written down instead. */
async function recordPackages(work: StageWork, tree: string): Promise<void> {
  const query = ['--admindir', join(tree, 'var/lib/dpkg'), '-W', '-f', '${Package} ${Version}\n'];
  const { stdout } = await work.run('dpkg-query', query);
  await writeFile(join(work.out, 'packages.txt'), `${stdout}\n`);
}

/** mmdebstrap copies the mirror, the resolver and the name of the machine it runs on. */
const OF_THIS_MACHINE = [
  'etc/apt/apt.conf.d/99mmdebstrap',
  'etc/resolv.conf',
  'etc/hostname',
  'etc/machine-id',
  'var/lib/dbus/machine-id',
  'var/cache/debconf/templates.dat-old',
  'var/cache/ldconfig/aux-cache',
  // Their owner depends on whether apt's own user may enter the cache directory.
  'var/cache/apt/archives',
  'var/lib/apt/lists',
];

async function forgetThisMachine(tree: string): Promise<void> {
  await writeFile(join(tree, 'etc/apt/sources.list'), '');
  for (const path of OF_THIS_MACHINE) await rm(join(tree, path), { recursive: true, force: true });
}

async function addUser(tree: string, name: string, id: number): Promise<void> {
  const groups = await readFile(join(tree, 'etc/group'), 'utf8');
  if (groups.includes(`\n${name}:`)) return;
  await appendFile(join(tree, 'etc/passwd'), `${name}:x:${id}:${id}::/:/usr/sbin/nologin\n`);
  await appendFile(join(tree, 'etc/group'), `${name}:x:${id}:\n`);
}
