"use strict";
const all = (selector) => [...document.querySelectorAll(selector)];
const bar = document.querySelector("[data-filters]");
const words = document.querySelector("[data-words]");
const choices = all("[data-by]");
const count = document.querySelector("[data-count]");
const items = all("[data-item]");

const fits = (item) => {
  const text = item.dataset.text.toLowerCase();
  const found = words.value.toLowerCase().split(/\s+/).every((word) => text.includes(word));
  return found && choices.every((choice) =>
    !choice.value || item.dataset[choice.dataset.by].split(" ").includes(choice.value));
};

const show = () => {
  items.forEach((item) => { item.hidden = !fits(item); });
  all("[data-group]").forEach((group) => {
    group.hidden = !group.querySelector("[data-item]:not([hidden])");
  });
  const shown = items.filter((item) => !item.hidden).length;
  count.textContent = `${shown} of ${items.length} ${count.dataset.count} shown`;
  document.querySelector("[data-none]").hidden = shown > 0;
};

document.querySelector("[data-clear]").addEventListener("click", () => {
  words.value = "";
  choices.forEach((choice) => { choice.value = ""; });
  show();
  words.focus();
});
[words, ...choices].forEach((control) => control.addEventListener("input", show));
bar.hidden = false;
show();
