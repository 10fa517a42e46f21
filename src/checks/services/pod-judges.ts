import { selectorText } from '../../topology/labels.ts';
import type { ServicePod, ServicePods } from '../../evidence/services/service-pods.ts';
import type { ProxySeen } from '../../evidence/proxies.ts';
import type { Service } from '../../topology/service.ts';
import { sidecarTrouble } from '../catalogue/mesh-pods.ts';
import { ranBy, restarting } from '../catalogue/workload-pods.ts';
import { eachCase, fail, pass, unknown } from '../check.ts';
import type { CheckId } from '../check-id.ts';
import { chainsOfPort } from '../inbound-chains.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../service-judge.ts';
import type { Verdict } from '../verdict.ts';
import { acrossPods } from './across-pods.ts';
import { namedTarget, targetOf } from './target-port.ts';

/** The pods of a service, and what stands between its Service object and its process. */
export const POD_JUDGES = {
  'MD-MESH-001': defineServiceJudge({
    scope: 'service',
    evidence: ['service.pods'],
    judge: ({ 'service.pods': { pods, revisions } }, { service }) =>
      pods.length === 0
        ? noPod(service)
        : acrossPods(
            service,
            pods.map((pod) => inMesh(pod, revisions)),
          ),
  }),
  'MD-WRK-002': defineServiceJudge({
    scope: 'service',
    evidence: ['service.pods'],
    judge: ({ 'service.pods': seen }, { service, at }) =>
      eachCase([
        ['pods', podsReady(seen, service, at)],
        ['image', plannedImage(seen, service)],
        ['endpoints', onlyEndpoints(seen, service)],
      ]),
  }),
  'MD-WRK-003': defineServiceJudge({
    scope: 'service',
    evidence: ['service.pods', 'service.proxies'],
    judge: ({ 'service.pods': seen, 'service.proxies': { own } }, { service }) =>
      eachCase([
        ['service', leadsToPort(seen, service)],
        ['process', listens(seen, service)],
        ['protocol', handledAs(seen, own, service)],
      ]),
  }),
} satisfies Partial<Record<CheckId, AnyServiceJudge>>;

function inNamespace({ identity: { namespace } }: Service): string {
  return `-n ${namespace}`;
}

/** Shows the pods of a service, or that it has none. */
function showPods(service: Service): string {
  return `meshdev kubectl get pods ${inNamespace(service)} --selector ${selectorText(service.selector)} -o wide`;
}

function noPod(service: Service): Verdict {
  return fail(
    'WRK_NO_READY_POD',
    `${service.id} has no pod with the labels ${selectorText(service.selector)}`,
    ['meshdev up', showPods(service)],
  );
}

function inMesh(pod: ServicePod, revisions: readonly string[]) {
  const trouble = sidecarTrouble(pod, new Set(revisions));
  if (trouble === undefined) return { pod: pod.name, verdict: pass('its sidecar is ready') };
  if (pod.refusesSidecar)
    return {
      pod: pod.name,
      verdict: fail(
        'MESH_NO_SIDECAR',
        `${trouble}: its label or annotation sidecar.istio.io/inject is false; remove it from the manifests`,
        [`meshdev kubectl get pod -n ${pod.namespace} ${pod.name} -o yaml`],
      ),
    };
  const isMissing = !pod.containers.some(({ name }) => name === 'istio-proxy');
  const remedies = isMissing
    ? [
        `meshdev kubectl label namespace ${pod.namespace} istio-injection=enabled --overwrite`,
        `meshdev kubectl delete pod -n ${pod.namespace} ${pod.name}`,
      ]
    : [
        'meshdev up',
        `meshdev kubectl logs -n ${pod.namespace} ${pod.name} --container istio-proxy --tail 20`,
      ];
  return { pod: pod.name, verdict: fail('MESH_NO_SIDECAR', trouble, remedies) };
}

function podsReady({ pods }: ServicePods, service: Service, at: number): Verdict {
  if (pods.length === 0) return noPod(service);
  return acrossPods(
    service,
    pods.map((pod) => ({ pod: pod.name, verdict: podReady(pod, service, at) })),
  );
}

function podReady(pod: ServicePod, { id }: Service, at: number): Verdict {
  const apps = pod.containers.filter(({ name }) => !name.startsWith('istio-'));
  if (pod.trouble === undefined) return restarting(apps, id, at) ?? pass('ready');
  const broken = apps.find(({ ready }) => !ready);
  const logs = `meshdev kubectl logs -n ${pod.namespace} ${pod.name} --container ${broken?.name ?? 'istio-proxy'}`;
  const said = pod.lastLines.length === 0 ? '' : `; its last lines: ${pod.lastLines.join(' ⏎ ')}`;
  return fail('WRK_NO_READY_POD', `${pod.trouble}${said}`, [
    (broken?.restarts ?? 0) > 0 ? `${logs} --previous` : logs,
    `meshdev kubectl describe pod -n ${pod.namespace} ${pod.name}`,
  ]);
}

/** Pods of a rollout that did not end, and pods that somebody else made under the same labels. */
function plannedImage({ pods, planned }: ServicePods, service: Service): Verdict {
  if (pods.length === 0) return noPod(service);
  const images = new Map(planned.map((container) => [container.name, container]));
  // Pods without a workload above them are as they were made.
  if (images.size === 0) return pass('its pods belong to no Deployment');
  return acrossPods(
    service,
    pods.map((pod) => {
      const [other] = pod.containers.flatMap((container) => {
        const wanted = images.get(container.name);
        return wanted === undefined || ranBy(wanted) === ranBy(container)
          ? []
          : [`container ${container.name} runs ${ranBy(container)}, its Deployment wants ${ranBy(wanted)}`];
      });
      const missing = [...images.keys()].find((name) => pod.containers.every((one) => one.name !== name));
      const wrong = other ?? (missing === undefined ? undefined : `it has no container ${missing}`);
      const verdict = wrong === undefined ? pass('the planned image') : fail('WRK_OTHER_IMAGE', wrong);
      return { pod: pod.name, verdict };
    }),
  );
}

function onlyEndpoints({ pods, object }: ServicePods, service: Service): Verdict {
  if (object === undefined) return noService(service);
  const own = new Set(pods.map(({ address }) => address));
  const behind = object.endpoints.filter(({ ready }) => ready);
  const strangers = behind.filter(({ address }) => !own.has(address));
  const show = `meshdev kubectl get endpointslices ${inNamespace(service)} --selector kubernetes.io/service-name=${service.id} -o wide`;
  if (strangers.length > 0)
    return fail(
      'WRK_OTHER_ENDPOINT',
      `the Service ${service.id} also has the endpoint ${strangers.map(({ address, pod }) => `${address} (${pod ?? 'no pod'})`).join(', ')}`,
      ['meshdev up', show],
    );
  const left = pods.filter(
    ({ address, trouble }) => trouble === undefined && behind.every((one) => one.address !== address),
  );
  if (left.length > 0)
    return fail(
      'WRK_OTHER_ENDPOINT',
      `the Service ${service.id} does not have the endpoint ${left.map(({ name, address }) => `${address} (${name})`).join(', ')}`,
      ['meshdev up', show],
    );
  return behind.length === 0
    ? fail('WRK_OTHER_ENDPOINT', `the Service ${service.id} has no ready endpoint`, [show])
    : pass(behind.map(({ address }) => address).join(', '));
}

function noService({ id, identity: { namespace } }: Service): Verdict {
  return fail('WRK_NO_SERVICE', `there is no Service ${namespace}/${id}: nothing leads to its pods`, [
    'meshdev up',
    `meshdev kubectl get services -n ${namespace}`,
  ]);
}

/** A port that no Service names is plain TCP to a sidecar, and no token or path rule holds there. */
function leadsToPort(seen: ServicePods, service: Service): Verdict {
  if (seen.object === undefined) return noService(service);
  const { port, id, identity } = service;
  const named = `the Service ${identity.namespace}/${id}`;
  const edit = [`meshdev kubectl get service -n ${identity.namespace} ${id} -o yaml`];
  const target = namedTarget(seen, service);
  if (target === undefined)
    return fail(
      'WRK_NO_SERVICE',
      `${named} has no port ${port.service}; it has ${seen.object.ports.map((one) => one.port).join(', ') || 'none'}`,
      edit,
    );
  if (typeof target === 'string')
    return fail('WRK_NO_SERVICE', `${named} leads to port ${target}, which no container has`, edit);
  return port.target === undefined || port.target === target
    ? pass(`${port.service} leads to ${target}`)
    : fail('WRK_NO_SERVICE', `${named} leads to port ${target}, expected ${port.target}`, edit);
}

function listens(seen: ServicePods, service: Service): Verdict {
  const target = targetOf(seen, service);
  if (seen.pods.length === 0) return noPod(service);
  if (typeof target !== 'number')
    return unknown('NOT_REACHED', `it is not known which port of its pods ${service.id} uses`);
  return acrossPods(
    service,
    seen.pods.map((pod) => ({ pod: pod.name, verdict: listensOn(pod, target, service) })),
  );
}

function listensOn({ sockets, name, namespace }: ServicePod, port: number, { id }: Service): Verdict {
  if ('because' in sockets)
    return unknown('NO_PROXIES', `the sockets of the pod could not be listed: ${sockets.because}`);
  if (sockets.open.includes(port)) return pass(`port ${port}`);
  const logs = [`meshdev kubectl logs -n ${namespace} ${name} --all-containers --tail 20`];
  if (sockets.loopback.includes(port))
    return fail(
      'WRK_NOT_LISTENING',
      `its process listens on port ${port} of 127.0.0.1 alone, where the sidecar does not connect to; it has to listen on 0.0.0.0`,
      logs,
    );
  const others = sockets.open.filter((each) => each < 15_000 || each > 15_099);
  return fail(
    'WRK_NOT_LISTENING',
    `no process listens on port ${port}; it listens on ${others.join(', ') || 'none'}: correct services.${id}.port or the program`,
    logs,
  );
}

function handledAs(seen: ServicePods, own: readonly ProxySeen[], service: Service): Verdict {
  const target = targetOf(seen, service);
  if (typeof target !== 'number')
    return unknown('NOT_REACHED', `it is not known which port of its pods ${service.id} uses`);
  return acrossPods(
    service,
    own.map((proxy) => ({ pod: proxy.pod, verdict: protocolOf(proxy, target, service) })),
  );
}

function protocolOf(proxy: ProxySeen, port: number, service: Service): Verdict {
  const chains = chainsOfPort(proxy, port);
  const { id, identity, protocol } = service;
  const edit = [`meshdev kubectl get service -n ${identity.namespace} ${id} -o yaml`];
  if (chains.length === 0)
    return fail(
      'WRK_NO_SERVICE',
      `its sidecar has no filter chain for port ${port}: no Service names this port, and no rule of paths or tokens holds there`,
      edit,
    );
  const isHttp = protocol !== 'tcp';
  const odd = chains.find(({ http }) => (http !== undefined) !== isHttp);
  return odd === undefined
    ? pass(`port ${port} as ${protocol}`)
    : fail(
        isHttp ? 'WRK_NOT_HTTP' : 'WRK_OTHER_PROTOCOL',
        `its sidecar handles port ${port} as ${odd.http === undefined ? (odd.filters.at(-1) ?? 'nothing') : 'HTTP'}, expected ${protocol}: set appProtocol of the port of the Service`,
        edit,
      );
}
