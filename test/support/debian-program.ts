import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { testCache } from './test-cache.ts';
import { mustRun, runProgram } from './x509/run-program.ts';

/** A program of the machine, or one that was unpacked beside it. */
export interface DebianProgram {
  readonly program: string;
  /** Where its files are, when they are not those of the machine. */
  readonly root?: string;
  /** Where its libraries are, when they are not those of the machine. */
  readonly libraries?: string;
}

/**
 * That of the machine; else Debian’s package and what it needs, unpacked beside: the machine stays as it is.
 * @param packageName which has the program
 * @param name of the program, which answers to `--version`
 * @throws Error where neither can be had
 */
export async function debianProgram(packageName: string, name = packageName): Promise<DebianProgram> {
  const own = await runProgram(name, ['--version']).catch(() => undefined);
  if (own?.code === 0) return { program: name };
  const root = testCache(packageName);
  if ((await unpackedIn(root, name)) === undefined) await unpack(packageName, root);
  const program = await unpackedIn(root, name);
  if (program === undefined) throw new Error(`Debian's package ${packageName} has no program ${name}`);
  const [libraries] = await readdir(join(root, 'usr/lib')).catch(() => []);
  const found = { program, root, libraries: join(root, 'usr/lib', libraries ?? '') };
  await mustRun(program, ['--version'], { env: { LD_LIBRARY_PATH: found.libraries } });
  return found;
}

async function unpackedIn(root: string, name: string): Promise<string | undefined> {
  for (const directory of ['usr/bin', 'bin']) {
    const program = join(root, directory, name);
    if (await exists(program)) return program;
  }
  return undefined;
}

async function unpack(packageName: string, root: string): Promise<void> {
  const archives = join(root, 'archives');
  await mkdir(join(archives, 'partial'), { recursive: true });
  const options = ['-o', 'Debug::NoLocking=1', '-o', `Dir::Cache::archives=${archives}/`];
  const download = ['install', '-y', '-q', '--download-only', '--no-install-recommends', ...options];
  try {
    // The package index of the machine may be missing or too old.
    if ((await runProgram('apt-get', [...download, packageName])).code !== 0) {
      await mustRun('apt-get', ['-q', 'update']);
      await mustRun('apt-get', [...download, packageName]);
    }
    const packages = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
    for (const file of packages) await mustRun('dpkg-deb', ['-x', join(archives, file), root]);
  } catch (cause) {
    throw new Error(`a test needs ${packageName}: apt-get install -y ${packageName}`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
