import type { Command, Option } from 'commander';
import { CATALOGUE } from '../checks/catalogue.ts';
import { categoryOf } from '../checks/categories.ts';
import { allWords } from '../checks/explain.ts';
import { createLab, DEFAULT_CHOICE } from '../topology/lab.ts';
import { DOCS_TOPICS } from './docs-topics.ts';

/** What can be typed in one place: words that are known, or what the shell finds on the machine. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'labs' };

const FILES: Values = { kind: 'files' };
const LABS: Values = { kind: 'labs' };
/** Only the user knows. */
const UNKNOWN: Values = { kind: 'words', words: [] };

/** A word that a shell takes as it is; spaces and brackets would need quotes of the user. */
const PLAIN = /^[\w.>-]+$/;

const wordsOf = (words: readonly string[]): Values => ({
  kind: 'words',
  words: [...new Set(words)].filter((word) => PLAIN.test(word)),
});

const SELECTORS = wordsOf([
  ...new Set(CATALOGUE.map((check) => categoryOf(check).toLowerCase())),
  ...new Set(CATALOGUE.map(({ hop }) => hop)),
  ...CATALOGUE.map(({ id }) => id),
]);

const FLAGS: Readonly<Record<string, Values>> = {
  '--bundle': FILES,
  '--build': FILES,
  '--config': FILES,
  '--from': FILES,
  '--image-source': wordsOf(['registry', 'bundle', 'packages']),
  '--manifests': FILES,
  '--matrix': FILES,
  '--name': LABS,
  '--report': FILES,
  '--skip': SELECTORS,
};

const ARGUMENTS: Readonly<Record<string, () => Values>> = {
  'bundle create': () => FILES,
  'bundle inspect': () => FILES,
  'bundle verify': () => FILES,
  check: () => SELECTORS,
  'config validate': () => FILES,
  docs: () => wordsOf(DOCS_TOPICS.map(({ topic }) => topic)),
  explain: () => wordsOf(allWords().flatMap((word) => [word, ...insideOf(word)])),
  token: () => {
    const { users, clients } = createLab(DEFAULT_CHOICE);
    return wordsOf([...users.map(({ name }) => name), clients.machine]);
  },
};

/** Envoy's details in braces are explained without what stands around them. */
function insideOf(word: string): readonly string[] {
  return [...word.matchAll(/\{([\w]+)\}/g)].flatMap(([, inside]) => inside ?? []);
}

/** What can stand after a flag. */
export function valuesOfFlag({ long, argChoices }: Option): Values {
  return argChoices === undefined ? (FLAGS[long ?? ''] ?? UNKNOWN) : wordsOf(argChoices);
}

/** What can be the argument of a command. @param path without the name of the program */
export function valuesOfArgument(command: Command, path: string): Values {
  const choices = command.registeredArguments[0]?.argChoices;
  return choices === undefined ? (ARGUMENTS[path]?.() ?? UNKNOWN) : wordsOf(choices);
}
