/** The process's own signal, and the deadline of `--timeout` where one was given. */
export function withDeadline(signal: AbortSignal, timeoutMs: number | undefined): AbortSignal {
  return timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}
