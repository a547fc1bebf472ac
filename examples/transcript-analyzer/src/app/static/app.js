import { Live } from "./live.js";

const POLL = 2000; // ms, while there is no socket
const ASSURE = 15000; // ms, while there is one: an announcement may be lost, the state is not

const list = document.getElementById("jobs");
const problem = document.getElementById("problem");
const over = (state) => state === "done" || state === "failed";
const open = () => [...list.children].filter((item) => !over(item.dataset.state));

const live = new Live({
  onEvent(name, data) {
    if (name === "progress") show(data);
  },
  onLink(up) {
    document.getElementById("link").textContent = up ? "live" : "no live connection, asking every 2 s";
    if (up) open().forEach(watch);
  },
});

function watch(item) {
  live.send("join", { id: item.dataset.id });
}

function show(job) {
  const item = list.querySelector(`[data-id="${CSS.escape(job.id)}"]`);
  // Answers may overtake each other: an end is final, and progress never goes back.
  if (!item || over(item.dataset.state)) return;
  const bar = item.querySelector("progress");
  bar.value = Math.max(bar.value, job.progress);
  item.dataset.state = job.state;
  item.querySelector(".state").textContent = job.error ? `${job.state}: ${job.error}` : job.state;
  item.querySelector("a").hidden = job.state !== "done";
  if (job.state === "done") read(job.id);
}

async function ask() {
  for (const item of open()) {
    try {
      const answer = await fetch(`/api/jobs/${item.dataset.id}`);
      if (answer.ok) show(await answer.json());
      else if (answer.status === 404) item.remove();
    } catch {
      break; // the server is away; asked again in a moment
    }
  }
  setTimeout(ask, live.connected ? ASSURE : POLL);
}

async function read(id) {
  const answer = await fetch(`/api/jobs/${id}/result`);
  if (!answer.ok) return;
  const found = await answer.json();
  const page = document.getElementById("result");
  page.replaceChildren(element("h2", found.title));
  page.append(element("p", `${found.words} words in ${found.sentences} sentences`));
  for (const section of found.sections) {
    const items = document.createElement("ul");
    items.append(...section.items.map((item) => element("li", words(item))));
    page.append(element("h3", section.title), items.children.length ? items : element("p", "none"));
  }
}

function words(item) {
  if ("term" in item) return `${item.term} (${item.count})`;
  if ("sentences" in item) return `${item.speaker || "nobody named"}: ${item.sentences} sentences, ${item.words} words`;
  return item.speaker ? `${item.speaker}: ${item.text}` : item.text;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function add(id, title) {
  const item = document.createElement("li");
  item.dataset.id = id;
  item.dataset.state = "queued";
  const bar = document.createElement("progress");
  Object.assign(bar, { max: 100, value: 0 });
  const link = element("a", "Download");
  Object.assign(link, { href: `/api/jobs/${id}/download`, hidden: true });
  const state = element("span", "queued");
  state.className = "state";
  item.append(element("strong", title), bar, " ", state, " ", link);
  list.prepend(item);
  watch(item);
}

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { title, text } = Object.fromEntries(new FormData(event.target));
  problem.hidden = true;
  try {
    const answer = await fetch("/api/jobs", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ title, text }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error);
    add(said.id, title);
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
});

list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (item?.dataset.state === "done" && event.target.tagName === "STRONG") read(item.dataset.id);
});

ask();
