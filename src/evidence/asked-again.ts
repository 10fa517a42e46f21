/** A request that was sent once more, and the component whose record of the first was lost. */
export interface AskedAgain {
  readonly request: string;
  readonly lacked: 'edge' | 'gateway' | 'sidecar' | 'app';
}
