import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import { createLab, DEFAULT_CHOICE, type Lab } from '../../../src/topology/lab.ts';
import { startEdge } from '../../support/caddy.ts';
import { freePort, type Running } from '../../support/child.ts';
import { freshKeys } from '../../support/lab-keys.ts';

const printed = z.object({
  verdicts: z.record(
    z.string(),
    z.object({ kind: z.string(), code: z.string().optional(), message: z.string().optional() }),
  ),
  addresses: z.object({ addresses: z.array(z.string()) }),
});

/** A resolver that answers 127.0.0.1 and ::1 for the public names, as systemd-resolved and macOS do. */
describe('where both addresses of loopback are answered', () => {
  let directory = '';
  let lab: Lab;
  let keys: LabKeys;
  let edge: Running;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshdev-names-'));
    lab = createLab({ ...DEFAULT_CHOICE, httpsPort: await freePort() });
    keys = await freshKeys(lab);
    edge = await startEdge(lab, keys, { gatewayPort: 9, idpPort: 9, only: '127.0.0.1' }, directory);
    await writeFile(join(directory, 'root.crt'), keys.edge.rootPem);
    const lines = [lab.hosts.auth, lab.hosts.httpbin].flatMap((host) => [`127.0.0.1 ${host}`, `::1 ${host}`]);
    const own = await readFile('/etc/hosts', 'utf8');
    await writeFile(join(directory, 'hosts'), `${own}\n${lines.join('\n')}\n`);
  });
  afterAll(async () => {
    await edge[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  /** In a mount namespace of its own, where /etc/hosts is the one with both. */
  async function verdictsThere(): Promise<z.infer<typeof printed>> {
    const script = 'mount --bind "$1" /etc/hosts && shift && exec "$@"';
    const program = join(import.meta.dirname, '../../support/names-here.ts');
    const here = ['--mount', 'sh', '-c', script, 'sh', join(directory, 'hosts')];
    const asked = [process.execPath, program, String(lab.httpsPort), join(directory, 'root.crt')];
    const { stdout } = await promisify(execFile)('unshare', [...here, ...asked]);
    return printed.parse(JSON.parse(stdout));
  }

  async function listening(speak: (socket: Socket) => void): Promise<Server> {
    const server = createServer(speak);
    server.listen({ host: '::1', port: lab.httpsPort });
    await once(server, 'listening');
    return server;
  }

  it('nobody on ::1 is fine', async () => {
    const { verdicts, addresses } = await verdictsThere();
    expect(addresses.addresses.toSorted()).toEqual(['127.0.0.1', '::1']);
    expect(verdicts).toMatchObject({
      auth: { kind: 'pass' },
      httpbin: { kind: 'pass' },
      'loopback-v6': { kind: 'pass' },
    });
  });

  it.each([
    ['answers in clear text', (socket: Socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nnot the edge')],
    ['closes at once', (socket: Socket) => socket.destroy()],
  ])('somebody else who %s on ::1 is named', async (_what, speak) => {
    const server = await listening((socket) => {
      socket.on('error', () => undefined).resume();
      speak(socket);
    });
    try {
      const { verdicts } = await verdictsThere();
      for (const name of ['auth', 'httpbin', 'loopback-v6'])
        expect(verdicts[name]).toMatchObject({ kind: 'fail', code: 'NAME_OTHER_LISTENER' });
      expect(verdicts['httpbin']?.message).toContain('::1');
    } finally {
      server.close();
      await once(server, 'close');
    }
  });
});
