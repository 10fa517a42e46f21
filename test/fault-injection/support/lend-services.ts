import { copyFile, glob, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { type Home, openHome, removeLeftover } from '../../support/e2e-home.ts';
import { exited } from '../../support/e2e-program.ts';
import { openBench } from './bench.ts';
import type { LentLab } from './lend-lab.ts';

const LAB = createLab({ ...DEFAULT_CHOICE, name: 'sabotage-services', httpsPort: 8643 });

/** Two services of one program, each with a host; the first has a rule that a fault can widen by a role. */
const MESHDEV_YAML = `apiVersion: meshdev/v1
identity:
  users:
    ann: { roles: [clerk] }
    ben: { roles: [customer] }
services:
  orders:
    build: ./app
    port: 8080
    host: orders
    health: /status/200
    allow:
      - { roles: [clerk, customer], methods: [GET, HEAD], paths: [/status/200, /get] }
      - { roles: [clerk], methods: [POST], paths: [/post] }
    check: { path: /get, as: ben }
  stock:
    build: ./app
    port: 8080
    host: stock
    health: /status/200
    allow:
      - { roles: [clerk], methods: [GET, HEAD], paths: [/status/200, /get] }
      - { from: [orders], methods: [GET], paths: [/get] }
    check: { path: /get, as: ann }
`;

const DOCKERFILE = `FROM scratch
COPY go-httpbin /go-httpbin
USER 65532:65532
ENTRYPOINT ["/go-httpbin"]
`;

/**
 * A lab with the services `orders` and `stock`: the one that `MESHDEV_SABOTAGE_SERVICES_LAB` names, made from the
 * same meshdev.yaml, else one of its own. Their program is the go-httpbin that the sample was made from, so that
 * no registry and no compiler is needed.
 * @throws Error when the cache of programs has no go-httpbin after `up`
 */
export async function lendServices(): Promise<LentLab> {
  const lent = process.env['MESHDEV_SABOTAGE_SERVICES_LAB'];
  if (lent !== undefined)
    return { bench: await openBench(process.env, lent), [Symbol.asyncDispose]: async () => undefined };
  const home = await openHome();
  await removeLeftover(home, LAB.name);
  const up = ['up', '--name', LAB.name, '--https-port', String(LAB.httpsPort), '--no-check'];
  // The sample alone: it leaves its program in the cache.
  exited(await home.meshdev(up), 0);
  await writeProject(home);
  exited(await home.meshdev([...up, '--yes']), 0);
  return {
    bench: await openBench(home.env, LAB.name),
    [Symbol.asyncDispose]: async () => {
      await home.meshdev(['down', '--name', LAB.name]);
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Where commands of this home run. */
async function writeProject({ env }: Home): Promise<void> {
  const project = env['HOME'] ?? homedir();
  await mkdir(join(project, 'app'));
  await copyFile(await cachedProgram(env['XDG_CACHE_HOME'] ?? ''), join(project, 'app', 'go-httpbin'));
  await writeFile(join(project, 'app', 'Dockerfile'), DOCKERFILE);
  await writeFile(join(project, 'meshdev.yaml'), MESHDEV_YAML);
}

async function cachedProgram(cache: string): Promise<string> {
  for await (const path of glob('meshdev/packages/httpbin-*/bin/go-httpbin', { cwd: cache }))
    return join(cache, path);
  throw new Error(
    `no go-httpbin in ${cache}/meshdev/packages: run \`meshdev up\` once with MESHDEV_IMAGE_SOURCE=packages`,
  );
}
