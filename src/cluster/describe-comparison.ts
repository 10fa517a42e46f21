import { type Comparison, nameOf } from '../ports/cluster.ts';

export function describe(comparison: Comparison): string {
  const name = nameOf(comparison.ref);
  switch (comparison.kind) {
    case 'same':
      return `${name} matches the plan`;
    case 'missing':
      return `${name} is missing`;
    case 'differs':
      return `${name}: ${comparison.differences.map(({ path, seen, wanted }) => `${path} is ${seen}, expected ${wanted}`).join(', ')}`;
  }
}
