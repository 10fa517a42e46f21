import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { occupyPort, smallDisk } from '../support/e2e-faults.ts';
import { type Home, MESHDEV, openHome, removeLeftover } from '../support/e2e-home.ts';
import { LAB, NAMED, parseUpReport, UP } from '../support/e2e-lab.ts';
import { tellPowerStory } from '../support/e2e-power.ts';
import { expectAsBefore, type Machine, processesWith, settledSnapshot } from '../support/e2e-machine.ts';
import { type Ended, exited, must, runProgram } from '../support/e2e-program.ts';
import { expectCleanScreen } from '../support/screen-rules.ts';

let home: Home;
let before: Machine;

beforeAll(async () => {
  home = await openHome();
  await removeLeftover(home, LAB.name);
  before = await settledSnapshot(LAB.name, home.path);
});

afterAll(async () => {
  await home.meshdev(['down', ...NAMED]);
  await home[Symbol.asyncDispose]();
});

/** Nothing may have happened: not a file, not a container. */
async function expectUntouched(): Promise<void> {
  await expectAsBefore(LAB.name, home.path, before);
}

describe('what is said before anything is changed', () => {
  it('a flag that does not exist', async () => {
    const { stderr } = exited(await home.meshdev([...UP, '--htps-port', '1']), 2);
    expect(stderr).toContain("unknown option '--htps-port'");
    expect(stderr).toContain('--https-port');
    await expectUntouched();
  });

  it('a domain and a port that cannot be, both at once', async () => {
    const bad = ['up', ...NAMED, '--domain', 'bad_domain', '--https-port', '70000'];
    const { stderr } = exited(await home.meshdev(bad), 2);
    expect(stderr).toContain('CONFIG_INVALID');
    expect(stderr).toContain('--domain is "bad_domain"');
    expect(stderr).toContain('--https-port is "70000"');
    await expectUntouched();
  });

  it('a port that somebody has: who it is, and a port that can be had', async () => {
    await using holder = await occupyPort(LAB.httpsPort);
    const { stderr } = exited(await home.meshdev(UP), 3);
    expect(stderr).toContain('PORT_TAKEN');
    expect(stderr).toContain(`${holder.program} (process ${holder.pid}) uses it`);
    const suggested = /run {4}(meshdev up --name \S+ --https-port (\d+))/.exec(stderr);
    expect(Number(suggested?.[2])).not.toBe(LAB.httpsPort);
    const retry = await must('sh', ['-c', `${suggested?.[1]} --dry-run`], { env: home.env });
    expect(retry).toContain('create   cluster');
    await expectUntouched();
  });

  it('an engine that does not answer', async () => {
    const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
    for (const command of [UP, ['down', ...NAMED], ['check', ...NAMED], ['status', ...NAMED]]) {
      const { stderr } = exited(await home.meshdev(command, env), 3);
      expect(stderr).toMatch(/ENGINE_NOT_FOUND: DOCKER_HOST is .*\/nonexistent\/docker\.sock.*ENOENT/);
      expect(stderr).toContain('run    unset DOCKER_HOST');
    }
    await expectUntouched();
  });

  it('no engine, nobody to ask and no consent: what would be changed', async () => {
    const hidden = 'mount --bind /dev/null /var/run/docker.sock && exec "$0" "$@"';
    const env = { ...home.env, DOCKER_HOST: undefined, DOCKER_CONFIG: home.path };
    const argv = [
      '--mount',
      'sh',
      '-c',
      hidden,
      MESHDEV,
      'up',
      ...NAMED,
      '--https-port',
      String(LAB.httpsPort),
    ];
    const { stderr } = exited(await runProgram('unshare', argv, { env }), 2);
    expect(stderr).toMatch(/CONSENT_NEEDED: .*start (dockerd on|the service docker)/);
    expect(stderr).toContain(`run    meshdev ${UP.join(' ')} --yes`);
    await expectUntouched();
  });

  it.for([
    ['XDG_CACHE_HOME', 'CACHE_NOT_WRITABLE'],
    ['XDG_STATE_HOME', 'STATE_NOT_PRIVATE'],
  ] as const)('a file where %s should be', async ([variable, code]) => {
    const file = join(home.path, 'a-file');
    await writeFile(file, '');
    const { stderr } = exited(await home.meshdev(UP, { [variable]: file }), 3);
    await must('rm', [file]);
    expect(stderr).toContain(code);
    expect(stderr).toContain(file);
    expect(stderr).toContain(`${variable}=`);
    await expectUntouched();
  });

  it('a disk without room for the images: how much is needed and how much is there', async () => {
    const cache = join(home.path, 'small');
    await mkdir(cache);
    {
      await using _disk = await smallDisk(cache, '16m');
      const { stderr } = exited(await home.meshdev(UP, { XDG_CACHE_HOME: cache }), 3);
      expect(stderr).toMatch(
        /DISK_FULL: downloading the images needs \d+\.\d GB, and the disk has 0\.0 GB free/,
      );
      expect(stderr).toContain(cache);
    }
    await must('rmdir', [cache]);
    await expectUntouched();
  });

  it.for([LAB.containers.edge, LAB.containers.idp, LAB.containers.probe, LAB.cluster.node])(
    'somebody else’s container %s, which stays',
    async (name) => {
      await must('docker', ['create', '--name', name, await anyImage()]);
      const { stderr } = exited(await home.meshdev(UP), 2);
      const down = await home.meshdev(['down', ...NAMED]);
      const left = await must('docker', ['inspect', '--format', '{{.State.Status}}', name]);
      await must('docker', ['rm', name]);
      expect(stderr).toContain('LAB_FOREIGN');
      expect(stderr).toContain(name);
      expect(stderr).toMatch(/run {4}meshdev up .*--name another/);
      expect(exited(down, 0).stdout).toContain(`there is no lab ${LAB.name}`);
      expect(left.trim()).toBe('created');
      await expectUntouched();
    },
  );

  it('somebody else’s network, which stays', async () => {
    await must('docker', ['network', 'create', LAB.network]);
    const { stderr } = exited(await home.meshdev(UP), 2);
    const down = await home.meshdev(['down', ...NAMED]);
    await must('docker', ['network', 'rm', LAB.network]);
    expect(stderr).toContain('LAB_FOREIGN');
    expect(exited(down, 0).stdout).toContain(`there is no lab ${LAB.name}`);
    await expectUntouched();
  });
});

/** Each begins where the one before it was stopped: the lab grows through all of them. */
const PHASES = [
  { phase: 'the cluster is created', at: /^cluster +Starting control-plane/m, signal: 'SIGINT', job: true },
  { phase: 'Istio is installed', at: /^mesh +Processing resources/m, signal: 'SIGINT', job: false },
  { phase: 'the workloads start', at: /^workloads +istio-ingress\/gateway/m, signal: 'SIGTERM', job: true },
  { phase: 'the chain is proved', at: /^workloads +done/m, signal: 'SIGINT', job: true },
] as const;

describe('a lab that is interrupted', () => {
  it('is killed without a word while the cluster is created, and leaves only what is labelled', async () => {
    await using up = home.start(UP);
    await up.said(/^cluster +(Preparing nodes|Writing configuration)/m);
    up.kill('SIGKILL');
    expect((await up.ended).stderr).not.toContain('is incomplete');
  });

  it.for(PHASES)(
    'stops while $phase ($signal), says what is left and ends soon',
    async ({ at, signal, job }) => {
      await using up = home.start(UP);
      await up.said(at);
      const stopped = performance.now();
      if (job) up.killJob(signal);
      else up.kill(signal);
      const { stderr } = exited(await up.ended, signal === 'SIGINT' ? 130 : 143);
      expect(performance.now() - stopped).toBeLessThan(15_000);
      expect(stderr).toContain(`stopping on ${signal}`);
      expect(stderr).toContain(`meshdev up --name ${LAB.name}`);
      expect(stderr).not.toMatch(/\bBUG\b/);
      expect(await processesWith([home.path])).toEqual([]);
    },
  );

  it('ends at once on a second signal', async () => {
    await must('docker', ['rm', '--force', '--volumes', LAB.cluster.node]);
    await using up = home.start(UP);
    await up.said(/^cluster +Preparing nodes/m);
    up.kill('SIGINT');
    await up.said(/a second signal stops now/);
    const again = performance.now();
    up.kill('SIGINT');
    exited(await up.ended, 130);
    expect(performance.now() - again).toBeLessThan(2_000);
  });

  it('is continued by the next up, alone: others are told who works on it', async () => {
    await using up = home.start([...UP, '-o', 'json']);
    await up.said(/^cluster +(create|replace)/m);
    for (const command of [UP, ['down', ...NAMED]]) {
      const { stderr } = exited(await home.meshdev(command), 4);
      expect(stderr).toMatch(new RegExp(`LAB_LOCKED: another meshdev process \\(pid ${up.pid}\\)`));
    }
    const { steps, check } = parseUpReport(exited(await up.ended, 0).stdout);
    expect(steps.filter(({ state }) => state === 'kept').map(({ id }) => id)).toContain('keys');
    expect(check.summary).toMatchObject({ fail: 0, unknown: 0 });
  });

  describe('and then sleeps', () => {
    tellPowerStory(() => home);
  });

  it('is removed by down, without a trace', async () => {
    const end = await home.terminal(80, ['down', ...NAMED]).ended;
    expect(end.exitCode).toBe(0);
    for (const name of [LAB.cluster.node, LAB.containers.edge, LAB.containers.idp, LAB.network])
      expect(end.text).toContain(name);
    expectCleanScreen(end, 80);
    await expectUntouched();
  });
});

describe('a lab that was half-made', () => {
  it('is removed by down at any point', async () => {
    await using up = home.start(UP);
    await up.said(/^cluster +(Preparing nodes|Writing configuration|Starting control-plane)/m);
    up.killJob('SIGKILL');
    const ended: Ended = await up.ended;
    expect(ended.exitCode).toBe(-1);
    exited(await home.meshdev(['down', ...NAMED]), 0);
    await expectUntouched();
  });
});

/** An image that is there: a container of somebody else needs one, whatever it is. */
async function anyImage(): Promise<string> {
  const { stdout } = exited(await home.meshdev(['images', 'build', '-o', 'json']), 0);
  return JSON.parse(stdout).images.guest;
}
