import type {
  Container,
  ContainerEngine,
  ExecResult,
  Image,
  LogLine,
} from '../../src/ports/container-engine.ts';
import { throwIfAborted } from '../../src/run/wait-until.ts';
import { createFakeContainers } from './fake-containers.ts';
import { createFakeImages, createFakeNetworks, createFakeVolumes } from './fake-objects.ts';
import { createFakeStore, needContainer } from './fake-store.ts';
import type { FakeEngineOptions, FakeExec } from './fake-engine-options.ts';

/*
 * A stateful stand-in for a container engine, held to the same contract suite as the real adapter
 * (engine-contract.ts). It runs no programs: what a container's programs answer is given by `exec`.
 */

export interface FakeEngine extends ContainerEngine {
  /** As if the container had written this line. */
  say(name: string, stream: LogLine['stream'], text: string): void;
  /** As if somebody had changed the container behind our back. */
  change(name: string, changes: Partial<Container>): void;
  addImage(image: Image): void;
}

export function createFakeEngine(options: FakeEngineOptions = {}): FakeEngine {
  const store = createFakeStore(options.images ?? []);
  return {
    endpoint: { kind: 'socket', path: '/nowhere/fake.sock' },
    info: async (signal) => {
      throwIfAborted(signal);
      return FAKE_INFO;
    },
    diskUsage: async (signal) => {
      throwIfAborted(signal);
      return {
        containers: new Map([...store.containers.values()].map(({ container }) => [container.id, 1000])),
        volumes: new Map([...store.volumes.keys()].map((name) => [name, 5000])),
      };
    },
    containers: createFakeContainers(store, options.exec ?? catOnly),
    networks: createFakeNetworks(store),
    volumes: createFakeVolumes(store),
    images: createFakeImages(store),
    say: (name, stream, text) =>
      void needContainer(store, name).lines.push({ stream, at: store.now(), text }),
    change: (name, changes) => {
      const kept = needContainer(store, name);
      kept.container = { ...kept.container, ...changes };
    },
    addImage: (image) => image.tags.forEach((tag) => store.images.set(tag, image)),
  };
}

export const FAKE_INFO = {
  version: '0.0.0-fake',
  cgroupVersion: '2',
  cgroupDriver: 'systemd',
  storageDriver: 'overlay2',
  dataRoot: '/var/lib/docker',
  cpus: 2,
  memoryBytes: 8 * 1024 ** 3,
  arch: 'x86_64',
  os: 'Fake',
  osType: 'linux',
  kernel: '6.1.0',
  securityOptions: [],
  defaultRuntime: 'runc',
  systemTime: '2030-01-01T00:00:00Z',
  product: 'docker',
  hostName: 'fake',
  limits: { memory: true, cpu: true, pids: true },
  addressPools: [],
} as const;

function catOnly(_: Container, { argv, stdin }: FakeExec, files: ReadonlyMap<string, Buffer>): ExecResult {
  const [program = '', path] = argv;
  if (program !== 'cat') return ended(127, '', `${program}: not found\n`);
  if (path === undefined) return ended(0, stdin ?? '', '');
  const content = files.get(path);
  return content === undefined ? ended(1, '', `cat: ${path}: No such file\n`) : ended(0, content, '');
}

function ended(exitCode: number, stdout: string | Uint8Array, stderr: string): ExecResult {
  return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
}
