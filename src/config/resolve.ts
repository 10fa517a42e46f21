import type { z } from 'zod';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { SourceKind } from '../ports/image-source.ts';
import { DEFAULT_CHOICE, type LabChoice } from '../topology/lab.ts';
import { type ConfigFile, imageSource, labDomain, labName, tcpPort } from './schema.ts';

/** A value and where it came from: `--domain`, `MESHDEV_DOMAIN`, `meshdev.yaml` or `default`. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: string;
}

export interface Config {
  readonly name: Sourced<string>;
  readonly domain: Sourced<string>;
  readonly httpsPort: Sourced<number>;
  /** Unset: meshdev picks and says why. */
  readonly imageSource: Sourced<SourceKind | undefined>;
}

/** Raw values as the command line and the environment give them. */
export interface ConfigInputs {
  readonly flags: {
    readonly name?: string | undefined;
    readonly domain?: string | undefined;
    readonly httpsPort?: string | undefined;
    readonly imageSource?: string | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: { readonly path: string; readonly values: ConfigFile } | undefined;
  /** What the lab of that name was made with: choices are remembered until `down`. */
  readonly record?: { readonly domain: string; readonly httpsPort: number } | undefined;
}

interface Candidate {
  readonly value: unknown;
  readonly origin: string;
}

/**
 * Flag before environment before file before what the lab was made with before default.
 * @throws MeshdevError CONFIG_INVALID naming every bad value at once, each with its origin.
 */
export function resolveConfig({ flags, env, file, record }: ConfigInputs): Config {
  const problems: string[] = [];
  const settle = <T>(schema: z.ZodType<T>, candidates: readonly Candidate[], fallback: T): Sourced<T> => {
    const given = candidates.find((candidate) => candidate.value !== undefined);
    if (given === undefined) return { value: fallback, origin: 'default' };
    const parsed = schema.safeParse(given.value);
    if (parsed.success) return { value: parsed.data, origin: given.origin };
    problems.push(
      `${given.origin} is ${JSON.stringify(given.value)}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
    );
    return { value: fallback, origin: 'default' };
  };
  const of = (
    flag: string,
    given: unknown,
    variable: string,
    fromFile: unknown,
    recorded?: unknown,
  ): Candidate[] => [
    { value: given, origin: flag },
    { value: env[variable], origin: variable },
    { value: fromFile, origin: file?.path ?? 'meshdev.yaml' },
    { value: recorded, origin: 'the lab as it is' },
  ];
  const config: Config = {
    name: settle(labName, of('--name', flags.name, 'MESHDEV_NAME', file?.values.name), DEFAULT_CHOICE.name),
    domain: settle(
      labDomain,
      of('--domain', flags.domain, 'MESHDEV_DOMAIN', file?.values.domain, record?.domain),
      DEFAULT_CHOICE.domain,
    ),
    httpsPort: settle(
      tcpPort,
      of('--https-port', flags.httpsPort, 'MESHDEV_HTTPS_PORT', file?.values.httpsPort, record?.httpsPort),
      DEFAULT_CHOICE.httpsPort,
    ),
    imageSource: settle<SourceKind | undefined>(
      imageSource,
      of('--image-source', flags.imageSource, 'MESHDEV_IMAGE_SOURCE', file?.values.images?.source),
      undefined,
    ),
  };
  if (problems.length > 0) throw invalid(problems);
  return config;
}

function invalid(problems: readonly string[]): MeshdevError {
  return new MeshdevError('CONFIG_INVALID', {
    message: `reading the configuration: ${problems.join(' · ')}`,
    remedies: ['meshdev up --help'],
  });
}

export function choiceOf(config: Config): LabChoice {
  return { name: config.name.value, domain: config.domain.value, httpsPort: config.httpsPort.value };
}
