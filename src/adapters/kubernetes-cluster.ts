import { stat } from 'node:fs/promises';
import type { Cluster, PodLogQuery } from '../ports/cluster.ts';
import { askAdmission } from './kubernetes/admission.ts';
import { logPathOf, openApi } from './kubernetes/api.ts';
import { applyObjects } from './kubernetes/apply.ts';
import { compareObjects } from './kubernetes/compare.ts';
import { execInPod } from './kubernetes/exec.ts';
import { inParallel } from './kubernetes/in-parallel.ts';
import { accepted, getObject, listObjects, removeObject, type Connection } from './kubernetes/objects.ts';
import { connectToPod, getFromPod } from './kubernetes/pod-port.ts';
import { createResources } from './kubernetes/resources.ts';

/**
 * The API of the cluster that a kubeconfig file names. The file is read when it is needed, and again
 * whenever it was written anew.
 */
export function createKubernetesCluster(kubeconfig: string): Cluster {
  const connect = perVersion(kubeconfig, async (): Promise<Connection> => {
    const api = await openApi(kubeconfig);
    return { api, resources: createResources(api) };
  });
  return {
    ready: async (signal) => {
      const { api } = await connect();
      return (await api.send({ method: 'GET', path: '/readyz', signal })).status === 200;
    },
    apply: async (objects, signal) => applyObjects(await connect(), objects, signal),
    compare: async (objects, signal) => compareObjects(await connect(), objects, signal),
    admission: async (object, signal) => askAdmission(await connect(), object, signal),
    get: async (ref, signal) => getObject(await connect(), ref, signal),
    list: async (query, signal) => listObjects(await connect(), query, signal),
    remove: async (refs, signal) => {
      const connection = await connect();
      await inParallel(refs, (ref) => removeObject(connection, ref, signal));
    },
    podLogs: async (query, signal) => readPodLogs(await connect(), query, signal),
    getFromPod: (query, signal) => getFromPod(kubeconfig, query, signal),
    connectToPod: (port, signal) => connectToPod(kubeconfig, port, signal),
    exec: (call) => execInPod(kubeconfig, call),
  };
}

async function readPodLogs({ api }: Connection, query: PodLogQuery, signal: AbortSignal): Promise<string> {
  const answer = await api.send({
    method: 'GET',
    path: logPathOf(query),
    query: {
      container: query.container,
      ...(query.sinceTime === undefined ? {} : { sinceTime: query.sinceTime.toISOString() }),
      ...(query.tail === undefined ? {} : { tailLines: String(query.tail) }),
      ...(query.previous === true ? { previous: 'true' } : {}),
    },
    signal,
  });
  return accepted(`reading the log of ${query.namespace}/${query.pod} (${query.container})`, answer);
}

/** Remembers a success until the file is written anew (a cluster that was replaced has other keys and another port). */
function perVersion<T>(path: string, make: () => Promise<T>): () => Promise<T> {
  let made: { readonly version: string; readonly value: Promise<T> } | undefined;
  return async () => {
    const version = await versionOf(path);
    if (made?.version !== version) made = { version, value: make() };
    try {
      return await made.value;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}

async function versionOf(path: string): Promise<string> {
  const seen = await stat(path, { bigint: true }).catch(() => undefined);
  return seen === undefined ? 'missing' : `${seen.ino}-${seen.mtimeNs}-${seen.size}`;
}
