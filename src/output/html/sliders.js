// The tables are whole without this. It shows one row of each at a time, by the staff that sliders are at: the cells as they
// stand there, and nothing in between.
"use strict";
for (const all of document.querySelectorAll(".sliders:not(.live)")) {
  all.classList.add("live");
  const made = (name, text, into) => {
    const one = document.createElement(name);
    one.textContent = text;
    into.append(one);
    return one;
  };
  const number = (text) => Number.parseFloat(text.replaceAll(",", ""));
  const sums = document.createElement("div");
  sums.className = "sums";
  const add = [];
  for (const team of all.querySelectorAll(".team")) {
    const name = team.querySelector("h3, h4").textContent;
    const sizes = team.dataset.sizes.split(" ").map(Number);
    const headings = [...team.querySelectorAll("thead th")].map((cell) => cell.textContent);
    const rows = [...team.querySelectorAll("tbody tr")];
    const start = rows.findIndex((row) => row.classList.contains("total"));
    const text = (row, column) => rows[row].cells[column].textContent;
    const stride = sizes.map((_, role) => sizes.slice(role + 1).reduce((product, size) => product * size, 1));
    const at = sizes.map((size, role) => Math.floor(start / stride[role]) % size);
    const row = () => at.reduce((sum, place, role) => sum + place * stride[role], 0);
    const play = document.createElement("div");
    play.className = "play";
    play.setAttribute("role", "group");
    play.setAttribute("aria-label", `Staff at ${name}`);
    const sliders = sizes.map((size, role) => {
      const told = (place) => text(place * stride[role], role);
      const label = made("label", "", play);
      made("span", headings[role], label);
      const value = made("strong", "", label);
      const slider = document.createElement("input");
      Object.assign(slider, { type: "range", min: 0, max: size - 1, step: 1, value: at[role], disabled: size < 2 });
      label.append(slider);
      made("span", size < 2 ? "only this was simulated" : `${told(0)} to ${told(size - 1)}`, label).className = "ends";
      slider.addEventListener("input", () => { at[role] = Number(slider.value); show(); });
      return { slider, show: () => { value.textContent = told(at[role]); slider.setAttribute("aria-valuetext", told(at[role])); slider.value = at[role]; } };
    });
    const list = made("dl", "", play);
    const figures = headings.slice(sizes.length).map((heading, n) => {
      const box = made("div", "", list);
      made("dt", heading, box);
      const figure = made("dd", "", box);
      figure.className = "figure";
      made("dd", `as it is: ${text(start, sizes.length + n)}`, box);
      return figure;
    });
    const back = made("button", "Back to the staff as they are", play);
    back.type = "button";
    back.addEventListener("click", () => { sizes.forEach((size, role) => { at[role] = Math.floor(start / stride[role]) % size; }); show(); });
    const said = made("p", "", play);
    said.className = "said";
    said.setAttribute("aria-live", "polite");
    let waiting = 0;
    const show = (first) => {
      sliders.forEach((slider) => slider.show());
      figures.forEach((figure, n) => { figure.textContent = text(row(), sizes.length + n); });
      back.disabled = row() === start;
      if (first === true) return;
      total();
      // Said once the slider rests.
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        said.textContent = `${name}: ${headings.map((heading, column) => `${heading} ${text(row(), column)}`).join("; ")}.`;
      }, 400);
    };
    add.push((role) => ({ heading: headings[role], now: number(text(start, role)), then: number(text(row(), role)) }));
    team.querySelector("h3, h4").after(play);
    team.querySelector("details").open = false;
    show(true);
  }
  const total = () => {
    const roles = all.querySelector(".team").dataset.sizes.split(" ");
    const lines = roles.map((_, role) => {
      const of = add.map((team) => team(role));
      if (of.some((team) => team.heading !== of[0].heading)) return "";
      const sum = (key) => Math.round(of.reduce((sum, team) => sum + team[key], 0) * 100) / 100;
      return `${of[0].heading}: ${sum("then")} in all, ${sum("now")} as it is.`;
    });
    sums.replaceChildren();
    lines.filter((line) => line).forEach((line) => made("p", line, sums));
  };
  all.prepend(sums);
  total();
}
