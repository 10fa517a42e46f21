import {
  clockProblem,
  SKEW_REMEDIES,
  skewOf,
  skewProblem,
  skewText,
} from '../../host/judges/clock-problem.ts';
import type { ClockSeen, EngineSeen, NameAnswer, NamesSeen, TimeSync } from '../../ports/host-facts.ts';
import { isBelowLocalhost, isLoopback } from '../../topology/loopback.ts';
import type { Lab } from '../../topology/lab.ts';
import { type Cases, fatal, type FindingKind, given, type Judgement, ok, skip, warn } from '../finding.ts';

export const NAME_FINDINGS: readonly FindingKind[] = [
  {
    id: 'MD-HOST-021',
    subject: 'names',
    title: 'the resolvers of this machine know the public names of the lab, and only as loopback',
    why: 'browsers and curl resolve names below `localhost` themselves; Python, Java, Go and other programs ask these resolvers',
    worst: 'warn',
    judge: ({ names }, { lab }) => given(names, (all) => resolversOf(all, lab)),
  },
  {
    id: 'MD-HOST-011',
    subject: 'names',
    title: 'the clocks of this machine and of the engine agree within 2 s',
    why: 'tokens and certificates are not yet valid, or already expired, for the other side',
    worst: 'fatal',
    judge: ({ engine }) => given(engine, engineClockOf),
  },
  {
    id: 'MD-HOST-022',
    subject: 'names',
    title: 'the clock of this machine is plausible',
    why: 'certificates are issued with wrong dates, and everything that verifies them refuses them once the clock is corrected',
    worst: 'fatal',
    judge: ({ clock }) => given(clock, clockOf),
  },
  {
    id: 'MD-HOST-023',
    subject: 'names',
    title: 'the clock of this machine is synchronized',
    why: 'a clock that drifts makes tokens and certificates invalid sooner or later',
    worst: 'warn',
    judge: ({ timeSync }) => given(timeSync, syncOf),
  },
];

function resolversOf(all: readonly NamesSeen[], lab: Lab): Cases {
  const [first] = all;
  return all.map((seen) => [
    seen.resolver,
    given(seen.answers, (answers) =>
      seen !== first && first?.answers.kind === 'seen' && isSame(answers, first.answers.value)
        ? skip(`the answers are those of ${first.resolver}`)
        : answersOf(answers, lab),
    ),
  ]);
}

function isSame(some: readonly NameAnswer[], others: readonly NameAnswer[]): boolean {
  return some.every(({ name, addresses }) => {
    const other = others.find((one) => one.name === name);
    return other !== undefined && addresses.toSorted().join() === other.addresses.toSorted().join();
  });
}

function answersOf(answers: readonly NameAnswer[], lab: Lab): Judgement {
  const strangers = answers.flatMap(({ name, addresses }) =>
    addresses.filter((address) => !isLoopback(address)).map((address) => `${name} is ${address}`),
  );
  if (strangers.length > 0)
    return warn(`${strangers.join(', ')}; loopback is expected`, [
      `grep -n ${lab.domain} /etc/hosts`,
      hostsLine(answers),
    ]);
  const missing = answers.filter(({ addresses }) => addresses.length === 0);
  if (missing.length === 0)
    return ok(answers.map(({ name, addresses }) => `${name} is ${addresses.join(', ')}`).join('; '));
  const seen = missing.map(({ name, error }) => `${name}: ${error ?? 'no address'}`).join('; ');
  return warn(
    seen,
    isBelowLocalhost(lab.domain)
      ? ['sudo apt-get install libnss-myhostname', hostsLine(missing), 'meshdev env']
      : [hostsLine(missing), 'meshdev env'],
  );
}

function hostsLine(answers: readonly NameAnswer[]): string {
  return `echo '127.0.0.1 ${answers.map(({ name }) => name).join(' ')}' | sudo tee -a /etc/hosts`;
}

/** As much as `check` allows the components of a lab. */
const AGREE_MS = 2_000;

function engineClockOf({ info, askedAt, answeredAt }: EngineSeen): Judgement {
  const skew = skewOf(info.systemTime, askedAt, answeredAt);
  const problem = skewProblem(skew);
  if (problem !== undefined) return fatal(problem);
  if (Math.abs(skew) <= AGREE_MS) return ok('no difference beyond the time of the answer');
  return warn(`the clock of the engine is ${skewText(skew)}`, SKEW_REMEDIES);
}

/** A file may be written by another machine, or by a tool that rounds. */
const AHEAD_MS = 5 * 60_000;

function clockOf({ now, newest }: ClockSeen): Judgement {
  const problem = clockProblem(now);
  if (problem !== undefined) return fatal(problem);
  const clock = new Date(now).toISOString();
  if (newest === undefined || newest.at <= now + AHEAD_MS) return ok(clock);
  return warn(`it is ${clock}, and ${newest.path} was written at ${new Date(newest.at).toISOString()}`, [
    'date --utc',
    'sudo timedatectl set-ntp true',
  ]);
}

function syncOf({ synchronized, enabled }: TimeSync): Judgement {
  if (synchronized) return ok('systemd reports a synchronized clock');
  return warn(
    enabled
      ? 'systemd reports that the clock is not synchronized yet'
      : 'systemd reports that the clock is not synchronized, and no service for it is enabled',
    ['timedatectl status', 'sudo timedatectl set-ntp true'],
  );
}
