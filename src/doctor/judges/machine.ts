import { hostKind, isOnWindowsDrive } from '../../engine/host-kind.ts';
import { hostPlatform } from '../../engine/platform.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { dockerCliProblem, wslProblem } from '../../host/judges/machine-problem.ts';
import type { EngineAnswer, KernelModule, LabSeen, MachineFacts } from '../../ports/host-facts.ts';
import {
  type About,
  type Cases,
  fatal,
  type FindingKind,
  given,
  type Judgement,
  ok,
  warn,
} from '../finding.ts';

export const MACHINE_FINDINGS: readonly FindingKind[] = [
  {
    id: 'MD-HOST-025',
    subject: 'machine',
    title: 'Node.js is built for the processor of this machine',
    why: 'meshdev would fetch programs of the other architecture, and run them in emulation',
    worst: 'warn',
    judge: ({ machine }) => given(machine, architectureOf),
  },
  {
    id: 'MD-HOST-026',
    subject: 'machine',
    title: 'this is Linux, macOS or WSL2',
    why: 'WSL1 has no Linux kernel, and Windows outside of WSL2 cannot run meshdev',
    worst: 'fatal',
    judge: ({ machine, engineAnswer }, about) =>
      given(machine, (facts) =>
        systemOf(facts, engineAnswer.kind === 'seen' ? engineAnswer.value : undefined, about),
      ),
  },
  {
    id: 'MD-HOST-009',
    subject: 'machine',
    title: 'the kernel has the modules that nodes and sidecars need',
    why: 'Docker, kube-proxy and the sidecars of Istio redirect connections with them',
    worst: 'warn',
    judge: ({ modules }) => given(modules, modulesOf),
  },
  {
    id: 'MD-HOST-008',
    subject: 'machine',
    title: 'the programs that meshdev calls are there, in fitting versions',
    why: 'kind calls the docker command; an older or newer meshdev plans a lab differently',
    worst: 'fatal',
    judge: ({ machine, lab }, about): Cases => [
      ['node', given(machine, nodeOf)],
      ['docker', given(machine, dockerOf)],
      ['meshdev', given(lab, (seen) => meshdevOf(seen, about))],
      ['istioctl', given(lab, (seen) => istioctlOf(seen, about))],
    ],
  },
];

/** What `uname -m` says for each of Node.js's names. */
const MACHINES: Readonly<Record<string, readonly string[]>> = {
  x64: ['x86_64', 'amd64'],
  arm64: ['aarch64', 'arm64'],
};

function architectureOf({ nodeArch, machineArch, translated, platform }: MachineFacts): Judgement {
  if (translated)
    return warn(`Node.js is for ${nodeArch} and runs in Rosetta, on a machine with Apple silicon`, [
      'brew install node',
      `arch -arm64 node -p process.arch`,
    ]);
  const fits = MACHINES[nodeArch] ?? [];
  if (fits.includes(machineArch)) return ok(`${hostPlatform(platform, nodeArch)} on ${machineArch}`);
  return warn(`Node.js is for ${nodeArch}, and this machine is ${machineArch}`, [
    'node -p process.arch && uname -m',
    `install Node.js for ${machineArch}`,
  ]);
}

function systemOf(
  { platform, release }: MachineFacts,
  engine: EngineAnswer | undefined,
  { paths }: About,
): Judgement {
  const kind = hostKind(platform, release);
  const problem = wslProblem(platform, release);
  if (problem !== undefined) return fatal(problem);
  if (kind === 'windows' || kind === 'other')
    return fatal(
      new MeshdevError('HOST_NOT_FIT', {
        message: `looking at the system: meshdev does not run on ${platform}`,
        remedies: ['wsl --install'],
      }),
    );
  if (kind !== 'wsl') return ok(`${kind === 'macos' ? 'macOS, kernel' : 'Linux'} ${release}`);
  const hints = [
    ...(engine?.kind === 'silent'
      ? [
          'in Windows: switch on Settings > Resources > WSL integration of Docker Desktop for this distribution',
        ]
      : []),
    ...(isOnWindowsDrive(paths.cacheDir) ? ['export XDG_CACHE_HOME=/home/YOU/.cache'] : []),
  ];
  const seen = `WSL2, kernel ${release}; programs in Windows reach the edge through localhost, and have trust stores of their own`;
  return hints.length === 0 ? ok(seen) : warn(seen, hints);
}

function modulesOf(modules: readonly KernelModule[]): Judgement {
  const missing = modules.filter(({ state }) => state === 'missing').map(({ name }) => name);
  if (missing.length > 0)
    return warn(`the kernel has no module ${missing.join(', ')}`, [
      `sudo modprobe -a ${missing.join(' ')}`,
      'install the package with the modules of the running kernel, such as linux-modules-extra',
    ]);
  const states = ['loaded', 'built-in', 'loadable'] as const;
  const counts = states.flatMap((state) => {
    const count = modules.filter((module) => module.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return ok(counts.join(', '));
}

/** What package.json asks for. */
const LEAST_NODE = [22, 22] as const;

function nodeOf({ nodeVersion }: MachineFacts): Judgement {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const old = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
  if (!old) return ok(`Node.js ${nodeVersion}`);
  return warn(`Node.js ${nodeVersion}; version ${LEAST_NODE.join('.')} or later is required`, [
    'npm install --global n && n 24',
  ]);
}

function dockerOf({ dockerCli }: MachineFacts): Judgement {
  const problem = dockerCliProblem(dockerCli);
  return problem === undefined ? ok('the docker command is on PATH') : fatal(problem);
}

function meshdevOf({ meshdevVersion }: LabSeen, { lab, version }: About): Judgement {
  if (meshdevVersion === version) return ok(`meshdev ${version}`);
  return warn(`lab ${lab.name} was created by meshdev ${meshdevVersion}, and this is ${version}`, [
    `meshdev up --dry-run --name ${lab.name}`,
    `meshdev up --name ${lab.name}`,
  ]);
}

function istioctlOf({ istioctl }: LabSeen, { lab }: About): Judgement {
  if (istioctl) return ok('the istioctl of the lab is in the cache');
  return warn(`the istioctl of lab ${lab.name} is not in the cache any more; \`check\` skips what needs it`, [
    `meshdev up --name ${lab.name}`,
  ]);
}
