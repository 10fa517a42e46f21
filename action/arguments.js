/** @typedef {(name: string) => string} Input */

/** Flags of `up` that are inputs of the action. */
const UP_FLAGS = ['name', 'https-port', 'image-source', 'bundle', 'mirror', 'timeout'];

/** @param {Input} input @returns {readonly string[]} */
export function upArguments(input) {
  const flags = UP_FLAGS.flatMap((flag) => (input(flag) === '' ? [] : [`--${flag}`, input(flag)]));
  // The check is a step of its own, so that what fails is annotated.
  return ['up', '--yes', '--no-check', ...flags];
}

/** Undefined where nothing is to be checked. @param {Input} input @param {string} report
 * @returns {readonly string[] | undefined} */
export function checkArguments(input, report) {
  const wanted = input('check');
  if (wanted === 'none') return undefined;
  const selectors = wanted.split(/\s+/).filter((word) => word !== '');
  return ['check', ...selectors, '--name', input('name'), '-o', 'github', '--report', report];
}
