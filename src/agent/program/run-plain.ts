import { createConnection } from 'node:net';
import { exchange } from './exchange.ts';
import type { HttpJob, HttpResult, TcpJob, TcpResult } from './job.ts';
import { listen, openLine, outcome, overBefore } from './line.ts';
import { Received } from './received.ts';

/** Plaintext HTTP over TCP or a Unix socket. */
export async function runHttp(job: HttpJob, deadline: AbortSignal): Promise<HttpResult> {
  const line = openLine(
    createConnection('socketPath' in job.to ? { path: job.to.socketPath } : job.to),
    deadline,
  );
  const received = new Received();
  try {
    const broken = await overBefore(line, 'connect');
    const heard =
      broken === undefined ? await exchange(line, job.request, received, undefined) : { ending: broken };
    const { first, ...rest } = outcome(line, received, heard.ending);
    const { response } = 'response' in heard ? heard : {};
    return {
      kind: 'http',
      id: job.id,
      ...rest,
      ...(response === undefined ? (first === undefined ? {} : { first }) : { response }),
    };
  } finally {
    line.socket.destroy();
  }
}

/** A bare connection: what does the far end say to these bytes, or to silence? */
export async function runTcp(job: TcpJob, deadline: AbortSignal): Promise<TcpResult> {
  const line = openLine(createConnection({ host: job.host, port: job.port }), deadline);
  const received = new Received();
  try {
    const broken = await overBefore(line, 'connect');
    if (broken === undefined && job.send !== undefined) line.socket.write(Buffer.from(job.send, 'base64'));
    const ending = broken ?? (await listen(line, received));
    return { kind: 'tcp', id: job.id, ...outcome(line, received, ending) };
  } finally {
    line.socket.destroy();
  }
}
