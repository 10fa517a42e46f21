import type { ManifestSet } from '../../src/config/manifests/understand.ts';
import { understandManifests } from '../../src/config/manifests/understand.ts';
import { parseConfig } from '../../src/config/read.ts';
import { personasOf, servicesOf } from '../../src/config/services/derive.ts';
import { createLab, DEFAULT_CHOICE, type Lab, withOwnParts } from '../../src/topology/lab.ts';

/**
 * A lab with one service `stock` of these manifests, beside the sample.
 * @param keys of the service in meshdev.yaml, beside `port` and `manifests`
 * @throws Error for manifests with mistakes
 */
export function labWithStock(
  text: string,
  keys = '',
): { readonly lab: Lab; readonly manifests: ReadonlyMap<string, ManifestSet> } {
  const file = parseConfig(
    'm.yaml',
    `services: { stock: { port: 80, manifests: ./k8s${keys === '' ? '' : `, ${keys}`} } }`,
  );
  const texts = Object.entries(file.services ?? {}).map(([id, values]) => ({
    id,
    values,
    texts: [{ name: 'k8s/stock.yaml', text }],
  }));
  const { facts, sets, problems } = understandManifests(texts, 'apps');
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const lab = createLab(DEFAULT_CHOICE);
  const own = { services: servicesOf(file, lab, facts), users: personasOf(file) };
  return { lab: withOwnParts(lab, own), manifests: sets };
}
