import type { EngineHost } from './engine-host.ts';
import { DEFAULT_SOCKET, type EngineFiles } from './engine-files.ts';
import type { FoundEngine } from './find-engine.ts';

/** One change to the machine, in words that consent can be asked with. */
export type EngineChange =
  | { readonly kind: 'install'; readonly packages: readonly string[] }
  | { readonly kind: 'start-service'; readonly unit: string }
  /** `runtime` is the file of the thin runtime, on hosts that need one. */
  | {
      readonly kind: 'start-daemon';
      readonly socket: string;
      readonly log: string;
      readonly runtime: string | undefined;
    };

export type EnginePlan =
  | { readonly kind: 'keep'; readonly found: FoundEngine; readonly because: string }
  | { readonly kind: 'change'; readonly changes: readonly EngineChange[]; readonly because: string }
  | { readonly kind: 'impossible'; readonly because: string; readonly remedies: readonly string[] };

const CAP_SYS_RESOURCE = 1n << 24n;

/** Without CAP_SYS_RESOURCE runc cannot start privileged containers; an unreadable set is taken as whole. */
export function needsThinRuntime(host: Pick<EngineHost, 'capabilityBounds'>): boolean {
  return host.capabilityBounds !== undefined && (host.capabilityBounds & CAP_SYS_RESOURCE) === 0n;
}

/** Decides what has to change so that an engine answers. */
export function planEngine(host: EngineHost, found: FoundEngine | undefined, files: EngineFiles): EnginePlan {
  if (found !== undefined)
    return { kind: 'keep', found, because: `Docker ${found.version} answers: ${found.because}` };
  if (host.platform !== 'linux' || host.wsl) return impossible(host);
  if (host.uid !== 0) return impossible(host);
  const packages = missingPackages(host);
  if (packages.length > 0 && !isDebianLike(host)) return impossible(host);
  return { kind: 'change', changes: changesFor(host, files, packages), because: becauseOf(host, packages) };
}

function changesFor(
  host: EngineHost,
  files: EngineFiles,
  packages: readonly string[],
): readonly EngineChange[] {
  const thin = needsThinRuntime(host);
  return [
    ...(packages.length > 0 ? [{ kind: 'install' as const, packages }] : []),
    host.systemd && !thin
      ? { kind: 'start-service', unit: 'docker' }
      : {
          kind: 'start-daemon',
          socket: DEFAULT_SOCKET,
          log: files.log,
          runtime: thin ? files.runtime : undefined,
        },
  ];
}

function becauseOf(host: EngineHost, packages: readonly string[]): string {
  const installed = packages.includes('docker.io')
    ? 'Docker is not installed'
    : 'Docker is installed but not running';
  return needsThinRuntime(host) ? `${installed}; this host lacks CAP_SYS_RESOURCE` : installed;
}

/** Debian packages that the engine lacks on this host. */
function missingPackages(host: EngineHost): readonly string[] {
  const lacks = (program: string): boolean => !host.programs.includes(program);
  const wanted: readonly (readonly [string, boolean])[] = [
    ['docker.io', lacks('dockerd') || lacks('containerd') || lacks('runc')],
    // Debian 13 moved the client out of docker.io into a package that is only recommended.
    ['docker-cli', lacks('docker') && host.os.id === 'debian' && (host.os.version ?? 13) >= 13],
    ['iptables', lacks('iptables')],
    // Where the kernel enforces AppArmor, dockerd loads a profile for each container with this.
    ['apparmor', host.appArmor && lacks('apparmor_parser')],
    ['jq', needsThinRuntime(host) && lacks('jq')],
  ];
  return wanted.filter(([, missing]) => missing).map(([name]) => name);
}

function isDebianLike(host: EngineHost): boolean {
  return [host.os.id, ...host.os.like].some((id) => id === 'debian' || id === 'ubuntu');
}

function impossible(host: EngineHost): EnginePlan {
  const { because, remedies } = adviceFor(host);
  return { kind: 'impossible', because, remedies };
}

function adviceFor(host: EngineHost): { because: string; remedies: readonly string[] } {
  if (host.platform === 'darwin')
    return { because: 'on macOS, Docker runs in an app that you start', remedies: MACOS };
  if (host.wsl)
    return { because: 'on WSL2, Docker usually runs in Docker Desktop for Windows', remedies: WSL };
  if (host.platform !== 'linux')
    return { because: `meshdev does not run on ${host.platform}`, remedies: WINDOWS };
  if (host.uid !== 0)
    return {
      because: `user ${host.uid} is not permitted to install or start Docker`,
      remedies: nonRoot(host),
    };
  return {
    because: `meshdev installs Docker on Debian and Ubuntu only, and this is ${host.os.name}`,
    remedies: [
      'install Docker Engine as described for this system at https://docs.docker.com/engine/install/, then start it',
    ],
  };
}

const MACOS = ['brew install colima docker && colima start', 'open -a Docker'];
const WSL = [
  'start Docker Desktop and switch on Settings > Resources > WSL integration for this distribution',
  'sudo apt-get install -y docker.io && sudo service docker start',
];
const WINDOWS = ['run meshdev inside WSL2: wsl --install'];

function nonRoot(host: EngineHost): readonly string[] {
  const installed = host.programs.includes('dockerd');
  const start = host.systemd ? 'sudo systemctl start docker' : 'sudo meshdev engine start';
  const install = isDebianLike(host)
    ? 'sudo apt-get install -y docker.io'
    : 'install Docker Engine as described for this system at https://docs.docker.com/engine/install/';
  return [...(installed ? [] : [install]), start, 'sudo usermod -aG docker "$USER" && newgrp docker'];
}

/** The sentence for one change, in the imperative: consent prompts and progress show it. */
export function describeChange(change: EngineChange): string {
  switch (change.kind) {
    case 'install':
      return `install the Debian packages ${change.packages.join(', ')} (apt-get)`;
    case 'start-service':
      return `start the service ${change.unit} (systemctl)`;
    case 'start-daemon':
      return `start dockerd on ${change.socket}, log in ${change.log}${runtimeClause(change.runtime)}`;
  }
}

function runtimeClause(runtime: string | undefined): string {
  return runtime === undefined ? '' : `, with an OCI runtime that does not need CAP_SYS_RESOURCE, ${runtime}`;
}
