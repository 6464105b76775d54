"use strict";
(() => {
  const bar = document.getElementById("filters");
  if (!bar) return;
  bar.hidden = false;
  const words = document.getElementById("words");
  const boxes = [...bar.querySelectorAll("input[type=checkbox]")];
  const count = document.getElementById("shown");
  const scenarios = [...document.querySelectorAll("details.scenario")];
  const apply = () => {
    const wanted = words.value.trim().toLowerCase();
    const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const one of scenarios) {
      const fits = kinds.has(one.dataset.kind) && one.dataset.words.includes(wanted);
      one.hidden = !fits;
      if (fits) shown += 1;
    }
    count.textContent = `${shown} of ${scenarios.length} shown`;
  };
  words.addEventListener("input", apply);
  for (const box of boxes) box.addEventListener("change", apply);
  apply();
})();
