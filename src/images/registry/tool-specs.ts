import { type ProfileName, PROFILES } from '../../profiles.ts';
import { GO_PINS } from '../../versions.ts';

/** The machine that programs are for. */
export interface Machine {
  /** As Node.js names them: linux, darwin; x64, arm64. */
  readonly platform: string;
  readonly arch: string;
}

/** A program that runs on the host, and where its release file is. */
export interface ToolSpec {
  readonly name: 'kind' | 'istioctl';
  readonly version: string;
  readonly versionArgs: readonly string[];
  readonly readVersion: (stdout: string) => string | undefined;
  /** Below the base of the downloads. */
  readonly path: string;
  /** The file with its checksum: beside it, under another ending. */
  readonly sumPath: string;
  /** A tar.gz that holds the program; else the file is the program. */
  readonly packed: boolean;
}

/** Pure. */
export function toolSpecs(profile: ProfileName, machine: Machine): readonly ToolSpec[] {
  return [kindSpec(machine), istioctlSpec(PROFILES[profile].versions.istio, machine)];
}

const ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

function kindSpec({ platform, arch }: Machine): ToolSpec {
  const { version } = GO_PINS.kind;
  const path = `kubernetes-sigs/kind/releases/download/${version}/kind-${platform}-${ARCH[arch] ?? arch}`;
  return {
    name: 'kind',
    version,
    versionArgs: ['version'],
    readVersion: (stdout) => /^kind (v\S+)/.exec(stdout)?.[1],
    path,
    sumPath: `${path}.sha256sum`,
    packed: false,
  };
}

function istioctlSpec(version: string, { platform, arch }: Machine): ToolSpec {
  const os = platform === 'darwin' ? 'osx' : platform;
  const path = `istio/istio/releases/download/${version}/istioctl-${version}-${os}-${ARCH[arch] ?? arch}.tar.gz`;
  return {
    name: 'istioctl',
    version,
    versionArgs: ['version', '--remote=false', '--short'],
    readVersion: (stdout) => /^(?:client version: )?(\d\S*)$/m.exec(stdout)?.[1],
    path,
    sumPath: `${path}.sha256`,
    packed: true,
  };
}
