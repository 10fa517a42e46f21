import type { CommonOptions } from './options.ts';

export interface CheckOptions extends CommonOptions {
  readonly list?: boolean;
  readonly capture?: boolean;
  readonly skip?: readonly string[];
  readonly service?: readonly string[];
  readonly quiet?: boolean;
  readonly strict?: boolean;
  readonly report?: string;
  readonly matrix?: string;
}
