import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { must } from '../e2e-program.ts';

/** What goes wrong with requests whose path contains `path`. */
export interface Fault {
  readonly kind:
    | 'status'
    | 'password'
    | 'token'
    | 'cut'
    | 'flip'
    | 'other'
    | 'moved'
    | 'platform'
    | 'slow'
    | 'redirect';
  readonly path: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** How often it happens; unset: always. */
  readonly times?: number;
}

/** A request that came since the last fault was set. */
export interface RequestSeen {
  readonly path: string;
  readonly range: string;
  readonly authorization: boolean;
  /** Milliseconds since then. */
  readonly at: number;
}

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:port`: what `--mirror` takes. */
  readonly address: string;
  /** Base of release files. */
  readonly downloads: string;
  /** One at a time; undefined: none. */
  fault(fault: Fault | undefined): Promise<void>;
  /** Requests since the last fault was set. */
  seen(): Promise<readonly RequestSeen[]>;
}

const Seen = z.array(
  z.object({ path: z.string(), range: z.string(), authorization: z.boolean(), at: z.number() }),
);

const SOURCE = join(import.meta.dirname, 'server');

/**
 * Builds the registry of go-containerregistry with the pinned checksums beside it, and serves a layout.
 * @param kept the blobs of a layout that is served as it is; unset: the layout is packed anew
 */
export async function startRegistry(layout: string, files: string, kept?: string): Promise<Registry> {
  const work = await mkdtemp(join(tmpdir(), 'meshdev-registry-'));
  const program = join(work, 'registry');
  await must('go', ['build', '-o', program, '.'], {
    cwd: SOURCE,
    env: { GOFLAGS: '-mod=readonly', GOWORK: 'off', CGO_ENABLED: '0' },
  });
  const blobs = kept ?? join(work, 'blobs');
  await mkdir(blobs, { recursive: true });
  const argv = ['-blobs', blobs, '-files', files, '-layout', layout];
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error('the registry of the test ended before it served');
  const address = first.value;
  return {
    address,
    downloads: `http://${address}/downloads`,
    fault: async (fault) => {
      const answer = await fetch(`http://${address}/fault`, {
        method: 'PUT',
        body: JSON.stringify(fault ?? {}),
      });
      if (!answer.ok) throw new Error(`setting a fault: ${await answer.text()}`);
    },
    seen: async () => Seen.parse(await (await fetch(`http://${address}/fault`)).json()),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
      await rm(work, { recursive: true, force: true });
    },
  };
}
