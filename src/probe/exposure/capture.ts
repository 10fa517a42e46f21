import { ADMIN, APP_ID } from '../../sample/names.ts';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Capture } from '../../evidence/capture.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { patience } from '../../run/patience.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { sendTraced } from '../requests/send-traced.ts';
import type { Needs } from '../probe-context.ts';

const LIFE_MS = 12_000;

/**
 * Reads every packet that crosses the node, where all pods' links end, and counts those that hold one
 * of the given texts. Perl is in every node image, tcpdump in none. Says that it listens by a file; not in
 * /run, which is a tmpfs that the engine does not see. Ends with the last text.
 */
const LISTEN = String.raw`
use strict; my ($ready, $seconds, @texts) = @ARGV;
socket(my $all, 17, 3, unpack("S", pack("n", 3))) or die "packet socket: $!";
open(my $flag, ">", $ready) or die "$ready: $!"; close($flag);
my ($end, $packets, @seen) = (time + $seconds, 0, map { 0 } @texts);
while (time < $end) {
  my $in = ""; vec($in, fileno($all), 1) = 1;
  next unless select($in, undef, undef, 0.2);
  recv($all, my $packet, 65535, 0) // next; $packets++;
  for my $at (0 .. $#texts) { $seen[$at]++ if index($packet, $texts[$at]) >= 0 }
  last if $seen[$#texts];
}
unlink($ready); print join(" ", $packets, @seen), "\n";
`;

/** Only on request: it reads everybody's packets in the node. */
export async function collectCapture(
  probeContext: Needs<
    'context' | 'engine' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'capture' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<Capture> {
  if (!probeContext.capture) return { kind: 'not-asked' };
  const { context, engine, signal } = probeContext;
  const node = context.lab.cluster.node;
  const mark = (): string => randomBytes(12).toString('hex');
  const [ready, before, nonce, after] = [`/kind/meshdev-capture-${mark()}`, mark(), mark(), mark()];
  const { accessToken } = (await probeContext.tokens())[ADMIN];
  // Not the token: the non-mesh client shows it in plaintext at the same time, to be refused.
  const texts = [before, nonce, after];
  const lifeMs = patience(LIFE_MS);
  const argv = ['perl', '-e', LISTEN, ready, String(Math.ceil(lifeMs / 1000)), ...texts];
  const listening = engine.containers.exec(node, { argv, user: '0', timeoutMs: lifeMs + 5_000 }, signal);
  listening.catch(() => undefined);
  await waitUntil(
    async () => {
      const flag = await engine.containers.readFile(node, ready, signal);
      return flag === undefined ? { seen: 'it does not listen yet' } : { done: true };
    },
    { what: 'the capture in the node to listen', timeoutMs: 8_000, intervalMs: 100, signal },
  );
  await sendInClear(probeContext, before);
  const requests = await sendTraced(probeContext, [
    { id: 'capture', method: 'GET', path: `/headers?nonce=${nonce}`, token: accessToken },
  ]);
  await sendInClear(probeContext, after);
  const { stdout, stderr } = await listening;
  const traced = requests.get('capture');
  const [packets, ...clear] = stdout.toString('utf8').trim().split(' ').map(Number);
  const counted = countsShape.safeParse(clear);
  if (!counted.success || packets === undefined || traced === undefined)
    throw new MeshdevError('STEP_FAILED', {
      message: `capturing in ${node}: ${stderr.toString('utf8').slice(-200)}`,
    });
  const [seenBefore, seenNonce, seenAfter] = counted.data;
  return {
    kind: 'captured',
    packets,
    clear: { before: seenBefore, nonce: seenNonce, after: seenAfter },
    traced,
  };
}

const count = z.number().int().nonnegative();
const countsShape = z.tuple([count, count, count]);

/** The non-mesh client's plaintext to the app: refused, but its bytes have crossed the network by then. */
async function sendInClear(
  { context: { cluster, lab }, probes, signal }: Needs<'context' | 'probes' | 'signal'>,
  mark: string,
): Promise<void> {
  const [nonMeshClient, app] = await Promise.all([
    podOf(cluster, lab, 'intruder', signal),
    podOf(cluster, lab, APP_ID, signal),
  ]);
  const request = { method: 'GET', path: `/headers?mark=${mark}`, headers: [['Host', APP_ID]] as const };
  const job = {
    kind: 'http' as const,
    id: 'clear',
    to: { host: app.address, port: 8080 },
    request,
    timeoutMs: 4_000,
  };
  await probes.pod(nonMeshClient, [job], signal);
}
