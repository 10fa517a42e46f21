/** What an observer found of the part that one step is responsible for. */
export interface PartSeen {
  readonly state: 'same' | 'absent' | 'stopped' | 'differs';
  /** Names, numbers and values that were found; becomes the `because` of the plan. */
  readonly seen: string;
  /** People would lose something with it: it is not as wanted, but they may be connected to it, or it holds what they deployed. */
  readonly inUse?: boolean;
  /** What of it runs and is removed for good: `Deployment orders`. */
  readonly removes?: readonly string[];
}
