import { lookup, Resolver } from 'node:dns/promises';
import { wireError } from './ending.ts';
import type { Answer, DnsJob, DnsResult } from './job.ts';
import { elapsed } from './line.ts';

/** Asks the C library and, apart from it, the configured DNS servers. */
export async function runDns(job: DnsJob, deadline: AbortSignal): Promise<DnsResult> {
  const began = performance.now();
  const resolver = new Resolver({ timeout: job.timeoutMs, tries: 1 });
  deadline.addEventListener('abort', () => resolver.cancel(), { once: true });
  const [byLibrary, a, aaaa] = await Promise.all([
    answer(
      lookup(job.name, { all: true }).then((found) => found.map(({ address }) => address)),
      deadline,
    ),
    answer(resolver.resolve4(job.name), deadline),
    answer(resolver.resolve6(job.name), deadline),
  ]);
  return {
    kind: 'dns',
    id: job.id,
    durationMs: elapsed(began, performance.now()),
    lookup: byLibrary,
    a,
    aaaa,
  };
}

async function answer(asked: Promise<readonly string[]>, deadline: AbortSignal): Promise<Answer> {
  const late = new Promise<Answer>((resolve) => {
    deadline.addEventListener('abort', () => resolve({ error: 'TIMEOUT' }), { once: true });
  });
  const given = asked.then(
    (addresses): Answer => ({ addresses }),
    (error: unknown): Answer => ({ error: wireError(error).code }),
  );
  return Promise.race([given, late]);
}
