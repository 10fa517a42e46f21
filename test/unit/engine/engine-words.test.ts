import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDockerodeEngine } from '../../../src/adapters/dockerode-engine.ts';
import { socketEndpoint } from '../../../src/engine/endpoint.ts';
import { causeOf } from '../../../src/engine/engine-words.ts';

/** As Docker, containerd and runc write them, each with a word of what it means. */
const SAID: readonly (readonly [said: string, because: RegExp])[] = [
  [
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    /address pools/,
  ],
  ['all predefined address pools have been fully subnetted', /address pools/],
  ['Pool overlaps with other one on this address space', /another network/],
  [
    'driver failed programming external connectivity on endpoint edge: (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 127.0.0.1 --dport 443 -j DNAT: iptables: No chain/target/match by that name. (exit status 1))',
    /chains/,
  ],
  [
    "failed to create NAT chain DOCKER: iptables failed: iptables -t nat -N DOCKER: iptables v1.8.7 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)",
    /tables/,
  ],
  ['modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/6.1.0', /module/],
  ['failed to create fsnotify watcher: too many open files', /limit/],
  [
    'driver failed programming external connectivity: Bind for 127.0.0.1:443 failed: port is already allocated',
    /port/,
  ],
  ['listen tcp4 127.0.0.1:443: bind: address already in use', /port/],
  ['write /var/lib/docker/tmp/docker-import-1/layer.tar: no space left on device', /disk/],
  ['fork/exec /usr/bin/runc: cannot allocate memory', /memory/],
  [
    'privileged mode is incompatible with user namespaces. You must run the container in the host namespace',
    /userns-remap/,
  ],
  ["cannot share the host's network namespace when user namespaces are enabled", /userns-remap/],
  ['unknown or invalid runtime name: crun', /runtime/],
  ['cgroups: cgroup mountpoint does not exist: unknown', /cgroups/],
  [
    'AppArmor enabled on system but the docker-default profile could not be loaded: running `apparmor_parser` failed',
    /AppArmor/,
  ],
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: open /proc/sys/net/ipv4/ip_unprivileged_port_start: permission denied',
    /runtime/,
  ],
  ['client version 1.47 is too new. Maximum supported API version is 1.41', /API/],
  ['Get "https://registry.example/v2/": x509: certificate signed by unknown authority', /authority/],
];

describe('the words of an engine', () => {
  it.each(SAID)('%s', (said, because) => {
    const cause = causeOf(said);
    expect(cause?.because).toMatch(because);
    expect(cause?.remedies.length).toBeGreaterThan(0);
  });

  it.each([
    'No such container: edge',
    'Conflict. The container name "/edge" is already in use by container "abc"',
    'network meshdev-demo not found',
    'manifest for example/app:1 not found',
  ])('%s: says it itself', (said) => {
    expect(causeOf(said)).toBeUndefined();
  });

  it('stand beside their cause in the error, with what helps', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'meshdev-words-'));
    const message = 'all predefined address pools have been fully subnetted';
    const server = createServer((request, response) => {
      const isList = request.method === 'GET';
      response.writeHead(isList ? 404 : 500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ message: isList ? 'no such network' : message }));
    }).listen(join(dir, 'engine.sock'));
    try {
      await once(server, 'listening');
      const engine = createDockerodeEngine(socketEndpoint(join(dir, 'engine.sock')));
      const made = engine.networks.ensure({ name: 'n', labels: {}, ipv6: false }, AbortSignal.timeout(5_000));
      await expect(made).rejects.toMatchObject({
        code: 'ENGINE_CALL_FAILED',
        message: `creating network n · the engine answered 500: ${message} (all address pools of the engine are in use by networks)`,
        remedies: ['docker network ls', 'docker network prune'],
      });
    } finally {
      server.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});
