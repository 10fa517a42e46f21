import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';

/** One container of a pod, and who is handed its lines. */
export interface FollowedPodLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of both streams, without the line end. */
  readonly onLine: (text: string) => void;
}

interface Following {
  readonly node: string;
  readonly since: Date;
  readonly signal: AbortSignal;
}

/** It ends with its input; this is for an engine that forgot to say so. */
const LIFE_MS = 3_600_000;

/**
 * Perl of the node's image, root there. Per log: reads what is new of the newest file every 50 ms, and
 * goes on with the next one where the kubelet rotates or a container starts anew. Begins a megabyte
 * before the end, with the lines from a moment on. Its output is the number of the log, then the line
 * as the runtime wrote it.
 */
const FOLLOW = String.raw`
use strict; $| = 1; my ($since, @logs) = @ARGV;
my @open = map { {} } @logs;
sub newest { my ($found) = sort { number($b) <=> number($a) } glob($_[0]); return $found }
sub number { return $_[0] =~ m{(\d+)\.log$} ? $1 : -1 }
sub drain { my ($at, $log) = @_;
  while (sysread($log->{file}, $log->{rest}, 262144, length($log->{rest}))) {
    while ($log->{rest} =~ s/^([^\n]*\n)//) { print "$at $1" if $1 ge $since }
  }
}
sub follow { my ($at, $first) = @_; my $log = $open[$at];
  my $path = newest($logs[$at]);
  my $id = defined($path) ? join(":", (stat($path))[0, 1]) : "";
  drain($at, $log) if $log->{file};
  return if $id eq "" || $id eq ($log->{id} // "");
  open(my $file, "<", $path) or return;
  sysseek($file, -1048576, 2) if $first && -s $file > 1048576;
  $open[$at] = { file => $file, id => $id, rest => "" }; drain($at, $open[$at]);
}
follow($_, 1) for 0 .. $#logs;
while (1) {
  my $in = ""; vec($in, 0, 1) = 1;
  last if select($in, undef, undef, 0.05) && !sysread(STDIN, my $more, 4096);
  follow($_, 0) for 0 .. $#logs;
}
`;

/**
 * Hands over the lines of pods' logs from a moment on, as they are written, until the signal fires. They
 * are read where the runtime writes them: to follow them through API server and kubelet costs more than
 * the requests they are about, and begins by reading all that is older.
 * @throws MeshdevError STEP_FAILED when it ended by itself, and as `exec` of the engine does
 */
export async function followPodLogs(
  engine: Pick<ContainerEngine, 'containers'>,
  logs: readonly FollowedPodLog[],
  { node, since, signal }: Following,
): Promise<void> {
  const lines = logs.map(({ onLine }) => joinParts(onLine));
  const output = new PassThrough();
  createInterface({ input: output }).on('line', (line) => {
    const space = line.indexOf(' ');
    lines[Number(line.slice(0, space))]?.(line.slice(space + 1));
  });
  const stdin = new PassThrough();
  const end = (): void => void stdin.end();
  signal.addEventListener('abort', end, { once: true });
  const files = logs.map(
    ({ namespace, pod, container }) => `/var/log/pods/${namespace}_${pod}_*/${container}/*.log`,
  );
  const argv = ['perl', '-e', FOLLOW, since.toISOString().slice(0, -1), ...files];
  const ended = await engine.containers.exec(
    node,
    { argv, stdin, timeoutMs: LIFE_MS, onStdout: (chunk) => void output.write(chunk) },
    signal,
  );
  throw new MeshdevError('STEP_FAILED', {
    message: `following logs of pods in ${node}: it ended with ${ended.exitCode} in the middle of the run: ${ended.stderr.toString('utf8').slice(-300)}`,
    remedies: ['meshdev status', 'meshdev check'],
  });
}

/**
 * Lines as a container runtime writes them (`time stream F text`) become the container's own: long ones
 * come in parts, marked `P` but for the last. Exported for its tests.
 */
export function joinParts(onLine: (text: string) => void): (written: string) => void {
  const begun = new Map<string, string>();
  return (written) => {
    const [, stream, tag, text] = /^\S+ (stdout|stderr) (\S+) (.*)$/s.exec(written) ?? [];
    if (stream === undefined || text === undefined) return;
    const whole = (begun.get(stream) ?? '') + text;
    begun.delete(stream);
    if (tag === 'P') begun.set(stream, whole);
    else onLine(whole);
  };
}
