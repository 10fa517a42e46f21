import type { HeldContainer, PodHolder } from '../../evidence/pod-holders.ts';

/** What the injector of Istio adds to a pod. */
const INJECTED = new Set(['istio-proxy', 'istio-init', 'istio-validation']);
/** Public certificates that every pod may read. */
const PUBLIC = new Set(['istio-ca-root-cert', 'istio-ca-crl', 'kube-root-ca.crt']);

/** What a pod has beyond the plan of its workload, each in words. Pure. */
export function addedTo(seen: PodHolder, plan: PodHolder): readonly string[] {
  const more = (all: readonly string[], own: readonly string[]): readonly string[] =>
    all.filter((one) => !own.includes(one));
  const secrets = more(seen.secrets, plan.secrets);
  const maps = more(seen.configMaps, plan.configMaps).filter((name) => !PUBLIC.has(name));
  const reach = more(seen.reach, plan.reach);
  return [
    ...seen.containers.flatMap((container) => containerAdded(container, plan)),
    ...(seen.account === plan.account ? [] : [`runs as ${seen.account} instead of ${plan.account}`]),
    ...(secrets.length === 0 ? [] : [`also reads the secret ${secrets.join(', ')}`]),
    ...(maps.length === 0 ? [] : [`also reads the ConfigMap ${maps.join(', ')}`]),
    ...(reach.length === 0 ? [] : [`also has ${reach.join(', ')}`]),
    ...(seen.apiToken && !plan.apiToken ? ['has a token for the API server'] : []),
  ];
}

const KINDS: Readonly<Record<HeldContainer['as'], string>> = {
  container: 'container',
  init: 'init container',
  ephemeral: 'ephemeral container',
};

function containerAdded(container: HeldContainer, { containers }: PodHolder): readonly string[] {
  const { name, as } = container;
  const own = containers.find((one) => one.name === name);
  if (own === undefined)
    return INJECTED.has(name) && as !== 'ephemeral'
      ? []
      : [`also runs the ${KINDS[as]} ${name}, beside the processes and files of the others`];
  if (as !== own.as) return [`runs ${name} as ${KINDS[as]}`];
  // The injector fills in what the plan leaves to it.
  if (INJECTED.has(name)) return [];
  const { argv, env } = own;
  const variables =
    env === undefined ? [] : (container.env ?? []).filter((variable) => !env.includes(variable));
  return [
    ...(argv.length > 0 && argv.join('\0') !== container.argv.join('\0')
      ? [`runs ${container.argv.join(' ')} in container ${name}`]
      : []),
    ...(variables.length === 0
      ? []
      : [`also has ${variables.join(', ')} in the environment of container ${name}`]),
    ...(container.hooks && !own.hooks ? [`runs a lifecycle hook in container ${name}`] : []),
  ];
}
