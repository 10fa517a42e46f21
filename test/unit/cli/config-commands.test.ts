import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeLabRecord } from '../../../src/lab/lab-record.ts';
import { labPaths } from '../../../src/topology/paths.ts';
import { STOCK } from '../../support/manifests.ts';
import { runCli } from '../../support/run-cli.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-config-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));
beforeEach(() => rm(join(home, 'meshdev.yaml'), { force: true }));

const path = (): string => join(home, 'meshdev.yaml');
const write = (text: string): Promise<void> => writeFile(path(), text);

/** No engine answers there, and nothing of this machine is read. */
const run = (argv: readonly string[], env = {}) =>
  runCli(argv, {
    cwd: home,
    env: {
      HOME: home,
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CACHE_HOME: join(home, 'cache'),
      DOCKER_HOST: `unix://${join(home, 'nobody.sock')}`,
      ...env,
    },
  });

const SERVICES = `identity: { users: { ann: { roles: [clerk] } } }
services:
  orders:
    image: orders:1
    port: 80
    host: orders
    environment: { DB_PASSWORD: hunter2, URL: "https://u:hunter2@db/x", PLAIN: seen }
    command: [serve, "--db=https://u:hunter2@db"]
    secrets: { db: { file: ./db.txt } }
    allow: [{ roles: [clerk], methods: [GET] }]
    egress: ["api.example.com:443"]
`;

const NOTE = 'this version validates and does not deploy services.orders.egress';

describe('meshdev config validate', () => {
  it('accepts a file and says what this version does not do with it', async () => {
    await write(SERVICES);
    await writeFile(join(home, 'db.txt'), 'hunter2');
    expect(await run(['config', 'validate'])).toEqual({
      exitCode: 0,
      err: '',
      out: `${path()} is valid\nservices  orders\nusers     alice, bob, eve, ann\nnote      ${NOTE}\n`,
    });
    const { out } = await run(['config', 'validate', path(), '-o', 'json']);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: '1',
      kind: 'ConfigValidation',
      path: path(),
      valid: true,
      services: ['orders'],
      users: ['alice', 'bob', 'eve', 'ann'],
      notes: [NOTE],
    });
  });

  it('has nothing to add to a file that is deployed as a whole', async () => {
    await write('domain: lab.test\n');
    expect((await run(['config', 'validate'])).out).not.toContain('note');
  });

  it('ends with exit 2 and every mistake, each with line and column', async () => {
    await write('nmae: a\nservices:\n  a: { image: a, port: 0, host: auth }\n');
    const { exitCode, out, err } = await run(['config', 'validate']);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err.match(/meshdev\.yaml:\d+:\d+ /g)).toHaveLength(3);
  });

  it('misses files that are not there, and mounts none from outside of the project', async () => {
    const lines = [
      'build: ./gone',
      'port: 80',
      'env_file: ./here',
      'secrets: { db: { file: ./here/none } }',
      'volumes: ["./link:/etc/a", "./big:/etc/b", "./small:/etc/c", "./here:/etc/d"]',
    ];
    await mkdir(join(home, 'here'));
    await symlink('/etc/passwd', join(home, 'link'));
    await writeFile(join(home, 'big'), Buffer.alloc(1024 * 1024 + 1));
    await writeFile(join(home, 'small'), 'a');
    await write(`services:\n  a:\n    ${lines.join('\n    ')}\n`);
    const { exitCode, err } = await run(['config', 'validate']);
    expect(exitCode).toBe(2);
    expect(err.split('\n').filter((line) => line.includes(path()))).toEqual([
      `meshdev: CONFIG_INVALID: ${path()}:3:12 services.a.build: ./gone does not exist`,
      `${path()}:5:15 services.a.env_file: ./here is no file`,
      `${path()}:6:28 services.a.secrets.db.file: ./here/none does not exist`,
      `${path()}:7:15 services.a.volumes.0: ./link leads outside of the project`,
      `${path()}:7:32 services.a.volumes.1: ./big has 1048577 bytes: 1 MiB at most is mounted`,
      `${path()}:7:66 services.a.volumes.3: ./here is no file`,
    ]);
  });

  it('reads manifests, and says all that is wrong with them beside the mistakes of the file', async () => {
    await mkdir(join(home, 'k8s'), { recursive: true });
    const port = '{ port: 80, appProtocol: http }';
    await writeFile(
      join(home, 'k8s/a.yaml'),
      `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { selector: { app: a }, ports: [${port}] }\n`,
    );
    await write(
      'services:\n  a: { manifests: ./k8s, port: 80 }\n  b: { manifests: ./k8s, port: 80 }\n  c: { build: ./none, port: 80 }\n  d: { manifests: ./none, port: 80 }\n',
    );
    const { exitCode, out, err } = await run(['config', 'validate']);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err.split('\n').slice(0, 4)).toEqual([
      `meshdev: CONFIG_INVALID: ${path()}:3:19 services.b.manifests: the manifests have no Service named b`,
      `${path()}:4:15 services.c.build: ./none does not exist`,
      `${path()}:5:19 services.d.manifests: ./none does not exist`,
      expect.stringMatching(
        /^k8s\/a\.yaml:4 services\.a: Service a selects app=a in namespace apps: no Deployment, /,
      ),
    ]);
    expect((await run(['config', 'show'])).exitCode).toBe(2);
    // What uses a lab as it is does not look at them.
    expect((await run(['env'])).err).not.toContain('CONFIG_INVALID');
  });

  it('takes the zone of the environment, as up does', async () => {
    await write('services: { a: { image: a, port: 80, host: a.my.test } }');
    expect((await run(['config', 'validate'])).exitCode).toBe(2);
    expect((await run(['config', 'validate'], { MESHDEV_DOMAIN: 'my.test' })).exitCode).toBe(0);
  });

  it.each([
    [[], 'meshdev init'],
    [['no-such-file.yaml'], 'the file does not exist'],
  ])('says that there is no file: %j', async (file, said) => {
    const { exitCode, err } = await run(['config', 'validate', ...file]);
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
  });
});

describe('meshdev config show', () => {
  it('has the identity that the manifests of a service say', async () => {
    await writeFile(join(home, 'stock.yaml'), STOCK);
    await write('services: { stock: { manifests: ./stock.yaml, port: 80, namespace: shop } }');
    const { exitCode, out } = await run(['config', 'show']);
    expect(exitCode).toBe(0);
    expect(parse(out)).toMatchObject({
      derived: { services: { stock: { identity: 'spiffe://cluster.local/ns/shop/sa/keeper' } } },
    });
  });

  it('shows what is in force and what follows, and no credential in any format', async () => {
    await write(SERVICES);
    const argvs = [[], ['--origin'], ['-o', 'yaml'], ['-o', 'json'], ['-o', 'json', '--origin']];
    const outs = await Promise.all(argvs.map((argv) => run(['config', 'show', ...argv])));
    for (const { exitCode, out } of outs) {
      expect(exitCode).toBe(0);
      expect(out).not.toContain('hunter2');
      expect(out).toContain('seen');
      expect(parse(out)).toMatchObject({
        domain: 'mesh.localhost',
        services: { orders: { appProtocol: 'http', active: 'safe', secrets: { db: { file: './db.txt' } } } },
        derived: {
          services: {
            orders: {
              url: 'https://orders.mesh.localhost/',
              identity: 'spiffe://cluster.local/ns/apps/sa/orders',
              policies: { 'apps/orders-1': 'roles clerk: GET of any path' },
            },
          },
        },
      });
    }
  });

  it('says where each value comes from', async () => {
    await write(`httpsPort: 8443\n${SERVICES}`);
    const argv = ['config', 'show', '--domain', 'flag.test', '--origin'];
    const { out } = await run(argv, { MESHDEV_NAME: 'blue' });
    expect(out).toContain('name: blue # MESHDEV_NAME\n');
    expect(out).toContain('domain: flag.test # --domain\n');
    expect(out).toContain(`httpsPort: 8443 # ${path()}\n`);
    expect(out).toContain('appProtocol: http # default\n');
    expect(out).toContain(`host: orders # ${path()}\n`);
    const { origins } = JSON.parse((await run([...argv, '-o', 'json'])).out);
    expect(origins).toMatchObject({
      domain: '--domain',
      'images/profile': 'default',
      'identity/users/ann': path(),
      'identity/users/bob': 'the sample',
      'services/orders/active': 'default',
      'services/orders/port': path(),
    });
  });
});

describe('meshdev config schema', () => {
  it('is the schema alone, for a file of an editor', async () => {
    const file = join(import.meta.dirname, '../../../schemas/meshdev-config.schema.json');
    expect(JSON.parse((await run(['config', 'schema'])).out)).toEqual(
      JSON.parse(await readFile(file, 'utf8')),
    );
  });
});

describe('what is not deployed yet', () => {
  const WANTED = [
    ['up', '--dry-run'],
    ['up', '--yes'],
    ['status'],
    ['check'],
    ['images', 'build'],
    ['bundle', 'create', 'x.tar'],
  ];

  it.each(WANTED)('%s %s refuses a file that has it, and changes nothing', async (...argv) => {
    await write(SERVICES);
    const { exitCode, err } = await run(argv);
    expect(exitCode).toBe(2);
    expect(err).toContain(`meshdev: CONFIG_INVALID: reading ${path()}: ${NOTE}\n`);
    expect(err).toContain(`run    meshdev config validate ${path()}\n`);
    await expect(readFile(join(home, 'state'))).rejects.toThrow('ENOENT');
  });

  it.each([['sample: false', 'does not deploy sample: false']])('%s is refused too', async (text, said) => {
    await write(text);
    expect((await run(['up', '--dry-run'])).err).toContain(said);
  });

  it.each([['services: {}'], ['identity: { users: { ann: {} } }'], ['sample: true'], ['domain: lab.test']])(
    '%s is nothing to refuse',
    async (text) => {
      await write(text);
      expect((await run(['up', '--dry-run'])).err).not.toContain('CONFIG_INVALID');
    },
  );

  it.each([['down'], ['env'], ['token', 'alice'], ['kubectl', 'get', 'pods']])(
    '%s works on the lab that is there',
    async (...argv) => {
      await write(SERVICES);
      expect((await run(argv.filter((word) => word !== undefined))).err).not.toContain('CONFIG_INVALID');
    },
  );
});

describe('a lab that was created from a file', () => {
  const record = async (configFile: string): Promise<void> => {
    await writeLabRecord(
      labPaths({ stateDir: join(home, 'state', 'meshdev'), cacheDir: '' }, 'demo').record,
      {
        schemaVersion: '1',
        name: 'demo',
        domain: 'lab.test',
        httpsPort: 8443,
        imageSource: { kind: 'packages', because: 'asked' },
        configFile,
        meshdevVersion: '0',
        settled: true,
      },
    );
  };
  afterAll(() => rm(join(home, 'state'), { recursive: true, force: true }));

  it('is read from there, wherever a command is run', async () => {
    const elsewhere = join(home, 'project');
    await mkdir(elsewhere, { recursive: true });
    await writeFile(join(elsewhere, 'meshdev.yaml'), SERVICES);
    await record(join(elsewhere, 'meshdev.yaml'));
    const { out } = await run(['config', 'access']);
    expect(out).toContain('orders   https://orders.lab.test:8443');
  });

  it.each([['up', '--dry-run'], ['check'], ['status']])('that is gone is missed by %s', async (...argv) => {
    await record(join(home, 'gone.yaml'));
    const { exitCode, err } = await run(argv);
    expect(exitCode).toBe(2);
    expect(err).toContain(
      `looking for the configuration of lab demo: ${join(home, 'gone.yaml')}, which it was created from, does not exist`,
    );
    expect(err).toContain('run    meshdev up --name demo --config FILE');
  });

  it.each([['env'], ['token', 'alice']])('that is gone is not needed by %s', async (...argv) => {
    await record(join(home, 'gone.yaml'));
    expect((await run(argv)).err).not.toContain('CONFIG_INVALID');
  });
});
