// Warns before a sign-in ends unused, offers to stay, and says so when it has ended. Nothing typed is lost by it.

const box = document.querySelector("dialog[data-idle]");
const WARN = 150;

if (box && box.showModal) {
  const idle = Number(box.dataset.idle);
  const clock = box.querySelector("[data-left]");
  const seen = () => Number(localStorage.getItem("seen") || 0);
  const touch = () => localStorage.setItem("seen", String(Date.now()));
  touch();

  const tick = () => {
    const left = Math.round(idle - (Date.now() - seen()) / 1000);
    if (left > WARN && box.open) box.close();
    if (left <= WARN && left > 0 && !box.open) box.showModal();
    if (left <= 0) {
      box.querySelector("[data-before]").hidden = true;
      box.querySelector("[data-after]").hidden = false;
      if (!box.open) box.showModal();
    }
    const shown = Math.max(0, left);
    clock.textContent = `${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}`;
  };

  box.querySelector("[data-stay]").addEventListener("click", async () => {
    const answer = await fetch("/healthz", { credentials: "same-origin" }).catch(() => null);
    if (answer && answer.ok) {
      touch();
      box.close();
    }
  });
  document.addEventListener("htmx:afterRequest", touch);
  document.addEventListener("autosaved", touch);
  setInterval(tick, 1000);
}
