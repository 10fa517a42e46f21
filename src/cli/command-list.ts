import type { Command } from 'commander';
import type { Act } from './act.ts';

/** One command as the overview names it; what it takes and does is loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(act: Act, program: () => Command) => Command>;
}

/** Every command, in the order of the overview. A summary fits into one line of it. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'bring the lab to what is wanted, then prove its trust chain',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  {
    name: 'check',
    summary: 'prove the trust chain of a running lab, hop by hop, from the wire',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'explain',
    summary: 'what a check id, a code or a word of Envoy or Caddy means; offline',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'status',
    summary: 'what of the lab is as wanted and what is not; sends nothing',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'down',
    summary: 'remove the lab, from any half-made state; caches and engine stay',
    load: async () => (await import('./commands/down.ts')).downCommand,
  },
  {
    name: 'token',
    summary: 'an access token of a sample user, without a browser',
    load: async () => (await import('./commands/token.ts')).tokenCommand,
  },
  {
    name: 'env',
    summary: 'what shells and tools need: eval "$(meshdev env)"',
    load: async () => (await import('./commands/env.ts')).envCommand,
  },
  {
    name: 'kubectl',
    summary: 'the kubectl of the lab: meshdev kubectl get pods -A',
    load: async () => (await import('./commands/kubectl.ts')).kubectlCommand,
  },
  {
    name: 'init',
    summary: 'write a meshdev.yaml: from answers, flags or a compose file',
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'config',
    summary: 'validate and show meshdev.yaml, and its schema for editors',
    load: async () => (await import('./commands/config.ts')).configCommand,
  },
  {
    name: 'images',
    summary: 'images and tools of the lab, and the cache that holds them',
    load: async () => (await import('./commands/images.ts')).imagesCommand,
  },
  {
    name: 'bundle',
    summary: 'all images and tools of a lab in one file',
    load: async () => (await import('./commands/bundle.ts')).bundleCommand,
  },
  {
    name: 'engine',
    summary: 'the container engine of this machine',
    load: async () => (await import('./commands/engine.ts')).engineCommand,
  },
  {
    name: 'docs',
    summary: 'pages of the documentation; offline',
    load: async () => (await import('./commands/docs.ts')).docsCommand,
  },
  {
    name: 'version',
    summary: 'versions of meshdev and of all it brings',
    load: async () => (await import('./commands/version.ts')).versionCommand,
  },
  {
    name: 'completion',
    summary: 'a completion script: source <(meshdev completion bash)',
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
];
