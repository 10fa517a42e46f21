import type { z } from 'zod';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { SourceKind } from '../ports/image-source.ts';
import { DEFAULT_CHOICE, type LabChoice } from '../topology/lab.ts';
import { strictPaths, trustedHeaders } from './edge-rules.ts';
import { DEFAULT_DOWNLOADS, type ImageSettings, type Mirrors } from './image-settings.ts';
import {
  type ConfigFile,
  downloadsBase,
  imageMirror,
  imageProfile,
  imageSource,
  labDomain,
  labName,
  tcpPort,
} from './schema.ts';
import { filePath } from './services/words.ts';

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
  readonly images: ImageConfig;
  readonly trustedHeaders: Sourced<readonly string[]>;
  readonly strictPaths: Sourced<boolean>;
}

/** Where images come from in detail; paths are as they were given, relative to whoever gave them. */
export interface ImageConfig {
  readonly bundle: Sourced<string | undefined>;
  readonly mirror: Sourced<Mirrors>;
  readonly profile: Sourced<ImageSettings['profile']>;
  readonly downloads: Sourced<string>;
  readonly ca: Sourced<string | undefined>;
  readonly lock: Sourced<string | undefined>;
}

/** Raw values as the command line and the environment give them. */
export interface ConfigInputs {
  readonly flags: {
    readonly name?: string | undefined;
    readonly domain?: string | undefined;
    readonly httpsPort?: string | undefined;
    readonly imageSource?: string | undefined;
    readonly bundle?: string | undefined;
    readonly mirror?: string | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: { readonly path: string; readonly values: ConfigFile } | undefined;
  /** What the lab of that name was made with: choices are remembered until `down`. */
  readonly record?:
    | {
        readonly domain: string;
        readonly httpsPort: number;
        readonly images?: Partial<ImageSettings> | undefined;
        readonly edge?:
          | { readonly trustedHeaders: readonly string[]; readonly strictPaths: boolean }
          | undefined;
      }
    | undefined;
}

interface Candidate {
  readonly value: unknown;
  readonly origin: string;
}

/**
 * Flag before environment before file before what the lab was made with before default.
 * @throws MeshdevError CONFIG_INVALID naming every bad value at once, each with its origin.
 */
export function resolveConfig(inputs: ConfigInputs): Config {
  const problems: string[] = [];
  const settle = settler(problems);
  const of = candidatesOf(inputs);
  const { flags, file, record } = inputs;
  const values = file?.values;
  const config: Config = {
    name: settle(labName, of('--name', flags.name, 'MESHDEV_NAME', values?.name), DEFAULT_CHOICE.name),
    domain: settle(
      labDomain,
      of('--domain', flags.domain, 'MESHDEV_DOMAIN', values?.domain, record?.domain),
      DEFAULT_CHOICE.domain,
    ),
    httpsPort: settle(
      tcpPort,
      of('--https-port', flags.httpsPort, 'MESHDEV_HTTPS_PORT', values?.httpsPort, record?.httpsPort),
      DEFAULT_CHOICE.httpsPort,
    ),
    imageSource: settle<SourceKind | undefined>(
      imageSource,
      of('--image-source', flags.imageSource, 'MESHDEV_IMAGE_SOURCE', values?.images?.source),
      undefined,
    ),
    images: imageConfig(inputs, settle, of),
    trustedHeaders: settle<readonly string[]>(
      trustedHeaders,
      ofFile(inputs, values?.edge?.trustedHeaders, record?.edge?.trustedHeaders),
      DEFAULT_CHOICE.trustedHeaders,
    ),
    strictPaths: settle(
      strictPaths,
      ofFile(inputs, values?.edge?.strictPaths, record?.edge?.strictPaths),
      DEFAULT_CHOICE.strictPaths,
    ),
  };
  if (problems.length > 0) throw invalid(problems);
  return config;
}

type Settle = <T>(schema: z.ZodType<T>, candidates: readonly Candidate[], fallback: T) => Sourced<T>;
type Candidates = (
  flag: string,
  given: unknown,
  variable: string,
  fromFile: unknown,
  recorded?: unknown,
) => readonly Candidate[];

/** The first candidate that was given, parsed; what does not parse goes to `problems`. */
function settler(problems: string[]): Settle {
  return (schema, candidates, fallback) => {
    const given = candidates.find((candidate) => candidate.value !== undefined);
    if (given === undefined) return { value: fallback, origin: 'default' };
    const parsed = schema.safeParse(given.value);
    if (parsed.success) return { value: parsed.data, origin: given.origin };
    problems.push(
      `${given.origin} is ${JSON.stringify(given.value)}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
    );
    return { value: fallback, origin: 'default' };
  };
}

function candidatesOf({ env, file }: ConfigInputs): Candidates {
  return (flag, given, variable, fromFile, recorded) => [
    { value: given, origin: flag },
    { value: env[variable], origin: variable },
    { value: fromFile, origin: file?.path ?? 'meshdev.yaml' },
    { value: recorded, origin: RECORDED },
  ];
}

/** What has neither a flag nor a variable. */
function ofFile({ file }: ConfigInputs, fromFile: unknown, recorded: unknown): readonly Candidate[] {
  return [
    { value: fromFile, origin: file?.path ?? 'meshdev.yaml' },
    { value: recorded, origin: RECORDED },
  ];
}

/** Origin of what an earlier `up` wrote down. */
export const RECORDED = 'the record of the lab';

function imageConfig({ flags, file, record }: ConfigInputs, settle: Settle, of: Candidates): ImageConfig {
  const values = file?.values.images;
  const kept = record?.images;
  const noFlag = '';
  return {
    bundle: settle<string | undefined>(
      filePath,
      of('--bundle', flags.bundle, 'MESHDEV_BUNDLE', values?.bundle, kept?.bundle),
      undefined,
    ),
    mirror: settle<Mirrors>(
      imageMirror,
      of('--mirror', flags.mirror, 'MESHDEV_MIRROR', values?.mirror, kept?.mirror),
      {},
    ),
    profile: settle(
      imageProfile,
      of(noFlag, undefined, 'MESHDEV_IMAGE_PROFILE', values?.profile, kept?.profile),
      'official',
    ),
    downloads: settle(
      downloadsBase,
      of(noFlag, undefined, 'MESHDEV_DOWNLOADS', values?.downloads, kept?.downloads),
      DEFAULT_DOWNLOADS,
    ),
    ca: settle<string | undefined>(
      filePath,
      of(noFlag, undefined, 'MESHDEV_IMAGE_CA', values?.ca, kept?.ca),
      undefined,
    ),
    lock: settle<string | undefined>(
      filePath,
      of(noFlag, undefined, 'MESHDEV_IMAGE_LOCK', values?.lock, kept?.lock),
      undefined,
    ),
  };
}

function invalid(problems: readonly string[]): MeshdevError {
  return new MeshdevError('CONFIG_INVALID', {
    message: `reading the configuration: ${problems.join(' · ')}`,
    remedies: ['meshdev up --help'],
  });
}

export function choiceOf(config: Config): LabChoice {
  const { name, domain, httpsPort, trustedHeaders: trusted, strictPaths: strict } = config;
  return {
    name: name.value,
    domain: domain.value,
    httpsPort: httpsPort.value,
    trustedHeaders: trusted.value,
    strictPaths: strict.value,
  };
}
