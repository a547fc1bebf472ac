// 200 while this server answers; with ?deep also asks the back end, and says 503 if that is not ready.

import type { NextRequest } from "next/server";
import { backend } from "@/lib/backend";

export const dynamic = "force-dynamic";

export async function GET(request: NextRequest): Promise<Response> {
  if (!request.nextUrl.searchParams.has("deep")) return Response.json({ status: "ok" });
  const state = await asked();
  const status = state === "ok" ? 200 : 503;
  return Response.json({ status: status === 200 ? "ok" : "failing", checks: { backend: state } }, { status });
}

async function asked(): Promise<string> {
  try {
    const answer = await fetch(backend("/health"), { cache: "no-store", signal: AbortSignal.timeout(2000) });
    return answer.ok ? "ok" : `status ${answer.status}`;
  } catch {
    return "no answer";
  }
}
