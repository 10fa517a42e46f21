import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MESHDEV, temporaryState } from './bench.ts';
import { run } from './run.ts';
import { guestImage } from './service-file.ts';

const CLEAN_UP_MS = 180_000;

/** A lab whose services a benchmark chooses. */
export interface ServiceLab extends AsyncDisposable {
  readonly name: string;
  /** An image with Node.js that the engine has. */
  readonly image: string;
  /** Of this benchmark alone; removed with it. */
  readonly dir: string;
  meshdev(argv: readonly string[]): Promise<string>;
  kubectl(argv: readonly string[]): Promise<string>;
  /** Makes the lab what this meshdev.yaml says, unproved. */
  up(file: string): Promise<void>;
}

export interface ServiceLabOptions {
  /** Of a lab that is made for the benchmark. */
  readonly own: { readonly name: string; readonly httpsPort: string };
  /** A lab of this user that is up, whose services are replaced. */
  readonly lent: string | undefined;
  readonly signal: AbortSignal;
}

export async function openServiceLab({ own, lent, signal }: ServiceLabOptions): Promise<ServiceLab> {
  const state = await temporaryState();
  const project = join(state.dir, 'project');
  await mkdir(project);
  const name = lent ?? own.name;
  const env = lent === undefined ? { XDG_STATE_HOME: join(state.dir, 'state') } : {};
  const ask = (argv: readonly string[], until: AbortSignal): Promise<string> =>
    run(MESHDEV, [...argv, '--name', name], { env, signal: until });
  const config = join(project, 'meshdev.yaml');
  const port = lent === undefined ? ['--https-port', own.httpsPort] : [];
  const up = async (file: string): Promise<void> => {
    await writeFile(config, file);
    await ask(['up', '--yes', '--no-check', '--config', config, ...port], signal);
  };
  const end = async (): Promise<void> => {
    if (lent === undefined) await ask(['down'], AbortSignal.timeout(CLEAN_UP_MS));
    await state[Symbol.asyncDispose]();
  };
  try {
    if (lent === undefined) await up('apiVersion: meshdev/v1\n');
    return {
      name,
      image: await guestImage(name, signal),
      dir: state.dir,
      meshdev: (argv) => ask([...argv, '--config', config], signal),
      // kubectl's own flags begin after its name: none of ours may stand behind them.
      kubectl: (argv) => run(MESHDEV, ['kubectl', '--name', name, ...argv], { env, signal }),
      up,
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
