// Keeps the page of an order up to date. Without it the page works, too: a link reloads it.
const region = document.getElementById("postep");
const state = document.getElementById("stan");

if (region?.dataset.events) {
  const events = new EventSource(region.dataset.events);
  let busy = false;
  let again = false;

  // Takes the newest page from the server and puts its parts in the place of the old ones.
  // Only the sentence about the state is announced to screen readers.
  async function refresh() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const reply = await fetch(location.href);
      if (!reply.ok) return;
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const focused = region.contains(document.activeElement) && document.activeElement.getAttribute("href");
      const [left, top] = [region.querySelector(".scroll")?.scrollLeft, region.querySelector(".scroll")?.scrollTop];
      region.replaceChildren(...page.getElementById("postep").childNodes);
      if (left || top) region.querySelector(".scroll").scrollTo(left, top);
      if (focused) region.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      document.title = page.title;
      for (const part of ["h1", "#prawa"]) {
        const [old, now] = [document.querySelector(part), page.querySelector(part)];
        if (old.innerHTML.trim() !== now.innerHTML.trim()) old.replaceChildren(...now.childNodes);
      }
      const sentence = page.getElementById("stan").textContent;
      if (state.textContent !== sentence) state.textContent = sentence;
    } finally {
      busy = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  // An event brings what changes at once, so that the rows need not be read as often.
  const every = 3000;
  let waits = false;
  function show(event) {
    const told = JSON.parse(event.data);
    if (state.textContent !== told.state) state.textContent = told.state;
    const bar = region.querySelector("progress");
    if (bar) bar.value = told.ended;
  }

  events.addEventListener("zmiana", (event) => {
    show(event);
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      refresh();
    }, every);
  });
  events.addEventListener("koniec", (event) => {
    events.close();
    show(event);
    refresh();
  });
}
