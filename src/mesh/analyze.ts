import { dirname } from 'node:path';
import { z } from 'zod';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { parseJson } from '../parse-json.ts';
import type { Istioctl } from './install-istio.ts';

/** What `istioctl analyze` says of one object. */
export interface AnalysisMessage {
  /** `IST0102`. */
  readonly code: string;
  readonly level: 'Info' | 'Warning' | 'Error';
  readonly message: string;
  /** `Namespace default`, `VirtualService apps/orders`; empty where it is about no single object. */
  readonly origin: string;
}

const report = z.array(
  z.looseObject({
    code: z.string(),
    level: z.enum(['Info', 'Warning', 'Error']),
    message: z.string(),
    origin: z.string().default(''),
  }),
);

const TIMEOUT_MS = 20_000;

/**
 * All messages about all namespaces, from `Info` on. Reads only.
 * @throws MeshdevError COMMAND_FAILED when it says anything but its report, TOOL_MISSING, TIMED_OUT
 */
export async function analyzeMesh(
  { runner, program, kubeconfig }: Istioctl,
  signal: AbortSignal,
): Promise<readonly AnalysisMessage[]> {
  const args = ['analyze', '--all-namespaces', '--output', 'json', '--kubeconfig', kubeconfig];
  const { exitCode, stdout, stderr } = await runner.run(program, args, {
    // It ends with a code of its own when there is a message of level Error.
    allowFailure: true,
    env: { HOME: dirname(kubeconfig) },
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  const parsed = report.safeParse(parseJson(stdout));
  if (parsed.success) return parsed.data;
  throw new MeshdevError('COMMAND_FAILED', {
    message: `istioctl analyze exited with code ${exitCode} and without a report: ${(stderr || stdout).slice(-300)}`,
    remedies: ['meshdev check'],
  });
}
