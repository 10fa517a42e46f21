import { expect, it } from 'vitest';
import type { Home } from './e2e-home.ts';
import { kubectl, LAB, NAMED, parseCheckReport, parseUpReport } from './e2e-lab.ts';
import { exited, must } from './e2e-program.ts';

const ALL = [...Object.values(LAB.containers), LAB.cluster.node];
const START = ['start', ...NAMED] as const;

/** A story of a lab that is up and green: it sleeps and wakes, and is the same lab at the end. */
export function tellPowerStory(home: () => Home): void {
  let before: readonly string[] = [];

  it('stops; what asks it is told to start it, at once', async () => {
    before = await identities();
    const { stdout } = exited(await home().meshdev(['stop', ...NAMED, '-o', 'json']), 0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'StopReport', lab: LAB.name, kept: [] });
    expect(JSON.parse(stdout).stopped.toSorted()).toEqual(ALL.toSorted());
    expect(await listedState(home())).toBe('stopped');
    for (const command of [['check'], ['token', 'alice'], ['resume'], ['pause']]) {
      const { stderr, durationMs } = exited(await home().meshdev([...command, ...NAMED]), 5);
      expect(stderr).toContain('LAB_STOPPED');
      expect(stderr).toContain(`run    meshdev start --name ${LAB.name}`);
      expect(durationMs).toBeLessThan(10_000);
    }
    const status = exited(await home().meshdev(['status', ...NAMED]), 5);
    expect(status.stdout).toMatch(/^lab \S+ .* stopped /);
    expect(exited(await home().meshdev(['stop', ...NAMED]), 0).stdout).toContain('nothing to do');
  });

  it('starts as it was, and its people are signed in still', async ({ annotate }) => {
    const { durationMs } = exited(await home().meshdev([...START, '--no-check']), 0);
    await annotate(`start --no-check: ${Math.round(durationMs)} ms`);
    expect(await listedState(home())).toBe('running');
    expect(await identities()).toEqual(before);
    const { stdout } = exited(await home().meshdev(['check', ...NAMED, 'wrk', 'egw', '-o', 'json']), 0);
    expect(parseCheckReport(stdout).summary).toMatchObject({ fail: 0, unknown: 0 });
    const kept = await must('docker', ['logs', '--tail', '50', LAB.containers.idp]);
    expect(kept).not.toContain('store.un');
  });

  it('pauses, and resumes to a valid request', async ({ annotate }) => {
    exited(await home().meshdev(['pause', ...NAMED]), 0);
    expect(await listedState(home())).toBe('paused');
    const { stderr } = exited(await home().meshdev(['check', ...NAMED]), 5);
    expect(stderr).toContain('LAB_PAUSED');
    expect(stderr).toContain(`run    meshdev resume --name ${LAB.name}`);
    const { stdout } = exited(await home().meshdev(['resume', ...NAMED, '-o', 'json']), 0);
    const { resumed, request } = JSON.parse(stdout);
    await annotate(`a request after resume: ${Math.round(request.durationMs)} ms`);
    expect(resumed.toSorted()).toEqual(ALL.toSorted());
    expect(request.passed).toBe(true);
  });

  it('starts after all of it was killed, as by a reboot', async () => {
    await must('docker', ['kill', ...ALL]);
    exited(await home().meshdev([...START, '--no-check']), 0);
    expect(await identities()).toEqual(before);
  });

  it('starts with another address of its node, to a green check', async ({ annotate }) => {
    await moveNode();
    const plan = exited(await home().meshdev([...START, '--dry-run']), 0).stdout;
    expect(plan).toMatch(/start +cluster +node \S+ has the address \S+, its cluster was set up for \S+/);
    const { stdout, durationMs } = exited(await home().meshdev([...START, '-o', 'json']), 0);
    await annotate(`start with a full check: ${Math.round(durationMs)} ms`);
    expect(parseUpReport(stdout).check.summary).toMatchObject({ fail: 0, unknown: 0, exitCode: 0 });
    expect(await identities()).toEqual(before);
  });
}

async function listedState(home: Home): Promise<string | undefined> {
  const { stdout } = exited(await home.meshdev(['list', '-o', 'json']), 0);
  const { labs }: { labs: readonly { name: string; state: string }[] } = JSON.parse(stdout);
  return labs.find(({ name }) => name === LAB.name)?.state;
}

/** Name and uid of each pod: a cluster that was made anew has others. Those of etcd and API server name the address. */
async function identities(): Promise<readonly string[]> {
  const format = '{range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}';
  const pods = (await kubectl('get', 'pods', '-A', '-o', `jsonpath=${format}`)).trim().split('\n');
  return pods.filter((pod) => !/^(etcd|kube-apiserver)-/.test(pod)).toSorted();
}

/** Out of the network and back, while another container takes the address that it had. */
async function moveNode(): Promise<void> {
  const { network, cluster, containers } = LAB;
  const blocker = `${LAB.name}-takes-the-address`;
  const image = await must('docker', ['inspect', '--format', '{{.Config.Image}}', containers.probe]);
  await must('docker', ['network', 'disconnect', network, cluster.node]);
  const idle = ['/opt/meshdev/guest/probe/idle.js'];
  await must('docker', ['run', '--detach', '--name', blocker, '--network', network, image.trim(), ...idle]);
  await must('docker', ['network', 'connect', network, cluster.node]);
  await must('docker', ['rm', '--force', blocker]);
}
