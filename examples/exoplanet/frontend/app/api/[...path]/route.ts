// Everything below /api goes to the back end. A rewrite in next.config.ts would do the same, but
// its address would be fixed when the image is built.

import type { NextRequest } from "next/server";
import { backend } from "@/lib/backend";

export const dynamic = "force-dynamic";

const PATIENCE_MS = 30_000;
// They are about one connection, not about the message.
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"];

async function forward(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  const init: RequestInit & { duplex: "half" } = {
    method: request.method,
    headers: without(request.headers, [...HOP_BY_HOP, "host", "content-length", "expect"]),
    body: request.body,
    cache: "no-store",
    redirect: "manual",
    duplex: "half",
    signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]),
  };
  try {
    const answer = await fetch(backend(pathname + search), init);
    // fetch has unpacked the body, so these two would be wrong.
    const headers = without(answer.headers, [...HOP_BY_HOP, "content-encoding", "content-length"]);
    return new Response(answer.body, { status: answer.status, headers });
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    console.error(JSON.stringify({ level: "ERROR", message: "back end", path: pathname, why: String(error) }));
    return Response.json({ detail: "the back end cannot be reached, try again" }, { status: late ? 504 : 502 });
  }
}

function without(headers: Headers, names: string[]): Headers {
  const kept = new Headers(headers);
  names.forEach((name) => kept.delete(name));
  return kept;
}

export { forward as GET, forward as POST, forward as PUT, forward as PATCH, forward as DELETE };
