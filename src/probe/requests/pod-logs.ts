import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';

/** One container in several pods, and who is handed their lines. */
export interface FollowedPodLog {
  readonly namespace: string;
  /** All pods of the Deployment of that name, or those whose whole name matches a regular expression without blanks. */
  readonly pods: { readonly deployment: string } | { readonly named: string };
  readonly container: string;
  /**
   * `present`: there is a pod of it now, and that its log is gone later is an error. `awaited`: that holds as soon as
   * there is one. `optional`: its pods may come and go.
   */
  readonly expected: 'present' | 'awaited' | 'optional';
  /** Of both streams, without the line end; and the pod that wrote it. */
  readonly onLine: (text: string, pod: string) => void;
}

interface Following {
  readonly node: string;
  readonly since: Date;
  readonly signal: AbortSignal;
}

/** It ends with its input; this is for an engine that does not say so. */
const LIFE_S = 3_600;

/**
 * Perl of the node's image, root there. Per log: begins in the newest file of each pod, at lines from a moment
 * on, and looks every 50 ms for more, and for more pods. Where the kubelet rotates or a container starts anew
 * there is a newer file; the one before is read on, for a runtime that has not changed over yet, and for a while
 * before the newer one: a line that was being written then begins in the one and ends in the other. A log that is
 * gone for two seconds, with no other pod's in its place, is an error, unless it is optional. Its output is the
 * number of the log and that of the pod, then the line as the runtime wrote it; before the first line of a pod, its
 * file after `=`.
 */
const FOLLOW = String.raw`
use strict; $| = 1; my ($since, $seconds, @wanted) = @ARGV; my $end = time + $seconds;
my @logs = map { my ($expected, $files, $pod) = split(/ /, $_);
  +{ files => $files, pod => qr{$pod}, seen => $expected eq "present" ? time : undef, open => {},
     optional => $expected eq "optional" } } @wanted;
sub number { return $_[0] =~ m{(\d+)\.log$} ? $1 : -1 }
sub newest { my ($log) = @_; my %found;
  for my $path (glob($log->{files})) {
    my ($pod) = $path =~ $log->{pod} or next;
    $found{$pod} = $path if !exists($found{$pod}) || number($path) > number($found{$pod});
  }
  return %found;
}
sub drain { my ($at, $file) = @_;
  while (sysread($file->{file}, $file->{rest}, 262144, length($file->{rest}))) {
    while ($file->{rest} =~ s/^([^\n]*\n)//) { print "$at.$file->{pod} $1" if $1 ge $since }
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
sub look { my ($at, $first) = @_; my $log = $logs[$at];
  drain($at, $_) for map { @$_ } values(%{$log->{open}});
  my %newest = newest($log);
  if (!%newest) { die "$log->{files}: no such log\n" if defined($log->{seen}) && time - $log->{seen} > 2; return }
  $log->{seen} = time if !$log->{optional};
  for my $pod (sort(keys(%newest))) {
    my $number = keys(%{$log->{open}}); my $known = $log->{open}{$pod};
    $number = $known->[0]{pod} if $known;
    my $id = join(":", (stat($newest{$pod}))[0, 1]);
    next if $known && grep { $_->{id} eq $id } @$known;
    open(my $file, "<", $newest{$pod}) or next;
    rewind_to_since($file) if $first;
    print "$at.$number = $newest{$pod}\n" if !$known;
    push @{$log->{open}{$pod}}, { file => $file, id => $id, rest => "", pod => $number };
    drain($at, $log->{open}{$pod}[-1]) if !$known;
  }
}
look($_, 1) for 0 .. $#logs;
while (time < $end) {
  my $in = ""; vec($in, 0, 1) = 1;
  last if select($in, undef, undef, 0.05) && !sysread(STDIN, my $more, 4096);
  look($_, 0) for 0 .. $#logs;
}
`;

/**
 * Hands over the lines of pods' logs from a moment on, as they are written, until the signal fires: those of
 * all pods of a Deployment, and of pods that it gets meanwhile. They
 * are read where the runtime writes them: to follow them through API server and kubelet costs more than
 * the requests they are about, and begins by reading all that is older.
 * @throws MeshdevError STEP_FAILED when it ended by itself, and as `exec` of the engine does
 */
export async function followPodLogs(
  engine: Pick<ContainerEngine, 'containers'>,
  logs: readonly FollowedPodLog[],
  { node, since, signal }: Following,
): Promise<void> {
  const output = new PassThrough();
  const take = byPod(logs);
  createInterface({ input: output }).on('line', take);
  const stdin = new PassThrough();
  const end = (): void => void stdin.end();
  signal.addEventListener('abort', end, { once: true });
  const argv = ['perl', '-e', FOLLOW, since.toISOString().slice(0, -1), String(LIFE_S), ...logs.map(filesOf)];
  const ended = await engine.containers.exec(
    node,
    { argv, stdin, timeoutMs: LIFE_S * 1000, onStdout: (chunk) => void output.write(chunk) },
    signal,
  );
  throw new MeshdevError('STEP_FAILED', {
    message: `following logs of pods in ${node}: the program exited with code ${ended.exitCode} during the run: ${ended.stderr.toString('utf8').slice(-300)}`,
    remedies: ['meshdev status', 'meshdev check'],
  });
}

/** Names of the pods of a Deployment, which are called after it and its ReplicaSet: `orders-5b8c…-x7k2p`. */
export function podsOfDeployment(deployment: string): string {
  return `${deployment}-[a-z0-9]+-[a-z0-9]{5}`;
}

/** As the program wants it. Exported for its tests. */
export function filesOf({ namespace, pods, container, expected }: Omit<FollowedPodLog, 'onLine'>): string {
  const directory = `/var/log/pods/${namespace}_`;
  const [begin, named] =
    'named' in pods ? ['', pods.named] : [`${pods.deployment}-`, podsOfDeployment(pods.deployment)];
  return [expected, `${directory}${begin}*/${container}/*.log`, `^(${directory}(?:${named})_[^/]+)/`].join(
    ' ',
  );
}

/** Hands each line to the one who follows that log, whole; the parts of a long one are a pod's own. Exported for its tests. */
export function byPod(logs: readonly Pick<FollowedPodLog, 'onLine'>[]): (line: string) => void {
  const joined = new Map<string, (written: string) => void>();
  const names = new Map<string, string>();
  return (line) => {
    const space = line.indexOf(' ');
    const source = line.slice(0, space);
    const log = logs[Number.parseInt(source, 10)];
    if (log === undefined) return;
    const written = line.slice(space + 1);
    if (written.startsWith('= ')) {
      names.set(source, podIn(written));
      return;
    }
    const join = joined.get(source) ?? joinParts((text) => log.onLine(text, names.get(source) ?? ''));
    joined.set(source, join);
    join(written);
  };
}

/** `/var/log/pods/apps_orders-5b8c-x7k2p_6f1e…/istio-proxy/0.log` is of the pod `orders-5b8c-x7k2p`. */
function podIn(path: string): string {
  return path.split('/')[4]?.split('_')[1] ?? '';
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
