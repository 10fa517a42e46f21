import type { ServiceId } from '../../../src/topology/service.ts';
import type { Bench } from './bench.ts';
import { addObject, type ObjectRef, type Operation, patchObject, rolledOut, scaleTo } from './cluster.ts';
import { days, edgeLeaf, issueAtEdge, serveChain } from './edge-certificate.ts';
import type { Restore } from './fault-injection.ts';

/** Namespace of the services of lend-services.ts. */
const NAMESPACE = 'apps';

/** The service that every module of `services/` breaks; `stock` beside it stays green. */
const BROKEN: ServiceId = 'orders';

/** An object in the namespace of the services; the broken one's unless another name is said. */
function own(kind: string, name: string = BROKEN): ObjectRef {
  return { kind, namespace: NAMESPACE, name };
}

/** Its policy of its first rule. */
export const POLICY = own('authorizationpolicy', `${BROKEN}-1`);
/** That of its second. */
export const SECOND_POLICY = own('authorizationpolicy', `${BROKEN}-2`);
/** Which tokens it takes. */
export const TOKENS = own('requestauthentication', `${BROKEN}-tokens`);
/** How pods of the cluster reach it. */
export const SERVICE = own('service');
/** How the gateway does. */
export const ROUTE = own('virtualservice');
/** Callers of `stock`, the other service. */
export const CALLERS = own('authorizationpolicy', 'stock-2');

/** Labels that select the pods of a service. */
export function selectorOf({ lab }: Bench, id: ServiceId = BROKEN): Readonly<Record<string, string>> {
  const service = lab.services.find((one) => one.id === id);
  if (service === undefined) throw new Error(`the lab has no service ${id}`);
  return service.selector;
}

/** Somebody's object of Istio in the namespace of the services. */
export function addStranger(
  bench: Bench,
  { apiVersion, kind, spec }: { readonly apiVersion: string; readonly kind: string; readonly spec: object },
): Promise<Restore> {
  return addObject(bench, { apiVersion, kind, metadata: { name: 'stranger', namespace: NAMESPACE }, spec });
}

/** Changes the Deployment, and waits for its pods; restoring does the same. */
export async function patchPods(bench: Bench, operations: readonly Operation[]): Promise<Restore> {
  const restore = await patchObject(bench, own('deployment'), operations);
  await rolledOut(bench, NAMESPACE, BROKEN);
  return async () => {
    await restore();
    await rolledOut(bench, NAMESPACE, BROKEN);
  };
}

/** Takes its pods away; restoring brings one back. */
export async function scaledToNone(bench: Bench): Promise<Restore> {
  await scaleTo(bench, NAMESPACE, BROKEN, 0);
  return () => scaleTo(bench, NAMESPACE, BROKEN, 1);
}

/** A chain of the edge's own intermediate, for `stock`'s name, at the broken service's site. */
export async function serveOtherName(bench: Bench): Promise<Restore> {
  const spec = { ...edgeLeaf(bench), names: { dns: [`stock.${bench.lab.domain}`] } };
  return serveChain(bench, await issueAtEdge(bench, spec, days(-1, 1)), `orders.${bench.lab.domain}`);
}
