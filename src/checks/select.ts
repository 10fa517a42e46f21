import { MeshdevError } from '../errors/meshdev-error.ts';
import type { AnyCheck } from './check.ts';

/**
 * Checks by id, category (`jwt`, `MD-JWT`) or hop (`edge->gateway`), with the controls that they
 * need; everything when nothing is selected. The order of the catalogue is kept.
 * @throws MeshdevError USAGE naming the selector that selects nothing and what there is
 */
export function select(catalogue: readonly AnyCheck[], selectors: readonly string[]): readonly AnyCheck[] {
  if (selectors.length === 0) return catalogue;
  const chosen = new Set(selectors.flatMap((selector) => matching(catalogue, selector)));
  const controls = new Set([...chosen].map((check) => check.control));
  return catalogue.filter((check) => chosen.has(check) || controls.has(check.id));
}

function matching(catalogue: readonly AnyCheck[], selector: string): readonly AnyCheck[] {
  const wanted = selector.toLowerCase().replace(/^md-(?=[a-z]+$)/, '');
  const found = catalogue.filter(({ id, hop }) =>
    [id.toLowerCase(), categoryOf(id), hop.toLowerCase()].includes(wanted),
  );
  if (found.length > 0) return found;
  const categories = [...new Set(catalogue.map(({ id }) => categoryOf(id)))].join(', ');
  throw new MeshdevError('USAGE', {
    message: `selecting checks: nothing is called ${JSON.stringify(selector)}; categories are ${categories}`,
    remedies: ['meshdev check --list'],
  });
}

function categoryOf(id: string): string {
  return id.toLowerCase().split('-')[1] ?? '';
}
