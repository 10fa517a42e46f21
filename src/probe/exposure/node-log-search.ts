import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';

/** What was read of one log, and its lines that may hold a secret. */
export interface SearchedLog {
  readonly log: PodLog | 'journal';
  readonly bytes: number;
  readonly lines: readonly FoundLine[];
}

export interface PodLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface FoundLine {
  /** When the runtime got it, RFC 3339. */
  readonly at: string;
  readonly text: string;
}

interface Search {
  readonly node: string;
  /** Texts to look for; they go in by stdin, where no process list has them. */
  readonly values: readonly string[];
  /** Of the newest of each log; older ones are left out. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/** Enough to name what is wrong: a proxy that logs tokens writes a thousand of them in every check. */
const MOST_LINES = 200;

/**
 * Perl of the node's image, root there. Looks through the newest bytes of every log that the runtime keeps, the
 * one before the last rotation included, a megabyte at a time: only where a block holds something are its lines
 * looked at. A line that the runtime broke is put together first. Then the node's journal.
 */
const SEARCH = String.raw`
use strict; my ($bytes, $most) = @ARGV;
my @values = grep { length } map { chomp; $_ } <STDIN>;
my $values = join("|", map { quotemeta } sort { length($b) <=> length($a) } @values);
my $known = length($values) ? qr/$values/ : qr/(?!)/;
sub wanted {
  return $_[0] =~ /eyJ[\w-]{6}/ || $_[0] =~ /-----BEGIN [A-Z ]*PRIVATE/ || $_[0] =~ /"d"\s*:\s*"[\w-]{40}/
    || $_[0] =~ /%(?:25)*65(?:y|%(?:25)*79)/ || $_[0] =~ /e%(?:25)*79/ || $_[0] =~ /ey%(?:25)*4[Aa]/ || $_[0] =~ $known;
}
sub search { my ($name, $file, $hits, $begun) = @_; my ($rest, $read) = ("", 0);
  while (my $got = read($file, my $block, 1048576)) {
    $read += $got; $block = $rest . $block;
    my $end = rindex($block, "\n"); $rest = substr($block, $end + 1); $block = substr($block, 0, $end + 1);
    next if !wanted($block) && !%$begun && $block !~ /^\S+ std(?:out|err) P /m;
    for my $line (split(/^/m, $block)) {
      if ($line =~ /^(\S+ (std(?:out|err))) ([PF]) (.*)\n/) {
        my ($text, $from) = (delete($begun->{$2}) . $4, $1);
        if ($3 eq "P") { $begun->{$2} = $text; next }
        $line = "$from F $text\n";
      }
      print "$name\t$line" if wanted($line) && $$hits++ < $most;
    }
  }
  return $read;
}
for my $directory (glob("/var/log/pods/*/*")) {
  my ($name) = $directory =~ m{/var/log/pods/(.*)$}; my ($left, $read, $hits, %begun) = ($bytes, 0, 0);
  my @files = sort { -M $a <=> -M $b } grep { !/\.gz$/ } glob("$directory/*.log*");
  my @parts; for my $path (@files) { last if $left <= 0; push @parts, [$path, $left]; $left -= -s $path }
  for my $part (reverse @parts) {
    open(my $file, "<", $part->[0]) or next;
    if (-s $file > $part->[1]) { seek($file, -$part->[1], 2); readline($file) }
    $read += search($name, $file, \$hits, \%begun);
  }
  print "=$name\t$read\n";
}
if (open(my $journal, "-|", "journalctl -q --no-pager -o short-iso-precise -n 20000 2>/dev/null")) {
  my $hits = 0; my $read = search("journal", $journal, \$hits, {}); print "=journal\t$read\n";
}
`;

/**
 * Looks through the logs of all pods, and through the node's journal, where they are: of many megabytes only the lines
 * that may hold a secret leave the node.
 * @throws MeshdevError STEP_FAILED when it ended badly, and as `exec` of the engine does
 */
export async function searchNodeLogs(
  engine: Pick<ContainerEngine, 'containers'>,
  { node, values, bytes, signal }: Search,
): Promise<readonly SearchedLog[]> {
  const argv = ['perl', '-e', SEARCH, String(bytes), String(MOST_LINES)];
  const ended = await engine.containers.exec(
    node,
    { argv, stdin: `${values.join('\n')}\n`, timeoutMs: 20_000 },
    signal,
  );
  if (ended.exitCode !== 0)
    throw new MeshdevError('STEP_FAILED', {
      message: `searching the logs of ${node}: the search exited with code ${ended.exitCode}: ${ended.stderr.toString('utf8').slice(-300)}`,
      remedies: ['meshdev status', 'meshdev check'],
    });
  return readSearch(ended.stdout.toString('utf8'));
}

/** Pure: logs with their lines and sizes. Exported for its tests. */
export function readSearch(output: string): readonly SearchedLog[] {
  const lines = new Map<string, FoundLine[]>();
  const searched: SearchedLog[] = [];
  for (const row of output.split('\n')) {
    const tab = row.indexOf('\t');
    if (tab < 0) continue;
    const [name, text] = [row.slice(0, tab), row.slice(tab + 1)];
    if (name.startsWith('=')) {
      const log = logNamed(name.slice(1));
      if (log !== undefined)
        searched.push({ log, bytes: Number(text), lines: lines.get(name.slice(1)) ?? [] });
      continue;
    }
    const [, at, line] = /^(\S+) std(?:out|err) F (.*)$/.exec(text) ?? [];
    const found = { at: at ?? text.split(' ', 1)[0] ?? '', text: line ?? text };
    lines.set(name, [...(lines.get(name) ?? []), found]);
  }
  return searched;
}

/** `<namespace>_<pod>_<uid>/<container>`, as the kubelet names directories of logs; none of them holds `_`. */
function logNamed(name: string): SearchedLog['log'] | undefined {
  if (name === 'journal') return 'journal';
  const [, namespace, pod, container] = /^([^_/]+)_([^_/]+)_[^_/]+\/([^/]+)$/.exec(name) ?? [];
  if (namespace === undefined || pod === undefined || container === undefined) return undefined;
  return { namespace, pod, container };
}
