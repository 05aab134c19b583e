"""What to change in which proxy, for each thing that may be wrong."""

from collections.abc import Mapping

NGINX, CADDY, TRAEFIK = "nginx", "Caddy", "Traefik"
PROXIES = (NGINX, CADDY, TRAEFIK)

CHANGES: Mapping[str, Mapping[str, str]] = {
    "buffering": {
        NGINX: "proxy_buffering off; and proxy_http_version 1.1; "
        "and no proxy_ignore_headers X-Accel-Buffering",
        CADDY: "reverse_proxy { flush_interval -1 }",
        TRAEFIK: "no buffering middleware on this router",
    },
    "compression": {
        NGINX: "no text/event-stream (and no *) in gzip_types and brotli_types, "
        "no proxy_hide_header Content-Encoding",
        CADDY: "encode { match { not header Content-Type text/event-stream* } }",
        TRAEFIK: "compress.excludedContentTypes: text/event-stream",
    },
    "idle": {
        NGINX: "proxy_read_timeout 3600s; send_timeout 3600s",
        CADDY: "no read_timeout or stream_timeout in reverse_proxy, no write_idle in servers",
        TRAEFIK: "entryPoints.NAME.transport.respondingTimeouts.writeTimeout=0",
    },
    "disconnect": {
        NGINX: "proxy_ignore_client_abort off",
        CADDY: "no stream_close_delay in reverse_proxy",
        TRAEFIK: "no retry or buffering middleware on this router",
    },
    "http": {
        NGINX: "http2 on; in the server block (before 1.25.1: listen 443 ssl http2;)",
        CADDY: "then it is on by itself",
        TRAEFIK: "then it is on by itself",
    },
    "upstream": {
        NGINX: 'proxy_http_version 1.1; and proxy_set_header Connection "";',
        CADDY: "transport http { versions 1.1 }",
        TRAEFIK: "nothing to set: something between Traefik and Cairn speaks HTTP/1.0",
    },
    "headers": {
        NGINX: "no proxy_hide_header and no add_header Cache-Control for Cairn",
        CADDY: "no header directive for Cache-Control or Content-Type",
        TRAEFIK: "no headers middleware that replaces Cache-Control or Content-Type",
    },
    "scheme": {
        NGINX: "proxy_set_header X-Forwarded-Proto $scheme",
        CADDY: "nothing to set: it sends X-Forwarded-Proto by itself",
        TRAEFIK: "forwardedHeaders.trustedIPs on the entry point, if another proxy is before it",
    },
    "token": {
        NGINX: 'no proxy_set_header Authorization "";, no auth_basic',
        CADDY: "no header_up -Authorization, no basic_auth",
        TRAEFIK: "no basicAuth or forwardAuth middleware that removes the header",
    },
}


def proxy_of(headers: Mapping[str, str]) -> str:
    """Return the proxy that an answer's headers name, or nothing. Traefik never names itself."""
    told = f"{headers.get('server', '')} {headers.get('via', '')}".lower()
    if "nginx" in told or "openresty" in told:
        return NGINX
    return CADDY if "caddy" in told else ""


def change(what: str, proxy: str) -> str:
    """Return the setting to change: of the proxy that is there, or of each that may be."""
    changes = CHANGES[what]
    return "; or ".join(f"{name}: {changes[name]}" for name in ([proxy] if proxy else PROXIES))
