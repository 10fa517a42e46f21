import { MeshdevError } from '../../errors/meshdev-error.ts';
import { PassingFault } from './failures.ts';
import type { Get } from './http.ts';
import type { PinnedImage } from './pins.ts';

/** Longer than that and the other sources are looked at. */
const PATIENCE_MS = 3_000;

export interface Asking {
  readonly get: Get;
  readonly authorities: () => readonly string[];
  readonly patienceMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Whether the registries of these images answer, whatever they answer: undefined when they do, else what
 * was seen. No registry gets more than three seconds; what this system needs to hand out its authorities is
 * not the registry's time, and passes only where one speaks TLS.
 */
export async function registrySilence(
  pins: readonly Pick<PinnedImage, 'endpoint'>[],
  { get, authorities, patienceMs = PATIENCE_MS, signal }: Asking,
): Promise<string | undefined> {
  const bases = [...new Set(pins.map(({ endpoint }) => endpoint.base))];
  if (bases.some((base) => base.startsWith('https:'))) authorities();
  const within = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const seen = await Promise.all(bases.map((base) => silenceOf(base, get, within, patienceMs)));
  if (signal.aborted) throw new MeshdevError('INTERRUPTED', { message: 'stopped on request' });
  return seen.find((reason) => reason !== undefined);
}

async function silenceOf(
  base: string,
  get: Get,
  signal: AbortSignal,
  patienceMs: number,
): Promise<string | undefined> {
  try {
    const answer = await get(new URL(`${base}/v2/`), { doing: 'looking for a registry', signal });
    answer.destroy();
    return undefined;
  } catch (error) {
    if (signal.aborted) return `${new URL(base).host} does not answer within ${patienceMs / 1000} s`;
    if (error instanceof PassingFault) return error.message.replace(/^looking for a registry: /, '');
    throw error;
  }
}
