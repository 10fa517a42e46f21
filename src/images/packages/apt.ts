import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { DEBIAN_SUITE } from '../../versions.ts';

/** Where Debian packages come from, as this machine is configured. */
export interface AptSettings {
  /** One-line entries for the suite of the images. */
  readonly sources: readonly string[];
  /** Options for mmdebstrap: the proxy of the machine's apt, if it has one. */
  readonly options: readonly string[];
}

export type AptAccess = (signal: AbortSignal) => Promise<AptSettings>;

const FORMAT = '$(LABEL)|$(REPO_URI)|$(COMPONENT)';

/** Reads the machine's own apt configuration; refreshes its index when it has never been read. */
export function createAptAccess(runner: ProcessRunner): AptAccess {
  return async (signal) => {
    const read = async () => mirrorLines(await targets(runner, signal));
    let sources = await read();
    if (sources.length === 0) {
      await runner.run('apt-get', ['update'], { signal });
      sources = await read();
    }
    if (sources.length === 0) throw noMirror();
    return { sources, options: await proxyOptions(runner, signal) };
  };
}

/** From lines `label|uri|component` to sources of the suite. Pure; unknown labels are not Debian's. */
export function mirrorLines(listed: string): readonly string[] {
  const lines = listed.split('\n').flatMap((line) => {
    const [label, uri, component] = line.split('|');
    if (uri === undefined || component !== 'main') return [];
    if (label === 'Debian')
      return [DEBIAN_SUITE, `${DEBIAN_SUITE}-updates`].map((suite) => `deb ${uri} ${suite} main`);
    return label === 'Debian-Security' ? [`deb ${uri} ${DEBIAN_SUITE}-security main`] : [];
  });
  return [...new Set(lines)];
}

async function targets(runner: ProcessRunner, signal: AbortSignal): Promise<string> {
  const { stdout } = await runner.run(
    'apt-get',
    ['indextargets', '--format', FORMAT, 'Created-By: Packages'],
    { signal },
  );
  return stdout;
}

async function proxyOptions(runner: ProcessRunner, signal: AbortSignal): Promise<readonly string[]> {
  const { stdout } = await runner.run(
    'apt-config',
    ['dump', '--format', '%f "%v";%n', 'Acquire::http::Proxy', 'Acquire::https::Proxy'],
    { signal },
  );
  const set = stdout.split('\n').filter((line) => /^Acquire::https?::Proxy ".+";$/.test(line));
  return set.map((line) => `--aptopt=${line}`);
}

function noMirror(): MeshdevError {
  return new MeshdevError('IMAGE_SOURCE_UNAVAILABLE', {
    message: 'looking for a Debian mirror in the apt configuration of this machine: none is configured',
    remedies: ['apt-get indextargets', 'meshdev up --image-source registry'],
  });
}
