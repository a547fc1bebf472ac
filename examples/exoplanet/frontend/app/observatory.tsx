"use client";
// A light curve is chosen or uploaded; its drawing and the verdict are shown.

import { useEffect, useRef, useState, type ChangeEvent } from "react";
import { folded, transits } from "@/lib/plot";
import { examples, judgeExample, judgeFile, type Example, type Judged } from "@/lib/verdict";
import { Chart } from "./chart";

export function Observatory() {
  const [choices, setChoices] = useState<Example[]>([]);
  const [judged, setJudged] = useState<Judged | null>(null);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const latest = useRef(0);

  useEffect(() => {
    examples().then(setChoices, (error: Error) => setTrouble(error.message));
  }, []);

  async function judge(asking: Promise<Judged>) {
    const turn = ++latest.current;
    setBusy(true);
    setTrouble("");
    try {
      const answer = await asking;
      if (turn === latest.current) setJudged(answer);
    } catch (error) {
      if (turn !== latest.current) return;
      setJudged(null);
      setTrouble((error as Error).message);
    } finally {
      if (turn === latest.current) setBusy(false);
    }
  }

  function upload(event: ChangeEvent<HTMLInputElement>) {
    const file = event.target.files?.[0];
    if (file) void judge(judgeFile(file));
    event.target.value = ""; // the same file again is a change too
  }

  return (
    <>
      <section aria-label="light curve">
        <label className="upload">
          Upload a CSV file <small>with columns time (days) and flux</small>
          <input type="file" accept=".csv,text/csv" onChange={upload} />
        </label>
        <div className="samples">
          {choices.map((choice) => (
            <button key={choice.n} type="button" title={choice.words} onClick={() => void judge(judgeExample(choice))}>
              {choice.name}
            </button>
          ))}
        </div>
      </section>
      <div aria-live="polite" aria-busy={busy}>
        {trouble && <p className="trouble" role="alert">{trouble}</p>}
        {judged && <Shown {...judged} />}
      </div>
    </>
  );
}

function Shown({ name, curve, verdict }: Judged) {
  const found = verdict.verdict === "transit";
  const { period, epoch, duration } = verdict;
  const half: [number, number][] = [[-duration / 2, duration / 2]];
  return (
    <section aria-label="verdict">
      <h2 id="verdict" className={found ? "yes" : "no"}>
        {name}: {verdict.verdict}
      </h2>
      <dl>
        <Fact name="probability" value={`${(verdict.probability * 100).toFixed(1)} %`} />
        <Fact name="period" value={`${period.toFixed(3)} days`} />
        <Fact name="depth" value={`${(verdict.depth * 1e6).toFixed(0)} ppm`} />
        <Fact name="duration" value={`${(duration * 24).toFixed(1)} hours`} />
        <Fact name="answered by" value={`worker ${verdict.worker}${verdict.cached ? ", from the cache" : ""}`} />
      </dl>
      <Chart label="Light curve" unit="time in days" x={curve.time} y={curve.flux}
        marked={found ? transits(curve.time, period, epoch, duration) : []} />
      <Chart label={`Folded with the ${found ? "" : "best, yet unconvincing, "}period`} unit="days from the middle of the dip"
        x={folded(curve.time, period, epoch)} y={curve.flux} marked={half} />
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
