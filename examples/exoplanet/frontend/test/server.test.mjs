// The built server against a small back end of our own: node --test test/ (after npm run build)

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../.next/standalone/server.js", import.meta.url));
const PATIENCE = 120_000;

let backend, frontend, url;
const seen = [];

before(async () => {
  backend = createServer(answer).listen(0, "127.0.0.1");
  await once(backend, "listening");
  url = `http://127.0.0.1:${await freePort()}`;
  frontend = spawn(process.execPath, [SERVER], {
    env: {
      ...process.env,
      HOSTNAME: "127.0.0.1",
      PORT: new URL(url).port,
      BACKEND_URL: `http://127.0.0.1:${backend.address().port}`,
      NEXT_TELEMETRY_DISABLED: "1",
    },
    stdio: "ignore",
  });
  await answers(`${url}/healthz`);
});

after(async () => {
  const ended = once(frontend, "exit");
  frontend.kill("SIGTERM");
  await ended;
  backend.close();
});

test("the page has a policy, and its scripts the nonce of it", async () => {
  const response = await fetch(url);
  const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy"))[1];
  const scripts = (await response.text()).match(/<script[^>]*>/g);
  assert.equal(response.status, 200);
  assert.ok(scripts.length > 0);
  for (const script of scripts) assert.ok(script.includes(`nonce="${nonce}"`), script);
  assert.notEqual((await fetch(url)).headers.get("content-security-policy").includes(nonce), true);
});

test("a request goes to the back end as it is", async () => {
  const response = await fetch(`${url}/api/echo/a%20b?x=1&y=%2F`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Request-Id": "seven" },
    body: '{"flux": [1]}',
  });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-cache"), "MISS");
  const { url: path, method, headers, body } = await response.json();
  assert.deepEqual([method, path, body], ["POST", "/api/echo/a%20b?x=1&y=%2F", '{"flux": [1]}']);
  assert.equal(headers["x-request-id"], "seven");
  assert.equal(headers.host, `127.0.0.1:${backend.address().port}`);
});

test("an upload arrives whole", async () => {
  const form = new FormData();
  form.set("file", new Blob(["time,flux\n".padEnd(1_500_000, "1")]), "star.csv");
  const { headers, body } = await (await fetch(`${url}/api/upload`, { method: "POST", body: form })).json();
  assert.match(headers["content-type"], /^multipart\/form-data; boundary=/);
  assert.ok(body.length > 1_500_000);
});

test("a refusal and a redirect come back unchanged", async () => {
  const refusal = await fetch(`${url}/api/refuse`);
  assert.deepEqual([refusal.status, await refusal.json()], [422, { detail: "no" }]);
  const redirect = await fetch(`${url}/api/away`, { redirect: "manual" });
  assert.deepEqual([redirect.status, redirect.headers.get("location")], [307, "/elsewhere"]);
});

test("health asks the back end only when told to", async () => {
  const before = seen.filter((path) => path === "/health").length;
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.equal(seen.filter((path) => path === "/health").length, before);
  const deep = await fetch(`${url}/healthz?deep`);
  assert.deepEqual([deep.status, await deep.json()], [503, { status: "failing", checks: { backend: "status 503" } }]);
});

test("without a back end there is a 502 in words, and the page", async () => {
  backend.closeAllConnections();
  await new Promise((closed) => backend.close(closed));
  const response = await fetch(`${url}/api/stats`);
  assert.equal(response.status, 502);
  assert.match((await response.json()).detail, /back end/);
  assert.equal((await fetch(url)).status, 200);
  assert.equal((await fetch(`${url}/healthz?deep`)).status, 503);
});

function answer(request, response) {
  seen.push(request.url);
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    if (request.url === "/health") return reply(response, 503, {});
    if (request.url === "/api/refuse") return reply(response, 422, { detail: "no" });
    if (request.url === "/api/away") return response.writeHead(307, { Location: "/elsewhere" }).end();
    const { method, url, headers } = request;
    reply(response, 201, { method, url, headers, body: Buffer.concat(chunks).toString() });
  });
}

function reply(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json", "X-Cache": "MISS" });
  response.end(JSON.stringify(value));
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answers(address) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const status = await fetch(address).then((response) => response.status, () => 0);
    if (status === 200) return;
    if (frontend.exitCode !== null || Date.now() > deadline) throw new Error("the server does not answer");
    await new Promise((later) => setTimeout(later, 100));
  }
}
