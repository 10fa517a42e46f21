import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type JobResult, resultOf } from '../agent/program/job.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { PartSeen } from '../run/part-seen.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import { execProbe } from '../agent/exec-probe.ts';
import type { AskProbe } from '../agent/probe-program.ts';
import type { Lab } from '../topology/lab.ts';
import { renderCaddyfile } from './caddyfile.ts';
import { edgeDifferences } from './edge-differences.ts';
import { EDGE_ADMIN_SOCKET, EDGE_FILES } from './edge-files.ts';
import { parseJson } from '../parse-json.ts';
import { readJsonAnswer } from '../read-answer.ts';

/** Three views of the edge's configuration: what is in force, what is planned, and the file in the container. */
export interface EdgeConfig {
  /** Caddy's own JSON, from its admin API. */
  readonly running: unknown;
  /** The planned Caddyfile, adapted by that same Caddy. */
  readonly adapted: unknown;
  readonly caddyfile: string;
}

interface EdgeReader {
  readonly engine: ContainerEngine;
  /** A probe that shares the edge's sockets; one is started where none runs. */
  readonly ask?: AskProbe;
}

/**
 * Reads the running configuration through the admin socket that edge and probe share, and the
 * planned one beside it. The template is never evidence for what runs.
 * @throws MeshdevError ENGINE_CALL_FAILED when one of the two does not answer
 */
export async function readEdgeConfig(
  { engine, ask = (jobs, within) => execProbe(engine, lab.containers.probe, jobs, within) }: EdgeReader,
  lab: Lab,
  signal: AbortSignal,
): Promise<EdgeConfig> {
  const request = {
    method: 'GET',
    path: '/config/',
    headers: [['Host', 'localhost']] as const,
    keepBytes: 1_000_000,
  };
  const [results, adapted, caddyfile] = await Promise.all([
    ask(
      [{ kind: 'http', id: 'config', to: { socketPath: EDGE_ADMIN_SOCKET }, request, timeoutMs: 5_000 }],
      signal,
    ),
    engine.containers.exec(
      lab.containers.edge,
      {
        argv: ['caddy', 'adapt', '--config', '-', '--adapter', 'caddyfile'],
        stdin: renderCaddyfile(lab),
        timeoutMs: 10_000,
      },
      signal,
    ),
    engine.containers.readFile(lab.containers.edge, EDGE_FILES.caddyfile, signal),
  ]);
  return {
    running: readJsonAnswer(
      z.unknown(),
      bodyOf(results, lab),
      `reading the running configuration of ${lab.containers.edge} through ${EDGE_ADMIN_SOCKET}`,
    ),
    adapted: parseJson(adapted.stdout.toString('utf8')),
    caddyfile: caddyfile?.toString('utf8') ?? '',
  };
}

function bodyOf(results: readonly JobResult[], lab: Lab): string {
  const result = resultOf(results, 'http', 'config');
  if (result?.response?.status === 200) return result.response.body;
  const seen = result?.response?.status ?? result?.error?.message ?? result?.ended ?? 'no result';
  throw new MeshdevError('ENGINE_CALL_FAILED', {
    message: `reading the running configuration of ${lab.containers.edge} through ${EDGE_ADMIN_SOCKET}: ${seen}`,
    remedies: ['meshdev up', `docker logs ${lab.containers.edge}`],
  });
}

/** Pure: whether Caddy runs what meshdev rendered for this lab. */
export function compareEdgeConfig(config: EdgeConfig, lab: Lab): PartSeen {
  const seen = edgeDrift(config, lab);
  return seen === undefined
    ? { state: 'same', seen: `container ${lab.containers.edge} runs the planned configuration` }
    : { state: 'differs', seen, inUse: true };
}

/** Pure: how the edge differs from its plan, with what that lets in; undefined: not at all. */
export function edgeDrift({ running, adapted, caddyfile }: EdgeConfig, lab: Lab): string | undefined {
  const { edge } = lab.containers;
  if (isDeepStrictEqual(running, adapted))
    return caddyfile === renderCaddyfile(lab)
      ? undefined
      : `${EDGE_FILES.caddyfile} in ${edge} was changed, and is not in effect yet`;
  const differences = edgeDifferences(running, adapted);
  const told = differences.length === 0 ? 'its routes are in another order' : differences.join(' · ');
  return `${edge} runs a configuration that is not the planned one: ${told}`;
}
