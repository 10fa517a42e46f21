import type { TracedRequest } from '../evidence/traced-request.ts';

/** What gRPC's status codes stand for in HTTP (https://grpc.github.io/grpc/core/md_doc_http-grpc-status-mapping.html). */
const HTTP_OF_GRPC: Readonly<Record<string, number>> = {
  '0': 200,
  '3': 400,
  '5': 404,
  '7': 403,
  '12': 404,
  '14': 503,
  '16': 401,
};

/**
 * The HTTP status of an answer, or what its status of gRPC stands for: a proxy refuses a gRPC call with HTTP 200, and
 * says in `grpc-status` that it refuses. An unknown code stands for 500.
 */
export function httpStatusOf({
  status,
  headers,
}: Pick<TracedRequest, 'status' | 'headers'>): number | undefined {
  const code = headers['grpc-status'];
  if (status !== 200 || code === undefined) return status;
  return HTTP_OF_GRPC[code] ?? 500;
}
