// Work lists by keyboard: j and k move, x selects, Enter opens. <table data-keys> with a link .go in each row.

const rows = () => [...document.querySelectorAll("table[data-keys] tbody tr")].filter((row) => row.querySelector("a.go"));
const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = all[Math.min(all.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)))];
    if (next) next.querySelector("a.go").focus();
    event.preventDefault();
  } else if (event.key === "x" && here >= 0) {
    const box = all[here].querySelector("input[type=checkbox]");
    if (box) box.click();
    event.preventDefault();
  }
});

document.addEventListener("change", (event) => {
  const row = event.target.matches("table[data-keys] input[type=checkbox]") && event.target.closest("tr");
  if (row) row.setAttribute("aria-selected", String(event.target.checked));
});
