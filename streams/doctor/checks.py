"""What is wrong with what was seen, and who is to blame. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from streams.doctor.advice import NGINX, change, proxy_of
from streams.doctor.probing import Seen

Level = Literal["ok", "note", "problem"]
GRACE = 2.0  # seconds that a sign of life may be late
TOKEN = "make one with manage.py drf_create_token USER, and give it with --token or CAIRN_TOKEN"  # noqa: S105 - no token


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the result; `change` is what to do about it."""

    check: str
    level: Level
    text: str
    change: str = ""


def answer(seen: Seen, host: str, *, asked: str, has_token: bool) -> Finding:
    """Say whether a stream was answered at all, and if not, why not."""
    if seen.is_silent and not seen.status:
        hint = f"does this port speak {asked}? If so: {change('buffering', '')}"
        return Finding("answer", "problem", f"no answer within {seen.ended:.0f} s", hint)
    if 300 <= seen.status < 400:
        place = seen.header("Location")
        return Finding("answer", "problem", f"it redirects to {place}", "give that address instead")
    if seen.status == 401:
        if not has_token:
            return Finding("answer", "problem", "401: nobody is signed in", TOKEN)
        text = "401: the token is not valid, or the Authorization header did not arrive"
        return Finding(
            "answer", "problem", text, f"{TOKEN}; {change('token', proxy_of(seen.headers))}"
        )
    if seen.status != 200:
        text, to_change = _refused(seen, host)
        return Finding("answer", "problem", f"{seen.status}: {text}", to_change)
    if not seen.header("Content-Type").startswith("text/event-stream"):
        text = f"something answers with {seen.header('Content-Type') or 'no type'}, and no stream"
        return Finding("answer", "problem", text, "give the address at which Cairn's pages are")
    via = " ".join(filter(None, (seen.header("Server"), seen.header("Via"))))
    return Finding("answer", "ok", f"a stream is answered{f' by {via}' if via else ''}")


def _refused(seen: Seen, host: str) -> tuple[str, str]:
    if seen.status == 400 and b"HTTPS port" in seen.body:
        return "the port speaks https", "give the address with https://"
    if seen.status == 400:
        hint = f"add {host} to CAIRN_ALLOWED_HOSTS; nginx: proxy_set_header Host $host;"
        return f"the host name {host} is not allowed, or does not arrive", hint
    if seen.status in (403, 407):
        return "the proxy does not let this through", "allow /api/ in the proxy"
    if seen.status == 404:
        return "no Cairn is there, or one without this check", "give the address of its pages"
    if seen.status == 429:
        return (
            "too many streams or requests of this user",
            "close tabs of this user, take another user's token, or raise CAIRN_STREAMS_PER_USER",
        )
    if seen.status in (502, 503, 504):
        hint = "look at /readyz of the web processes, and at the address the proxy passes on to"
        return "the proxy reaches no Cairn that can work", hint
    return "the server failed", "look at the log of the web process"


def headers(seen: Seen) -> Finding:
    proxy = proxy_of(seen.headers)
    wrong = []
    caching = seen.header("Cache-Control")
    if "no-cache" not in caching and "no-store" not in caching:
        wrong.append(f"Cache-Control is {caching or 'missing'} instead of no-cache")
    if seen.header("Content-Length"):
        wrong.append("Content-Length is set: the whole stream was gathered first")
    if wrong:
        return Finding("headers", "problem", "; ".join(wrong), change("headers", proxy))
    accel = seen.header("X-Accel-Buffering")
    taken = f"X-Accel-Buffering {accel or ('taken by nginx' if proxy == NGINX else 'taken away')}"
    return Finding("headers", "ok", f"Cache-Control {caching}, {taken}")


def scheme(seen: Seen, asked: str) -> Finding:
    told = str(seen.opened.get("scheme", ""))
    if told in ("", asked):
        return Finding("scheme", "ok", f"Cairn knows that it is asked by {asked}")
    to_change = (
        f"{change('scheme', proxy_of(seen.headers))}; start uvicorn with --proxy-headers "
        "--forwarded-allow-ips PROXY, Daphne with --proxy-headers"
    )
    text = f"asked by {asked}, Cairn believes it is {told}: forms will be refused, links are wrong"
    return Finding("scheme", "problem", text, to_change)


def compression(seen: Seen) -> Finding:
    encoding = seen.header("Content-Encoding")
    if encoding in ("", "identity"):
        return Finding("compression", "ok", "the stream is not compressed")
    to_change = change("compression", proxy_of(seen.headers))
    if seen.opened.get("compresses"):
        to_change = f"take GZipMiddleware out of MIDDLEWARE; or {to_change}"
    text = f"the stream comes as {encoding}: events wait in the compressor"
    return Finding("compression", "problem", text, to_change)


def buffering(seen: Seen) -> Finding:
    """Compare when frames were sent with when they came."""
    frames = seen.of("doctor_frame")
    sent = [float((one.data or {}).get("sent_ms", 0)) / 1000 for one in frames]
    came = [one.at for one in frames]
    if len(frames) < 2:
        text = f"{len(seen.reads)} pieces came, and no frames could be read from them"
        return Finding("buffering", "problem", text, change("buffering", proxy_of(seen.headers)))
    bursts = 1 + sum(later - before > 0.02 for before, later in pairwise(came))
    span, spent = sent[-1] - sent[0], came[-1] - came[0]
    if spent >= 0.7 * span and bursts >= len(frames) / 2:
        gaps = [later - before for before, later in pairwise(came)]
        return Finding(
            "buffering",
            "ok",
            f"{len(frames)} frames sent every {span / (len(frames) - 1) * 1000:.0f} ms came every "
            f"{min(gaps) * 1000:.0f} to {max(gaps) * 1000:.0f} ms, the first byte after "
            f"{seen.reads[0] * 1000:.0f} ms",
        )
    text = (
        f"{len(frames)} frames sent over {span:.1f} s came in {bursts} "
        f"{'burst' if bursts == 1 else 'bursts'} within {spent:.2f} s, after {came[0]:.1f} s: "
        "they are held back on the way"
    )
    return Finding("buffering", "problem", text, change("buffering", proxy_of(seen.headers)))


def heartbeat(seen: Seen) -> Finding:
    every = float(seen.opened.get("heartbeat_seconds", 0))
    proxy = proxy_of(seen.headers)
    start = seen.arrivals[0].at if seen.arrivals else 0.0
    beats = seen.of("heartbeat")
    if beats and seen.opened:
        after = beats[0].at - start
        if abs(after - every) <= GRACE:
            text = f"a sign of life came after {after:.1f} s, as it should (every {every:g} s)"
            return Finding("heartbeat", "ok", text)
        text = f"a sign of life came {after:.1f} s after the start, instead of {every:g} s"
        return Finding("heartbeat", "problem", text, change("buffering", proxy))
    if seen.is_silent:
        text = f"no sign of life in {seen.ended:.0f} s, and no end"
        return Finding("heartbeat", "problem", text, change("buffering", proxy))
    text = f"the connection was cut after {seen.ended - start:.1f} s, before the first sign of life"
    hint = f"{change('idle', proxy)}; or set CAIRN_HEARTBEAT below {seen.ended - start:.0f} s"
    return Finding("heartbeat", "problem", text, hint)


def idle(seen: Seen, seconds: float, every: float) -> Finding:
    """Say whether a silent connection lives as long as it must: until the next sign of life."""
    if seen.is_whole:
        return Finding("idle", "ok", f"{seconds:g} s of silence do no harm")
    proxy = proxy_of(seen.headers)
    lived = seen.ended - (seen.arrivals[0].at if seen.arrivals else 0.0)
    if seen.is_silent:
        text = "a silent connection was dropped without a word: a firewall or NAT forgets it"
        return Finding(
            "idle", "problem", text, f"raise its limit, or lower CAIRN_HEARTBEAT ({every:g})"
        )
    if lived > every + GRACE:
        text = (
            f"a silent connection is cut after {lived:.1f} s; signs of life come every {every:g} s"
        )
        return Finding("idle", "note", text, f"more room: {change('idle', proxy)}")
    text = (
        f"a silent connection is cut after {lived:.1f} s, but signs of life come every {every:g} s"
    )
    hint = f"{change('idle', proxy)}; or set CAIRN_HEARTBEAT well below {lived:.0f} s"
    return Finding("idle", "problem", text, hint)


def disconnect(
    passage: dict[str, Any] | None, left_at: float, waited: float, proxy: str
) -> Finding:
    """Say whether the server noticed that a client went away."""
    if passage is None:
        text = "no process that answered knows of the stream that was left; are there very many?"
        return Finding("disconnect", "note", text, "ask again")
    if not passage["is_open"] and passage["was_left"]:
        after = max(0.0, passage["milliseconds"] / 1000 - left_at)
        return Finding(
            "disconnect", "ok", f"the server noticed after {after:.1f} s that it was left"
        )
    if not passage["is_open"]:
        text = "the stream had ended before it could be left"
        return Finding("disconnect", "note", text, "ask again")
    text = f"the server did not notice in {waited:.0f} s that its client had gone: streams pile up"
    return Finding("disconnect", "problem", text, change("disconnect", proxy))


def versions(seen: Seen, offered: str) -> Iterator[Finding]:
    proxy = proxy_of(seen.headers)
    if offered == "h2":
        yield Finding("http", "ok", "browsers get HTTP/2, without a limit of six connections")
    else:
        text = (
            "browsers get HTTP/1.1 and open six connections for all tabs of a site; Cairn's pages "
            "share one stream, pages of others must too"
        )
        hint = f": {change('http', proxy)}" if proxy else ""
        yield Finding("http", "note", text, f"serve it over https with HTTP/2{hint}")
    if seen.opened.get("http_version") == "1.0":
        text = "the proxy speaks HTTP/1.0 to Cairn: a new connection for each request"
        yield Finding("upstream", "note", text, change("upstream", proxy))
