import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { ServiceId } from '../../topology/service.ts';
import { DockerfileProblem } from './dockerfile.ts';

/** How a service is built, as far as messages name it; paths are as meshdev.yaml has them. */
export interface BuildNames {
  readonly service: ServiceId;
  readonly context: string;
  /** From the directory of meshdev.yaml. */
  readonly dockerfile: string;
  readonly target?: string;
  /** Values of arguments may be secret: only their names are shown. */
  readonly args: readonly string[];
}

/** A path of meshdev.yaml at which the build finds nothing. */
export function notThere({ service }: BuildNames, path: string, wants: string): MeshdevError {
  return new MeshdevError('CONFIG_INVALID', {
    message: `services.${service}.build: ${path} is not ${wants}`,
    remedies: [`ls -ld ${path}`, 'meshdev config validate'],
  });
}

export function unusable(names: BuildNames, file: string, problem: unknown): MeshdevError {
  const known = problem instanceof DockerfileProblem ? problem : undefined;
  const at = known === undefined ? file : `${file}:${known.line}`;
  return new MeshdevError('SERVICE_BUILD_FAILED', {
    message: `building the image of ${names.service}: ${at} ${textOf(problem)}`,
    remedies: [dockerBuild(names), 'meshdev up'],
    details: { service: names.service },
  });
}

export function changedMeanwhile({ service }: BuildNames, path: string): MeshdevError {
  return new MeshdevError('SERVICE_BUILD_FAILED', {
    message: `building the image of ${service}: ${path} was changed while it was sent to the engine`,
    remedies: ['meshdev up'],
    details: { service },
  });
}

/** Where a build ended, and what was printed before. */
export interface FailedStep {
  /** `step 3 of 5, orders/Dockerfile:7 RUN npm ci`; undefined: before the first one. */
  readonly step: string | undefined;
  /** The engine's own words. */
  readonly because: string;
  /** The last lines that the step printed. */
  readonly output: readonly string[];
}

export function stepFailed(names: BuildNames, { step, because, output }: FailedStep): MeshdevError {
  const { service } = names;
  const printed = output.map((line) => `\n  ${line}`).join('');
  const message = `building the image of ${service}: ${step === undefined ? '' : `${step}: `}${because}${printed}`;
  if (because.includes('no space left on device'))
    return new MeshdevError('DISK_FULL', {
      message,
      remedies: ['docker system df', 'meshdev images prune', 'docker system prune'],
    });
  return new MeshdevError('SERVICE_BUILD_FAILED', {
    message,
    remedies: [dockerBuild(names), 'meshdev up'],
    details: { service, ...(step === undefined ? {} : { step }), output },
  });
}

function dockerBuild({ service, context, dockerfile, target, args }: BuildNames): string {
  return [
    'docker build',
    `--file ${dockerfile}`,
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...args.map((name) => `--build-arg ${name}`),
    `--tag ${service}:dev`,
    context,
  ].join(' ');
}

/** What needs an image: `services.orders.image`, `orders/Dockerfile:1`. */
export interface NeededBy {
  readonly service: ServiceId;
  readonly where: string;
}

export function imageMissing(image: string, by: readonly NeededBy[], cause: unknown): MeshdevError {
  const services = [...new Set(by.map(({ service }) => service))];
  const places = [...new Set(by.map(({ where }) => where))].join(', ');
  return new MeshdevError('SERVICE_IMAGE_MISSING', {
    message: `the image ${image} (${places}) is not in the engine, and it could not be pulled: ${textOf(cause)}`,
    remedies: [
      `docker pull ${image}`,
      'docker load --input FILE',
      'meshdev up --mirror registry.example.com',
    ],
    details: { image, services },
    cause,
  });
}
