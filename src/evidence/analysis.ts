import type { AnalysisMessage } from '../mesh/analyze.ts';

/** What istioctl makes of the objects of the cluster, without those that a check makes for a moment. */
export type Analysis =
  | {
      readonly kind: 'analysed';
      readonly messages: readonly (AnalysisMessage & {
        /** About an object of the plan. */
        readonly planned: boolean;
      })[];
    }
  /** Of a lab that another version made, or after a sweep of the cache. */
  | { readonly kind: 'no-istioctl'; readonly because: string };
