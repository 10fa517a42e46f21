/** The objects of one service in the cluster, beside what meshdev.yaml makes of it. */
export interface ServiceDrift {
  /** `Deployment apps/orders: spec.template.spec.serviceAccountName is default, expected orders`. */
  readonly drift: readonly string[];
  /** True: it runs an image of an earlier `up`, since the engine has none of what it is built from now. */
  readonly isOlderBuild: boolean;
}
