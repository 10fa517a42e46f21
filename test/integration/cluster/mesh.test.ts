import { stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubernetesCluster } from '../../../src/adapters/kubernetes-cluster.ts';
import { installIstio } from '../../../src/mesh/install-istio.ts';
import { compareInstallation, recordInstallation } from '../../../src/mesh/installation.ts';
import { foundationObjects, ruleObjects, workloadObjects } from '../../../src/mesh/manifests/mesh-objects.ts';
import { invalidGateway, waitForMeshWebhooks } from '../../../src/mesh/webhook-gate.ts';
import { refOf, type PodExec, type PodPortQuery } from '../../../src/ports/cluster.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import type { WorkloadName } from '../../../src/topology/lab.ts';
import { labelsOf } from '../../../src/topology/labels.ts';
import { nodeKubectlTests } from './node-kubectl.ts';
import { podLogTests } from './pod-logs.ts';
import {
  fetchArgv,
  findObject,
  kubectl,
  podOfWorkload,
  startRealCluster,
  type RealCluster,
  waitUntilReady,
} from './real-cluster.ts';

/** Cold caches build every image first. */
const PATIENCE_MS = 60 * 60_000;
const { signal } = new AbortController();
let real: RealCluster;

beforeAll(async () => {
  real = await startRealCluster('meshtest', signal);
}, PATIENCE_MS);
afterAll(async () => real?.[Symbol.asyncDispose]());
const podOf = (workload: WorkloadName) => podOfWorkload(real, workload, signal);
const execIn = async (
  workload: WorkloadName,
  container: string,
  argv: readonly string[],
  more: Partial<PodExec> = {},
) => {
  const { namespace, pod } = await podOf(workload);
  return real.cluster.exec({ namespace, pod, container, argv, timeoutMs: 20_000, signal, ...more });
};
const fetchIn = async (workload: WorkloadName, url: string) =>
  (await execIn(workload, 'probe', fetchArgv(url))).stdout.toString().trim();
const rulesNow = () => real.cluster.compare(ruleObjects(real.lab), signal);

describe('the cluster', () => {
  it('is reachable from this machine alone, through a kubeconfig of its own', async () => {
    const node = await real.engine.containers.inspect(real.lab.cluster.node, signal);
    expect(node?.ports.map(({ hostAddress, containerPort }) => ({ hostAddress, containerPort }))).toEqual([
      { hostAddress: '127.0.0.1', containerPort: 6443 },
    ]);
    expect((await stat(real.kubeconfig)).mode & 0o777).toBe(0o600);
  });

  it('has one labelled, ready node on the network of the lab, and no join token', async () => {
    const nodes = await real.cluster.list(
      { apiVersion: 'v1', kind: 'Node', labels: labelsOf('meshtest', 'node') },
      signal,
    );
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual([real.lab.cluster.node]);
    const secrets = await real.cluster.list(
      { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system' },
      signal,
    );
    expect(secrets.filter(({ metadata }) => metadata.name.startsWith('bootstrap-token'))).toEqual([]);
  });

  it('says what is missing before anything is applied, and refuses kinds that it does not know', async () => {
    const compared = await rulesNow();
    expect(new Set(compared.map(({ kind }) => kind))).toEqual(new Set(['missing']));
    await expect(real.cluster.apply(ruleObjects(real.lab), signal)).rejects.toMatchObject({
      code: 'CLUSTER_CALL_FAILED',
    });
    await expect(real.cluster.list({ apiVersion: 'nobody.io/v1', kind: 'Nothing' }, signal)).resolves.toEqual(
      [],
    );
  });
});

describe('Istio', () => {
  it('is installed, serves its webhooks, and is what was asked for', async () => {
    const { cluster, lab, operator, istioctl, run, material } = real;
    expect(await compareInstallation(cluster, operator, signal)).toMatchObject({ kind: 'missing' });
    await cluster.apply(foundationObjects(lab, material), signal);
    await installIstio(istioctl, cluster, operator, run);
    await waitForMeshWebhooks(cluster, lab, run);
    await recordInstallation(cluster, lab, operator, signal);
    expect(await compareInstallation(cluster, operator, signal)).toEqual({ kind: 'same' });
    expect(real.said).toContain('Istiod installed');
  });

  it('refuses an invalid object by its webhook, and a malformed one by its schema', async () => {
    const { cluster, lab } = real;
    expect(await cluster.admission(invalidGateway(lab), signal)).toMatchObject({
      kind: 'refused',
      by: 'webhook',
      webhook: expect.stringContaining('validation.istio.io'),
    });
    const malformed = { ...invalidGateway(lab), spec: { servers: 'none' } };
    expect(await cluster.admission(malformed, signal)).toMatchObject({
      kind: 'refused',
      by: 'api',
      status: 422,
    });
  });

  it('finds nothing wrong with the rules', async () => {
    const rules = ruleObjects(real.lab)
      .map((object) => stringify(object))
      .join('---\n');
    const { runner, program } = real.istioctl;
    const done = await runner.run(program, ['validate', '-f', '-'], { stdin: rules, signal });
    expect(done.exitCode).toBe(0);
  });

  it('takes rules and workloads, and all of them run', async () => {
    const { cluster, lab, material } = real;
    await cluster.apply(ruleObjects(lab), signal);
    const workloads = workloadObjects(lab, material);
    await cluster.apply(workloads, signal);
    await waitUntilReady(real, workloads);
    const compared = await cluster.compare(
      [...foundationObjects(lab, material), ...ruleObjects(lab), ...workloads],
      signal,
    );
    expect(compared.filter(({ kind }) => kind !== 'same')).toEqual([]);
  });
});

describe('what somebody changed', () => {
  it('is named to the field, and comes back', async () => {
    const strict = findObject(ruleObjects(real.lab), 'PeerAuthentication', 'default');
    await real.cluster.apply([{ ...strict, spec: { mtls: { mode: 'PERMISSIVE' } } }], signal);
    const [compared] = await real.cluster.compare([strict], signal);
    expect(compared).toMatchObject({
      kind: 'differs',
      differences: [{ path: 'spec.mtls.mode', seen: 'PERMISSIVE', wanted: 'STRICT' }],
    });
    await real.cluster.apply([strict], signal);
    expect((await rulesNow()).filter(({ kind }) => kind !== 'same')).toEqual([]);
  });

  it('is found even where it was added by another hand, and goes', async () => {
    const policy = findObject(ruleObjects(real.lab), 'AuthorizationPolicy', 'ledger');
    const patch = JSON.stringify([{ op: 'add', path: '/spec/rules/-', value: {} }]);
    await kubectl(
      real,
      'patch',
      'authorizationpolicy',
      '-n',
      'backend',
      'ledger',
      '--type',
      'json',
      '-p',
      patch,
    );
    expect(await real.cluster.compare([policy], signal)).toMatchObject([
      { kind: 'differs', differences: [{ path: 'spec.rules' }] },
    ]);
    await real.cluster.apply([policy], signal);
    expect(await real.cluster.compare([policy], signal)).toMatchObject([{ kind: 'same' }]);
  });

  it('is found in a pod template too, where a restart is no change', async () => {
    const { lab, cluster, material } = real;
    const ledger = findObject(workloadObjects(lab, material), 'Deployment', 'ledger');
    const excluded = 'traffic.sidecar.istio.io/excludeInboundPorts';
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01', [excluded]: '8080' };
    const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
    await kubectl(real, 'patch', 'deployment', '-n', 'backend', 'ledger', '--type', 'merge', '-p', patch);
    const path = `spec.template.metadata.annotations["${excluded}"]`;
    expect(await cluster.compare([ledger], signal)).toMatchObject([
      { kind: 'differs', differences: [{ path, seen: '8080', wanted: 'nothing' }] },
    ]);
    await cluster.apply([ledger], signal);
    expect(await cluster.compare([ledger], signal)).toMatchObject([{ kind: 'same' }]);
    await waitUntilReady(real, [ledger]);
  });

  it('is missing when it was removed; removing twice is no error', async () => {
    const policy = findObject(ruleObjects(real.lab), 'AuthorizationPolicy', 'httpbin-admin');
    await real.cluster.remove([refOf(policy)], signal);
    await real.cluster.remove([refOf(policy)], signal);
    expect(await real.cluster.compare([policy], signal)).toMatchObject([{ kind: 'missing' }]);
    await real.cluster.apply([policy], signal);
  });

  it('never shows what is in a secret', async () => {
    const cacerts = findObject(foundationObjects(real.lab, real.material), 'Secret', 'cacerts');
    await real.cluster.apply(
      [{ ...cacerts, data: { ...Object(cacerts['data']), 'ca-key.pem': 'bm90IGEga2V5' } }],
      signal,
    );
    const [compared] = await real.cluster.compare([cacerts], signal);
    expect(compared).toMatchObject({
      kind: 'differs',
      differences: [{ path: 'data["ca-key.pem"]', seen: '[another value]', wanted: '[secret]' }],
    });
    await real.cluster.apply([cacerts], signal);
  });
});

describe('programs in pods', () => {
  it('get bytes and give bytes, and their exit code', async () => {
    const stdin = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    const done = await execIn('intruder', 'probe', ['sh', '-c', 'cat; echo no >&2; exit 7'], { stdin });
    expect({ ...done, stdout: done.stdout.equals(stdin), stderr: done.stderr.toString() }).toEqual({
      exitCode: 7,
      stdout: true,
      stderr: 'no\n',
    });
  });

  it('get a stream as input, and hand over their output as it comes', async () => {
    const stdin = new PassThrough();
    const heard = Promise.withResolvers<string>();
    const onStdout = (chunk: Buffer): void => heard.resolve(chunk.toString());
    const ended = execIn('intruder', 'probe', ['cat'], { stdin, onStdout });
    stdin.write('said');
    expect(await heard.promise).toBe('said');
    stdin.end();
    expect(await ended).toMatchObject({ exitCode: 0, stdout: Buffer.alloc(0) });
  });

  it('are stopped by their deadline and on request', async () => {
    await expect(execIn('intruder', 'probe', ['sleep', '60'], { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
    });
    await expect(
      execIn('intruder', 'probe', ['sleep', '60'], { signal: AbortSignal.timeout(500) }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('must exist, as must the pod', async () => {
    await expect(execIn('intruder', 'probe', ['nonesuch'])).rejects.toThrow(/executable file not found/);
    const lost = real.cluster.exec({
      namespace: 'apps',
      pod: 'lost',
      container: 'app',
      argv: ['true'],
      timeoutMs: 5_000,
      signal,
    });
    await expect(lost).rejects.toMatchObject({
      code: 'CLUSTER_CALL_FAILED',
      message: expect.stringContaining('404'),
    });
  });
});

podLogTests(() => real, signal);
nodeKubectlTests(() => real);

describe('the mesh', () => {
  const logOf = async (workload: WorkloadName, sinceTime: Date) => {
    const { namespace, pod } = await podOf(workload);
    return real.cluster.podLogs({ namespace, pod, container: 'istio-proxy', sinceTime, tail: 200 }, signal);
  };
  /** Envoy writes its log once a second. */
  const record = (workload: WorkloadName, sinceTime: Date, pattern: RegExp) =>
    waitUntil(
      async () => {
        const line = (await logOf(workload, sinceTime)).split('\n').find((text) => pattern.test(text));
        return line === undefined ? { seen: 'no such record' } : { done: JSON.parse(line) };
      },
      { what: 'the record', timeoutMs: 10_000, signal },
    );

  it('lets a workload in by its identity, and says so on both sides', async () => {
    const began = new Date();
    expect(await fetchIn('caller', 'http://ledger.backend:8000/get?nonce=1')).toBe('200');
    expect(await record('ledger', began, /"path":"\/get"/)).toMatchObject({
      record: 'request',
      status: 200,
      downstream_peer_uri_san: 'spiffe://cluster.local/ns/apps/sa/caller',
      downstream_tls_version: 'TLSv1.3',
      upstream_cluster: 'inbound|8080||',
    });
  });

  it('refuses a workload that no policy names', async () => {
    expect(await fetchIn('caller', 'http://httpbin:8000/headers')).toBe('403');
  });

  it('resets plaintext from a pod without a sidecar, and leaves the reason', async () => {
    const began = new Date();
    expect(await fetchIn('intruder', 'http://httpbin.apps:8000/headers')).toBe('ECONNRESET');
    expect(await record('httpbin', began, /"record":"connection"/)).toMatchObject({
      response_flags: 'NR',
      downstream_failure: expect.stringContaining('HTTP_REQUEST'),
    });
  });

  it('refuses a client without a certificate at the gateway, and leaves the reason', async () => {
    const began = new Date();
    const { namespace, pod } = await podOf('gateway');
    const found = await real.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace, name: pod }, signal);
    const host = JSON.parse(JSON.stringify(found?.['status'])).podIP;
    const code = `const s = require('node:tls').connect({ host: '${host}', port: 8443, servername: '${real.lab.hosts.httpbin}', rejectUnauthorized: false });
      s.on('error', (e) => console.log(e.code)); s.on('data', () => console.log('data')); s.on('secureConnect', () => console.log(s.getProtocol()));`;
    const done = await execIn('intruder', 'probe', ['node', '-e', code]);
    expect(done.stdout.toString().trim().split('\n')).toEqual([
      'TLSv1.3',
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    ]);
    expect(await record('gateway', began, /"record":"connection"/)).toMatchObject({
      sni: real.lab.hosts.httpbin,
      downstream_failure: expect.stringContaining('PEER_DID_NOT_RETURN_A_CERTIFICATE'),
    });
  });
});

describe('Istio that somebody changed', () => {
  it('is named, and installed again', async () => {
    const { cluster, operator, istioctl, run } = real;
    const config = await cluster.get(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' },
      signal,
    );
    if (config === undefined) throw new Error('no mesh configuration');
    const { managedFields: _managed, ...metadata } = config.metadata;
    await cluster.apply(
      [{ ...config, metadata, data: { mesh: 'outboundTrafficPolicy: {mode: ALLOW_ANY}' } }],
      signal,
    );
    const found = await compareInstallation(cluster, operator, signal);
    expect(found).toMatchObject({ kind: 'changed', objects: [{ kind: 'ConfigMap', name: 'istio' }] });
    if (found.kind === 'changed') await cluster.remove(found.objects, signal);
    await installIstio(istioctl, cluster, operator, run);
    await waitForMeshWebhooks(cluster, real.lab, run);
    await recordInstallation(cluster, real.lab, operator, signal);
    expect(await compareInstallation(cluster, operator, signal)).toEqual({ kind: 'same' });
  });
});

describe('a port that only the pod itself reaches', () => {
  const ask = async ({
    signal: own = signal,
    ...more
  }: Partial<PodPortQuery & { signal: AbortSignal }> = {}) => {
    const { namespace, pod } = await podOf('httpbin');
    const there = { namespace, pod, port: 15_000, path: '/server_info', timeoutMs: 10_000 };
    return real.cluster.getFromPod({ ...there, ...more }, own);
  };

  it('answers, whatever the status and the size', async () => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ state: 'LIVE' });
    expect((await ask({ path: '/nonesuch' })).status).toBe(404);
    expect(JSON.parse((await ask({ path: '/config_dump' })).body).configs.length).toBeGreaterThan(5);
  });

  it('has somebody behind it, as must the pod', async () => {
    await expect(ask({ port: 15_099 })).rejects.toMatchObject({
      code: 'CLUSTER_CALL_FAILED',
      message: expect.stringContaining('connection refused'),
    });
    await expect(ask({ pod: 'lost' })).rejects.toMatchObject({
      code: 'CLUSTER_CALL_FAILED',
      message: expect.stringContaining('404'),
    });
  });

  it('is given up at the deadline and on request', async () => {
    await expect(ask({ timeoutMs: 1 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await expect(ask({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('a cluster that is not there', () => {
  it('is said to be not up, with the way to bring it up', async () => {
    const cluster = createKubernetesCluster(`${real.kubeconfig}-lost`);
    await expect(cluster.ready(signal)).rejects.toMatchObject({
      code: 'LAB_NOT_UP',
      remedies: ['meshdev up'],
    });
  });

  it('is told from one that refuses', async () => {
    const { engine, cluster, lab } = real;
    await engine.containers.stop(lab.cluster.node, 0, signal);
    await expect(cluster.ready(signal)).rejects.toMatchObject({ code: 'LAB_NOT_UP' });
    const call = cluster.exec({
      namespace: 'apps',
      pod: 'any',
      container: 'app',
      argv: ['true'],
      timeoutMs: 5_000,
      signal,
    });
    await expect(call).rejects.toMatchObject({ code: 'LAB_NOT_UP' });
    const query = { namespace: 'apps', pod: 'any', port: 15_000, path: '/', timeoutMs: 5_000 };
    await expect(cluster.getFromPod(query, signal)).rejects.toMatchObject({ code: 'LAB_NOT_UP' });
  });
});
