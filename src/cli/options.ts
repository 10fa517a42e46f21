import { Command, InvalidArgumentError, Option } from 'commander';

/** Options as commander hands them over; each command reads the ones it declared. */
export interface CommonOptions {
  readonly name?: string;
  readonly domain?: string;
  readonly httpsPort?: string;
  readonly imageSource?: string;
  readonly bundle?: string;
  readonly mirror?: string;
  readonly config?: string;
  readonly output: string;
  readonly yes?: boolean;
  readonly input: boolean;
  readonly verbose?: boolean;
  readonly timeout?: number;
}

/** Flags that nearly every command has. */
export function withCommon(command: Command, formats: readonly string[] = ['text', 'json']): Command {
  return command
    .addOption(new Option('-o, --output <format>', 'format of stdout').choices(formats).default('text'))
    .option('-v, --verbose', 'print more: green checks with their evidence, stack traces')
    .option('--timeout <duration>', 'stop after this duration, such as 90s or 10m', duration);
}

/** Flags that say which lab is meant. */
export function withLab(command: Command): Command {
  return command
    .option('-n, --name <name>', 'name of the lab (default "demo")')
    .option('--config <file>', 'configuration file (default meshdev.yaml, if it exists)');
}

/** Flags that shape a lab; asked once, remembered until `down`. */
export function withShape(command: Command): Command {
  return withImages(withAddress(command));
}

/** Where the edge of a lab is reached. */
export function withAddress(command: Command): Command {
  return command
    .option('--domain <zone>', 'DNS zone of the lab (default "mesh.localhost")')
    .option('--https-port <port>', 'port of the edge on 127.0.0.1 (default 443)');
}

/** Flags of commands about images and about no lab. */
export function withChoice(command: Command): Command {
  return withImages(withCommon(command)).option(
    '--config <file>',
    'configuration file (default meshdev.yaml, if it exists)',
  );
}

/** Flags that say where images come from. */
function withImages(command: Command): Command {
  return command
    .option('--image-source <source>', 'registry, bundle or packages (default: the first available)')
    .option('--bundle <file>', 'use all images and tools from this file, without a network')
    .option('--mirror <address>', 'pull every image from this registry instead: host[:port][/prefix]');
}

export function withConsent(command: Command): Command {
  return command
    .option(
      '-y, --yes',
      'consent to the listed changes: changes of this machine, recreated parts of a running lab',
    )
    .option('--no-input', 'never prompt; a change that needs consent fails with exit 2');
}

/**
 * What a person's habit adds is taken by every command: where nothing is asked, it changes nothing. Not listed in help,
 * so that nobody looks for what it does there.
 */
export function withHabits(command: Command): void {
  const has = (long: string): boolean => command.options.some((option) => option.long === long);
  if (!has('--output')) return;
  if (!has('--yes')) command.addOption(new Option('-y, --yes').hideHelp());
  if (!has('--no-input')) command.addOption(new Option('--no-input').hideHelp());
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Timers count in 31 bits; a longer one would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/** Milliseconds of `90s`, `10m`, `1h` or a plain number of seconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const value = Number(match?.[1]) * (UNITS[match?.[2] ?? 's'] ?? Number.NaN);
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('Use a duration such as 90s or 10m.');
  if (value > MAX_MS) throw new InvalidArgumentError('Use a duration of 596h at most.');
  return value;
}
