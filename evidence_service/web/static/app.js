/* What pages do beyond links and forms. Without it everything works, a little slower. */
(function () {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const recall = (store, key) => { try { return store.getItem(key); } catch { return null; } };
  const keep = (store, key, value) => { try { store.setItem(key, value); } catch { /* a private window */ } };

  const here = document.querySelector(".tabs [aria-current]");
  if (here) here.parentNode.scrollLeft = here.offsetLeft - 48;

  /* A folded place that an address names opens; the list beside it says where one is. */
  function arrive() {
    const named = location.hash && document.getElementById(location.hash.slice(1));
    if (!named) return;
    if (named.tagName === "DETAILS") named.open = true;
    const links = all("[data-list] a[data-follow]");
    if (!links.some((one) => one.hash === location.hash)) return;
    links.forEach((one) => { if (one.hash === location.hash) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current"); });
  }
  window.addEventListener("hashchange", arrive);
  arrive();

  /* Uploads: dropped, pasted or chosen; one request a file, so that one refusal stops no other. */
  const form = document.querySelector("[data-upload]");
  if (form) {
    const input = form.elements.file, lines = form.querySelector("[data-uploads]");
    form.querySelector("[type=submit]").hidden = true;
    const ours = { "X-Requested-With": "fetch", "X-Form-Token": form.dataset.token };
    /* Resolves to the status and what was said; a body shows on the bar as it leaves. */
    function ask(method, url, body, headers, bar) {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.responseType = "json";
      request.upload.onprogress = (event) => { bar.max = event.total; bar.value = event.loaded; };
      return new Promise((done) => {
        request.onloadend = () => done({ status: request.status, said: request.response || { message: form.dataset.failed } });
        request.send(body);
      });
    }
    function about(file) {
      const data = new FormData(form);
      data.delete("file");
      if (file.size > form.dataset.most) data.append("file_name", file.name);
      else data.append("file", file, file.name);
      return data;
    }
    /* A file that no form takes: announced with its hash, sent by itself, then checked by a job. */
    async function sendAlone(file, say, bar) {
      const hash = new Sha256(), step = 4 * 1024 * 1024, data = about(file);
      say(form.dataset.reading);
      bar.max = file.size;
      for (let at = 0; at < file.size; at += step) {
        hash.update(new Uint8Array(await file.slice(at, at + step).arrayBuffer()));
        bar.value = at;
      }
      data.append("size_bytes", file.size);
      data.append("sha256", hash.hex());
      const started = await ask("POST", form.dataset.uploads, data, ours, bar);
      if (started.status !== 201) return started;
      say(form.dataset.sending);
      const sent = await ask("PUT", started.said.url, file, started.said.headers, bar);
      return sent.status < 300 && sent.status >= 200 ? ask("POST", started.said.complete, null, ours, bar) : { ...sent, said: { message: form.dataset.failed } };
    }
    async function send(file) {
      const line = lines.appendChild(document.createElement("li"));
      const words = line.appendChild(document.createElement("span"));
      const bar = line.appendChild(document.createElement("progress"));
      const say = (said) => { words.textContent = file.name + (said ? ": " + said : ""); };
      bar.ariaLabel = file.name;
      say("");
      const { status, said } = file.size > form.dataset.most
        ? await sendAlone(file, say, bar).catch(() => ({ status: 0, said: { message: form.dataset.failed } }))
        : await ask("POST", form.action, about(file), ours, bar);
      const taken = status >= 200 && status < 300;
      bar.remove();
      line.className = taken ? "" : "hint-bad";
      say(said.message);
      return taken;
    }
    async function sendAll(files) {
      let refused = 0;
      for (const file of files) refused += (await send(file)) ? 0 : 1;
      if (files.length && !refused) location.assign(location.pathname);
    }
    input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; sendAll(files); });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => { event.preventDefault(); sendAll([...event.dataTransfer.files]); });
    document.addEventListener("paste", (event) => sendAll([...event.clipboardData.files]));
  }

  /* How full a field is: as its owner counts, always or from half way on. Nothing is ever cut. */
  all("textarea[data-most]").forEach((area) => {
    const shown = document.getElementById("c-" + area.name), most = Number(area.dataset.most);
    const measure = (text) => "bytes" in area.dataset ? new TextEncoder().encode(text).length : [...text].length;
    const count = () => {
      const n = measure(area.value.trim()), over = n > most;
      shown.textContent = "always" in area.dataset || n * 2 > most ? shown.dataset.of.replace("#", n) : "";
      shown.classList.toggle("hint-bad", over);
      if (over) area.setAttribute("aria-invalid", "true"); else area.removeAttribute("aria-invalid");
    };
    area.addEventListener("input", count);
    if (!area.hasAttribute("aria-invalid")) count();
  });

  /* What a reviewer has written is still there when the page is opened again. */
  all("form[data-draft]").forEach((draft) => {
    const areas = [...draft.elements].filter((one) => one.tagName === "TEXTAREA");
    const key = (area) => draft.dataset.draft + "/" + area.name;
    areas.forEach((area) => {
      if (!area.value) area.value = recall(sessionStorage, key(area)) || "";
      const folded = area.closest("details");
      if (area.value && folded) folded.open = true;
      area.addEventListener("input", () => keep(sessionStorage, key(area), area.value));
    });
    draft.addEventListener("submit", () => areas.forEach((area) => keep(sessionStorage, key(area), "")));
  });

  /* Places to black out: drawn, moved and stretched, by mouse, finger or keys. The numbers beside
     the picture are what is sent; without a script they are filled in by hand. */
  const board = document.querySelector("[data-board]");
  if (board) {
    const full = { x: Number(board.dataset.width), y: Number(board.dataset.height) };
    const list = document.querySelector("[data-places]"), blank = list.lastElementChild.cloneNode(true);
    const boxes = new Map();
    const within = (least, value, most) => Math.round(Math.max(least, Math.min(most, value)));
    const at = (event) => {
      const frame = board.getBoundingClientRect();
      return { x: (event.clientX - frame.left) / frame.width * full.x, y: (event.clientY - frame.top) / frame.height * full.y };
    };
    const read = (row) => ["x", "y", "width", "height"].map((name) => Number(row.querySelector("[name=" + name + "]").value));
    function write(row, x, y, width, height) {
      width = within(1, width, full.x); height = within(1, height, full.y);
      x = within(0, x, full.x - width); y = within(0, y, full.y - height);
      Object.entries({ x, y, width, height }).forEach(([name, value]) => { row.querySelector("[name=" + name + "]").value = value; });
      show(row);
    }
    const pageOf = (row) => row.querySelector("[name=page]");
    function show(row) {
      const [x, y, width, height] = read(row);
      let box = boxes.get(row);
      if (!width || !height || pageOf(row).value !== board.dataset.page) { if (box) box.hidden = true; return; }
      if (!box) { box = makeBox(row); boxes.set(row, box); board.append(box); }
      box.hidden = false;
      Object.assign(box.style, {
        left: x / full.x * 100 + "%", top: y / full.y * 100 + "%",
        width: width / full.x * 100 + "%", height: height / full.y * 100 + "%",
      });
    }
    function count() {
      [...list.children].forEach((row, n) => {
        const name = board.dataset.named.replace("#", n + 1);
        row.querySelector("b").textContent = n + 1;
        row.setAttribute("aria-label", name);
        if (boxes.has(row)) boxes.get(row).setAttribute("aria-label", name);
      });
    }
    function makeBox(row) {
      const box = document.createElement("button");
      box.type = "button";
      box.className = "black";
      box.append(document.createElement("i"));
      box.addEventListener("keydown", (event) => {
        const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
        if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); drop(row); return; }
        if (!(event.key in ways)) return;
        event.preventDefault();
        const step = Math.max(1, Math.round(full.x / 100)), [dx, dy] = ways[event.key].map((way) => way * step);
        const [x, y, width, height] = read(row);
        if (event.shiftKey) write(row, x, y, width + dx, height + dy);
        else write(row, x + dx, y + dy, width, height);
      });
      return box;
    }
    function add(x, y, width, height) {
      const empty = [...list.children].find((one) => !read(one)[2] && !read(one)[3]);
      const row = empty || list.appendChild(wired(blank.cloneNode(true)));
      pageOf(row).value = board.dataset.page;
      write(row, x, y, width, height);
      count();
      return row;
    }
    function drop(row) {
      if (boxes.has(row)) boxes.get(row).remove();
      boxes.delete(row);
      row.remove();
      if (!list.children.length) list.append(wired(blank.cloneNode(true)));
      count();
      more.focus();
    }
    function wired(row) {
      row.querySelectorAll("input").forEach((field) => field.addEventListener("input", () => { show(row); count(); }));
      const button = row.querySelector("[data-drop]");
      button.hidden = false;
      button.addEventListener("click", () => drop(row));
      return row;
    }
    function follow(event, change) {
      event.preventDefault();
      board.setPointerCapture(event.pointerId);
      const moved = (next) => change(at(next));
      board.addEventListener("pointermove", moved);
      ["pointerup", "pointercancel"].forEach((end) => board.addEventListener(end, () => board.removeEventListener("pointermove", moved), { once: true }));
    }
    board.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      const from = at(event), box = event.target.closest(".black");
      const row = [...boxes].find(([, one]) => one === box);
      if (!row) {
        let drawn = null;
        follow(event, (to) => {
          const size = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
          if (!drawn && Math.max(...size) * board.clientWidth / full.x < 4) return;
          drawn = drawn || add(from.x, from.y, 1, 1);
          write(drawn, Math.min(from.x, to.x), Math.min(from.y, to.y), ...size);
        });
        return;
      }
      const [x, y, width, height] = read(row[0]);
      const stretches = event.target.tagName === "I";
      box.focus();
      follow(event, (to) => stretches ? write(row[0], x, y, width + to.x - from.x, height + to.y - from.y)
        : write(row[0], x + to.x - from.x, y + to.y - from.y, width, height));
    });
    const more = document.querySelector("[data-more]");
    more.addEventListener("click", (event) => {
      event.preventDefault();
      boxes.get(add(full.x / 4, full.y / 2, full.x / 2, full.y / 40)).focus();
    });
    [...list.children].forEach((row) => { wired(row); show(row); });
    count();
    all("[data-scripted]").forEach((one) => { one.hidden = false; });
  }

  /* The button opens when what was typed is right; the server looks again. */
  all("[data-must-equal]").forEach((typed) => {
    const button = document.getElementById(typed.dataset.frees);
    const look = () => { button.disabled = typed.value.trim() !== typed.dataset.mustEqual; };
    typed.addEventListener("input", look);
    look();
  });

  /* While a job runs the page is looked at again. */
  if (document.querySelector("[data-poll=yes]")) {
    const looking = setInterval(async () => {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-poll]");
      if (!fresh) return;
      if (fresh.dataset.poll === "no") clearInterval(looking);
      /* Where somebody is writing, the rest of the page stays. */
      const typed = all("textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file])").some((one) => one.value !== one.defaultValue);
      if (fresh.dataset.poll === "no" && !typed && !("alone" in fresh.dataset)) location.reload();
      else document.querySelector("[data-poll]").replaceWith(fresh);
    }, 2000);
  }

  /* Keys. Single letters do nothing in a field, and can be switched off. */
  const help = document.getElementById("keys"), chosen = document.querySelector("[data-keys]");
  if (chosen) {
    chosen.checked = recall(localStorage, "keys") !== "off";
    chosen.addEventListener("change", () => keep(localStorage, "keys", chosen.checked ? "on" : "off"));
  }
  function move(step) {
    const stops = all("[data-list] a:not(.ex)");
    const current = stops.indexOf(document.activeElement);
    const from = current < 0 ? stops.findIndex((stop) => stop.hasAttribute("aria-current")) : current;
    const next = stops[Math.max(0, Math.min(stops.length - 1, from + step))];
    if (!next) return;
    next.focus();
    /* At once: a click would be followed later, and a second key begin from where one was. */
    if ("follow" in next.dataset) { location.hash = next.hash; arrive(); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input,textarea,select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?" && help) { help.showModal(); return; }
    if (!chosen || !chosen.checked || document.querySelector("dialog[open]")) return;
    const own = document.querySelector("[data-key='" + CSS.escape(event.key) + "']");
    const search = document.querySelector("input[type=search]");
    if (own) own.click();
    else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
  });
})();
