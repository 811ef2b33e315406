// The page works without this. It adds sliders beside numbers, totals, the cursor's line, and progress without loading again.
"use strict";

const number = (text) => { const n = Number.parseFloat(String(text).replaceAll(",", "")); return Number.isFinite(n) ? n : null; };
const plain = (n) => String(Math.round(n * 1e6) / 1e6);

// A slider for every number that has ends; both say the same. What is typed may lie beyond the ends.
for (const field of document.querySelectorAll("input[data-low]")) {
  const row = field.closest(".number");
  const label = row.querySelector("label").textContent;
  const group = field.closest("fieldset").querySelector("legend").textContent;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: field.dataset.low, max: field.dataset.high, step: "any" });
  slider.setAttribute("aria-label", `${group}: ${label}, slider`);
  const step = number(field.dataset.step) || 1;
  const told = () => slider.setAttribute("aria-valuetext", field.value);
  const mark = () => row.classList.toggle("moved", number(field.value) !== number(field.dataset.file));
  slider.value = field.value;
  slider.addEventListener("input", () => {
    field.value = plain(Math.round(slider.value / step) * step);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  slider.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!steps) return;
    event.preventDefault();
    const to = Math.min(Math.max((number(field.value) ?? 0) + steps * step, number(slider.min)), number(slider.max));
    slider.value = to;
    field.value = plain(to);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("input", () => { slider.value = number(field.value) ?? slider.value; field.dispatchEvent(new Event("change", { bubbles: true })); });
  field.addEventListener("change", () => { told(); mark(); });
  told();
  mark();
  row.append(slider);
}

// What the staff of a role come to over all hubs.
for (const total of document.querySelectorAll("[data-total]")) {
  const group = total.closest("fieldset");
  const add = () => {
    const sum = [...group.querySelectorAll("input[data-low]")].reduce((sum, field) => sum + (number(field.value) ?? 0), 0);
    total.querySelector("output").textContent = plain(Math.round(sum * 100) / 100);
  };
  group.addEventListener("change", add);
  add();
}

// Only what belongs to the question that is chosen; opened where it must be filled in.
const asks = document.querySelectorAll("input[name=ask]");
const choose = () => {
  const chosen = document.querySelector("input[name=ask]:checked");
  for (const part of document.querySelectorAll(".only")) {
    part.hidden = !chosen || part.dataset.ask !== chosen.value;
    part.open = !part.hidden;
  }
};
for (const ask of asks) ask.addEventListener("change", choose);
if (asks.length) choose();

// Line and column of the cursor; a line number among the problems leads to its line.
const text = document.querySelector("textarea#text");
if (text) {
  const place = document.querySelector("#place");
  const where = () => {
    const before = text.value.slice(0, text.selectionStart).split("\n");
    place.textContent = `${before.length}, ${before.at(-1).length + 1}`;
  };
  for (const kind of ["keyup", "click", "input", "focus"]) text.addEventListener(kind, where);
  for (const mark of document.querySelectorAll("[data-line]")) {
    const line = Number(mark.dataset.line);
    const button = document.createElement("a");
    Object.assign(button, { href: "#text", textContent: mark.textContent });
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const lines = text.value.split("\n");
      const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      text.focus();
      text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
      text.scrollTop = (line - 4) * (text.scrollHeight / lines.length);
      where();
    });
    mark.replaceChildren(button);
  }
}

// Progress as it comes. What is read aloud is said every quarter of a minute, and at the end.
const under = document.querySelector("#under-way");
if (under) {
  const [bar, words, said] = ["#bar", "#progress-text", "#progress-said"].map((id) => document.querySelector(id));
  let spoken = 0;
  const show = (data) => {
    const { share, text } = JSON.parse(data);
    bar.value = Math.round(share * 1000);
    words.textContent = text;
    if (Date.now() - spoken > 15000) {
      spoken = Date.now();
      said.textContent = text;
    }
  };
  const events = new EventSource(under.dataset.events);
  let lost = 0;
  events.addEventListener("progress", (event) => { lost = 0; show(event.data); });
  events.addEventListener("over", () => {
    events.close();
    location.hash = "state";
    location.reload();
  });
  events.addEventListener("error", () => {
    lost += 1;
    if (lost < 3) return;
    events.close();
    words.textContent = "The program does not answer any more. Look at the window in which it was started; results that were finished are in the folder.";
    said.textContent = words.textContent;
  });
}

// Come back after waiting: the answer has the focus.
if (location.hash === "#state") document.querySelector("#state")?.focus();
