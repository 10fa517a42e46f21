import { createServer, type Server } from 'node:net';
import { pid } from 'node:process';
import { describe, expect, it } from 'vitest';
import { probeBind } from '../../../src/host/bind-probe.ts';
import { portProblem } from '../../../src/host/judges/port-problem.ts';
import { observePort, suggestPort } from '../../../src/host/port.ts';

const listening = (address: string): Promise<{ server: Server; port: number }> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('no address'));
      else resolve({ server, port: bound.port });
    });
  });

describe('ports of this machine', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::'])('a listener on %s is found and named', async (address) => {
    const { server, port } = await listening(address);
    const finding = await observePort(port, [], false);
    expect(finding).toMatchObject({ kind: 'taken', port, holder: { kind: 'process', owner: { pid } } });
    expect(portProblem(finding)?.message).toContain(`process ${pid}`);
    server.close();
  });

  it('a port that nobody has is free, and so is the suggested one', async () => {
    const port = await suggestPort();
    expect(await probeBind('127.0.0.1', port)).toEqual({ kind: 'free' });
    expect(await observePort(port, [], false)).toEqual({ kind: 'free', port });
  });

  it('an address that is not here is absent, not an error', async () => {
    expect(await probeBind('192.0.2.1', 0)).toEqual({ kind: 'absent' });
  });
});
