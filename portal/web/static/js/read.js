// Reads the page aloud with the voice of the browser or the system: in 长辈版, where script and a voice are there.

const button = document.querySelector("button[data-read]");
const speech = window.speechSynthesis;

if (button && speech) {
  const word = button.querySelector("span");
  const start = word.textContent;
  const parts = () => [...document.querySelectorAll("main :is(h1, h2, h3, p, li, dt, dd, th, td, label, legend)")]
    .filter((element) => element.offsetParent && !element.querySelector("p, li, dt, dd, label"))
    .map((element) => element.textContent.trim().replace(/\s+/g, " "))
    .filter(Boolean);
  const stop = () => {
    speech.cancel();
    word.textContent = start;
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    if (speech.speaking) return stop();
    word.textContent = button.dataset.wordStop;
    const texts = parts();
    texts.forEach((text, index) => {
      const spoken = new SpeechSynthesisUtterance(text);
      spoken.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
      spoken.rate = 0.9;
      if (index === texts.length - 1) spoken.addEventListener("end", stop);
      speech.speak(spoken);
    });
  });
  window.addEventListener("pagehide", () => speech.cancel());
}
