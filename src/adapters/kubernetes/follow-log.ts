import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { createInterface } from 'node:readline';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { FollowedLog } from '../../ports/cluster.ts';
import { loadKubeconfig, logPathOf, urlOf } from './api.ts';
import { notReached } from './not-reached.ts';

/**
 * Hands over every line from a moment on, as it is written; the kubelet goes on where it rotates the file.
 * It answers with the first line, which may be long in coming.
 */
export async function followPodLog(
  kubeconfig: string,
  { namespace, pod, container, sinceTime, onLine }: FollowedLog,
  signal: AbortSignal,
): Promise<void> {
  const config = await loadKubeconfig(kubeconfig);
  const server = config.getCurrentCluster()?.server ?? '';
  const query = { container, follow: 'true', sinceTime: sinceTime.toISOString() };
  const url = urlOf(server, { path: logPathOf({ namespace, pod }), query });
  const options: RequestOptions = { signal };
  await config.applyToHTTPSOptions(options);
  const doing = `following the log of ${namespace}/${pod} (${container})`;
  const response = await answered(url, options).catch((error: unknown) => {
    throw notReached(error, { server, doing, signal });
  });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new MeshdevError('CLUSTER_CALL_FAILED', { message: `${doing}: HTTP ${response.statusCode}` });
  }
  const lines = createInterface({ input: response }).on('line', onLine);
  const ended = Promise.withResolvers<void>();
  lines.once('close', ended.resolve).once('error', ended.reject);
  await ended.promise.catch((error: unknown) => {
    throw notReached(error, { server, doing, signal });
  });
}

function answered(url: string, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end();
  });
}
