import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exposeService, localService } from '../../../src/cli/expose-flow.ts';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { createLabOwner } from '../../../src/lab/lab-owner.ts';
import { Interruption } from '../../../src/run/interruption.ts';
import { labPaths, pathsFrom } from '../../../src/topology/paths.ts';
import type { LocalService } from '../../../src/topology/service.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';
import { healthyService, labWith } from '../../support/own-service.ts';
import { relayCluster, type RelayCluster } from '../../support/relay-cluster.ts';
import { silentCli } from '../../support/silent-cli.ts';

let relay: RelayCluster;
beforeEach(async () => {
  relay = await relayCluster();
});
afterEach(() => relay[Symbol.asyncDispose]());

interface Exposing {
  readonly said: string[];
  readonly wrote: () => string;
  readonly stop: AbortController;
  /** The exit code, or the code of the error. */
  readonly ended: Promise<number | string>;
}

function expose(command?: string): Exposing {
  const { port } = relay.web.source;
  const web: LocalService = {
    ...relay.web,
    source: { kind: 'local', port, ...(command === undefined ? {} : { command }) },
  };
  const lab = labWith(web);
  const paths = pathsFrom({}, '/nonexistent');
  const said: string[] = [];
  const wrote: Buffer[] = [];
  const stop = new AbortController();
  const cli = {
    ...silentCli({ env: { PATH: process.env['PATH'] }, cwd: import.meta.dirname, signal: stop.signal }),
    err: (line: string) => said.push(line),
    outBytes: (bytes: Uint8Array) => wrote.push(Buffer.from(bytes)),
  };
  const context = {
    lab,
    paths,
    files: labPaths(paths, lab.name),
    owner: createLabOwner(paths, labPaths(paths, lab.name)),
    project: { dir: import.meta.dirname, env: {} },
    reachEngine: async () => undefined,
    cluster: { ...createFakeCluster(), ...relay.cluster },
  };
  const ended = exposeService(cli, context, { service: 'web' }).catch((error: unknown) =>
    error instanceof MeshdevError ? error.code : String(error),
  );
  return { said, wrote: () => Buffer.concat(wrote).toString(), stop, ended };
}

describe('a process of this machine', () => {
  it('is reached through its relay until Ctrl-C', async () => {
    const { said, stop, ended } = expose();
    await expect.poll(() => said.join('')).toContain(`service web is port ${relay.web.source.port}`);
    expect(await text(connect(relay.appPort, '127.0.0.1'))).toBe('hello');
    stop.abort(new Interruption('SIGINT'));
    expect(await ended).toBe('INTERRUPTED');
  });

  it('is started with its port, and a failure of it is that of expose', async () => {
    const { wrote, ended } = expose('echo "on $PORT"; exit 3');
    expect(await ended).toBe('COMMAND_FAILED');
    expect(wrote()).toBe(`on ${relay.web.source.port}\n`);
  });

  it('that ends well ends expose well', async () => {
    expect(await expose('true').ended).toBe(0);
  });

  it('that was started ends with expose', async () => {
    const { said, wrote, stop, ended } = expose('echo $$; exec sleep 600');
    await expect.poll(wrote).toMatch(/^\d+\n$/);
    const pid = Number(wrote());
    expect(said.join('')).toContain('until Ctrl-C');
    stop.abort(new Interruption('SIGTERM'));
    await ended;
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('the choice of a service', () => {
  const lab = labWith(healthyService());
  const withLocals = (...ids: readonly string[]) => ({
    ...lab,
    services: [...lab.services, ...ids.map((id) => ({ ...relay.web, id, host: `${id}.${lab.domain}` }))],
  });

  it.each([
    [
      { service: 'orders' },
      'service orders runs in the cluster (image); meshdev.yaml has no service with local',
    ],
    [{ service: 'ordrs' }, 'there is no service "ordrs"; meshdev.yaml has no service with local'],
    [{ host: 'shop' }, 'there is no service "shop"; meshdev.yaml has no service with local'],
    [{}, 'which service is meant? meshdev.yaml has no service with local'],
    [{ service: 'shop', local: 5173 }, 'services: { shop: { local: { port: 5173 }, host: shop, allow: '],
  ])('%o is refused where it is no process of this machine', (choice, words) => {
    expect(() => localService(lab, choice)).toThrow(words);
  });

  it('that is misspelt gets a suggestion', () => {
    expect(() => localService(withLocals('web'), { service: 'wep' })).toThrow('did you mean web?');
  });

  it('needs no name where there is one, and is refused where there are two', () => {
    expect(localService(withLocals('web'), {}).id).toBe('web');
    expect(() => localService(withLocals('web', 'admin'), {})).toThrow('local are web, admin');
  });

  it.each(['admin', `admin.${lab.domain}`])('takes %s as the host', (host) => {
    expect(localService(withLocals('web', 'admin'), { host }).id).toBe('admin');
    expect(() => localService(withLocals('web', 'admin'), { service: 'web', host })).toThrow('no service');
  });

  it('takes another port of this machine', () => {
    const { source } = localService(withLocals('web'), { local: 4000 });
    expect(source).toEqual({ ...relay.web.source, port: 4000 });
  });
});
