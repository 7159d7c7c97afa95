"use strict";
(function () {
  const root = document.documentElement, body = document.body;
  const frames = [...document.querySelectorAll(".frame")];
  const pages = frames.map((frame) => frame.querySelector(".page"));
  const panel = document.getElementById("notes"), help = document.getElementById("help");
  // Type is never made smaller than this on screen, and no figure less high: then the slide would scroll.
  const LEAST = 0.7, SMALLEST = 14, FIGURE = 244;
  let now = 0, step = 0, digits = "", codeShown = false, notesWindow = null;
  const fitted = new Set();
  root.classList.add("js");

  // ---- making the content of a page fit: first smaller figures, then smaller type, then a scroll bar

  const tableOf = (item) => (item.matches("table") ? item : item.querySelector("table"));
  const shrinkable = (item) => tableOf(item) || item;
  const width = (item) => (item.matches("table") ? item.offsetWidth : item.scrollWidth);
  const room = (item) => (item.matches("table") ? item.parentElement : item).clientWidth;
  const tooWide = (item) => width(item) > room(item) + 1;

  function shrink(item, smallest) {
    for (let round = 0; round < 4 && room(item) && tooWide(item); round += 1) {
      const size = parseFloat(getComputedStyle(shrinkable(item)).fontSize);
      const wanted = Math.max(smallest, size * Math.min(0.97, room(item) / width(item)));
      if (wanted >= size) break;
      shrinkable(item).style.fontSize = wanted + "px";
    }
  }
  // In a table of many columns short entries stay on one line: rather smaller type than words under each other.
  function asLines(table, cells, longest, least, space) {
    for (const cell of table.querySelectorAll("th, td")) cell.style.whiteSpace = cell.style.minWidth = "";
    for (const cell of table.querySelectorAll(cells)) {
      const short = cell.textContent.trim().length <= longest;
      cell.style.whiteSpace = short ? space : "";
      cell.style.minWidth = short ? "" : least;
    }
    table.style.fontSize = "";
  }
  // smallest: the size of type, in pixels of the flow, below which nothing may fall
  function narrow(flow, smallest) {
    for (const item of flow.querySelectorAll("pre, .formula, .html, .flow > table")) {
      const table = tableOf(item);
      shrinkable(item).style.fontSize = "";
      item.classList.remove("wrapped");
      // code and indices are smaller than the table that they stand in
      const least = table && table.querySelector("code, sub, sup, small") ? smallest / 0.83 : smallest;
      if (table && table.rows[0] && table.rows[0].cells.length > 4) {
        asLines(table, "th, td", 24, "11em", "nowrap");
        shrink(item, Math.max(17, least));
        if (!tooWide(item)) continue;
        asLines(table, "td", 20, "8em", "nowrap");
        shrink(item, Math.max(15, least));
        if (!tooWide(item)) continue;
        asLines(table, "td", 20, "4em", "");
      }
      shrink(item, item.matches("pre") ? Math.max(15, least) : item.matches(".formula") ? 20 / 14 * least : least);
      // Nobody scrolls sideways in a lecture, and paper cannot: what is still too wide is wrapped.
      item.classList.toggle("wrapped", tooWide(item));
    }
  }

  function fit(page, least) {
    const box = page.querySelector(".box"), flow = page.querySelector(".flow");
    const figures = page.querySelector("figure") !== null;
    const high = box.clientHeight;
    box.classList.remove("scrolls");
    page.classList.remove("more");
    flow.style.transform = flow.style.width = flow.style.marginBottom = "";
    const trials = [];
    const add = (figure, scale) => trials.push([figure, Math.max(scale, least)]);
    for (let figure = 560; figures && figure > 380; figure -= 20) add(figure, 1);
    for (let scale = 1; scale > 0.84; scale -= 0.03) add(380, scale);
    for (let figure = 360; figures && figure > 300; figure -= 20) add(figure, 0.85);
    for (let scale = 0.85; scale > least; scale -= 0.03) add(300, scale);
    for (let figure = 280; figures && figure > FIGURE; figure -= 20) add(figure, least);
    add(FIGURE, least);
    let scale = 0;
    for (const [figure, size] of trials) {
      flow.style.width = size < 1 ? 100 / size + "%" : "";
      page.style.setProperty("--figure", figure / size + "px");
      if (size !== scale) narrow(flow, SMALLEST / size);
      scale = size;
      if (flow.offsetHeight * scale <= high) break;
    }
    if (scale < 1) {
      flow.style.transform = "scale(" + scale + ")";
      // A transformed box keeps its old height in the layout: the margin takes the difference back.
      flow.style.marginBottom = -(1 - scale) * flow.offsetHeight + "px";
    }
    const overflows = flow.offsetHeight * scale > high + 1;
    box.classList.toggle("scrolls", overflows);
    page.classList.toggle("more", overflows);
    fitted.add(page);
  }

  function fitAll(least) { for (const page of pages) fit(page, least); }
  function fitSoon() {
    const open = pages.find((page) => !fitted.has(page));
    root.dataset.fitted = open ? "some" : "all"; // whoever measures the slides waits for it
    if (open) { fit(open, LEAST); setTimeout(fitSoon); }
  }
  function more(page) {
    const box = page.querySelector(".box");
    if (!box.classList.contains("scrolls")) return 0;
    return box.scrollHeight - box.clientHeight - box.scrollTop;
  }
  for (const page of pages) {
    page.querySelector(".box").addEventListener("scroll", () => page.classList.toggle("more", more(page) > 4));
    page.addEventListener("toggle", () => { fit(page, LEAST); }, true);
  }

  // ---- where we are

  function steps(index) { return Number(pages[index].dataset.steps); }
  function show(index, wanted) {
    now = Math.max(0, Math.min(pages.length - 1, index));
    step = Math.max(0, Math.min(steps(now), wanted || 0));
    frames.forEach((frame, place) => {
      frame.classList.toggle("now", place === now);
      frame.inert = place !== now && !body.classList.contains("overview");
    });
    for (const part of pages[now].querySelectorAll(".fragment")) {
      part.classList.toggle("waiting", Number(part.dataset.step) > step);
    }
    if (!fitted.has(pages[now])) fit(pages[now], LEAST);
    document.querySelector("#progress div").style.width = (100 * (now + 1)) / pages.length + "%";
    history.replaceState(null, "", "#/" + (now + 1) + (step ? "/" + step : ""));
    if (body.classList.contains("overview")) frames[now].scrollIntoView({ block: "nearest" });
    speak();
  }
  function fromHash() {
    const found = /^#\/(\d+)(?:\/(\d+))?$/.exec(location.hash);
    show(found ? Number(found[1]) - 1 : 0, found ? Number(found[2] || 0) : 0);
  }
  function next() {
    if (step < steps(now)) show(now, step + 1);
    else if (now < pages.length - 1) show(now + 1, 0);
  }
  function back() {
    if (step > 0) show(now, step - 1);
    else if (now > 0) show(now - 1, steps(now - 1));
  }
  function down(forward) {
    const box = pages[now].querySelector(".box");
    const way = forward ? more(pages[now]) : box.classList.contains("scrolls") ? box.scrollTop : 0;
    if (way > 4) box.scrollBy({ top: (forward ? 1 : -1) * box.clientHeight * 0.8 });
    else if (forward) next();
    else back();
  }
  function resize() {
    const wide = window.innerWidth, high = window.innerHeight;
    const scale = body.classList.contains("overview") ? 0.22 : Math.min(wide / 1280, high / 720);
    root.style.setProperty("--k", scale);
  }

  // ---- speaker notes

  function notesOf(index) {
    const notes = pages[index] && pages[index].querySelector(".notes");
    return notes ? notes.innerHTML : "<p>No notes for this slide.</p>";
  }
  function titleOf(index) {
    return pages[index] ? pages[index].getAttribute("aria-label") : "the end";
  }
  function speak() {
    panel.innerHTML = notesOf(now);
    if (!notesWindow || notesWindow.closed) return;
    const there = notesWindow.document;
    there.getElementById("here").textContent = titleOf(now);
    there.getElementById("what").innerHTML = notesOf(now);
    there.getElementById("then").textContent = "Next: " + titleOf(now + 1);
  }
  function openNotes() {
    notesWindow = window.open("", "workbook-notes", "width=760,height=620");
    if (!notesWindow) { panel.hidden = false; return; }
    const there = notesWindow.document, begun = Date.now();
    there.title = "Speaker notes";
    there.body.style.cssText = "font: 22px/1.4 system-ui, sans-serif; margin: 24px";
    there.body.innerHTML = '<p id="clock"></p><h2 id="here"></h2><div id="what"></div><hr><p id="then"></p>';
    const tick = () => {
      const clock = !notesWindow.closed && there.getElementById("clock");
      const minutes = Math.floor((Date.now() - begun) / 60000);
      if (clock) clock.textContent = new Date().toLocaleTimeString() + " · " + minutes + " min";
    };
    tick();
    setInterval(tick, 1000);
    there.onkeydown = key; // its keys turn the pages here
    speak();
  }

  // ---- keys, clicks, touch

  function toggleOverview() {
    body.classList.toggle("overview");
    resize();
    if (!body.classList.contains("overview")) window.scrollTo(0, 0);
    show(now, step);
  }
  function toggleCode() {
    codeShown = !codeShown;
    for (const item of document.querySelectorAll("details.code")) item.open = codeShown;
    fitted.clear();
    fit(pages[now], LEAST);
    setTimeout(fitSoon);
  }
  function toggleAnswers() {
    const found = [...pages[now].querySelectorAll(".answer, details:not(.code)")];
    const open = found.some((item) => !item.open);
    for (const item of found) item.open = open;
  }
  function setTheme(theme, keep) {
    root.dataset.theme = theme;
    if (!keep) return;
    try { localStorage.setItem("workbook-slides-theme", theme); } catch (error) { /* no storage: only for now */ }
  }
  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen();
  }
  const KEYS = {
    ArrowRight: next, ArrowLeft: back, ArrowDown: () => down(true), ArrowUp: () => down(false),
    PageDown: () => down(true), PageUp: () => down(false), Backspace: back,
    " ": (event) => down(!event.shiftKey), Home: () => show(0), End: () => show(pages.length - 1, Infinity),
    f: fullScreen, n: () => { panel.hidden = !panel.hidden; }, s: openNotes, o: toggleOverview,
    c: toggleCode, a: toggleAnswers, d: () => setTheme(root.dataset.theme === "dark" ? "light" : "dark", true),
    b: () => body.classList.toggle("black"), ".": () => body.classList.toggle("black"),
    "?": () => { help.hidden = !help.hidden; }, h: () => { help.hidden = !help.hidden; },
    Escape: () => { if (!help.hidden) help.hidden = true; else toggleOverview(); },
    Enter: () => {
      if (digits) show(Number(digits) - 1);
      if (body.classList.contains("overview")) toggleOverview();
    },
  };
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = event.target.closest && event.target.closest("summary, input, textarea, select, a");
    if (place && (event.key === "Enter" || event.key === " ")) return;
    if (place && place.matches("input, textarea, select")) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = KEYS[name];
    if (action) { action(event); event.preventDefault(); }
    digits = /^\d$/.test(name) ? (digits + name).slice(-4) : "";
  }
  document.addEventListener("keydown", key);
  document.getElementById("next").addEventListener("click", next);
  document.getElementById("back").addEventListener("click", back);
  help.addEventListener("click", () => { help.hidden = true; });
  document.addEventListener("click", (event) => {
    // After a click the focus stays on the summary, and the space bar would fold it instead of turning the page.
    const summary = event.target.closest("summary");
    if (summary && event.detail) summary.blur();
    const frame = event.target.closest(".frame");
    if (frame && body.classList.contains("overview")) {
      body.classList.remove("overview");
      resize();
      window.scrollTo(0, 0);
      show(frames.indexOf(frame));
    }
  });
  let touch = null;
  document.addEventListener("touchstart", (event) => {
    const one = event.touches.length === 1 ? event.touches[0] : null;
    const inner = one && event.target.closest("pre, .html, .formula");
    touch = one && !(inner && inner.scrollWidth > inner.clientWidth + 1) ? [one.clientX, one.clientY] : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!touch || body.classList.contains("overview")) return;
    const x = event.changedTouches[0].clientX - touch[0], y = event.changedTouches[0].clientY - touch[1];
    if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) (x < 0 ? next : back)();
    touch = null;
  }, { passive: true });
  window.addEventListener("resize", resize);
  window.addEventListener("hashchange", fromHash);

  // ---- on paper: light, complete, nothing scrolls

  let before = "light";
  window.addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    setTheme("light");
    fitAll(0.2);
  });
  window.addEventListener("afterprint", () => {
    setTheme(before);
    fitted.clear();
    show(now, step);
    setTimeout(fitSoon);
  });

  let chosen = null;
  try { chosen = localStorage.getItem("workbook-slides-theme"); } catch (error) { /* some browsers forbid it here */ }
  setTheme(chosen || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  resize();
  fromHash();
  if (document.readyState === "complete") fitSoon();
  else window.addEventListener("load", () => { fitted.clear(); fit(pages[now], LEAST); fitSoon(); });
})();
