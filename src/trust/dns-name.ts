import { ipOctets } from './general-name.ts';

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;

/** A host by name: labels and dots, none at an end; no wildcard and no address. */
export function isHostName(name: string): boolean {
  const labels = name.split('.');
  const numeric = /^\d+$/.test(labels.at(-1) ?? '');
  return (
    name.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    !numeric &&
    ipOctets(name) === undefined
  );
}

/** What a certificate may hold: a wildcard may stand for the leftmost label and nothing else. */
export function isDnsName(name: string): boolean {
  return name.length <= 253 && isHostName(name.startsWith('*.') ? name.slice(2) : name);
}
