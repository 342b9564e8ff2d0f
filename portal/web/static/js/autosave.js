// Saves a form two seconds after typing stops: <form data-autosave="address">, state line [data-saved].
// Not saved: the words stay in this browser and are offered again when the page is next opened.

const IDLE = 2000;
const PATIENCE = 15000;

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);

function start(form) {
  const line = form.querySelector("[data-saved]") || document.querySelector("[data-saved]");
  const key = `draft:${form.dataset.autosave}`;
  let timer = 0;
  let sent = snapshot(form);
  let saving = Promise.resolve("saved");
  let leaving = "";
  offer(form, key);
  for (const promise of document.querySelectorAll("[data-autosaves]")) promise.hidden = false;

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, IDLE);
  };

  // One at a time: each save tells the server which revision it has seen, and learns the next one.
  function save() {
    clearTimeout(timer);
    saving = saving.then(saveChanges);
    return saving;
  }

  async function saveChanges() {
    const now = snapshot(form);
    if (now === sent) return "saved";
    say(line, "saving");
    const outcome = await send(form);
    if (outcome === "saved") {
      sent = now;
      localStorage.removeItem(key);
      document.dispatchEvent(new Event("autosaved"));
      say(line, "saved", null, form.dataset.savedAt);
    } else {
      localStorage.setItem(key, now);
      say(line, outcome, save);
    }
    return outcome;
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // What is typed is saved before the page is left: whoever has been signed out stays here, with every word.
  form.addEventListener("submit", async (event) => {
    if (leaving === "saved") return;
    event.preventDefault();
    if (leaving) return;
    leaving = "saving";
    leaving = await save() === "signed-out" ? "" : "saved";
    // In a task of its own: while one submit is still being told to all, a form drops the next without a word.
    await new Promise((done) => setTimeout(done));
    if (leaving) form.requestSubmit(event.submitter);
    leaving = "";
  });
  window.addEventListener("online", save);
  window.addEventListener("pagehide", () => {
    const now = snapshot(form);
    if (now !== sent) localStorage.setItem(key, now);
  });
}

function fields(form) {
  return [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && form.elements.namedItem(name)?.type !== "hidden",
  );
}

function snapshot(form) {
  return JSON.stringify(fields(form));
}

async function send(form) {
  const body = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST", body, redirect: "manual", credentials: "same-origin", headers: { "X-Autosave": "1" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) {
      const seen = form.elements.namedItem("section_seen");
      form.dataset.savedAt = answer.headers.get("X-Saved-At") || "";
      if (seen && answer.headers.has("X-Revision")) seen.value = answer.headers.get("X-Revision");
      return "saved";
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "signed-out";
    return answer.status === 409 ? "stale" : "failed";
  } catch {
    return "failed";
  }
}

// The hour is the server's: a phone may run late, or in another zone.
function say(line, state, retry, clock = "") {
  if (!line) return;
  const word = line.getAttribute(`data-word-${state}`) || "";
  line.dataset.state = state === "saved" || state === "saving" ? state : "failed";
  line.replaceChildren();
  if (state === "failed" && retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn text";
    button.textContent = word;
    button.addEventListener("click", retry);
    line.append(button);
  } else {
    line.append(state === "saved" ? `${word} ${clock}`.trim() : word);
  }
}

function offer(form, key) {
  const kept = localStorage.getItem(key);
  if (!kept) return;
  if (kept === snapshot(form)) {
    localStorage.removeItem(key);
    return;
  }
  const english = document.documentElement.lang === "en";
  const box = document.createElement("div");
  box.className = "notice";
  box.dataset.tone = "warn";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = english ? "Words you wrote here earlier were not saved. " : "您上次在这台电脑上写的内容没有保存上。";
  const take = button(english ? "Bring them back" : "取回来", () => { restore(form, JSON.parse(kept)); box.remove(); });
  const drop = button(english ? "Discard" : "不要了", () => { localStorage.removeItem(key); box.remove(); });
  const holder = document.createElement("div");
  holder.append(text, take, drop);
  box.append(document.createElement("span"), holder);
  form.prepend(box);
}

function button(word, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn text";
  made.textContent = word;
  made.addEventListener("click", act);
  return made;
}

function restore(form, kept) {
  const names = new Set(kept.map(([name]) => name));
  for (const control of form.elements) {
    if (!control.name || control.type === "file" || control.type === "hidden") continue;
    const values = kept.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
    else if (names.has(control.name)) control.value = values[0];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
