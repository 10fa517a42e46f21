import { describe, expect, it } from 'vitest';
import { type FollowedPodLog, followPodLogs } from '../../../src/probe/requests/pod-logs.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { nodeLogSearchTests } from './node-log-search.ts';
import type { RealCluster } from './real-cluster.ts';

/** Files as the kubelet keeps them, of a pod that nobody runs: rotated and begun anew when a test says so. */
const POD = '/var/log/pods/followed_one-5b8c-x7k2p_0000/app';
const SECOND = '/var/log/pods/followed_one-77ff-aaaaa_0001/app';
/** Pods of others, whose names begin alike. */
const STRANGERS = [
  'followed_one-more-5b8c-x7k2p_0002',
  'followed_one-5b8c_0003',
  'follow_one-5b8c-x7k2p_0004',
];
const SINCE = new Date('2030-01-01T00:00:00Z');

export function podLogTests(cluster: () => RealCluster, signal: AbortSignal): void {
  const sh = async (script: string) => {
    const { engine, lab } = cluster();
    const { exitCode, stderr } = await engine.containers.exec(
      lab.cluster.node,
      { argv: ['sh', '-ec', script] },
      signal,
    );
    expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: '' });
  };
  const follow = (deployment: string, expected: FollowedPodLog['expected'] = 'present') => {
    const { engine, lab } = cluster();
    const over = new AbortController();
    const lines: string[] = [];
    const following = followPodLogs(
      engine,
      [
        {
          namespace: 'followed',
          pods: { deployment },
          container: 'app',
          expected,
          onLine: (line) => lines.push(line),
        },
      ],
      { node: lab.cluster.node, since: SINCE, signal: AbortSignal.any([signal, over.signal]) },
    );
    following.catch(() => undefined);
    const saw = (line: string) =>
      waitUntil(async () => (lines.includes(line) ? { done: true } : { seen: lines.join(' | ') }), {
        what: line,
        timeoutMs: 10_000,
        intervalMs: 20,
        signal,
      });
    return { lines, saw, following, stop: () => over.abort() };
  };
  const write = (text: string, file: string) =>
    sh(`echo '2030-01-01T00:00:01.5Z stdout F ${text}' >> ${POD}/${file}`);

  describe('the log of a pod', () => {
    it('is followed over rotation and restart, from a moment on, until told to stop', async () => {
      await sh(`mkdir -p ${POD}; echo '2029-12-31T23:59:59.9Z stdout F too old' > ${POD}/9.log`);
      const { lines, saw, following, stop } = follow('one');
      await write('first', '9.log');
      await saw('first');
      // As the kubelet does it: the runtime writes to the renamed file until it is told to open a new one.
      await sh(`mv ${POD}/9.log ${POD}/9.log.20300101-000001`);
      await write('before the new file', '9.log.20300101-000001');
      await write('rotated', '9.log');
      await saw('rotated');
      await write('after the new file', '9.log.20300101-000001');
      await saw('after the new file');
      // Ten is more than nine.
      await write('restarted', '10.log');
      await saw('restarted');
      await sh(
        `printf '2030-01-01T00:00:02Z stdout P a long' >> ${POD}/10.log; printf ' one,\\n2030-01-01T00:00:02Z stderr F meanwhile\\n2030-01-01T00:00:02Z stdout F  in parts\\n' >> ${POD}/10.log`,
      );
      await saw('a long one, in parts');
      expect(lines).toEqual([
        'first',
        'before the new file',
        'rotated',
        'after the new file',
        'restarted',
        'meanwhile',
        'a long one, in parts',
      ]);
      stop();
      await expect(following).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await waitUntil(
        async () => {
          const { engine, lab } = cluster();
          const argv = [
            'sh',
            '-c',
            'cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -c "followed_on[e]"; true',
          ];
          const { stdout } = await engine.containers.exec(lab.cluster.node, { argv }, signal);
          const left = stdout.toString().trim();
          return left === '0' ? { done: true } : { seen: `${left} followers` };
        },
        { what: 'the follower in the node to end', timeoutMs: 10_000, intervalMs: 50, signal },
      );
      await sh('rm -r /var/log/pods/followed_*');
    });

    it('is that of every pod of the Deployment, of one that comes meanwhile too, and of no other’s', async () => {
      const line = (text: string, tag = 'F') => `2030-01-01T00:00:01.5Z stdout ${tag} ${text}`;
      await sh(`mkdir -p ${POD}; echo '${line('begun, ', 'P')}' > ${POD}/0.log`);
      const { lines, saw, stop } = follow('one');
      await sh(
        STRANGERS.map(
          (name) =>
            `mkdir -p /var/log/pods/${name}/app; echo '${line(name)}' > /var/log/pods/${name}/app/0.log`,
        ).join('; '),
      );
      await sh(`mkdir -p ${SECOND}; echo '${line('of the second')}' > ${SECOND}/0.log`);
      await saw('of the second');
      await sh(`echo '${line('and ended')}' >> ${POD}/0.log`);
      await saw('begun, and ended');
      // The first goes: that the second is there is enough.
      await sh(`rm -r ${POD}; sleep 3; echo '${line('left alone')}' >> ${SECOND}/0.log`);
      await saw('left alone');
      expect(lines).toEqual(['of the second', 'begun, and ended', 'left alone']);
      stop();
      await sh(`rm -r /var/log/pods/follow*`);
    });

    it('may be missing where no pod is expected, and is followed when one comes', async () => {
      const { lines, saw, stop } = follow('one', 'awaited');
      await sh(`sleep 3; mkdir -p ${POD}; echo '2030-01-01T00:00:01.5Z stdout F here' > ${POD}/0.log`);
      await saw('here');
      expect(lines).toEqual(['here']);
      stop();
      await sh(`rm -r /var/log/pods/followed_*`);
    });

    it('fails loudly when there is no such log', async () => {
      await expect(follow('nobody').following).rejects.toMatchObject({
        code: 'STEP_FAILED',
        message: expect.stringContaining('followed_nobody-*/app/*.log: no such log'),
      });
    });

    it('fails loudly when the follower is killed', async () => {
      const other = '/var/log/pods/followed_two-5b8c-x7k2p_0000';
      await sh(`mkdir -p ${other}/app; touch ${other}/app/0.log`);
      const { following } = follow('two');
      await waitUntil(
        async () => {
          const { engine, lab } = cluster();
          const argv = ['pkill', '-KILL', '-f', 'followed_tw[o]-'];
          const { exitCode } = await engine.containers.exec(lab.cluster.node, { argv }, signal);
          return exitCode === 0 ? { done: true } : { seen: 'it has not begun' };
        },
        { what: 'the follower to be killed', timeoutMs: 10_000, intervalMs: 50, signal },
      );
      await expect(following).rejects.toMatchObject({
        code: 'STEP_FAILED',
        message: expect.stringContaining('during the run'),
      });
      await sh(`rm -r ${other}`);
    });
  });

  nodeLogSearchTests(cluster, signal);
}
