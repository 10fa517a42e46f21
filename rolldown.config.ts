import { defineConfig } from 'rolldown';

/**
 * The command line in a few files. As the compiler leaves it, a command loads some 2,000, most of them of the
 * Kubernetes client, and looking for them takes longer than most commands do.
 */
export default defineConfig({
  input: { main: 'src/cli/main.ts' },
  platform: 'node',
  // The lowest Node.js of package.json's engines: without it `using` stays as it is, and that one cannot read it.
  transform: { target: 'node22.22' },
  // What looks for native code or for files beside itself, or keeps a registry of its own, stays as it is.
  external: [/^(dockerode|docker-modem|ssh2|tar-stream|reflect-metadata)/, /^@(grpc|peculiar)\//],
  treeshake: { moduleSideEffects: (id) => !id.includes('@kubernetes/client-node') },
  output: { dir: 'dist/bin', format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
});
