import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKeyPair, SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { createKubernetesCluster } from '../../src/adapters/kubernetes-cluster.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import { runBenchOnce } from '../support/e2e-bench.ts';
import { openReader, type Reader, SESSIONS, sessionsAt, tellSessions } from '../support/e2e-docs.ts';
import { type Home, openHome, removeLeftover } from '../support/e2e-home.ts';
import {
  checkUntil,
  idsOf,
  LAB,
  NAMED,
  parseCheckReport,
  parseUnproved,
  parseUpReport,
  type SeenReport,
  type SeenSteps,
  UP,
} from '../support/e2e-lab.ts';
import { tellTerminalStory } from '../support/e2e-terminal.ts';
import { NEWEST_22, nodeProgram } from '../support/node-versions.ts';
import { expectAsBefore, type Machine, snapshot, settledSnapshot } from '../support/e2e-machine.ts';
import { nameOf } from '../support/docs/sessions.ts';
import { exited, must, runProgram } from '../support/e2e-program.ts';
import { type FaultInjection, FAULT_INJECTIONS } from '../support/e2e-fault-injections.ts';
import { everyElement, parseXml } from '../support/strict-xml.ts';

// One lab for the whole file: the tests below are one story, told in this order.

const MAIN = join(import.meta.dirname, '../../dist/bin/main.js');

let home: Home;
let reader: Reader;
let before: Machine;

beforeAll(async () => {
  home = await openHome();
  // Left by a run that was killed; on a fresh machine there is nothing.
  await removeLeftover(home, LAB.name);
  reader = await openReader(home);
  before = await settledSnapshot(LAB.name, home.path);
});

afterAll(async () => {
  await home.meshdev(['down', ...NAMED]);
  await reader[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

describe('the documentation, before there is a lab', () => {
  tellSessions(() => reader, 'no lab');
});

describe('up on a machine without this lab', () => {
  let hints = '';

  it.for(sessionsAt('first up').map((session) => [nameOf(session), session] as const))(
    '%s: says what was proved on every hop',
    async ([, session], { annotate }) => {
      const began = performance.now();
      hints = await reader.follow(session);
      await annotate(`up, warm: ${seconds(performance.now() - began)}`);
      for (const hop of LAB.hops) expect(hints).toContain(hop.id.replace('->', ' -> '));
    },
  );

  it('put everything where the snapshot looks', async () => {
    const now = await snapshot(LAB.name, home.path);
    expect(now.containers).toContain(`${LAB.containers.edge} running`);
    expect(now.containers).toContain(`${LAB.cluster.node} running`);
    expect(now.networks).toContain(LAB.network);
    expect(now.volumes).not.toEqual(before.volumes);
    expect(now.listeners.join('\n')).toContain(`127.0.0.1:${LAB.httpsPort} `);
    expect(now.processes).not.toEqual(before.processes);
    expect(now.files).toContain(`home/state/meshdev/labs/${LAB.name}/edge-root.crt`);
    expect(now.untouchable).toEqual(before.untouchable);
  });

  it('gives a curl line that works as it stands, and alice arrives as the gateway’s client', async () => {
    const line = /^try {3}(curl .*)$/m.exec(hints)?.[1] ?? 'no curl line';
    const { stdout } = exited(await runProgram('sh', ['-c', line], { env: home.env }), 0);
    const { headers } = JSON.parse(stdout);
    const xfcc = String(headers['X-Forwarded-Client-Cert']);
    expect(xfcc).toContain(`URI=${spiffeId(LAB.workloads.gateway)}`);
    expect(xfcc).toContain(`By=${spiffeId(LAB.workloads.httpbin)}`);
  });

  it('refuses no token with 403 and a token of another key with 401', async () => {
    const alice = (await must('meshdev', ['token', 'alice', ...NAMED], { env: home.env })).trim();
    const forged = await signedByAnotherKey(alice);
    expect(await statusOf(undefined)).toBe('403');
    expect(await statusOf(alice)).toBe('200');
    expect(await statusOf(forged)).toBe('401');
  });
});

describe('a second up', () => {
  it('changes nothing and keeps every step', async ({ annotate }) => {
    const { stdout, durationMs } = exited(await home.meshdev([...UP, '-o', 'json']), 0);
    await annotate(`second up: ${seconds(durationMs)}`);
    const report = parseUpReport(stdout);
    expect(report.steps.map(({ action, state }) => `${action} ${state}`)).toEqual(
      report.steps.map(() => 'keep kept'),
    );
    expect(report.steps).toHaveLength(11);
    expect(report.check.summary).toMatchObject({ fail: 0, unknown: 0, exitCode: 0 });
  });

  it('is what --dry-run foretells', async () => {
    const { stdout } = exited(await home.meshdev(['up', '--dry-run', ...NAMED]), 0);
    expect(stdout).toContain('11 steps: 0 to change, 11 to keep');
  });
});

describe('check', () => {
  it('reports every check of the catalogue in JUnit', async ({ annotate }) => {
    const listed = await home.meshdev(['check', '--list', '-o', 'json']);
    const ids = JSON.parse(listed.stdout).checks.map(({ id }: { id: string }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(90);
    const { stdout, durationMs } = exited(await home.meshdev(['check', ...NAMED, '-o', 'junit']), 0);
    await annotate(`check: ${seconds(durationMs)}`);
    const cases = everyElement(parseXml(stdout)).filter(({ name }) => name === 'testcase');
    const named = cases.map(({ attributes }) => attributes['name']?.split(/[ []/)[0] ?? '');
    expect([...new Set(named)].toSorted()).toEqual(ids.toSorted());
    expect(cases.length).toBeGreaterThan(1_000);
    expect(cases).toHaveLength(Number(/\btests="(\d+)"/.exec(stdout)?.[1]));
  });

  it('takes a selection and judges nothing else', async () => {
    const { stdout } = exited(await home.meshdev(['check', ...NAMED, 'MD-EGW-002', 'name', '-o', 'json']), 0);
    const ids = parseCheckReport(stdout).checks.map(({ id }) => id);
    expect(ids[0]).toBe('MD-EGW-002');
    expect(ids.slice(1).every((id) => id.startsWith('MD-NAME-'))).toBe(true);
    expect(ids.length).toBeGreaterThan(2);
  });
});

it('the benchmark of a warm lab runs', async () => {
  expect(await runBenchOnce('check', home.env, ['--lab', LAB.name])).toEqual([]);
});

describe('the small commands', () => {
  it('status says that every part is as wanted', async () => {
    const { exitCode, stdout } = await home.meshdev(['status', ...NAMED, '-o', 'json']);
    const status = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(status).toMatchObject({ kind: 'Status', lab: LAB.name, up: true, httpsPort: LAB.httpsPort });
    expect(status.parts.filter(({ asWanted }: { asWanted: boolean }) => !asWanted)).toEqual([]);
  });

  it('token says what is in it', async () => {
    const { stdout } = exited(await home.meshdev(['token', 'bob', ...NAMED, '--decode']), 0);
    expect(stdout).toContain(LAB.issuer);
    expect(stdout).toContain('viewer');
    expect(stdout).not.toMatch(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/);
  });

  it('kubectl is the node’s own, and ends as it ends', async () => {
    const inLab = (...words: readonly string[]) => home.meshdev(['kubectl', '--name', LAB.name, ...words]);
    const nodes = exited(await inLab('get', 'nodes', '-o', 'name'), 0);
    expect(nodes).toMatchObject({ stdout: `node/${LAB.cluster.node}\n`, stderr: '' });
    expect(exited(await inLab('-n', 'apps', 'get', 'pod', 'nothing'), 1).stderr).toContain('not found');
    const line = `printf '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"apps"}}' | meshdev kubectl --name ${LAB.name} apply --dry-run=server -f -`;
    expect(await must('bash', ['-c', line], { env: home.env })).toContain('namespace/apps ');
  });

  it('kubectl ends with its reader, as other programs do', async () => {
    const endless = "setInterval(() => console.log('line'), 20); setTimeout(() => process.exit(), 60_000)";
    const argv = `--name ${LAB.name} -n intruder exec deploy/intruder -- node -e "${endless}"`;
    const began = performance.now();
    const line = `meshdev kubectl ${argv} | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runProgram('bash', ['-c', line], { env: home.env });
    expect({ stdout, stderr }).toEqual({ stdout: 'line\n141\n', stderr: '' });
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('env gives a kubeconfig that works and URLs of this lab', async () => {
    const script = `eval "$(meshdev env --name ${LAB.name})"; echo "$MESHDEV_URL"; echo "$KUBECONFIG"`;
    const [url, kubeconfig] = (await must('bash', ['-c', script], { env: home.env })).trim().split('\n');
    expect(url).toBe(LAB.audience);
    expect(kubeconfig).toBe(`${home.stateDir}/labs/${LAB.name}/kubeconfig`);
    expect(await createKubernetesCluster(kubeconfig ?? '').ready(AbortSignal.timeout(20_000))).toBe(true);
  });

  it('env makes a shell trust the edge, and check is not fooled by that', async () => {
    const check = `meshdev check --name ${LAB.name} MD-EDGE-013 -o json`;
    const script = `eval "$(meshdev env --name ${LAB.name})"; test -n "$NODE_EXTRA_CA_CERTS" && ${check}`;
    const report = parseCheckReport(await must('bash', ['-c', script], { env: home.env }));
    expect(idsOf(report, 'pass')).toEqual(['MD-EDGE-013']);
    expect(idsOf(report, 'fail')).toEqual([]);
  });

  it('completion is a script that bash accepts', async () => {
    const script = 'source <(meshdev completion bash) && complete -p meshdev';
    expect(await must('bash', ['-c', script], { env: home.env })).toContain('meshdev');
  });
});

describe('the documentation, with a lab that is up', () => {
  tellSessions(() => reader, 'lab');
});

describe('another state directory on the same engine', () => {
  it('may neither use nor remove the lab, is told whose it is, and leaves nothing', async () => {
    const other = join(home.path, 'other');
    await mkdir(other);
    const seen = await labNow();
    const commands = [UP, ['up', '--dry-run'], ['status'], ['check'], ['token', 'alice'], ['env'], ['down']];
    for (const command of [...commands, ['down', '--force']]) {
      const argv = [...command, ...NAMED];
      const { stderr } = exited(await home.meshdev(argv, { XDG_STATE_HOME: other }), 2);
      expect(stderr).toMatch(/^meshdev: LAB_FOREIGN: .* created it .+ ago from the state directory /m);
      expect(stderr).toContain(home.stateDir);
    }
    expect(await labNow()).toEqual(seen);
    await rmdir(other);
    exited(await home.meshdev(['status', ...NAMED]), 0);
  });
});

describe('on a terminal', () => {
  tellTerminalStory(() => home);
});

// The lowest and the newest of all make a lab and remove it in bundle.test.ts.
describe('on another Node.js', () => {
  it(`the core does the same (${NEWEST_22})`, async () => {
    const node = await nodeProgram(NEWEST_22);
    const run = async (...argv: readonly string[]): Promise<string> =>
      exited(await runProgram(node, [MAIN, ...argv, ...NAMED], { env: home.env }), 0).stdout.trim();
    expect(await run('status')).toMatch(/^lab \S+ .* up /);
    expect(await run('env', '--ca')).toBe(`${home.stateDir}/labs/${LAB.name}/edge-root.crt`);
    expect(await statusOf(await run('token', 'alice'))).toBe('200');
    expect(await run('check', 'edge', 'jwt')).toMatch(/ 0 fail, 0 unknown, .* exit 0$/);
    expect(await run('up')).toMatch(/^meshdev up {6}lab \S+ {3}0 changed, 11 kept /);
  });
});

// Before the links are broken: after an `up --no-check` the next `up` runs all checks, not a part.
describe('a user’s own policy, which opens the sample', () => {
  const OPEN = `{"apiVersion":"security.istio.io/v1","kind":"AuthorizationPolicy","metadata":{"name":"mine","namespace":"apps"},"spec":{"rules":[{}]}}`;

  it('stays red in up and status until the remedy that is printed is run', async () => {
    const inNode = ['exec', '-i', LAB.cluster.node, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
    await must('docker', [...inNode, 'apply', '-f', '-'], { stdin: OPEN });
    await checkUntil(home, ['MD-RBAC-002', 'MD-DRIFT-001', 'MD-DRIFT-004'], (report) =>
      idsOf(report, 'fail').includes('MD-RBAC-002') ? undefined : 'MD-RBAC-002 is green',
    );

    const up = exited(await home.meshdev(UP), 1);
    expect(up.stdout).toMatch(/ 0 changed, 11 kept /);
    expect(up.stdout).toMatch(/FAIL {5}MD-RBAC-002 /);
    expect(up.stdout).toMatch(
      /\d+ of \d+ checks were run, \d+ of them because they were not green before; meshdev check /,
    );
    expect(exited(await home.meshdev(['status', ...NAMED]), 5).stdout).toMatch(/off {2}check .*MD-RBAC-002/);

    const remedy = /MD-RBAC-002 [^]*?run {4}(meshdev kubectl .*)$/m.exec(up.stdout)?.[1] ?? 'false';
    await must('bash', ['-c', remedy], { env: home.env });
    // Proxies keep a policy for connections that began with it.
    const red = ['MD-JWT-002', 'MD-RBAC-002', 'MD-RBAC-003', 'MD-RBAC-008'];
    await checkUntil(home, red, (_, exit) => (exit === 0 ? undefined : `exit ${exit}`));
    exited(await home.meshdev(UP), 0);
    exited(await home.meshdev(['status', ...NAMED]), 0);
  });
});

describe('a broken link', () => {
  tellSessions(() => reader, 'repair');

  it.for(FAULT_INJECTIONS)('$what: check names it, up repairs it and says why', async (fault) => {
    await breakLink(fault);
    const yes = await consentFor(fault);
    const up = exited(await home.meshdev([...UP, ...yes, '--no-check', '-o', 'json']), 0);
    expectRepair(fault, parseUnproved(up.stdout).steps, up.stderr);
    await checkUntil(home, Object.keys(fault.turns), (_report, exit) =>
      exit === 0 ? undefined : `exit ${exit}`,
    );
  });
});

describe('down', () => {
  tellSessions(() => reader, 'down');

  it('leaves the machine as it was before up', async () => {
    await expectAsBefore(LAB.name, home.path, before);
  });

  it('without a lab says so and is fine', async () => {
    const { stdout } = exited(await home.meshdev(['down', ...NAMED]), 0);
    expect(stdout).toContain(`there is no lab ${LAB.name}`);
    await expectAsBefore(LAB.name, home.path, before);
  });

  it('is followed by refusals that say what to do', async () => {
    for (const command of [['check'], ['token', 'alice'], ['env'], ['status']]) {
      const { stdout, stderr } = exited(await home.meshdev([...command, ...NAMED]), 5);
      expect(stdout + stderr).not.toBe('');
    }
  });
});

describe('the documentation', () => {
  it('was followed here to its last session, but for what is declared', async ({ annotate }) => {
    const left = SESSIONS.filter((session) => !reader.followed.has(session));
    const elsewhere = sessionsAt('bundle');
    for (const session of left)
      if (session.mark.kind === 'not run')
        await annotate(`not run: ${nameOf(session)}: ${session.mark.reason}`);
    expect(left.filter(({ mark }) => mark.kind === 'run').map(nameOf)).toEqual(elsewhere.map(nameOf));
  });
});

/** The steps that were to be changed, no other, each for its reasons. */
function expectRepair({ repair }: FaultInjection, steps: SeenSteps, stderr: string): void {
  const changed = steps.filter(({ state }) => state !== 'kept');
  expect(changed.map(({ id, action }) => `${action} ${id}`)).toEqual(
    repair.map(([step, action]) => `${action} ${step}`),
  );
  for (const [step, , because] of repair)
    for (const reason of because) {
      expect(changed.find(({ id }) => id === step)?.because).toMatch(reason);
      expect(stderr).toMatch(reason);
    }
}

/** What runs is not made anew without a yes, and nothing else is done before it. */
async function consentFor({ repair }: FaultInjection): Promise<readonly string[]> {
  const anew = repair.filter(([, action]) => action === 'replace').map(([id]) => id);
  if (anew.length === 0) return [];
  const seen = await labNow();
  const { stderr } = exited(await home.meshdev([...UP, '--no-input', '--no-check']), 2);
  for (const id of anew)
    expect(stderr).toMatch(
      new RegExp(`CONSENT_NEEDED: .*recreate the ${id} .* of the running lab ${LAB.name}`),
    );
  expect(stderr).toContain(`run    meshdev ${UP.join(' ')} --yes`);
  expect(await labNow()).toEqual(seen);
  return ['--yes'];
}

/** What holds still while a lab runs: processes and sockets of it come and go, and volumes of other labs. */
async function labNow(): Promise<Pick<Machine, 'containers' | 'networks' | 'files'>> {
  const { containers, networks, files } = await snapshot(LAB.name, home.path);
  return { containers, networks, files };
}

/** Until the checks say so: what was just changed takes a moment to reach the proxies. */
async function breakLink({ commit, turns, exit }: FaultInjection): Promise<SeenReport> {
  await commit();
  return checkUntil(home, Object.keys(turns), (report, seen) =>
    seen === exit ? missingTurn(report, turns) : `exit ${seen}`,
  );
}

function missingTurn(report: SeenReport, turns: FaultInjection['turns']): string | undefined {
  const wrong = Object.entries(turns).flatMap(([id, [kind, hop]]) => {
    const own = report.checks.filter((one) => one.id === id);
    const check = own.find((one) => one.verdict === kind) ?? own[0];
    return check?.verdict === kind && check.hop === hop ? [] : [`${id} ${check?.hop} is ${check?.verdict}`];
  });
  return wrong.length === 0 ? undefined : wrong.join(' · ');
}

/** Status of GET /headers at the edge, asked by the curl of this machine. */
async function statusOf(token: string | undefined): Promise<string> {
  const ca = (await must('meshdev', ['env', '--ca', ...NAMED], { env: home.env })).trim();
  const config = [
    `url = "${LAB.audience}/headers"`,
    `cacert = "${ca}"`,
    'write-out = "%{http_code}"',
    'output = "/dev/null"',
    ...(token === undefined ? [] : [`header = "Authorization: Bearer ${token}"`]),
  ];
  return must('curl', ['--silent', '--show-error', '--config', '-'], { stdin: config.join('\n') });
}

/** Same header, same claims, same key id: only the key is another one. */
async function signedByAnotherKey(token: string): Promise<string> {
  const { alg = '', ...header } = decodeProtectedHeader(token);
  const { privateKey } = await generateKeyPair(alg);
  return new SignJWT(decodeJwt(token)).setProtectedHeader({ alg, ...header }).sign(privateKey);
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
