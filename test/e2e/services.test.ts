import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createLab } from '../../src/topology/lab.ts';
import { startBrowser } from '../support/browser.ts';
import { runBenchOnce } from '../support/e2e-bench.ts';
import { type Home, MESHDEV, openHome, removeLeftover } from '../support/e2e-home.ts';
import {
  type Ended,
  type Environment,
  exited,
  must,
  runProgram,
  startProgram,
} from '../support/e2e-program.ts';

/*
 * The example: HTTP, gRPC and WebSocket from Dockerfiles without a registry, and a web front end on this machine. Each is
 * called by a real client through the edge; then one is changed, and one is taken away.
 */

const LAB = createLab({ name: 'e2e-shop', domain: 'mesh.localhost', httpsPort: 8449 });
const SHOP = join(import.meta.dirname, '../../examples/shop');
const SERVICES = ['orders', 'stock', 'live'] as const;
const EXPOSED = ['orders', 'stock', 'web', 'live'] as const;

/** As it is printed: what is said of services, strictly. */
const Report = z.object({
  checks: z.array(
    z.object({
      id: z.string(),
      service: z.string().optional(),
      case: z.string().nullable(),
      verdict: z.string(),
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
});
const Up = z.object({
  kind: z.literal('UpReport'),
  services: z.array(z.object({ id: z.string(), url: z.string() })),
  steps: z.array(z.object({ id: z.string(), action: z.string(), state: z.string(), because: z.string() })),
  check: Report.nullable(),
});
type SeenUp = z.infer<typeof Up>;

let home: Home;
let project: string;
let client: string;
let ca: string;
let first: SeenUp;
/** Names of the services whose images were built. */
const compiled = new Set<string>(SERVICES);

const inProject = (argv: readonly string[]): Promise<Ended> =>
  runProgram(MESHDEV, argv, { cwd: project, env: { ...home.env, MESHDEV_NAME: LAB.name } });

const up = async (...more: readonly string[]): Promise<SeenUp> => {
  const argv = ['up', '--https-port', String(LAB.httpsPort), '--yes', '-o', 'json', ...more];
  return Up.parse(JSON.parse(exited(await inProject(argv), 0).stdout));
};

const go = (argv: readonly string[]): Promise<string> =>
  must('go', argv, { cwd: project, env: { ...home.env, HOME: process.env['HOME'], CGO_ENABLED: '0' } });

beforeAll(async () => {
  home = await openHome();
  await removeLeftover(home, LAB.name);
  project = await mkdtemp(join(tmpdir(), 'meshdev-shop-'));
  await cp(SHOP, project, { recursive: true });
  for (const service of SERVICES) await go(['build', '-o', join(service, service), `./${service}`]);
  client = join(project, 'client', 'client');
  await go(['build', '-o', client, './client']);
  first = await up();
  ca = exited(await inProject(['env', '--ca']), 0).stdout.trim();
});

afterAll(async () => {
  await inProject(['down']);
  for (const service of compiled) {
    const images = await must('docker', ['images', '-q', `meshdev.local/service/${service}`]);
    for (const image of new Set(images.split('\n').filter((id) => id !== '')))
      await runProgram('docker', ['image', 'rm', '-f', image]);
  }
  await rm(project, { recursive: true, force: true });
  await home[Symbol.asyncDispose]();
});

async function token(user: string, service: string): Promise<string> {
  return exited(await inProject(['token', user, '--service', service]), 0).stdout.trim();
}

/** Status of a request by curl, as a person would send it. */
async function curl(host: string, path: string, bearer: string, ...more: readonly string[]): Promise<string> {
  const url = `https://${host}.${LAB.domain}:${LAB.httpsPort}${path}`;
  const argv = ['--silent', '--output', '/dev/null', '--write-out', '%{http_code}', '--cacert', ca];
  return must('curl', [...argv, '--header', `Authorization: Bearer ${bearer}`, ...more, url]);
}

const clientEnv = (bearer: string): Environment => ({ ...home.env, MESHDEV_CA: ca, TOKEN: bearer });

/** Pods by service, as uids: a pod that is replaced has another. */
async function podsOf(): Promise<Readonly<Record<string, string>>> {
  const { stdout } = exited(
    await inProject([
      'kubectl',
      '-n',
      'apps',
      'get',
      'pods',
      '-o',
      'json',
      '--field-selector=status.phase=Running',
    ]),
    0,
  );
  const { items } = z
    .object({
      items: z.array(
        z.object({
          metadata: z.looseObject({
            uid: z.string(),
            labels: z.object({ app: z.string() }),
            deletionTimestamp: z.string().optional(),
          }),
        }),
      ),
    })
    .parse(JSON.parse(stdout));
  return Object.fromEntries(
    items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => [metadata.labels.app, metadata.uid]),
  );
}

/** Images of a service that the node holds. */
async function imagesInNode(service: string): Promise<readonly string[]> {
  const listed = await must('docker', [
    'exec',
    LAB.cluster.node,
    'ctr',
    '-n',
    'k8s.io',
    'images',
    'ls',
    '-q',
  ]);
  return listed.split('\n').filter((name) => name.startsWith(`meshdev.local/service/${service}:`));
}

const edgeId = (): Promise<string> => must('docker', ['inspect', '--format', '{{.Id}}', LAB.containers.edge]);

describe('a lab of four services', () => {
  it('is green, and judges each of them', () => {
    const { checks } = first.check ?? { checks: [] };
    const notGreen = checks.filter(({ verdict }) => !['pass', 'skip'].includes(verdict));
    // Nobody has connected the front end yet.
    expect(notGreen.map(({ id, service, verdict, code }) => ({ id, service, verdict, code }))).toEqual([
      { id: 'MD-WRK-001', service: 'web', verdict: 'warn', code: 'LOCAL_NOT_RUNNING' },
    ]);
    for (const service of EXPOSED) {
      const own = checks.filter((result) => result.service === service && result.verdict === 'pass');
      expect(new Set(own.map(({ id }) => id)).size).toBeGreaterThan(25);
    }
    expect(first.services).toEqual(
      EXPOSED.map((id) => ({ id, url: `https://${id}.${LAB.domain}:${LAB.httpsPort}` })),
    );
  });

  it('answers curl as the rules of orders say, and orders reaches stock inside the mesh', async () => {
    const [ann, ben] = await Promise.all([token('ann', 'orders'), token('ben', 'orders')]);
    const order = ['--data', '{"item":"apple"}'];
    expect(await curl('orders', '/orders', ben)).toBe('200');
    expect(await curl('orders', '/orders', ben, ...order)).toBe('403');
    expect(await curl('orders', '/orders', ann, ...order)).toBe('201');
    expect(await curl('orders', '/other', ann)).toBe('403');
    expect(await curl('orders', '/orders', await token('ann', 'live'))).toBe('403');
  });

  it('answers a gRPC client as the rules of stock say', async () => {
    const address = `stock.${LAB.domain}:${LAB.httpsPort}`;
    const ask = async (user: string): Promise<Ended> =>
      runProgram(client, ['grpc', address], { env: clientEnv(await token(user, 'stock')) });
    expect((await ask('ann')).stdout).toBe('SERVING\n');
    const refused = await ask('ben');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('PermissionDenied desc = RBAC: access denied');
  });

  it('shows the front end in a browser while it is exposed, and says what to run otherwise', async () => {
    const ben = await token('ben', 'web');
    expect(await curl('web', '/', ben)).toBe('502');
    const expose = startProgram(MESHDEV, ['expose', 'web'], {
      cwd: project,
      env: { ...home.env, MESHDEV_NAME: LAB.name },
    });
    await using _exposed = expose;
    await expose.said(/is port 5173 of this machine, until Ctrl-C/);
    await expect.poll(() => curl('web', '/', ben), { timeout: 10_000 }).toBe('200');
    expect(await curl('web', '/', await token('ben', 'orders'))).toBe('403');
    const browser = await startBrowser();
    try {
      const page = await browser.newPage({
        // How a browser is told to trust the edge is shown in test/integration/guest.
        ignoreHTTPSErrors: true,
        extraHTTPHeaders: { Authorization: `Bearer ${ben}` },
      });
      await page.goto(`https://web.${LAB.domain}:${LAB.httpsPort}/`);
      expect(await page.textContent('#host')).toBe(`https://web.${LAB.domain}:${LAB.httpsPort}`);
      const clock = page.locator('#clock');
      await expect.poll(() => clock.textContent()).toMatch(/^\d{4}-/);
      const before = await clock.textContent();
      await expect.poll(() => clock.textContent()).not.toBe(before);
    } finally {
      await browser.close();
    }
    const checked = await inProject(['check', '--service', 'web', '-o', 'json']);
    const { checks } = Report.parse(JSON.parse(exited(checked, 0).stdout));
    expect(checks.filter(({ verdict }) => !['pass', 'skip'].includes(verdict))).toEqual([]);
    expose.killJob('SIGINT');
    exited(await expose.ended, 130);
    await expect.poll(() => curl('web', '/', ben), { timeout: 10_000 }).toBe('502');
  });

  it('has nothing to do at the next up', async () => {
    const { steps } = await up();
    expect(steps.filter(({ action }) => action !== 'keep')).toEqual([]);
  });
});

describe('a change of one service', () => {
  it('replaces its pods alone: an open WebSocket of another loses no message', async () => {
    const before = { pods: await podsOf(), edge: await edgeId() };
    const url = `wss://live.${LAB.domain}:${LAB.httpsPort}/feed`;
    await using socket = startProgram(client, ['websocket', url, '10m'], {
      env: clientEnv(await token('ben', 'live')),
    });
    await go(['build', '-ldflags', '-s -w', '-o', 'orders/orders', './orders']);
    await socket.said(/open/);
    const { steps } = await up('--no-check');
    const after = { pods: await podsOf(), edge: await edgeId() };
    expect(steps.flatMap(({ id, action }) => (action === 'keep' ? [] : [id]))).toEqual([
      'builds',
      'services',
    ]);
    const { orders: was, ...others } = before.pods;
    const { orders: is, ...kept } = after.pods;
    expect(is).not.toBe(was);
    expect(is).toBeDefined();
    expect(kept).toEqual(others);
    expect(after.edge).toBe(before.edge);
    expect(await imagesInNode('orders')).toHaveLength(1);
    socket.kill('SIGINT');
    const { stdout } = exited(await socket.ended, 0);
    expect(Number(/^messages (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(50);
  });

  it('that cannot be built leaves what runs as it was', async () => {
    const before = await podsOf();
    await writeFile(join(project, 'stock', 'Dockerfile'), 'FROM scratch\nCOPY missing /stock\n');
    const failed = await inProject(['up', '--yes', '--no-check']);
    expect(failed.exitCode).toBe(4);
    expect(failed.stderr).toContain('SERVICE_BUILD_FAILED');
    expect(failed.stderr).toContain('missing');
    expect(await podsOf()).toEqual(before);
    await cp(join(SHOP, 'stock', 'Dockerfile'), join(project, 'stock', 'Dockerfile'));
  });

  it('under up --watch is in the cluster by itself, and one that cannot be built leaves what runs', async () => {
    const before = await podsOf();
    await using watch = startProgram(MESHDEV, ['up', '--yes', '--no-check', '--watch'], {
      cwd: project,
      env: { ...home.env, MESHDEV_NAME: LAB.name },
    });
    await watch.said(/^watch +orders, stock, live/m);
    await go(['build', '-trimpath', '-o', 'orders/orders', './orders']);
    await watch.said(/^running +orders\/orders changed, in the cluster after [\d.]+ s/m);
    const { orders: was, ...others } = before;
    const { orders: is, ...kept } = await podsOf();
    expect(is).not.toBe(was);
    expect(kept).toEqual(others);
    await writeFile(join(project, 'stock', 'Dockerfile'), 'FROM scratch\nCOPY missing /stock\n');
    await watch.said(/SERVICE_BUILD_FAILED[^]*left as they are/);
    expect(await podsOf()).toEqual({ ...others, orders: is });
    await cp(join(SHOP, 'stock', 'Dockerfile'), join(project, 'stock', 'Dockerfile'));
    watch.kill('SIGINT');
    exited(await watch.ended, 130);
  });

  it('that takes it out of the file removes what it had, and nothing of the others', async () => {
    const before = await podsOf();
    const file = join(project, 'meshdev.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, text.indexOf('  live:')));
    await up('--no-check');
    const { live: _gone, ...others } = before;
    expect(await podsOf()).toEqual(others);
    const left = await inProject([
      'kubectl',
      'get',
      'deployments,services,serviceaccounts,virtualservices,authorizationpolicies,requestauthentications',
      '-A',
      '-l',
      'dev.meshdev.service=live',
      '-o',
      'name',
    ]);
    expect(left.stdout).toBe('');
    const orders = await token('ben', 'orders');
    expect(await curl('orders', '/orders', orders)).toBe('200');
    // The edge has no certificate for the name any more.
    await expect(curl('live', '/healthz', orders)).rejects.toThrow('exit 35');
  });
});

describe('the other examples, in the same lab', () => {
  /** Puts an example in the place of the project, with its programs compiled. */
  async function become(example: string, services: readonly string[]): Promise<SeenUp> {
    await rm(project, { recursive: true });
    await cp(join(SHOP, '..', example), project, { recursive: true });
    for (const service of services) {
      await go(['build', '-o', join(service, service), `./${service}`]);
      compiled.add(service);
    }
    return up('--no-check');
  }

  it('internal: people reach one service, and only that one the other', async () => {
    await become('internal', ['quotes', 'authors']);
    const ann = await token('ann', 'quotes');
    expect(await curl('quotes', '/quote', ann)).toBe('200');
    expect(await curl('quotes', '/author', ann)).toBe('403');
    const access = JSON.parse(exited(await inProject(['config', 'access', '-o', 'json']), 0).stdout);
    expect(JSON.stringify(access)).toContain('authors');
    const { checks } = Report.parse(
      JSON.parse(exited(await inProject(['check', '--service', 'authors', '-o', 'json']), 0).stdout),
    );
    expect(
      checks.filter(({ service, verdict }) => service === 'authors' && verdict === 'pass').length,
    ).toBeGreaterThan(10);
  });

  it('web: a front end on this machine shows what its API in the mesh answers', async () => {
    await become('web', ['api']);
    const ann = await token('ann', 'web');
    const expose = startProgram(MESHDEV, ['expose'], {
      cwd: project,
      env: {
        ...home.env,
        MESHDEV_NAME: LAB.name,
        API_URL: `https://api.${LAB.domain}:${LAB.httpsPort}`,
        API_TOKEN: await token('ann', 'api'),
      },
    });
    await using _exposed = expose;
    await expect.poll(() => curl('web', '/', ann), { timeout: 20_000 }).toBe('200');
    expect(await curl('api', '/visits', ann)).toBe('403');
    expose.killJob('SIGINT');
    exited(await expose.ended, 130);
  });
});

// They replace the services of the lab.
describe('the benchmark', () => {
  it.each(['services', 'streams'] as const)('of %s runs and measures', async (name) => {
    expect(await runBenchOnce(name, home.env, ['--lab', LAB.name])).toEqual([]);
  });
});
