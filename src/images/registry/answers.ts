import { MeshdevError } from '../../errors/meshdev-error.ts';
import { PassingFault } from './failures.ts';
import type { Get } from './http.ts';
import type { PinnedImage } from './pins.ts';

/** Longer than that and the other sources are looked at. */
const PATIENCE_MS = 3_000;

/**
 * Whether the registries of these images answer, whatever they answer: undefined when they do, else
 * what was seen. Never takes longer than three seconds.
 */
export async function registrySilence(
  pins: readonly PinnedImage[],
  get: Get,
  signal: AbortSignal,
): Promise<string | undefined> {
  const bases = [...new Set(pins.map(({ endpoint }) => endpoint.base))];
  const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const seen = await Promise.all(bases.map((base) => silenceOf(base, get, within)));
  if (signal.aborted) throw new MeshdevError('INTERRUPTED', { message: 'stopped on request' });
  return seen.find((reason) => reason !== undefined);
}

async function silenceOf(base: string, get: Get, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await get(new URL(`${base}/v2/`), { doing: 'looking for a registry', signal });
    answer.destroy();
    return undefined;
  } catch (error) {
    if (signal.aborted) return `${new URL(base).host} does not answer within ${PATIENCE_MS / 1000} s`;
    if (error instanceof PassingFault) return error.message.replace(/^looking for a registry: /, '');
    throw error;
  }
}
