import type { Lab } from '../topology/lab.ts';
import { EDGE_ADMIN_SOCKET, EDGE_FILES } from './edge-files.ts';

/**
 * The edge's Caddyfile. Every name in it was validated as a DNS label, so nothing needs quoting.
 *
 * - `strict_sni_host`: Istio never compares SNI with Host, so the edge must.
 * - `header_up Host {hostport}`: Caddy would send the upstream's own name to an https upstream.
 * - one static `tls_server_name` per site: with a placeholder a pooled connection keeps the first host's.
 * - `handle_errors` in every site: one alone would silence the error records of the others. It sets the
 *   id again: what the site put on an answer is gone by then, and a 502 without it has no record.
 */
export function renderCaddyfile(lab: Lab): string {
  return [
    globalOptions(lab),
    commonSnippet(),
    meshSite(lab, lab.hosts.httpbin),
    authSite(lab),
    catchAll(lab),
  ].join('\n');
}

function globalOptions(lab: Lab): string {
  return `{
	admin unix/${EDGE_ADMIN_SOCKET}|0600
	persist_config off
	storage file_system /data/caddy
	grace_period 3s
	skip_install_trust
	auto_https disable_redirects
	log {
		output stdout
		format json
	}
	pki {
		ca edge {
			name "meshdev edge ${lab.name}"
			root {
				cert ${EDGE_FILES.root}
			}
			intermediate {
				cert ${EDGE_FILES.intermediate}
				key ${EDGE_FILES.intermediateKey}
			}
		}
	}
	servers {
		protocols h1 h2
		strict_sni_host on
	}
}
`;
}

/** Identity and control headers of a client end here; the lab's own id begins here. */
function commonSnippet(): string {
  return `(edge) {
	tls {
		protocols tls1.3
		issuer internal {
			ca edge
		}
	}
	log
	log_append upstream_latency_ms {http.reverse_proxy.upstream.latency_ms}
	log_append upstream {http.reverse_proxy.upstream.hostport}
	log_append meshdev_id {http.request.uuid}
	request_header -X-Forwarded-*
	request_header -X-Envoy-*
	request_header -Forwarded
	request_header -X-Real-Ip
	request_header -X-Request-Id
	request_header X-Meshdev-Id {http.request.uuid}
	header >X-Meshdev-Id {http.request.uuid}
	handle_errors {
		log_append edge_error {err.message}
		header X-Meshdev-Id {http.request.uuid}
		respond "{err.status_code} {err.status_text}" {err.status_code}
	}
}
`;
}

function meshSite(lab: Lab, host: string): string {
  return `${siteAddress(lab, host)} {
	import edge
	reverse_proxy https://${lab.cluster.node}:${lab.gatewayNodePort} {
		header_up Host {hostport}
		transport http {
			tls_trust_pool file ${EDGE_FILES.upstreamAnchor}
			tls_client_auth ${EDGE_FILES.client} ${EDGE_FILES.clientKey}
			tls_server_name ${host}
			tls_timeout 5s
			dial_timeout 3s
			response_header_timeout 30s
			network_proxy none
		}
	}
}
`;
}

function authSite(lab: Lab): string {
  return `${siteAddress(lab, lab.hosts.auth)} {
	import edge
	reverse_proxy http://${lab.containers.idp}:${lab.idpPort} {
		header_up Host {hostport}
		transport http {
			dial_timeout 3s
			response_header_timeout 30s
			network_proxy none
		}
	}
}
`;
}

/** Whatever names no site: refused as misdirected, never an empty 200. */
function catchAll(lab: Lab): string {
  return `https://:${lab.httpsPort} {
	log
	log_append meshdev_id {http.request.uuid}
	respond "421 Misdirected Request" 421
	handle_errors {
		log_append edge_error {err.message}
		respond "{err.status_code} {err.status_text}" {err.status_code}
	}
}
`;
}

function siteAddress(lab: Lab, host: string): string {
  return `https://${host}:${lab.httpsPort}`;
}
