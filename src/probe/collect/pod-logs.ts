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

/** It ends with its input; this is for an engine that does not say so. */
const LIFE_S = 3_600;

/**
 * Perl of the node's image, root there. Per log: begins in the newest file, at lines from a moment on, and
 * looks every 50 ms for more. Where the kubelet rotates or a container starts anew there is a newer file;
 * the one before is read on, for a runtime that has not changed over yet. A log that is gone for two
 * seconds is an error. Its output is the number of the log, then the line as the runtime wrote it.
 */
const FOLLOW = String.raw`
use strict; $| = 1; my ($since, $seconds, @logs) = @ARGV;
my ($end, @open, @seen) = (time + $seconds); @open = map { [] } @logs; @seen = map { time } @logs;
sub number { return $_[0] =~ m{(\d+)\.log$} ? $1 : -1 }
sub newest { my ($found) = sort { number($b) <=> number($a) } glob($_[0]); return $found }
sub drain { my ($at, $log) = @_;
  while (sysread($log->{file}, $log->{rest}, 262144, length($log->{rest}))) {
    while ($log->{rest} =~ s/^([^\n]*\n)//) { print "$at $1" if $1 ge $since }
  }
}
sub rewind_to_since { my ($file) = @_;
  for (my $back = 1048576; $back < -s $file; $back *= 2) {
    seek($file, -$back, 2); readline($file); my $from = tell($file);
    my $line = readline($file) // ""; sysseek($file, $from, 0);
    return if $line lt $since;
  }
  sysseek($file, 0, 0);
}
sub look { my ($at, $first) = @_; my $known = $open[$at];
  drain($at, $_) for @$known;
  my $path = newest($logs[$at]);
  if (!defined($path)) { die "$logs[$at]: no such log\n" if time - $seen[$at] > 2; return }
  $seen[$at] = time; my $id = join(":", (stat($path))[0, 1]);
  return if grep { $_->{id} eq $id } @$known;
  open(my $file, "<", $path) or return;
  rewind_to_since($file) if $first;
  push @$known, { file => $file, id => $id, rest => "" };
  drain($at, $known->[-1]);
}
look($_, 1) for 0 .. $#logs;
while (time < $end) {
  my $in = ""; vec($in, 0, 1) = 1;
  last if select($in, undef, undef, 0.05) && !sysread(STDIN, my $more, 4096);
  look($_, 0) for 0 .. $#logs;
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
  const argv = ['perl', '-e', FOLLOW, since.toISOString().slice(0, -1), String(LIFE_S), ...files];
  const ended = await engine.containers.exec(
    node,
    { argv, stdin, timeoutMs: LIFE_S * 1000, onStdout: (chunk) => void output.write(chunk) },
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
