import { lookup } from 'node:dns/promises';
import type { Fact, NameAnswer, NamesSeen } from '../../ports/host-facts.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { absent, readFact, seen } from './read-fact.ts';

/** Every resolver with a fact of its own: one that hangs does not hide the others. */
export function readNames(
  names: readonly string[],
  runner: ProcessRunner,
  deadline: AbortSignal,
): Promise<readonly NamesSeen[]> {
  const each = async (
    resolver: NamesSeen['resolver'],
    read: (signal: AbortSignal) => Promise<Fact<readonly NameAnswer[]>>,
  ): Promise<NamesSeen> => ({ resolver, answers: await readFact(deadline, read) });
  return Promise.all([
    each('getaddrinfo', (signal) => bySystem(names, runner, signal)),
    each('node', () => byNode(names)),
    each('systemd-resolved', (signal) => byResolved(names, runner, signal)),
  ]);
}

async function byNode(names: readonly string[]): Promise<Fact<readonly NameAnswer[]>> {
  return seen(await Promise.all(names.map(lookUp)));
}

async function lookUp(name: string): Promise<NameAnswer> {
  try {
    const found = await lookup(name, { all: true });
    return { name, addresses: unique(found.map(({ address }) => address)), error: undefined };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { name, addresses: [], error: code };
  }
}

/** getaddrinfo of the C library of the system, with its nsswitch.conf. */
async function bySystem(
  names: readonly string[],
  runner: ProcessRunner,
  signal: AbortSignal,
): Promise<Fact<readonly NameAnswer[]>> {
  if ((await runner.find('getent')) === undefined) return absent('there is no getent command');
  return seen(
    await Promise.all(
      names.map(async (name) => {
        const { stdout, exitCode } = await runner.run('getent', ['ahosts', name], {
          allowFailure: true,
          signal,
        });
        const addresses = unique(stdout.split('\n').flatMap((line) => /^[\d.a-f:]+/.exec(line)?.[0] ?? []));
        return {
          name,
          addresses,
          error: addresses.length > 0 ? undefined : `getent exited with code ${exitCode}`,
        };
      }),
    ),
  );
}

async function byResolved(
  names: readonly string[],
  runner: ProcessRunner,
  signal: AbortSignal,
): Promise<Fact<readonly NameAnswer[]>> {
  if ((await runner.find('resolvectl')) === undefined) return absent('there is no systemd-resolved');
  return seen(
    await Promise.all(
      names.map(async (name) => {
        const { stdout, stderr } = await runner.run('resolvectl', ['query', '--legend=no', name], {
          allowFailure: true,
          signal,
        });
        const addresses = unique(
          stdout.split('\n').flatMap((line) => /^(?:\S+:)?\s+([\d.a-f:]+)(?:\s|%|$)/.exec(line)?.[1] ?? []),
        );
        return {
          name,
          addresses,
          error: addresses.length > 0 ? undefined : (stderr.trim().split('\n')[0] ?? ''),
        };
      }),
    ),
  );
}

function unique(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)];
}
