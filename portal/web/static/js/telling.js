// Extras of the public complaint form; all of it works without them.
// Leaving quickly takes this page's place in the history; the work that is asked for while many send is done here.

for (const link of document.querySelectorAll("[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(link.href);
  });
}

async function hashOf(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Find the number whose hash was asked for (altcha), a few hundred at a time so that the page stays alive.
async function solve({ challenge, salt, maxNumber: last }) {
  for (let start = 0; start <= last; start += 500) {
    const numbers = Array.from({ length: Math.min(500, last - start + 1) }, (_unused, place) => start + place);
    const hashes = await Promise.all(numbers.map((number) => hashOf(salt + number)));
    const place = hashes.indexOf(challenge);
    if (place >= 0) return numbers[place];
  }
  return null;
}

const form = document.querySelector("form[data-proof]");
if (form && globalThis.crypto?.subtle) {
  const says = form.querySelector("[data-proof-says]");
  const asked = JSON.parse(form.dataset.proof);
  let done = false;
  let sending = false;
  says.textContent = says.dataset.wordWorking;
  form.addEventListener("submit", (event) => {
    if (done) return;
    event.preventDefault();
    sending = true;
  });
  solve(asked).then((number) => {
    const { algorithm, challenge, salt, signature } = asked;
    if (number !== null) form.elements.solution.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    says.textContent = says.dataset.wordDone;
  }).finally(() => {
    done = true;
    if (sending) form.requestSubmit();
  });
}
