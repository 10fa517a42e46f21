/** A page of the documentation that `meshdev docs` shows. */
export interface DocsTopic {
  readonly topic: string;
  readonly title: string;
}

/** Every page of docs/, in the order in which somebody new reads them. */
export const DOCS_TOPICS: readonly DocsTopic[] = [
  { topic: 'tutorial', title: 'walk the chain, hop by hop, with commands to try' },
  { topic: 'glossary', title: 'the terms of meshdev, Istio and Envoy' },
  { topic: 'commands', title: 'every command with its flags' },
  { topic: 'configuration', title: 'meshdev.yaml, environment variables, whose a lab is' },
  { topic: 'services', title: 'services in meshdev.yaml: validated, not deployed yet' },
  { topic: 'own-service', title: 'your own service in the lab, and what is not there yet' },
  { topic: 'checks', title: 'every check: what is true when it is green' },
  { topic: 'signals', title: 'what Envoy, Caddy and TLS say, and what it means' },
  { topic: 'errors', title: 'errors by code, exit codes, reasons' },
  { topic: 'images', title: 'where images come from: sources, mirrors, bundles' },
  { topic: 'edge', title: 'what the edge passes, removes and answers by itself' },
  { topic: 'platforms', title: 'Linux, macOS, WSL2: what runs where' },
  { topic: 'ci', title: 'continuous integration: formats, caches, the GitHub Action' },
  { topic: 'performance', title: 'what a run costs, measured' },
  { topic: 'architecture', title: 'how the lab and the program are built' },
  { topic: 'path-validation', title: 'how certificates are judged, beside other libraries' },
  { topic: 'releasing', title: 'how a version is published' },
];
