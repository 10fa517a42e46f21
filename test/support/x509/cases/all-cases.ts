import type { ChainCase } from './chain-case.ts';
import { chainCases } from './chain-cases.ts';
import { intermediateCases } from './intermediate-cases.ts';
import { leafCases } from './leaf-cases.ts';
import { nameCases } from './name-cases.ts';
import { pathCases } from './path-cases.ts';
import { policyCases } from './policy-cases.ts';

/** Every chain of our own making; new keys and names each time. */
export function allCases(): readonly ChainCase[] {
  return [
    ...nameCases(),
    ...leafCases(),
    ...intermediateCases(),
    ...chainCases(),
    ...policyCases(),
    ...pathCases(),
  ];
}
