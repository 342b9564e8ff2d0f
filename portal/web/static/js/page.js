// Extras of every page; all of it works without them.
// Focus goes to the error summary, long texts count down, keepable numbers can be copied, no form is sent twice.

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

const words = document.documentElement.lang === "en"
  ? { left: (n) => `${n} characters left`, over: (n) => `${n} characters too many` }
  : { left: (n) => `还可以写 ${n} 字`, over: (n) => `多了 ${n} 字` };

for (const area of document.querySelectorAll("textarea[data-limit]:not(.note)")) {
  const limit = Number(area.dataset.limit);
  const note = document.createElement("p");
  note.className = "hint";
  note.id = `${area.id}_count`;
  const show = () => {
    const left = limit - [...area.value].length;
    note.textContent = left < 0 ? words.over(-left) : words.left(left);
  };
  area.after(note);
  area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") || ""} ${note.id}`.trim());
  area.addEventListener("input", show);
  show();
}

// What is folded on a phone alone stands open on a wide screen, also where the style sheet cannot see to it.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 45.01em)").matches) {
  for (const folded of document.querySelectorAll("details.tuck")) folded.open = true;
}

// What is written about a place ticks it; how many are ticked is told as it changes.
document.addEventListener("input", (event) => {
  const box = document.getElementById(event.target.dataset?.ticks || "");
  if (box && event.target.value.trim()) box.checked = true;
  for (const told of document.querySelectorAll("[data-ticked]")) {
    const ticked = document.querySelectorAll(`input[name^="${told.dataset.ticked}"]:checked`).length;
    if (told.textContent !== `${ticked}`) told.textContent = ticked;
  }
});

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.querySelector("span").textContent = button.dataset.wordCopied;
  });
}

// Only where something typed on the page to go back to lies in this browser (autosave.js) is that said.
for (const told of document.querySelectorAll("[data-kept]")) {
  told.hidden = !localStorage.getItem(`draft:${told.dataset.kept.split("?")[0]}`);
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A button that cannot act yet says why instead of acting.
document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
});

// The second press of the same button changes nothing; the server would refuse it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
