// What the back end says, and the two requests that make it say so.

export interface Curve {
  time: number[];
  flux: number[];
}

export interface Verdict {
  verdict: "transit" | "no transit";
  probability: number;
  period: number;
  epoch: number;
  duration: number;
  depth: number;
  cached: boolean;
  worker: number;
}

export interface Example {
  n: number;
  name: string;
  words: string;
}

export interface Judged {
  name: string;
  curve: Curve;
  verdict: Verdict;
}

export async function examples(): Promise<Example[]> {
  return (await asked<{ examples: Example[] }>("/api/examples")).examples;
}

export async function judgeExample({ n, name }: Example): Promise<Judged> {
  const { time, flux } = await asked<Curve>(`/api/examples/${n}`);
  const body = JSON.stringify({ time, flux });
  const headers = { "Content-Type": "application/json" };
  const verdict = await asked<Verdict>("/api/predict", { method: "POST", headers, body });
  return { name, curve: { time, flux }, verdict };
}

export async function judgeFile(file: File): Promise<Judged> {
  const body = new FormData();
  body.set("file", file);
  const { curve, ...verdict } = await asked<Verdict & { curve: Curve }>("/api/upload", { method: "POST", body });
  return { name: file.name, curve, verdict };
}

async function asked<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(path, init).catch(() => {
    throw new Error("the server cannot be reached, try again");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? `the server answered ${response.status}`);
  return answer as Answer;
}
