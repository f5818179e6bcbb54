"use strict";

// Nobody stands at this screen: it takes the newest result by itself, and keeps what it shows while nobody answers.
(() => {
  const EVERY = 600000;

  const renew = async () => {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = next.querySelector("main.lobby");
    if (shown === null) return;
    document.querySelector("main.lobby").replaceWith(document.adoptNode(shown));
    document.title = next.title;
  };

  setInterval(() => renew().catch(() => {}), EVERY);
})();
