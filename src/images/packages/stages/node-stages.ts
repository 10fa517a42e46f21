import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packTree, placeFiles } from '../layer.ts';
import type { Stage, StageWork } from '../stage.ts';
import { readJsonAnswer } from '../../../read-answer.ts';

export interface NodeInputs {
  /** templates/images */
  readonly templates: string;
  /** Digest over templates/images/node. */
  readonly filesDigest: string;
  /** What the programs of the stage `kubernetes` say. */
  readonly kubernetes: string;
}

const PROGRAMS = [
  ...['containerd', 'ctr', 'containerd-shim-runc-v2'].map((name) => ({
    stage: 'containerd',
    name,
    dir: 'usr/local/bin',
  })),
  { stage: 'runc', name: 'runc', dir: 'usr/local/sbin' },
  ...['host-local', 'loopback', 'ptp', 'portmap'].map((name) => ({ stage: 'cni', name, dir: 'opt/cni/bin' })),
  ...['kubeadm', 'kubelet', 'kubectl'].map((name) => ({ stage: 'kubernetes', name, dir: 'usr/bin' })),
];

/** The programs and settings of a node, as the layer between Debian and the cluster's images. */
export function nodeProgramsStage({ templates, filesDigest, kubernetes }: NodeInputs): Stage {
  return {
    id: 'node-programs',
    needs: ['containerd', 'runc', 'cni', 'kubernetes'],
    slot: 'io',
    aboutSeconds: 4,
    aboutBytes: 700e6,
    inputs: { recipe: 1, programs: PROGRAMS, files: filesDigest },
    build: async (work) => {
      const tree = join(work.scratch, 'tree');
      await placeFiles(
        tree,
        PROGRAMS.map((one) => ({
          from: join(work.of(one.stage), 'bin', one.name),
          to: join(one.dir, one.name),
        })),
      );
      await cp(join(templates, 'node'), tree, { recursive: true });
      await mkdir(join(tree, 'kind'), { recursive: true });
      await writeFile(join(tree, 'kind/version'), kubernetes);
      await mkdir(join(tree, 'etc/containerd'), { recursive: true });
      await writeFile(join(tree, 'etc/containerd/cri-base.json'), await criBase(work));
      await packTree(work, tree, join(work.out, 'layer.tar'));
    },
  };
}

const ociSpec = z.looseObject({
  process: z.looseObject({}),
  hooks: z.looseObject({ createContainer: z.array(z.unknown()).optional() }).optional(),
});

/** containerd's default container with kind's hook, and without limits that a node cannot raise. */
async function criBase(work: StageWork): Promise<string> {
  const { stdout } = await work.run(join(work.of('containerd'), 'bin/ctr'), ['oci', 'spec']);
  const spec = readJsonAnswer(ociSpec, stdout, 'reading the default container configuration of ctr');
  const { rlimits: _dropped, ...process } = spec.process;
  const createContainer = [
    ...(spec.hooks?.createContainer ?? []),
    { path: '/kind/bin/mount-product-files.sh' },
  ];
  return JSON.stringify({ ...spec, process, hooks: { ...spec.hooks, createContainer } });
}
