"use strict";

// The server says when a figure may have changed; htmx then fetches the figures anew.
(() => {
  const live = document.getElementById("live");
  const figures = document.getElementById("figures");
  let source;

  const show = (state) => {
    live.className = "live " + state;
    live.textContent = live.dataset[state];
  };

  const listen = () => {
    source = new EventSource(live.dataset.events);
    source.onopen = () => show("on");
    source.onerror = () => {
      show("off");
      // After a refusal the browser does not try again by itself.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 15000);
    };
    source.addEventListener("changed", () => htmx.trigger(figures, "figures-changed"));
  };

  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
  listen();
})();
