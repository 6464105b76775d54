"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const main = document.querySelector("main");
  const list = at("list");
  const most = 500;
  const boxes = [...at("filters").querySelectorAll("input[type=checkbox]")];
  const waiting = [];

  // Pieces come from this page's own server, escaped.
  const element = (piece) => {
    const holder = document.createElement("template");
    holder.innerHTML = piece;
    return holder.content.firstElementChild;
  };
  const show_buttons = (within) => {
    for (const button of within.querySelectorAll("button[hidden]")) button.hidden = false;
  };
  const row = (piece) => element(`<table><tbody>${piece}</tbody></table>`).querySelector("tr");

  const wanted = () => [at("words").value.trim().toLowerCase(), new Set(boxes.filter((box) => box.checked).map((box) => box.value))];
  const fits = (call, [words, kinds]) => kinds.has(call.dataset.kind) && call.dataset.words.includes(words);
  const apply = () => {
    const now = wanted();
    let shown = 0;
    const calls = list.querySelectorAll("details.call");
    for (const call of calls) {
      call.hidden = !fits(call, now);
      if (!call.hidden) shown += 1;
    }
    const held = waiting.length ? `, ${waiting.length} held back` : "";
    at("shown").textContent = `${shown} of ${calls.length} shown${held}`;
  };

  const put = (told) => {
    const call = element(told.html);
    call.classList.add("new");
    setTimeout(() => call.classList.remove("new"), 3000);
    show_buttons(call);
    list.prepend(call);
    while (list.children.length > most) list.lastElementChild.remove();
    at("nothing").hidden = true;
    if (told.booking) put_booking(told.booking);
  };
  const put_booking = (booking) => {
    const all = [...at("copies").children];
    all.find((one) => one.dataset.booking === booking.id)?.remove();
    at("copies").prepend(row(booking.html));
    while (at("copies").children.length > 200) at("copies").lastElementChild.remove();
  };
  const put_faults = (piece) => {
    at("armed").innerHTML = piece;
    show_buttons(at("armed"));
  };

  const is_held = () => at("hold").getAttribute("aria-pressed") === "true";
  at("hold").addEventListener("click", () => {
    at("hold").setAttribute("aria-pressed", String(!is_held()));
    if (!is_held()) waiting.splice(0).forEach(put);
    apply();
  });
  at("words").addEventListener("input", apply);
  for (const box of boxes) box.addEventListener("change", apply);

  const events = new EventSource(`events?after=${main.dataset.last}`);
  events.addEventListener("open", () => (at("link").textContent = "Live."));
  events.addEventListener("error", () => (at("link").textContent = "Not connected: is the server still running?"));
  events.addEventListener("call", (event) => {
    const told = JSON.parse(event.data);
    if (is_held()) waiting.push(told);
    else put(told);
    if (waiting.length > most) waiting.shift();
    apply();
  });
  events.addEventListener("missed", (event) => list.prepend(element(JSON.parse(event.data).html)));
  events.addEventListener("reload", () => location.reload());
  events.addEventListener("faults", (event) => put_faults(JSON.parse(event.data).html));

  const ask = async (method, path, body) => {
    const headers = { "x-conformance-token": main.dataset.token, "content-type": "application/json" };
    try {
      const answer = await fetch(path, { method, headers, body });
      at("told").textContent = await answer.text();
    } catch {
      at("told").textContent = "The server cannot be reached.";
    }
  };
  const aim_changed = () => {
    const is_one = at("aim").value === "booking";
    at("booking").hidden = !is_one;
    document.querySelector("label[for=booking]").hidden = !is_one;
    const is_token = at("aim").value === "token";
    at("fault").querySelector("optgroup").disabled = !is_token;
    if (!is_token && at("fault").selectedOptions[0].parentElement.disabled) at("fault").selectedIndex = 0;
  };
  at("aim").addEventListener("change", aim_changed);
  at("arm").addEventListener("submit", (event) => {
    event.preventDefault();
    const aim = at("aim").value;
    const fault = { ...JSON.parse(at("fault").value), times: Number(at("times").value) };
    const aims = { any: { any: true }, booking: { booking: at("booking").value.trim() } };
    ask("POST", "faults", JSON.stringify([{ ...(aims[aim] ?? { method: aim }), fault }]));
  });

  const copy = async (button) => {
    const text = button.closest("details").querySelector("pre.curl").textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.closest("details").querySelector("pre.curl"));
      button.textContent = "Selected: copy it with the keyboard";
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.disarm) ask("DELETE", `faults/${button.dataset.disarm}`);
    if (button.dataset.aim) {
      at("aim").value = "booking";
      at("booking").value = button.dataset.aim;
      aim_changed();
      at("faults").scrollIntoView();
      at("fault").focus();
    }
    if ("copy" in button.dataset) copy(button);
  });

  at("filters").hidden = false;
  at("arm").hidden = false;
  show_buttons(document);
  aim_changed();
  apply();
})();
