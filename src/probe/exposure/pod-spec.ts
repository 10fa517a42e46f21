import { z } from 'zod';
import type { HeldContainer, PodHolder } from '../../evidence/pod-holders.ts';

/** Audience of the tokens that a proxy shows istiod: the API server accepts none of them. */
const ISTIO_AUDIENCE = 'istio-ca';

const named = z.looseObject({ name: z.string().nullish() });
const container = z.looseObject({
  name: z.string(),
  command: z.array(z.string()).nullish(),
  args: z.array(z.string()).nullish(),
  env: z
    .array(
      z.looseObject({
        name: z.string(),
        valueFrom: z
          .looseObject({ secretKeyRef: named.nullish(), configMapKeyRef: named.nullish() })
          .nullish(),
      }),
    )
    .nullish(),
  envFrom: z.array(z.looseObject({ secretRef: named.nullish(), configMapRef: named.nullish() })).nullish(),
  lifecycle: z.looseObject({}).nullish(),
  securityContext: z.looseObject({ privileged: z.boolean().nullish() }).nullish(),
});
type Container = z.infer<typeof container>;

const volume = z.looseObject({
  name: z.string(),
  secret: z.looseObject({ secretName: z.string().nullish() }).nullish(),
  configMap: named.nullish(),
  hostPath: z.looseObject({ path: z.string() }).nullish(),
  persistentVolumeClaim: z.looseObject({ claimName: z.string() }).nullish(),
  csi: z.looseObject({ driver: z.string() }).nullish(),
  projected: z
    .looseObject({
      sources: z
        .array(
          z.looseObject({
            secret: named.nullish(),
            configMap: named.nullish(),
            serviceAccountToken: z.looseObject({ audience: z.string().nullish() }).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
type Volume = z.infer<typeof volume>;

/** The specification of a pod, as far as it says what the pod holds. */
export const podSpec = z.looseObject({
  serviceAccountName: z.string().nullish(),
  hostNetwork: z.boolean().nullish(),
  hostPID: z.boolean().nullish(),
  hostIPC: z.boolean().nullish(),
  containers: z.array(container).nullish(),
  initContainers: z.array(container).nullish(),
  ephemeralContainers: z.array(container).nullish(),
  volumes: z.array(volume).nullish(),
});
export type PodSpec = z.infer<typeof podSpec>;

/** What a specification holds. Pure. */
export function heldBy(
  spec: PodSpec,
): Pick<PodHolder, 'account' | 'containers' | 'secrets' | 'configMaps' | 'reach' | 'apiToken'> {
  const all = [
    ...(spec.containers ?? []),
    ...(spec.initContainers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  const volumes = spec.volumes ?? [];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  return {
    account: spec.serviceAccountName ?? 'default',
    containers: [
      ...(spec.containers ?? []).map((each) => held(each, 'container')),
      ...(spec.initContainers ?? []).map((each) => held(each, 'init')),
      ...(spec.ephemeralContainers ?? []).map((each) => held(each, 'ephemeral')),
    ],
    secrets: unique([
      ...volumes.map(({ secret }) => secret?.secretName),
      ...sources.map(({ secret }) => secret?.name),
      ...variables(all).map((from) => from?.secretKeyRef?.name),
      ...all.flatMap(({ envFrom }) => (envFrom ?? []).map(({ secretRef }) => secretRef?.name)),
    ]),
    configMaps: unique([
      ...volumes.map(({ configMap }) => configMap?.name),
      ...sources.map(({ configMap }) => configMap?.name),
      ...variables(all).map((from) => from?.configMapKeyRef?.name),
      ...all.flatMap(({ envFrom }) => (envFrom ?? []).map(({ configMapRef }) => configMapRef?.name)),
    ]),
    reach: reachOf(spec, all, volumes),
    apiToken: sources.some(
      ({ serviceAccountToken: token }) =>
        token !== undefined && token !== null && token.audience !== ISTIO_AUDIENCE,
    ),
  };
}

function variables(all: readonly Container[]) {
  return all.flatMap(({ env }) => (env ?? []).map(({ valueFrom }) => valueFrom));
}

function held({ name, command, args, env, lifecycle }: Container, as: HeldContainer['as']): HeldContainer {
  return {
    name,
    as,
    argv: [...(command ?? []), ...(args ?? [])],
    env: (env ?? []).map((variable) => variable.name),
    hooks: Object.keys(lifecycle ?? {}).length > 0,
  };
}

function reachOf(spec: PodSpec, all: readonly Container[], volumes: readonly Volume[]): readonly string[] {
  const flags = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((flag) => spec[flag] === true);
  return [
    ...flags,
    ...all
      .filter(({ securityContext }) => securityContext?.privileged === true)
      .map(({ name }) => `privileged ${name}`),
    ...volumes.flatMap(({ hostPath }) => (hostPath ? [`hostPath ${hostPath.path}`] : [])),
    ...volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim ? [`claim ${claim.claimName}`] : [])),
    ...volumes.flatMap(({ csi }) => (csi ? [`volume of ${csi.driver}`] : [])),
  ];
}

function unique(names: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}
